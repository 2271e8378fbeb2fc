"""One small function per model: a plain row, saved, unless the caller changes something.

Rows of the ledger are not made by hand: `entry` is unsaved, `posting` goes through the one door.
Codes of funds, donors and currencies are those of the reference data.
"""

import datetime
import itertools
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.factors import mark_passed
from accounts.models import AuditEvent, SavedView, User
from accounts.permissions import Role
from donors.models import (
    Area,
    Clearance,
    Contact,
    ContributorType,
    DocumentKind,
    Donor,
    DonorDocument,
    DonorName,
    Engagement,
    EngagementKind,
    NameKind,
    Region,
    Representation,
    UnStatus,
)
from income import ledger as door
from income.finding import keep_starts
from income.models import (
    Allocation,
    Amendment,
    Approach,
    Campaign,
    Condition,
    Contribution,
    Currency,
    DigestSent,
    DomainOfChange,
    Draft,
    EarmarkingStep,
    Entry,
    Era,
    ErpExport,
    ErpLine,
    ErpReference,
    ExchangeRate,
    Fund,
    Instalment,
    Instrument,
    Ledger,
    Month,
    ParkedReceipt,
    PooledShare,
    Posting,
    Programme,
    ReportClause,
    ReportDue,
)
from income.models.ledger import GENESIS
from income.periods import YearMonth
from income.rates import RateInForce
from income.vocabulary import (
    Act,
    AmendmentKind,
    CampaignKind,
    ContributionState,
    ErpScheme,
    Frequency,
    Kind,
    RateType,
    ReportKind,
)
from jobs.models import Job, OutgoingMail
from targets.models import (
    AnnualTarget,
    Comparison,
    Document,
    Indicator,
    MonthlyTarget,
    PublishedFigure,
    Scope,
    StrategyPeriod,
    SupportTreatment,
    TargetKind,
    TargetSet,
)

PASSWORD = "seventeen green lanterns"
MARCH = YearMonth(2021, 3)
RECEIVED_ON = datetime.date(2021, 3, 4)
_numbers = itertools.count(1)
_currencies = itertools.count(1)  # hexadecimal, three figures, beginning with a digit until 9FF


def _name(word: str = "Test") -> dict[str, str]:
    return {"en": f"{word} {next(_numbers)}"}


def _code(word: str = "TEST") -> str:
    return f"{word}-{next(_numbers)}"


def user(**changed: Any) -> User:
    number = next(_numbers)
    row = {"email": f"user{number}@example.org", "name": f"User {number}", "role": Role.OFFICER}
    made = User(**{**row, **changed})
    made.set_password(PASSWORD)
    made.save(force_insert=True)
    return made


def sign_in(client: Client, user: User) -> Client:
    """Signs the person in and notes the second factor, as the pages of the door do."""
    client.force_login(user)
    session = client.session
    mark_passed(session, user)
    session.save()
    return client


def saved_view(**changed: Any) -> SavedView:
    row = {"page": "donors", "name": _code("view"), "query": "type=C01", **changed}
    row["user"] = row.get("user") or user()
    return SavedView.objects.create(**row)


def audit_event(**changed: Any) -> AuditEvent:
    row = {"act": "test", "subject": "donors.donor", "subject_id": "1"}
    return AuditEvent.objects.create(**{**row, **changed})


def region(**changed: Any) -> Region:
    return Region.objects.create(
        **{"code": _code(), "names": _name("Region"), "order": 1, **changed}
    )


def area(**changed: Any) -> Area:
    """An area with codes that ISO leaves to users."""
    number = next(_numbers)
    row = {
        "iso3": f"X{number % 100:02}", "iso2": f"{number % 100:02}", "m49": f"A{number % 100:02}",
        "names": _name("Area"), "un_status": UnStatus.MEMBER, "source": "test",
    }  # fmt: skip
    return Area.objects.create(**{**row, **changed})


def contributor_type(**changed: Any) -> ContributorType:
    row = {"code": f"T{next(_numbers)}", "names": _name("Type"), "order": 1}
    return ContributorType.objects.create(**{**row, **changed})


def donor(**changed: Any) -> Donor:
    row = {"code": _code("DONOR"), "names": _name("Donor"), "contributor_type_id": "C01"}
    return Donor.objects.create(**{**row, **changed})


def donor_name(name: str = "A name", **changed: Any) -> DonorName:
    row = {"kind": NameKind.ALIAS, **changed}
    made = DonorName.of(row.pop("donor", None) or donor(), name, **row)
    DonorName.objects.bulk_create([made])
    return made


