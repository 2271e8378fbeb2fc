"""The fund table: actual, target, share, gap and last year, fund by fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from income.entry_filter import NOT_CASH
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.links import entries as links_to_entries
from reports.figures.progress import Progress, compare, goal_of, percent_of
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import (
    EARMARKED_FUNDS,
    INCOME_FUNDS,
    NON_EARMARKED,
    OTHER,
    REGULAR_BUDGET,
    SUPPORT,
    TOTAL_FUNDS,
    UNSPLIT,
    VOLUNTARY_FUNDS,
    ZERO,
    Sums,
)
from targets.selectors import GoalSet


class Part(StrEnum):
    """How a row stands to the total."""

    FUND = "fund"  # is added
    SUBTOTAL = "subtotal"  # sums rows above it, and is not added again
    TOTAL = "total"
    OUTSIDE = "outside"  # stands outside the total
    MEMO = "memo"  # stands inside other rows, and is not added


@dataclass(frozen=True)
class FundRow:
    """One row; `code` is a fund or TOTAL, FE_TC, VOLUNTARY, WITH_OTHER, EXPECTED_SUPPORT."""

    code: str
    name: str
    part: Part
    funds: tuple[str, ...]
    progress: Progress
    last_year_usd: Decimal | None
    link: str
    last_year_link: str


@dataclass(frozen=True)
class FundTable:
    """All rows, in order, from January to the as-at month; `target_set` is None without one."""

    provenance: Provenance
    target_set: GoalSet | None
    rows: tuple[FundRow, ...]

    def row(self, code: str) -> FundRow:
        """The row with the code. Raises KeyError."""
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)

    @property
    def total(self) -> FundRow:
        return self.row("TOTAL")

    @property
    def casts(self) -> bool:
        """Whether the funds, each rounded to a tenth of a million, still add up to the total."""
        tenth = Decimal(100_000)
        parts = [row.progress.actual_usd or ZERO for row in self.rows if row.part is Part.FUND]
        rounded = sum(
            ((part / tenth).quantize(Decimal(1), "ROUND_HALF_UP") for part in parts), ZERO
        )
        total = self.total.progress.actual_usd or ZERO
        return rounded == (total / tenth).quantize(Decimal(1), "ROUND_HALF_UP")


@dataclass(frozen=True)
class FundTableMaker:
    """Builds the rows from the sums of the year up to the as-at month and of the year before."""

    sums: Sums
    as_at: YearMonth
    goal_set: GoalSet | None
    names: Mapping[str, str]
    provenance: Provenance

    def make(self, expected_support_usd: Decimal | None) -> FundTable:
        rows = [*self._fund_rows(), *self._subtotals(), self._total(), *self._outside()]
        rows += self._not_cash()
        rows += self._memos(expected_support_usd)
        source = self.goal_set.document if self.goal_set else ""
        scope = _("regular budget and voluntary contributions, without other revenue")
        return FundTable(self.provenance.about(scope, source), self.goal_set, tuple(rows))

    def _fund_rows(self) -> list[FundRow]:
        shown = [f for f in TOTAL_FUNDS if f != UNSPLIT or self._is_there(UNSPLIT)]
        return [self._row(fund, self.names.get(fund, fund), Part.FUND, (fund,)) for fund in shown]

    def _subtotals(self) -> list[FundRow]:
        """Earmarked money together where it is not split; else what the set has a target for."""
        year = self.as_at.year
        rows = []
        has_own = self.goal_set and self.goal_set.goal_for(EARMARKED_FUNDS, year, year)
        if self._is_there(UNSPLIT) or has_own:
            name = _("Foundation earmarked and technical cooperation together")
            rows.append(self._row("FE_TC", name, Part.SUBTOTAL, EARMARKED_FUNDS))
        if self.goal_set and self.goal_set.goal_for(VOLUNTARY_FUNDS, year, year):
            name = _("Voluntary contributions together")
            rows.append(self._row("VOLUNTARY", name, Part.SUBTOTAL, VOLUNTARY_FUNDS))
        return rows

    def _total(self) -> FundRow:
        name = (
            _("Total audited revenue, without other revenue")
            if self.sums.basis is Basis.AUDITED
            else _("Total received and allotted")
        )
        return self._row("TOTAL", name, Part.TOTAL, TOTAL_FUNDS)

    def _outside(self) -> list[FundRow]:
        if not self._is_there(OTHER):
            return []
        other = self._row(OTHER, self.names.get(OTHER, OTHER), Part.OUTSIDE, (OTHER,))
        name = _("Total with other revenue")
        return [other, self._row("WITH_OTHER", name, Part.OUTSIDE, INCOME_FUNDS)]

    def _not_cash(self) -> list[FundRow]:
        """What is received in kind: a line of its own, in no other row."""
        if self.sums.basis is not Basis.RECEIVED:
            return []
        spans = (self._this_year, self._last_year)
        this_year, last_year = (self.sums.not_cash(*span) for span in spans)
        if not (this_year or last_year):
            return []
        links = [
            links_to_entries(
                self.sums.books, [Kind.RECEIPT], (*VOLUNTARY_FUNDS, OTHER), *span, mode=NOT_CASH
            )
            for span in spans
        ]
        name = _("In kind and personnel, in no row above")
        progress = Progress(this_year, None)
        return [FundRow("NOT_CASH", name, Part.OUTSIDE, (), progress, last_year, *links)]

    def _memos(self, expected_usd: Decimal | None) -> list[FundRow]:
        name = _("Of which programme support income, as finance reports it")
        rows = [self._row(SUPPORT, name, Part.MEMO, (SUPPORT,))]
        if self.sums.basis is Basis.RECEIVED:
            name = _("Of which programme support expected inside the receipts")
            expected = Progress(expected_usd, None)
            link = self.sums.link(
                self._counted(EARMARKED_FUNDS, *self._this_year), *self._this_year
            )
            rows.append(FundRow("EXPECTED_SUPPORT", name, Part.MEMO, (), expected, None, link, ""))
        return rows

    def _row(self, code: str, name: str, part: Part, funds: Sequence[str]) -> FundRow:
        year, (first, last) = self.as_at.year, self._this_year
        actual = self.sums.reported(funds, first, last)
        goal = goal_of(self.goal_set, funds, year, year)
        unsplit = self.sums.of((UNSPLIT,), first, last)
        before = self._last_year
        counted = self._counted(funds, first, last)
        counted_before = self._counted(funds, *before)
        return FundRow(
            code=code,
            name=name,
            part=part,
            funds=tuple(funds),
            progress=compare(actual, goal, unsplit_usd=unsplit),
            last_year_usd=self.sums.reported(funds, *before),
            link=self.sums.link(counted, first, last),
            last_year_link=self.sums.link(counted_before, *before),
        )

    def _counted(self, funds: Sequence[str], first: YearMonth, last: YearMonth) -> tuple[str, ...]:
        """The funds with money in them: their entries are what a figure's link opens."""
        return tuple(fund for fund in funds if self.sums.of((fund,), first, last))

    def _is_there(self, fund: str) -> bool:
        return any(self.sums.of((fund,), *span) for span in (self._this_year, self._last_year))

    @property
    def _this_year(self) -> tuple[YearMonth, YearMonth]:
        return YearMonth(self.as_at.year, 1), self.as_at

    @property
    def _last_year(self) -> tuple[YearMonth, YearMonth]:
        return YearMonth(self.as_at.year - 1, 1), self.as_at.a_year_before


