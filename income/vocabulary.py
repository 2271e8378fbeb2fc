"""The words of the ledger, each once. Their meanings stand in docs/vocabulary.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an entry states. Kinds are never summed together."""

    PLEDGE = "pledge", _("Pledge")
    AGREEMENT = "agreement", _("Agreement")
    CONDITIONAL = "conditional", _("Conditional agreement")
    DUE = "due", _("Due")
    RECEIPT = "receipt", _("Receipt")
    ALLOTMENT = "allotment", _("Allotment")
    LEVY = "levy", _("Levy or fee that passes through")
    PROGRAMME_SUPPORT = "support", _("Programme support income")
    AUDITED_REVENUE = "audited", _("Audited revenue")


class Mode(models.TextChoices):
    CASH = "cash", _("In cash")
    IN_KIND = "in_kind", _("In kind")
    JUNIOR_PROFESSIONAL = "jpo", _("Junior professional officer")
    GRATIS_PERSONNEL = "gratis", _("Gratis personnel")


class Reason(models.TextChoices):
    ORDINARY = "ordinary", _("Ordinary")
    AMENDMENT = "amendment", _("Amendment")
    CANCELLATION = "cancellation", _("Cancellation")
    WRITE_OFF = "write_off", _("Write-off")
    REFUND = "refund", _("Refund of unspent balance")
    INTEREST = "interest", _("Interest returned")
    TRANSFER = "transfer", _("Transfer between grants")
    RESCHEDULE = "reschedule", _("Change of schedule")
    CONDITION = "condition", _("Condition met or waived")
    TOLERANCE = "tolerance", _("Settled within the tolerance")
    COORDINATION_LEVY = "levy", _("Coordination levy")
    AGENT_FEE = "agent_fee", _("Administrative agent's fee")


class Act(models.TextChoices):
    """What a posting is: one act by one person, reviewed by another."""

    RECORD_PLEDGE = "record_pledge", _("Pledge recorded")
    SIGN_AGREEMENT = "sign_agreement", _("Agreement signed")
    RECORD_RECEIPT = "record_receipt", _("Receipt recorded")
    RECORD_GIFT = "record_gift", _("Core contribution received without an agreement")
    RECORD_ONLINE_GIFTS = "record_online_gifts", _("Online gifts of a month recorded")
    AMEND_AGREEMENT = "amend_agreement", _("Agreement amended")
    SETTLE_CONDITION = "settle_condition", _("Condition met or waived")
    CANCEL_CONTRIBUTION = "cancel_contribution", _("Contribution cancelled")
    WRITE_OFF = "write_off", _("Instalment written off")
    RETURN_MONEY = "return_money", _("Money returned to the donor")
    TRANSFER_MONEY = "transfer_money", _("Money transferred between grants")
    RECORD_ALLOTMENT = "record_allotment", _("Regular budget allotment recorded")
    RECORD_SUPPORT = "record_support", _("Programme support income recorded")
    RECORD_AUDITED_REVENUE = "record_audited", _("Audited revenue recorded")
    IMPORT_ROWS = "import_rows", _("Rows of a file imported")
    UNDO_IMPORT = "undo_import", _("Import undone")  # a draft's act; it posts reversals
    REVERSE = "reverse", _("Reversal")


class RateType(models.TextChoices):
    """Where a rate comes from, in the order in which they are preferred."""

    PARITY = "parity", _("US dollar, no conversion")
    UN_OPERATIONAL = "un_operational", _("UN operational rate")
    MONTHLY_AVERAGE = "monthly_average", _("monthly average (not a UN rate)")
    DEMONSTRATION = "demonstration", _("demonstration rate (not a UN rate)")


class DraftState(models.TextChoices):
    OPEN = "open", _("Being written")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    POSTED = "posted", _("Posted")


class ContributionState(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    PLEDGED = "pledged", _("Pledged")
    SIGNED = "signed", _("Signed")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class ConditionState(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WAIVED = "waived", _("Waived")


class AmendmentKind(models.TextChoices):
    """What an amendment changes; each becomes the reason of its entries, where it has any."""

    INCREASE = "increase", _("Increase")
    DECREASE = "decrease", _("Decrease")
    RESCHEDULE = "reschedule", _("Change of schedule")
    EXTENSION = "extension", _("No-cost extension")
    CANCELLATION = "cancellation", _("Cancellation of the rest")
    WRITE_OFF = "write_off", _("Write-off")


class ReportKind(models.TextChoices):
    """The reports that an agreement may owe its donor."""

    NARRATIVE_INTERIM = "narrative", _("Narrative report")
    FINANCIAL_INTERIM = "financial", _("Interim financial statement")
    NARRATIVE_FINAL = "narrative_final", _("Final narrative report")
    FINANCIAL_FINAL = "financial_final", _("Final financial statement")
    FINANCIAL_CERTIFIED = "certified", _("Certified financial statement")


class Frequency(models.TextChoices):
    """How often a clause makes a report fall due."""

    AT_END = "at_end", _("Once, after the end")
    YEARLY = "yearly", _("Each calendar year")
    HALF_YEARLY = "half_yearly", _("Every six months")
    QUARTERLY = "quarterly", _("Every three months")


class CampaignKind(models.TextChoices):
    CORE_LETTER = "core_letter", _("Core contribution letters")
    PLEDGING_EVENT = "pledging", _("Pledging event")
    STRATEGIC_DIALOGUE = "dialogue", _("Strategic dialogues")


class Answer(models.TextChoices):
    """What a donor answered to an approach."""

    NONE = "none", _("No answer yet")
    CONSIDERING = "considering", _("Considering")
    POSITIVE = "positive", _("Will contribute")
    DECLINED = "declined", _("Declined")


class ParkedState(models.TextChoices):
    """What became of money that nobody could name."""

    PARKED = "parked", _("Not identified")
    MATCHED = "matched", _("Matched")
    RETURNED = "returned", _("Sent back")


class ErpScheme(models.TextChoices):
    """Which identifier of the ERP a reference is; the bank's where no posting can hold it."""

    GRANT = "grant", _("Grant")
    FUND = "fund", _("Fund of the ERP")
    WBS = "wbs", _("WBS element")
    DOCUMENT = "document", _("Document number")
    BANK = "bank", _("Bank reference")


class CorrectionState(models.TextChoices):
    """What became of a correction of an exchange rate."""

    ASKED = "asked", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class RateWay(models.TextChoices):
    """How exchange rates came in."""

    FILE = "file", _("File")
    FEED = "feed", _("Feed")
    FORM = "form", _("Form")


class Grade(models.TextChoices):
    """How far a problem of a file reaches."""

    FILE = "file", _("Stops the file")
    ROW = "row", _("Stops the row")
    WARNING = "warning", _("Warning")