def representation(**changed: Any) -> Representation:
    row = {"starts_on": datetime.date(2020, 1, 1), **changed}
    row.setdefault("user", None)
    row["user"] = row["user"] or user(role=Role.REPRESENTATIVE)
    row["donor"] = row.get("donor") or donor()
    return Representation.objects.create(**row)


def contact(**changed: Any) -> Contact:
    return Contact.objects.create(**{"title": "Head of unit", **_with_donor(changed)})


def donor_document(**changed: Any) -> DonorDocument:
    """A row; without `content` nothing is written to the store of files."""
    content = changed.pop("content", None)
    row = {
        "kind": DocumentKind.LETTER, "title": "A letter", "dated_on": RECEIVED_ON,
        "file_name": "letter.pdf", "media_type": "application/pdf", "byte_count": 3,
        "sha256": GENESIS,
    }  # fmt: skip
    made = DonorDocument.objects.create(**{**row, **_with_donor(changed)})
    if content is not None:
        made.file.save("", ContentFile(content))
    return made


def engagement(**changed: Any) -> Engagement:
    row = {"kind": EngagementKind.MEETING, "happened_on": RECEIVED_ON, "subject": "A meeting"}
    return Engagement.objects.create(**{**row, **_with_donor(changed)})


def clearance(**changed: Any) -> Clearance:
    """Asked for, not yet decided."""
    return Clearance.objects.create(**_with_donor(changed))


def _with_donor(changed: dict[str, Any]) -> dict[str, Any]:
    return changed if "donor" in changed else {"donor": donor(), **changed}


def _with_ledger(changed: dict[str, Any]) -> dict[str, Any]:
    return changed if "ledger" in changed else {"ledger": ledger(), **changed}


def fund(**changed: Any) -> Fund:
    return Fund.objects.create(**{"code": _code(), "names": _name("Fund"), "order": 1, **changed})


def domain_of_change(**changed: Any) -> DomainOfChange:
    row = {"code": _code(), "names": _name("Domain"), "order": 1}
    return DomainOfChange.objects.create(**{**row, **changed})


def programme(**changed: Any) -> Programme:
    row = {"code": _code(), "names": _name("Programme"), "kind": Programme.Kind.OTHER}
    return Programme.objects.create(**{**row, **changed})


def instrument(**changed: Any) -> Instrument:
    row = {
        "code": f"T{next(_numbers)}", "names": _name("Instrument"), "order": 1,
        "category": Instrument.Category.OTHER,
    }  # fmt: skip
    return Instrument.objects.create(**{**row, **changed})


def earmarking_step(**changed: Any) -> EarmarkingStep:
    number = next(_numbers)
    row = {"code": f"TEST-{number}", "iati_code": 100 + number, "names": _name(), "order": 1}
    return EarmarkingStep.objects.create(**{**row, **changed})


def currency(**changed: Any) -> Currency:
    """A currency that no country has."""
    row = {"code": f"{next(_currencies):03X}", "name": "Test currency", "decimals": 2}
    return Currency.objects.create(**{**row, **changed})


def exchange_rate(**changed: Any) -> ExchangeRate:
    row = {
        "effective_on": datetime.date(2021, 3, 1), "units_per_usd": Decimal("8"),
        "rate_type": RateType.UN_OPERATIONAL, "source": "test", **changed,
    }  # fmt: skip
    if "currency_id" not in row:
        row.setdefault("currency", None)
        row["currency"] = row["currency"] or currency()
    return ExchangeRate.objects.create(**row)


def ledger(**changed: Any) -> Ledger:
    number = next(_numbers)
    return Ledger.objects.create(**{"code": f"T{number}", "name": f"Books {number}", **changed})


def month(**changed: Any) -> Month:
    """A closed month: March 2021."""
    row = {"month": MARCH.key, "closed_at": timezone.now(), "sequence": 0, "hash": GENESIS}
    return Month.objects.create(**{**row, **_with_ledger(changed)})


def era(**changed: Any) -> Era:
    """The first posting, as an era of the rollup by month; without its cells."""
    row = {"grain": "months", "after": 0, "until": 1, "hash": GENESIS}
    return Era.objects.create(**{**row, **_with_ledger(changed)})


def contribution(**changed: Any) -> Contribution:
    row = {
        "fund_id": "FE", "title": "A purpose", "state": ContributionState.PLEDGED,
        "currency_id": "USD", "amount": Decimal("100"),
    }  # fmt: skip
    made = Contribution.objects.create(**{**row, **_with_ledger(_with_donor(changed))})
    keep_starts([made])
    return made