@dataclass(frozen=True)
class CoreShare:
    """The share of core money in per cent, not rounded, with what it is made of, US dollars.

    A part is None where one of its funds is not reported.
    """

    name: str
    formula: str
    core_usd: Decimal | None
    whole_usd: Decimal | None
    percent: Decimal | None
    core_link: str
    whole_link: str


def core_shares(table: FundTable, sums: Sums, as_at: YearMonth) -> tuple[CoreShare, CoreShare]:
    """With assessed money (over the total) and without (over voluntary contributions)."""
    first = YearMonth(as_at.year, 1)

    def share(name: str, formula: str, core: Sequence[str], whole: Sequence[str]) -> CoreShare:
        part = sums.of(core, first, as_at) if _all_reported(sums, core, first, as_at) else None
        total = sums.reported(whole, first, as_at)
        # A part above its whole, or below zero, has no share: some money was paid back.
        fits = part is not None and total is not None and 0 <= part <= total
        percent = percent_of(part, total) if fits else None
        links = [
            sums.link([f for f in funds if sums.of((f,), first, as_at)], first, as_at)
            for funds in (core, whole)
        ]
        return CoreShare(name, formula, part, total, percent, *links)

    return (
        share(
            _("Core share with assessed money"),
            _("regular budget and Foundation non-earmarked, over the total"),
            (REGULAR_BUDGET, NON_EARMARKED),
            TOTAL_FUNDS,
        ),
        share(
            _("Core share of voluntary money"),
            _("Foundation non-earmarked, over voluntary contributions"),
            (NON_EARMARKED,),
            VOLUNTARY_FUNDS,
        ),
    )


def _all_reported(sums: Sums, funds: Sequence[str], first: YearMonth, last: YearMonth) -> bool:
    return all(sums.reported((fund,), first, last) is not None for fund in funds)
