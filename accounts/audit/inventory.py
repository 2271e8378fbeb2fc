"""The data inventory: which values are personal. Audit, list, export and erasing use this one.

Models are named by their labels, because they stand on every floor. A house test asks that each
text of each model is declared here, personal or not.
"""

from typing import NamedTuple


class Held(NamedTuple):
    """What is held about persons in one table."""

    personal: tuple[str, ...]
    others: tuple[str, ...]  # texts of the same table that say nothing of a person
    note: str  # what becomes of the personal ones


# Tables about persons, or in which a person is named: label -> which fields.
ABOUT_PERSONS: dict[str, Held] = {
    "accounts.User": Held(
        ("email", "name"), ("password", "language", "report_language"),
        "erased on request: a pseudonym stands in their place",
    ),
    "accounts.SavedView": Held(("name", "query"), ("page",), "removed with the account's person"),
    "accounts.ApiKey": Held(
        ("name",), ("identifier", "secret_hash"), "removed with the account's person"
    ),
    "accounts.KeptAnswer": Held(
        ("content",), ("key", "fingerprint", "headers"), "removed after seven days"
    ),
    "accounts.AuditValue": Held(
        ("value",), ("side", "path", "field", "salt"), "erased with the person or after a time"
    ),
    "donors.Contact": Held(
        ("name", "email", "phone", "address"), ("title",),
        "erased on request or some time after the person left; the post stays",
    ),
    "donors.Invitation": Held(
        ("email", "name"), ("language", "token_hash"),
        "erased on request or some time after it is settled or expired",
    ),
    "donors.Engagement": Held(
        ("subject", "summary"), (), "kept: the record of a relation, in an officer's words"
    ),
    "donors.DonorDocument": Held(
        ("title", "file", "file_name"), ("media_type", "sha256"), "kept: papers of the books"
    ),
    "income.ParkedReceipt": Held(
        ("payer", "note"), ("bank_reference",), "kept: what the bank told of a payment"
    ),
    "income.Draft": Held(
        ("payload",), ("title", "token", "returned_because", "because"), "kept: what was reviewed"
    ),
    "income.Import": Held(
        ("file", "plan", "choices", "found"), ("file_name", "sha256", "digest"),
        "kept: what was reviewed",
    ),
    "income.ErpLine": Held(
        ("partner", "text"), ("document", "grant", "fund", "wbs"), "kept: as the ERP told it"
    ),
    "reports.FigureQuestion": Held(
        ("text", "answer"), ("figure", "shown", "address"), "kept: what a donor asked and was told"
    ),
    "jobs.OutgoingMail": Held(
        ("address",), ("kind", "about", "language", "reason"),
        "erased with the person's account or invitation",
    ),
}  # fmt: skip

# Tables of which no text is about a person: agencies, money, targets, words.
NOT_ABOUT_PERSONS = frozenset(
    {
        "accounts.AuditEvent", "accounts.AuditSeal", "jobs.Job",
        "donors.Region", "donors.Area", "donors.ContributorType", "donors.Donor",
        "donors.DonorName", "donors.DonorNameStart", "income.ContributionStart", "donors.Clearance",
        "income.Currency", "income.ExchangeRate", "income.RateCorrection", "income.RateLoad",
        "income.Campaign", "income.Approach", "income.Fund", "income.DomainOfChange",
        "income.Programme", "income.Instrument", "income.EarmarkingStep", "income.Ledger",
        "income.Posting", "income.Month", "income.Contribution", "income.Condition",
        "income.Amendment", "income.ImportLayout", "income.ErpReference", "income.ErpExport",
        "income.ReportDue", "income.DigestSent", "income.PooledShare", "income.Era",
        "targets.StrategyPeriod", "targets.Document", "targets.Scope", "targets.TargetSet",
        "targets.AnnualTarget", "targets.Indicator", "targets.PublishedFigure",
        "targets.TargetSetProposal", "targets.Measurement", "targets.IndicatorOwner",
        "targets.EconomyList",
        "reports.SealedReport", "reports.BulkOrder", "reports.BulkItem",
        "reports.ExpenditureLoad", "reports.Expenditure", "reports.DialogueItem",
        "reports.MonthlyUpdate", "reports.UpdateFile",
        "reports.PublicBlock", "reports.Publication", "reports.PublicationFile",
    }
)  # fmt: skip

# Tables of installed packages with rows of one account: removed when its person is erased.
OF_PACKAGES = ("account", "mfa", "socialaccount", "usersessions")

# Keys within an audit event. Everywhere:
_EVERYWHERE = frozenset({"email", "phone", "payer", "ip", "q", "who"})
# In some acts, or about some subjects, a key means a person that elsewhere means something else.
_BY_ACT = {
    **dict.fromkeys(("add_contact", "edit_contact"), frozenset({"name", "address"})),
    **dict.fromkeys(("add_engagement", "edit_engagement"), frozenset({"subject", "summary"})),
    **dict.fromkeys(("park_receipt", "correct_parked"), frozenset({"note"})),
}
_BY_SUBJECT = {
    "accounts.user": frozenset({"name"}),
    "donors.invitation": frozenset({"name"}),
    "jobs.outgoingmail": frozenset({"address"}),
}


def personal_keys(act: str, subject: str) -> frozenset[str]:
    """The keys whose values are personal in an event of the act about the subject."""
    return (
        _EVERYWHERE | _BY_ACT.get(act, frozenset()) | _BY_SUBJECT.get(subject.lower(), frozenset())
    )