def instalment(**changed: Any) -> Instalment:
    row = {"number": 1, "due_on": RECEIVED_ON, "amount": Decimal("100"), **changed}
    row["contribution"] = row.get("contribution") or contribution()
    return Instalment.objects.create(**row)


def allocation(**changed: Any) -> Allocation:
    row = {"number": 1, "amount": Decimal("40"), **changed}
    return Allocation.objects.create(**_with_contribution(row))


def _with_contribution(changed: dict[str, Any]) -> dict[str, Any]:
    return changed if "contribution" in changed else {"contribution": contribution(), **changed}


def condition(**changed: Any) -> Condition:
    row = {"text": "The budget of the donor is adopted", **changed}
    return Condition.objects.create(**_with_contribution(row))


def amendment(**changed: Any) -> Amendment:
    """A no-cost extension, which moves no money."""
    row = {
        "number": 1, "kind": AmendmentKind.EXTENSION, "agreed_on": RECEIVED_ON,
        "amount_change": Decimal(0), "reason": "The work takes longer",
    }  # fmt: skip
    return Amendment.objects.create(**_with_contribution({**row, **changed}))


def report_clause(**changed: Any) -> ReportClause:
    row = {"kind": ReportKind.NARRATIVE_FINAL, "frequency": Frequency.AT_END, "days_after": 90}
    return ReportClause.objects.create(**_with_contribution({**row, **changed}))


def report_due(**changed: Any) -> ReportDue:
    """The final narrative report on 2021."""
    row = {
        "kind": ReportKind.NARRATIVE_FINAL, "from_on": datetime.date(2021, 1, 1),
        "until_on": datetime.date(2021, 12, 31), "due_on": datetime.date(2022, 3, 31),
    }  # fmt: skip
    return ReportDue.objects.create(**_with_contribution({**row, **changed}))


def digest_sent(**changed: Any) -> DigestSent:
    row = {"period": "2021-W09", **changed}
    row["user"] = row.get("user") or user()
    return DigestSent.objects.create(**row)


def campaign(**changed: Any) -> Campaign:
    row = {
        "kind": CampaignKind.CORE_LETTER, "title": "Core contribution letters, spring 2021",
        "starts_on": datetime.date(2021, 3, 1),
    }  # fmt: skip
    return Campaign.objects.create(**{**row, **changed})


def approach(**changed: Any) -> Approach:
    row = _with_donor(changed)
    row["campaign"] = row.get("campaign") or campaign()
    return Approach.objects.create(**row)


def parked_receipt(**changed: Any) -> ParkedReceipt:
    row = {"received_on": RECEIVED_ON, "currency_id": "USD", "amount": Decimal("100"), **changed}
    return ParkedReceipt.objects.create(**_with_ledger(row))


def erp_reference(**changed: Any) -> ErpReference:
    """The grant of an agreement, unless a posting is named instead."""
    row = {"scheme": ErpScheme.GRANT, "value": "S1-32FSL-000123", **changed}
    if "posting" not in row:
        row = _with_contribution(row)
        row.setdefault("ledger", row["contribution"].ledger)
    return ErpReference.objects.create(**_with_ledger(row))


def erp_export(**changed: Any) -> ErpExport:
    row = {"month": MARCH.key, "file_name": "receipts.csv", "sha256": GENESIS, **changed}
    return ErpExport.objects.create(**_with_ledger(row))


def erp_line(**changed: Any) -> ErpLine:
    row = {
        "row": 2, "posted_on": RECEIVED_ON, "currency_id": "USD", "amount": Decimal("100"),
        "amount_usd": Decimal("100"), **changed,
    }  # fmt: skip
    row["export"] = row.get("export") or erp_export()
    return ErpLine.objects.create(**row)


def pooled_share(**changed: Any) -> PooledShare:
    """A quarter of a pooled fund's money of 2021."""
    row = {"year": 2021, "share_rate": Decimal("0.25"), "source": "test", **changed}
    row["pooled_fund"] = row.get("pooled_fund") or donor()
    row["contributor"] = row.get("contributor") or donor()
    return PooledShare.objects.create(**row)


def draft(**changed: Any) -> Draft:
    row = {
        "act": Act.RECORD_RECEIPT, "payload": {}, "title": "A receipt", "token": _code("draft"),
        **changed,
    }  # fmt: skip
    row["written_by"] = row.get("written_by") or user()
    return Draft.objects.create(**_with_ledger(row))


