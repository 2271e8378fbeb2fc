"""The strategy period so far, against every target set that speaks of the whole period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth
from reports.figures.paths import Annual, Path, path
from reports.figures.progress import Progress, compare, goal_of, never_comparable
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import (
    EARMARKED_FUNDS,
    INCOME_FUNDS,
    SPLIT_FUNDS,
    TOTAL_FUNDS,
    UNSPLIT,
    ZERO,
    Sums,
)
from reports.figures.words import dollars
from targets.selectors import Goal, GoalSet

ByType = Mapping[tuple[str, str | None], Decimal]


@dataclass(frozen=True)
class PeriodRow:
    """One target of one set, beside what came in since the period began."""

    name: str
    progress: Progress
    notes: tuple[str, ...]
    link: str
    path: Path | None = None  # None where the target cannot be compared


@dataclass(frozen=True)
class PeriodSet:
    """One target set of the period, with its document."""

    code: str
    name: str
    document: str
    covers: str
    rows: tuple[PeriodRow, ...]


@dataclass(frozen=True)
class PeriodProgress:
    """Every set of the period. `expected_percent` is arithmetic: months gone over all months."""

    provenance: Provenance
    name: str
    from_year: int
    to_year: int
    sets: tuple[PeriodSet, ...]
    expected_percent: Decimal
    begins_late: YearMonth | None  # the books' first month, if it is after the first year


@dataclass(frozen=True)
class PeriodMaker:
    """Builds the sets from the sums since the period began; some targets are of some donors only.

    `by_type` are US dollars of the same time by fund and contributor type (None: not attributed).
    """

    sums: Sums
    as_at: YearMonth
    name: str
    from_year: int
    to_year: int
    by_type: ByType
    annual: Annual = field(default_factory=dict)

    def make(self, goal_sets: Iterable[GoalSet], provenance: Provenance) -> PeriodProgress:
        sets = [self._set(one) for one in goal_sets if one.over(self.from_year, self.to_year)]
        years = self.to_year - self.from_year + 1
        gone = (self.as_at.year - self.from_year) * 12 + self.as_at.month
        begins = self.sums.begins
        return PeriodProgress(
            provenance=provenance.about(self.name, *(one.document for one in sets)),
            name=self.name,
            from_year=self.from_year,
            to_year=self.to_year,
            sets=tuple(sets),
            expected_percent=Decimal(gone) * 100 / (years * 12),
            begins_late=begins if begins and begins.year > self.from_year else None,
        )

    def _set(self, goal_set: GoalSet) -> PeriodSet:
        goals = list(goal_set.over(self.from_year, self.to_year))
        if self.sums.of((UNSPLIT,), *self._span):
            together = goal_of(goal_set, EARMARKED_FUNDS, self.from_year, self.to_year)
            if together and together.is_sum:
                whole = [g for g in goals if g.coverage.funds == frozenset(TOTAL_FUNDS)]
                goals.insert(goals.index(whole[0]) if whole else len(goals), together)
        return PeriodSet(
            code=goal_set.code,
            name=goal_set.name,
            document=goal_set.document,
            covers=goal_set.covers,
            rows=tuple(self._row(goal, goal_set.code) for goal in goals),
        )

    def _row(self, goal: Goal, code: str) -> PeriodRow:
        unsplit = self.sums.of((UNSPLIT,), *self._span)
        refused = never_comparable(self.sums.basis, self.sums.narrow)
        progress = compare(self._actual(goal), goal, unsplit_usd=unsplit, refused=refused)
        notes = self._donor_notes(goal)
        if goal.is_sum:
            notes.append(_("The document prints no such target: two of its own are added here."))
        counted = [f for f in INCOME_FUNDS if f in goal.coverage.funds and self._of((f,))]
        is_of_all = not goal.coverage.contributor_types
        return PeriodRow(
            name=self._name(goal),
            progress=progress,
            notes=tuple(filter(None, notes)),
            link=self.sums.link(counted, *self._span) if is_of_all else "",
            path=self._path(goal, code) if is_of_all and progress.is_comparable else None,
        )

    def _path(self, goal: Goal, code: str) -> Path | None:
        """Year by year; None where the books begin within the period."""
        if self.sums.begins is None or self.sums.begins.year > self.from_year:
            return None
        years = range(self.from_year, self.to_year + 1)
        funds = tuple(f for f in INCOME_FUNDS if f in goal.coverage.funds)
        annual = self.annual.get((code, goal.coverage.code), {})
        return path(self.sums, funds, goal.amount_usd, annual, years, self.as_at)

    def _name(self, goal: Goal) -> str:
        if goal.is_sum:
            return _("Foundation earmarked and technical cooperation together")
        if goal.coverage.contributor_types:
            return _("%(scope)s: named donors only") % {"scope": goal.coverage.name}
        return goal.coverage.name

    def _actual(self, goal: Goal) -> Decimal | None:
        funds, types = goal.coverage.funds, goal.coverage.contributor_types
        if self.sums.begins is None or not funds:
            return None
        if types:
            cells = self.by_type.items()
            return sum(
                (usd for (f, of_type), usd in cells if f in funds and of_type in types), ZERO
            )
        if self.sums.basis is Basis.AUDITED or (
            funds <= SPLIT_FUNDS and self.sums.begins.year <= self.from_year
        ):
            return self.sums.reported(funds, *self._span)
        return self._of(funds)

    def _donor_notes(self, goal: Goal) -> list[str]:
        if not goal.coverage.contributor_types:
            return []
        unattributed = sum(
            (self.by_type.get((fund, None), ZERO) for fund in goal.coverage.funds), ZERO
        )
        note = _("%(amount)s of the same funds is not attributed to a donor, and not counted.")
        return [goal.coverage.note, note % {"amount": dollars(unattributed)}]

    def _of(self, funds: Iterable[str]) -> Decimal:
        return self.sums.of(funds, *self._span)

    @property
    def _span(self) -> tuple[YearMonth, YearMonth]:
        return YearMonth(self.from_year, 1), self.as_at
