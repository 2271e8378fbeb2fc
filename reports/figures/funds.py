"""The fund table: actual, target, share, pace, gap and earlier years, fund by fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from income.entry_filter import NOT_CASH
from income.periods import YearMonth
from income.totals import Span
from income.vocabulary import Kind
from reports.figures.coming import Coming
from reports.figures.coming_shown import Key
from reports.figures.links import entries as links_to_entries
from reports.figures.pace import Pace, PaceMaker
from reports.figures.progress import Progress, compare, goal_of, never_comparable
from reports.figures.provenance import Basis, Provenance
from reports.figures.question import Question
from reports.figures.sums import (
    EARMARKED_FUNDS,
    INCOME_FUNDS,
    OTHER,
    SUPPORT,
    UNSPLIT,
    VOLUNTARY_FUNDS,
    ZERO,
    Sums,
    total_of,
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
class Earlier:
    """An earlier year's amount at the same date, US dollars; None where it is not reported."""

    year: int
    amount_usd: Decimal | None
    link: str


@dataclass(frozen=True)
class FundRow:
    """One row; `code` is a fund or TOTAL, FE_TC, VOLUNTARY, WITH_OTHER, EXPECTED_SUPPORT.

    `before` are the earlier years asked for, last year first. `pace` is None where a row has
    no target of its own to keep pace with.
    """

    code: str
    name: str
    part: Part
    funds: tuple[str, ...]
    progress: Progress
    last_year_usd: Decimal | None
    link: str
    last_year_link: str
    before: tuple[Earlier, ...] = ()
    pace: Pace | None = None


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
    """Builds the rows from the sums of the year up to the as-at month and of earlier years."""

    sums: Sums
    as_at: YearMonth
    goal_set: GoalSet | None
    names: Mapping[str, str]
    provenance: Provenance
    asked: Question
    coming: Coming | None
    hidden: frozenset[Key]  # what is withheld of `coming`

    def make(self, expected_support_usd: Decimal | None) -> FundTable:
        rows = self._with_pace([*self._fund_rows(), *self._subtotals(), self._total()])
        rows += [*self._outside(), *self._not_cash(), *self._memos(expected_support_usd)]
        source = self.goal_set.document if self.goal_set else ""
        scope = (
            _("voluntary contributions, without other revenue")
            if self.sums.basis.is_promise
            else _("regular budget and voluntary contributions, without other revenue")
        )
        return FundTable(self.provenance.about(scope, source), self.goal_set, tuple(rows))

    def _with_pace(self, rows: Sequence[FundRow]) -> list[FundRow]:
        maker = PaceMaker.of(self.asked, self.coming, self.hidden)
        return [
            row
            if row.code == UNSPLIT and not row.progress.actual_usd
            else replace(row, pace=maker.pace(row.code, row.funds, row.progress))
            for row in rows
        ]

    def _fund_rows(self) -> list[FundRow]:
        shown = [f for f in self._whole if f != UNSPLIT or self._is_there(UNSPLIT)]
        return [self._row(fund, self.names.get(fund, fund), Part.FUND, (fund,)) for fund in shown]

    def _subtotals(self) -> list[FundRow]:
        """Earmarked money together where it is not split; else what the set has a target for."""
        year = self.as_at.year
        rows = []
        has_own = self.goal_set and self.goal_set.goal_for(EARMARKED_FUNDS, year, year)
        if self._is_there(UNSPLIT) or has_own:
            name = _("Foundation earmarked and technical cooperation together")
            rows.append(self._row("FE_TC", name, Part.SUBTOTAL, EARMARKED_FUNDS))
        is_total = self._whole == VOLUNTARY_FUNDS
        if self.goal_set and self.goal_set.goal_for(VOLUNTARY_FUNDS, year, year) and not is_total:
            name = _("Voluntary contributions together")
            rows.append(self._row("VOLUNTARY", name, Part.SUBTOTAL, VOLUNTARY_FUNDS))
        return rows

    def _total(self) -> FundRow:
        name = {
            Basis.RECEIVED: _("Total received and allotted"),
            Basis.AUDITED: _("Total audited revenue, without other revenue"),
            Basis.DUE: _("Total of voluntary contributions due"),
            Basis.AGREED: _("Total of voluntary contributions agreed"),
        }[self.sums.basis]
        return self._row("TOTAL", name, Part.TOTAL, self._whole)

    def _outside(self) -> list[FundRow]:
        if not self._is_there(OTHER):
            return []
        other = self._row(OTHER, self.names.get(OTHER, OTHER), Part.OUTSIDE, (OTHER,))
        name = _("Total with other revenue")
        funds = tuple(f for f in INCOME_FUNDS if f in self._whole or f == OTHER)
        return [other, self._row("WITH_OTHER", name, Part.OUTSIDE, funds)]

    def _not_cash(self) -> list[FundRow]:
        """What is received in kind: a line of its own, in no other row."""
        if self.sums.basis is not Basis.RECEIVED:
            return []
        spans = (self._this_year, *self._earlier)
        this_year, *earlier = (self.sums.not_cash(*span) for span in spans)
        if not (this_year or any(earlier)):
            return []
        link, *links = (
            links_to_entries(
                self.sums.books, [Kind.RECEIPT], (*VOLUNTARY_FUNDS, OTHER), *span, mode=NOT_CASH,
                narrow=self.sums.narrow.address,
            )
            for span in spans
        )  # fmt: skip
        name = _("In kind and personnel, in no row above")
        before = tuple(
            Earlier(span[0].year, usd, to)
            for span, usd, to in zip(self._earlier, earlier, links, strict=True)
        )
        return [
            FundRow(
                "NOT_CASH", name, Part.OUTSIDE, (), Progress(this_year, None),
                earlier[0], link, links[0], before,
            )
        ]  # fmt: skip

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
        refused = never_comparable(self.sums.basis, self.sums.narrow)
        before = tuple(
            Earlier(
                span[0].year,
                self.sums.reported(funds, *span),
                self.sums.link(self._counted(funds, *span), *span),
            )
            for span in self._earlier
        )
        return FundRow(
            code=code,
            name=name,
            part=part,
            funds=tuple(funds),
            progress=compare(actual, goal, unsplit_usd=unsplit, refused=refused),
            last_year_usd=before[0].amount_usd,
            link=self.sums.link(self._counted(funds, first, last), first, last),
            last_year_link=before[0].link,
            before=before,
        )

    def _counted(self, funds: Sequence[str], first: YearMonth, last: YearMonth) -> tuple[str, ...]:
        """The funds with money in them: their entries are what a figure's link opens."""
        return tuple(fund for fund in funds if self.sums.of((fund,), first, last))

    def _is_there(self, fund: str) -> bool:
        return any(self.sums.of((fund,), *span) for span in (self._this_year, *self._earlier))

    @property
    def _whole(self) -> tuple[str, ...]:
        return total_of(self.sums.basis)

    @property
    def _this_year(self) -> tuple[YearMonth, YearMonth]:
        return YearMonth(self.as_at.year, 1), self.as_at

    @property
    def _earlier(self) -> tuple[Span, ...]:
        """The earlier years asked for to the same month, last year first."""
        years = (self.as_at.year - back for back in range(1, self.asked.years + 1))
        return tuple((YearMonth(year, 1), YearMonth(year, self.as_at.month)) for year in years)