def rate(units_per_usd: str, code: str = "SEK") -> RateInForce:
    """A monthly average of March 2021."""
    return RateInForce(
        code, Decimal(units_per_usd), MARCH.first_day, RateType.MONTHLY_AVERAGE, "test"
    )


def entry(
    amount: str = "100.00", *, units_per_usd: str = "", support_rate: str = "", **changed: Any
) -> Entry:
    """An unsaved receipt of Sweden to the non-earmarked Foundation on 4 March 2021.

    In US dollars; another currency is converted at `units_per_usd`, else not converted.
    """
    row = {"kind": Kind.RECEIPT, "fund_id": "FNE", "value_date": RECEIVED_ON, "currency_id": "USD"}
    row.update(changed)
    if "donor" not in row and row["kind"] != Kind.ALLOTMENT:
        row["donor"] = Donor.objects.get(code="SWE")
    made = Entry(amount=Decimal(amount), **{"year_for": row["value_date"].year, **row})
    if made.currency_id == "USD":
        parity = RateInForce("USD", Decimal(1), made.value_date, RateType.PARITY)
        return door.convert(made, parity, support_rate=Decimal(support_rate or 0) or None)
    return door.convert(made, rate(units_per_usd) if units_per_usd else None)


def posting(books: Ledger, *entries: Entry, **changed: Any) -> Posting:
    """A posting of the system's own, booked in March 2021, through the one door."""
    row = {
        "act": Act.RECORD_RECEIPT, "booked_month": MARCH, "token": _code("posting"),
        "prepared_by": None, "approved_by": None,
    }  # fmt: skip
    return door.post(books, entries=entries or [entry()], **{**row, **changed})


def outgoing_mail(**changed: Any) -> OutgoingMail:
    """A reminder that waits, to an account of its own."""
    to = {} if "address" in changed else {"recipient": changed.get("recipient") or user()}
    return OutgoingMail.objects.create(**{"kind": "digest", "about": "2021-03-04", **to, **changed})


def job(**changed: Any) -> Job:
    row = {"kind": "test", **changed}
    row["asked_by"] = row.get("asked_by") or user()
    return Job.objects.create(**row)


def strategy_period(**changed: Any) -> StrategyPeriod:
    row = {"code": _code(), "names": _name("Period"), "from_year": 2030, "to_year": 2033}
    return StrategyPeriod.objects.create(**{**row, **changed})


def document(**changed: Any) -> Document:
    return Document.objects.create(**{"code": _code(), "names": _name("Document"), **changed})


def scope(**changed: Any) -> Scope:
    row = {"code": _code(), "names": _name("Scope"), "order": 1}
    return Scope.objects.create(**{**row, **changed})


def target_set(**changed: Any) -> TargetSet:
    row = {
        "code": _code(), "names": _name("Targets"), "kind": TargetKind.TARGET, "from_year": 2030,
        "to_year": 2033, "programme_support": SupportTreatment.INSIDE, "covers": "all funds",
        "order": 1, **changed,
    }  # fmt: skip
    row["document"] = row.get("document") or document()
    return TargetSet.objects.create(**row)


def annual_target(**changed: Any) -> AnnualTarget:
    row = {"from_year": 2030, "to_year": 2030, "amount_usd": Decimal("1000000"), **changed}
    row["target_set"] = row.get("target_set") or target_set()
    row["scope"] = row.get("scope") or scope()
    return AnnualTarget.objects.create(**row)


def monthly_target(**changed: Any) -> MonthlyTarget:
    row = {"month": 203001, "cumulative_usd": Decimal("1000"), **changed}
    row["target"] = row.get("target") or annual_target()
    return MonthlyTarget.objects.create(**row)


def indicator(**changed: Any) -> Indicator:
    row = {
        "code": f"Z{next(_numbers)}", "action": "Z", "action_names": _name(), "names": _name(),
        "comparison": Comparison.AT_LEAST, "order": 1, **changed,
    }  # fmt: skip
    row["period"] = row.get("period") or strategy_period()
    return Indicator.objects.create(**row)


def published_figure(**changed: Any) -> PublishedFigure:
    row = {
        "code": _code(), "measure": PublishedFigure.Measure.RECEIVED, "year": 2030,
        "value": Decimal("1"), "unit": PublishedFigure.Unit.USD, "basis": "test", **changed,
    }  # fmt: skip
    row["document"] = row.get("document") or document()
    return PublishedFigure.objects.create(**row)
