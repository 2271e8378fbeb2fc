"""What changed since the update before, and whose money came in: both of one state of the books."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from donors.models import Donor
from donors.naming import is_hidden
from income.models import Fund, Ledger
from income.narrow import Narrow
from income.periods import YearMonth
from income.totals import donor_sums, reach
from income.vocabulary import Kind, Mode
from interface.sorting import in_order
from reports.figures.provenance import Basis
from reports.figures.sums import OTHER, TOTAL_FUNDS, UNSPLIT, ZERO, Sums, months
from reports.models import MonthlyUpdate, UpdateState, UpdateStatus
from reports.updates.stored import figures_of, rows_of


@dataclass(frozen=True)
class SinceRow:
    """A fund's year so far, US dollars: `before` + `adjusted` + `own` = `now`, to the cent.

    `own` came in the months that the update before did not tell of; `adjusted` changed those it
    did. Both `before` and `adjusted` are None where there is no update of the same year before.
    """

    code: str
    name: str
    is_total: bool
    before_usd: Decimal | None
    adjusted_usd: Decimal | None
    own_usd: Decimal
    now_usd: Decimal


@dataclass(frozen=True)
class SinceLast:
    """`months` are those of `own_usd`; `donors` gave in the month of the update, A to Z.

    Donors that wish to stay unnamed are only counted. `before` is the update before, if any.
    """

    as_at: YearMonth
    before: MonthlyUpdate | None
    months: tuple[YearMonth, ...]
    rows: tuple[SinceRow, ...]
    donors: tuple[str, ...]
    unnamed: int


def update_before(update: MonthlyUpdate) -> MonthlyUpdate | None:
    """The one that stood published when this one was prepared."""
    published = MonthlyUpdate.objects.filter(
        ledger=update.ledger_id, state=UpdateState.PUBLISHED, published_at__lt=update.prepared_at
    ).exclude(pk=update.pk)
    return _last(published, update.as_at, update.status)


def published_before(ledger: Ledger, as_at: YearMonth, status: str) -> MonthlyUpdate | None:
    """The one that stands published now, before an update of this month and status."""
    published = MonthlyUpdate.objects.filter(ledger=ledger, state=UpdateState.PUBLISHED)
    return _last(published, as_at, status)


def _last(
    published: QuerySet[MonthlyUpdate], as_at: YearMonth, status: str
) -> MonthlyUpdate | None:
    """Of an earlier month, or the provisional one of the same."""
    earlier = Q(month__lt=as_at.key)
    if status == UpdateStatus.FINAL:
        earlier |= Q(month=as_at.key, status=UpdateStatus.PROVISIONAL)
    return published.filter(earlier).order_by("-month", "-published_at").first()


def since_last(
    ledger: Ledger, as_at: YearMonth, sequence: int, before: MonthlyUpdate | None
) -> SinceLast:
    """The books at the sequence, beside what `before` told; names in the active language."""
    known = Narrow(until=sequence)
    spans = reach(ledger)
    span = spans.get(Kind.RECEIPT) or spans.get(Kind.ALLOTMENT)
    january = YearMonth(as_at.year, 1)
    sums = Sums.read(ledger, Basis.RECEIVED, span, january, as_at, known)
    told = before if before and before.as_at.year == as_at.year else None
    donors, unnamed = _thanked(ledger, as_at, known)
    return SinceLast(
        as_at=as_at,
        before=before,
        months=tuple(_own_months(as_at, before)),
        rows=tuple(_rows(sums, as_at, told, _own_months(as_at, before))),
        donors=donors,
        unnamed=unnamed,
    )


def _own_months(as_at: YearMonth, before: MonthlyUpdate | None) -> list[YearMonth]:
    """The months of this year that the update before did not tell of."""
    if before is None:
        return [as_at]
    first = YearMonth(as_at.year, 1)
    return list(months(max(first, before.as_at.next), as_at))


def _rows(
    sums: Sums, as_at: YearMonth, told: MonthlyUpdate | None, own: list[YearMonth]
) -> Iterable[SinceRow]:
    january = YearMonth(as_at.year, 1)
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    told_usd: dict[str, Decimal] = defaultdict(Decimal)
    if told:
        told_usd |= {row.code: row.actual_usd or ZERO for row in rows_of(figures_of(told))}
    listed: list[tuple[tuple[str, ...], str, str]] = [
        ((code,), code, names.get(code, code)) for code in (*TOTAL_FUNDS, OTHER)
    ]
    listed.insert(len(TOTAL_FUNDS), (TOTAL_FUNDS, "TOTAL", _("Total received and allotted")))
    for funds, code, name in listed:
        now = sums.of(funds, january, as_at)
        came = sums.of(funds, own[0], own[-1]) if own else ZERO
        before = told_usd[code] if told else None
        if code in (UNSPLIT, OTHER) and not (now or before):
            continue
        adjusted = None if before is None else now - came - before
        yield SinceRow(code, name, code == "TOTAL", before, adjusted, came, now)


def _thanked(ledger: Ledger, as_at: YearMonth, known: Narrow) -> tuple[tuple[str, ...], int]:
    """Who gave more in the month than was paid back, by name, and how many stay unnamed."""
    given: dict[Donor, Decimal] = defaultdict(Decimal)
    for cell in donor_sums(ledger, Kind.RECEIPT, as_at, as_at, mode=Mode.CASH.value, narrow=known):
        if cell.donor:
            given[cell.donor] += cell.amount_usd
    thanked = [donor for donor, usd in given.items() if usd > 0]
    named = in_order({donor.name for donor in thanked if not is_hidden(donor)})
    return tuple(named), sum(is_hidden(donor) for donor in thanked)
