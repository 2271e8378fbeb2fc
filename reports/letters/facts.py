"""What a letter states, read from the books: one typed object per letter. Nothing is typed here."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from income.approaches import CORE_FUND
from income.balances import instalment_states
from income.models import Approach, Contribution, Entry, Instalment, Ledger, Posting
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.totals import monthly_sums, reach
from income.vocabulary import ConditionState, Kind, RateType
from interface.errors import PortalError
from reports.figures.donor_entries import of_donor, yearly_cells
from reports.figures.progress import percent_of
from targets.models import TargetKind
from targets.selectors import coverages, goal_sets, sets_for_year

YEARS = 5
ZERO = Decimal(0)
GIVEN = (Kind.RECEIPT, Kind.AUDITED_REVENUE)
# What the Board set or approved; a proposal or a draft is not told to donors.
TOLD_TARGETS = (TargetKind.TARGET, TargetKind.APPROVED, TargetKind.RESTATED)


class LetterImpossible(PortalError):
    """The books hold nothing that such a letter could state."""


@dataclass(frozen=True)
class Source:
    """The books, and the state of them, that a letter was made from."""

    ledger: Ledger
    sequence: int
    hash: str
    today: datetime.date

    @property
    def is_demonstration(self) -> bool:
        return self.ledger.is_demonstration


@dataclass(frozen=True)
class CoreGiven:
    """Core money of one year in US dollars; None where the books say nothing of the year."""

    year: int
    amount_usd: Decimal | None


@dataclass(frozen=True)
class CoreGoal:
    """A year's core budget in US dollars, and what was received of it from all donors so far.

    `received_usd` is None where the books hold no receipts of anybody.
    """

    year: int
    amount_usd: Decimal
    name: str
    received_usd: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """79 means 79 per cent."""
        return percent_of(self.received_usd, self.amount_usd)


@dataclass(frozen=True)
class CoreCall:
    """A call for core contributions. `kind` is the basis of the years: received or audited."""

    donor: Donor
    source: Source
    kind: Kind
    given: tuple[CoreGiven, ...]  # oldest first
    goal: CoreGoal | None
    amount: Decimal | None = None  # asked for, in `currency`
    currency: str = ""
    not_converted: tuple[tuple[str, Decimal], ...] = ()  # by currency: in no sum of US dollars

    @property
    def total_usd(self) -> Decimal:
        """What the years hold together."""
        return sum((one.amount_usd for one in self.given if one.amount_usd), ZERO)

    @property
    def has_given(self) -> bool:
        return self.total_usd > 0 or bool(self.not_converted)


@dataclass(frozen=True)
class Thanks:
    """One receipt as it was posted; `amount_usd` and rate are None where it is not converted."""

    donor: Donor
    source: Source
    received_on: datetime.date
    currency: str
    amount: Decimal
    amount_usd: Decimal | None
    rate: Decimal | None
    rate_on: datetime.date | None
    rate_type: str
    purpose: str
    fund: str
    reference: str
    agreement: str
    is_core: bool
    sequence: int

    @property
    def is_dollars(self) -> bool:
        return self.rate_type == RateType.PARITY


@dataclass(frozen=True)
class Reminder:
    """An instalment that is due or overdue, in the agreement's currency."""

    donor: Donor
    source: Source
    agreement: str
    title: str
    signed_on: datetime.date | None
    number: int
    count: int  # of the agreement's instalments
    due_on: datetime.date
    currency: str
    due: Decimal
    received: Decimal
    outstanding: Decimal

    @property
    def is_overdue(self) -> bool:
        return self.due_on < self.source.today


Facts = CoreCall | Thanks | Reminder


def _source(ledger: Ledger, today: datetime.date) -> Source:
    now = Ledger.objects.get(pk=ledger.pk)
    return Source(now, now.sequence, now.head_hash, today)


def _standing(donor: Donor) -> Donor:
    """The donor as it stands today: one that was merged is not written to."""
    standing = Donor.objects.become([donor.pk])[donor.pk]
    return Donor.objects.select_related("area", "contributor_type").get(pk=standing.pk)


def core_call(
    ledger: Ledger, donor: Donor, today: datetime.date, *, approach: Approach | None = None
) -> CoreCall:
    """Core money of the last five years that the books hold, and the year's core budget."""
    standing = _standing(donor)
    spans = reach(ledger)
    kind = next((kind for kind in GIVEN if kind in spans), Kind.RECEIPT)
    asked = approach if approach and approach.amount is not None else None
    first, given = _given(ledger, standing, kind, today, spans)
    return CoreCall(
        donor=standing,
        source=_source(ledger, today),
        kind=kind,
        given=given,
        goal=_goal(ledger, today, holds_receipts=Kind.RECEIPT in spans),
        amount=asked.amount if asked else None,
        currency=(asked.currency_id or "") if asked else "",
        not_converted=_not_converted(ledger, standing, kind, first, today),
    )


