"""What the indicators are computed from: read once for a strategy period, a few queries."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from donors.models import Area, Donor
from income.models import Contribution, DonorMonthTotal, Entry, Fund, Ledger, Programme, ReportDue
from income.narrow import Narrow, grouped
from income.periods import YearMonth
from income.totals import DonorSum, Span
from income.vocabulary import ContributionState
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import Question
from reports.figures.sums import INCOME_FUNDS, VOLUNTARY_FUNDS, ZERO, Sums, kinds_of, mode_of
from targets.models import EconomyList, ProposalState, StrategyPeriod
from targets.selectors import Coverage, coverages

Cells = Mapping[tuple[Any, ...], Decimal]  # the last part of a key is the month, yyyymm


@dataclass(frozen=True)
class Domestic:
    """Receipts for a country from one donor in a month; `is_own` where the country pays itself."""

    area: str
    donor: int | None
    is_own: bool
    month: int
    amount_usd: Decimal


@dataclass(frozen=True)
class Material:
    """Everything that was read, for the months of the period up to the question's.

    Amounts are US dollars, in cash for what is received. `donor_cells` are by fund, donor and
    month, `programme_cells` by programme, fund, donor and month, `instrument_cells` by
    instrument, fund and month. `signed` are the programmes of agreements with the day of
    signature. `lists` are the approved lists of emerging economies, the newest first.
    """

    question: Question
    ledger: Ledger
    period: StrategyPeriod
    provenance: Provenance
    today: datetime.date
    sums: Sums
    names: Mapping[str, str]
    donors: Mapping[int, Donor]
    donor_cells: Cells
    programme_cells: Cells
    instrument_cells: Cells
    domestic: tuple[Domestic, ...]
    programmes: tuple[Programme, ...]
    signed: tuple[tuple[str, datetime.date], ...]
    reports: tuple[ReportDue, ...]
    lists: tuple[EconomyList, ...]
    listed: Mapping[int, frozenset[str]]  # countries of each list
    areas: Mapping[str, str]
    coverages: Mapping[str, Coverage]
    focal_points: int
    _given: dict[Span, tuple[DonorSum, ...]] = field(default_factory=dict)  # what was added up

    @property
    def basis(self) -> Basis:
        return self.question.basis

    def since(self, point: YearMonth) -> Span:
        """From the first month of the period to the point."""
        return YearMonth(self.period.from_year, 1), point

    def of_year(self, point: YearMonth) -> Span:
        """From January to the point."""
        return YearMonth(point.year, 1), point

    def day(self, point: YearMonth) -> datetime.date:
        """The last day of the month, or today where the month is not over."""
        return min(point.last_day, self.today)

    def given(self, span: Span) -> tuple[DonorSum, ...]:
        """Sums by fund and donor over the months; a merged donor is the other."""
        if span not in self._given:
            self._given[span] = self._added(span)
        return self._given[span]

    def _added(self, span: Span) -> tuple[DonorSum, ...]:
        added: dict[tuple[str, Donor | None], Decimal] = defaultdict(Decimal)
        for (fund, donor, month), usd in self.donor_cells.items():
            if span[0].key <= month <= span[1].key:
                added[fund, self.donors.get(donor)] += usd
        return tuple(DonorSum(fund, giver, usd) for (fund, giver), usd in added.items())


def within(cells: Cells, span: Span, keep: Callable[..., bool]) -> Decimal:
    """US dollars of the cells of these months whose key, without the month, is to be kept."""
    first, last = span[0].key, span[1].key
    return sum(
        (usd for key, usd in cells.items() if first <= key[-1] <= last and keep(*key[:-1])),
        ZERO,
    )  # fmt: skip


def read(
    question: Question, ledger: Ledger, period: StrategyPeriod, provenance: Provenance,
    today: datetime.date,
) -> Material:  # fmt: skip
    """A constant number of queries. Of the question only the state of the books narrows."""
    narrow = Narrow(until=question.narrow.until)
    last = min(question.as_at, YearMonth(period.to_year, 12))
    span = YearMonth(period.from_year, 1), max(last, YearMonth(period.from_year, 1))
    kind, mode = kinds_of(question.basis)[0], mode_of(question.basis)
    sums = Sums.read(ledger, question.basis, question.span, *span, narrow)
    programme_cells = grouped(
        ledger, [kind], ("programme", "fund", "donor", "month"), *span, narrow, mode=mode
    )
    donor_cells = _donor_cells(ledger, kind, mode, span, narrow)
    lists, listed = _economies(ledger)
    domestic = _domestic(ledger, kind, mode, span, narrow, frozenset().union(*listed.values()))
    pks = {key[1] for key in donor_cells if key[1] is not None}
    pks |= {key[2] for key in programme_cells if key[2] is not None}
    pks |= {one.donor for one in domestic if one.donor is not None}
    return Material(
        question=question, ledger=ledger, period=period, provenance=provenance, today=today,
        sums=sums, names={fund.code: str(fund) for fund in Fund.objects.all()},
        donors=Donor.objects.become(pks), donor_cells=donor_cells,
        programme_cells=programme_cells,
        instrument_cells=grouped(
            ledger, [kind], ("instrument", "fund", "month"), *span, narrow, mode=mode
        ),
        domestic=domestic,
        programmes=tuple(Programme.objects.filter(kind=Programme.Kind.FLAGSHIP)),
        signed=_signed(ledger), reports=tuple(_reports(ledger, period)),
        lists=lists, listed=listed,
        areas={area.iso3: str(area) for area in Area.objects.all()} if domestic else {},
        coverages=coverages(), focal_points=_focal_points(ledger),
    )  # fmt: skip


def _donor_cells(ledger: Ledger, kind: str, mode: str, span: Span, narrow: Narrow) -> Cells:
    if not narrow.is_all:
        return grouped(ledger, [kind], ("fund", "donor", "month"), *span, narrow, mode=mode)
    rows = DonorMonthTotal.objects.filter(
        ledger=ledger, kind=kind, month__gte=span[0].key, month__lte=span[1].key,
        fund__in=INCOME_FUNDS,
    )  # fmt: skip
    if mode:
        rows = rows.filter(mode=mode)
    cells: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for *key, usd in rows.values_list("fund_id", "donor_id", "month", "amount_usd"):
        cells[tuple(key)] += usd
    return cells


def _signed(ledger: Ledger) -> tuple[tuple[str, datetime.date], ...]:
    """Programmes that agreements are for, as a whole or in an allocation; how they stand today."""
    rows = Contribution.objects.in_books(ledger).filter(signed_on__isnull=False)
    rows = rows.exclude(state=ContributionState.CANCELLED)
    pairs = rows.values_list("programme_id", "allocations__programme_id", "signed_on").distinct()
    return tuple((code, on) for *codes, on in pairs for code in codes if code and on)


def _reports(ledger: Ledger, period: StrategyPeriod) -> Iterable[ReportDue]:
    return ReportDue.objects.filter(
        contribution__ledger=ledger, due_on__year__gte=period.from_year,
        due_on__year__lte=period.to_year,
    )  # fmt: skip


def _economies(ledger: Ledger) -> tuple[tuple[EconomyList, ...], dict[int, frozenset[str]]]:
    """What accounts of a demonstration entered counts in its own books only."""
    lists = EconomyList.objects.filter(state=ProposalState.APPROVED).prefetch_related("areas")
    if not ledger.is_demonstration:
        lists = lists.exclude(entered_by__is_demonstration=True)
    found = tuple(lists)
    return found, {one.pk: frozenset(area.iso3 for area in one.areas.all()) for one in found}


def _domestic(
    ledger: Ledger, kind: str, mode: str, span: Span, narrow: Narrow, areas: frozenset[str]
) -> tuple[Domestic, ...]:  # fmt: skip
    """What came for the countries of any list, by who paid; nothing is asked without a list."""
    if not areas:
        return ()
    entries = narrow.apply(Entry.objects.in_books(ledger)).filter(
        kind=kind, area__in=areas, value_date__gte=span[0].first_day,
        value_date__lte=span[1].last_day, amount_usd__isnull=False, fund__in=VOLUNTARY_FUNDS,
    )  # fmt: skip
    if mode:
        entries = entries.filter(mode=mode)
    rows = (
        entries.annotate(y=ExtractYear("value_date"), m=ExtractMonth("value_date")).order_by()
        .values_list("area_id", "donor_id", "contribution__is_domestic", "y", "m")
        .annotate(usd=Sum("amount_usd"))
    )  # fmt: skip
    return tuple(
        Domestic(area, donor, bool(is_own), year * 100 + month, usd)
        for area, donor, is_own, year, month, usd in rows
    )


def _focal_points(ledger: Ledger) -> int:
    """Donors with a focal point; people of a demonstration count in its own books only."""
    donors = Donor.objects.standing().filter(focal_point__isnull=False)
    if not ledger.is_demonstration:
        donors = donors.filter(focal_point__is_demonstration=False)
    return donors.count()