def _given(
    ledger: Ledger, donor: Donor, kind: Kind, today: datetime.date,
    spans: dict[str, tuple[YearMonth, YearMonth]],
) -> tuple[int, tuple[CoreGiven, ...]]:  # fmt: skip
    """The first year, and the years up to the present one, or up to the last the books hold."""
    begins, ends = spans.get(kind, (YearMonth.of(today), YearMonth.of(today)))
    last = min(today.year, ends.year)
    first = last - YEARS + 1
    sums: dict[int, Decimal] = {}
    for _kind, year, fund, _mode, usd in yearly_cells(ledger, donor, (kind,), first, last):
        if fund == CORE_FUND:
            sums[year] = sums.get(year, ZERO) + usd
    silent = None if kind == Kind.AUDITED_REVENUE else ZERO
    years = range(first, last + 1)
    return first, tuple(
        CoreGiven(year, sums.get(year, silent) if year >= begins.year else None) for year in years
    )


def _not_converted(
    ledger: Ledger, donor: Donor, kind: Kind, first: int, today: datetime.date
) -> tuple[tuple[str, Decimal], ...]:
    rows = of_donor(ledger, donor).of_kind(kind).not_converted()
    rows = rows.filter(
        fund=CORE_FUND, value_date__year__gte=first, value_date__lte=today,
        posting__reverses=None, posting__reversed_by=None,
    )  # fmt: skip
    sums = rows.order_by("currency").values_list("currency").annotate(amount=Sum("amount"))
    return tuple((currency, amount) for currency, amount in sums)


def _goal(ledger: Ledger, today: datetime.date, *, holds_receipts: bool) -> CoreGoal | None:
    """The year's target or approved budget of core money, where a document has one."""
    year = today.year
    for one in sets_for_year(goal_sets(year, coverages()), year):
        goal = one.goal_for({CORE_FUND}, year, year)
        if goal and one.kind in TOLD_TARGETS:
            received = _received(ledger, today) if holds_receipts else None
            return CoreGoal(year, goal.amount_usd, one.name, received)
    return None


def _received(ledger: Ledger, today: datetime.date) -> Decimal:
    cells = monthly_sums(ledger, [Kind.RECEIPT], YearMonth(today.year, 1), YearMonth.of(today))
    return sum((cell.amount_usd for cell in cells if cell.fund == CORE_FUND), ZERO)


def thanks(posting: Posting, today: datetime.date) -> Thanks:
    """The receipt of a posting. Raises LetterImpossible for anything but one donor's receipt."""
    entries = list(_receipts(posting).select_related("contribution", "fund", "donor"))
    donors = {entry.donor_id for entry in entries}
    if hasattr(posting, "reversed_by") or posting.reverses_id:
        raise LetterImpossible(_("This receipt was reversed: there is nothing to give thanks for."))
    if len(donors) != 1 or None in donors or len({e.currency_id for e in entries}) != 1:
        raise LetterImpossible(_("This posting is not one donor's receipt in one currency."))
    amount = sum((entry.amount for entry in entries), ZERO)
    if amount <= 0:
        raise LetterImpossible(_("This posting takes money back; it is not acknowledged."))
    return _thanks(posting, entries, amount, today)


def _receipts(posting: Posting) -> EntryQuerySet:
    return Entry.objects.filter(posting=posting, kind=Kind.RECEIPT).order_by("line")


def _thanks(
    posting: Posting, entries: list[Entry], amount: Decimal, today: datetime.date
) -> Thanks:
    first, dollars = entries[0], [entry.amount_usd for entry in entries]
    known = [usd for usd in dollars if usd is not None]
    contribution = first.contribution
    return Thanks(
        donor=_standing(first.donor),  # type: ignore[arg-type]  # checked by the caller
        source=_source(posting.ledger, today),
        received_on=first.value_date, currency=first.currency_id, amount=amount,
        amount_usd=sum(known, ZERO) if len(known) == len(dollars) else None,
        rate=first.rate, rate_on=first.rate_on, rate_type=first.rate_type,
        purpose=contribution.title if contribution else posting.note,
        fund=str(first.fund),
        reference=posting.reference,
        agreement=agreement_number(contribution) if contribution else "",
        is_core=first.fund_id == CORE_FUND,
        sequence=posting.sequence,
    )  # fmt: skip


def agreement_number(contribution: Contribution) -> str:
    """The number both parties know, else that of the portal."""
    return contribution.reference or contribution.number


def reminder(instalment: Instalment, today: datetime.date) -> Reminder:
    """What is outstanding of an instalment. Raises LetterImpossible where nothing is."""
    contribution = instalment.contribution
    states = instalment_states(contribution)
    state = next((one for one in states if one.instalment.pk == instalment.pk), None)
    if state is None or not state.outstanding:
        raise LetterImpossible(_("Nothing of this instalment is outstanding."))
    if state.is_conditional and contribution.conditions.filter(state=ConditionState.OPEN).exists():
        raise LetterImpossible(
            _("This instalment stands under a condition that is still open: it is not due.")
        )
    return Reminder(
        donor=_standing(contribution.donor),
        source=_source(contribution.ledger, today),
        agreement=agreement_number(contribution), title=contribution.title,
        signed_on=contribution.signed_on,
        number=[one.instalment.pk for one in states].index(instalment.pk) + 1, count=len(states),
        due_on=instalment.due_on, currency=contribution.currency_id,
        due=state.due, received=state.credited, outstanding=state.outstanding,
    )  # fmt: skip
