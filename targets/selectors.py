"""Reads across the models of targets: what was hoped for in a year, and what was printed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language

from donors.names import in_language
from donors.wording import worded
from interface.formatting import comma
from targets.models import (
    AnnualTarget,
    Indicator,
    MonthlyTarget,
    ProposalState,
    PublishedFigure,
    Scope,
    StrategyPeriod,
    SupportTreatment,
    TargetKind,
    TargetSet,
    TargetSetProposal,
)

# In which order a page chooses a set when the reader has not. A reserve is never chosen: it is
# money held, not money hoped for.
KIND_ORDER = (
    TargetKind.TARGET,
    TargetKind.APPROVED,
    TargetKind.RESTATED,
    TargetKind.PROPOSED,
    TargetKind.DRAFT,
    TargetKind.PROJECTION,
    TargetKind.RANGE,
)


@dataclass(frozen=True)
class Coverage:
    """Which money a scope is about: fund codes, and contributor types (none: of everybody)."""

    code: str
    name: str
    funds: frozenset[str]
    contributor_types: frozenset[str]
    note: str = ""


@dataclass(frozen=True)
class Goal:
    """One target in US dollars with the coverage it was set for and the document it stands in.

    `is_sum` marks a target that no document prints: the set's own funds added up. `path` is the
    approved cumulative path by month (yyyymm), empty where none was approved.
    """

    amount_usd: Decimal
    coverage: Coverage
    from_year: int
    to_year: int
    source: str
    support: str = SupportTreatment.NOT_STATED
    note: str = ""
    is_sum: bool = False
    path: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True)
class GoalSet:
    """A target set with its goals that touch a year."""

    code: str
    name: str
    kind: str
    document: str
    document_code: str
    from_year: int
    to_year: int
    support: str
    covers: str
    order: int
    goals: tuple[Goal, ...] = field(default=())

    def annual(self, year: int) -> tuple[Goal, ...]:
        """The goals for exactly this year."""
        return self.over(year, year)

    def over(self, from_year: int, to_year: int) -> tuple[Goal, ...]:
        """The goals for exactly these years together."""
        return tuple(g for g in self.goals if (g.from_year, g.to_year) == (from_year, to_year))

    def goal_for(self, funds: Iterable[str], from_year: int, to_year: int) -> Goal | None:
        """The goal for exactly these funds and years, of all contributors."""
        wanted = frozenset(funds)
        for goal in self.over(from_year, to_year):
            if goal.coverage.funds == wanted and not goal.coverage.contributor_types:
                return goal
        return None


def coverages() -> dict[str, Coverage]:
    """Every scope by its code."""
    parts: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    named: dict[str, tuple[dict[str, str], str]] = {}
    rows = Scope.objects.values_list("code", "names", "note", "funds", "contributor_types")
    for code, names, note, fund, contributor_type in rows:
        named[code] = names, note
        parts[code][0].update([fund] if fund else [])
        parts[code][1].update([contributor_type] if contributor_type else [])
    return {
        code: Coverage(
            code=code,
            name=in_language(names, get_language()),
            funds=frozenset(parts[code][0]),
            contributor_types=frozenset(parts[code][1]),
            note=worded(note),
        )
        for code, (names, note) in named.items()
    }


def goal_sets(year: int, covered: Mapping[str, Coverage]) -> tuple[GoalSet, ...]:
    """Every target set, with those of its goals that touch the year."""
    goals: dict[str, list[Goal]] = defaultdict(list)
    paths: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    touching = AnnualTarget.objects.filter(from_year__lte=year, to_year__gte=year)
    for target_id, month, usd in MonthlyTarget.objects.filter(
        target__in=touching, month__gte=year * 100, month__lte=year * 100 + 12
    ).values_list("target_id", "month", "cumulative_usd"):
        paths[target_id].append((month, usd))
    sets = list(TargetSet.objects.select_related("document"))
    by_code = {target_set.code: target_set for target_set in sets}
    for target in touching:
        goals[target.target_set_id].append(
            _goal(target, by_code[target.target_set_id], covered, tuple(paths[target.pk]))
        )
    return tuple(_goal_set(target_set, tuple(goals[target_set.code])) for target_set in sets)


def _goal(
    target: AnnualTarget,
    target_set: TargetSet,
    covered: Mapping[str, Coverage],
    path: tuple[tuple[int, Decimal], ...],
) -> Goal:
    return Goal(
        amount_usd=target.amount_usd,
        coverage=covered[target.scope_id],
        from_year=target.from_year,
        to_year=target.to_year,
        source=where(str(target_set.document), worded(target.paragraph)),
        support=target_set.programme_support,
        note=worded(target.note),
        path=path,
    )


def _goal_set(target_set: TargetSet, goals: tuple[Goal, ...]) -> GoalSet:
    return GoalSet(
        code=target_set.code,
        name=str(target_set),
        kind=target_set.kind,
        document=str(target_set.document),
        document_code=target_set.document_id,
        from_year=target_set.from_year,
        to_year=target_set.to_year,
        support=target_set.programme_support,
        covers=worded(target_set.covers),
        order=target_set.order,
        goals=goals,
    )


def where(document: str, paragraph: str) -> str:
    """The place of a figure: the document, and the paragraph where it is known."""
    return f"{document}{comma()}{paragraph}" if paragraph else document


def sets_for_year(sets: Iterable[GoalSet], year: int) -> list[GoalSet]:
    """The sets with a target for the year, the one a page opens with first.

    First by kind, then the set that speaks of the most funds, then in the order of the table.
    """
    eligible = [one for one in sets if one.kind in KIND_ORDER and one.annual(year)]
    return sorted(
        eligible,
        key=lambda one: (
            KIND_ORDER.index(TargetKind(one.kind)),
            -len(frozenset[str]().union(*(goal.coverage.funds for goal in one.annual(year)))),
            one.order,
        ),
    )


def period_with(year: int) -> StrategyPeriod | None:
    """The strategy period that the year belongs to."""
    return StrategyPeriod.objects.filter(from_year__lte=year, to_year__gte=year).first()


def governments_hoped_for(period: StrategyPeriod) -> Indicator | None:
    """The period's indicator that counts Member States contributing core money."""
    return Indicator.objects.filter(
        period=period, unit="member_states", target__isnull=False
    ).first()


def printed_figures(year: int | None = None) -> QuerySet[PublishedFigure]:
    """What documents printed, for a year or for all, with document and region at hand."""
    figures = PublishedFigure.objects.select_related("document", "region")
    return figures if year is None else figures.filter(year=year)


def all_targets() -> QuerySet[AnnualTarget]:
    """Every target with its set, document and scope, set by set."""
    return AnnualTarget.objects.select_related("target_set__document", "scope").order_by(
        "target_set__order", "scope__order", "from_year"
    )


def approved_proposals() -> dict[str, TargetSetProposal]:
    """By the code of its set, who entered and approved it; sets of the tables have none."""
    rows = TargetSetProposal.objects.filter(state=ProposalState.APPROVED)
    return {str(one.target_set_id): one for one in rows.select_related("entered_by", "decided_by")}


def revision_of(code: str) -> TargetSet | None:
    """The newest set that people approved as a revision of this one."""
    found = TargetSetProposal.objects.filter(state=ProposalState.APPROVED, payload__revises=code)
    newest = found.select_related("target_set").order_by("-decided_at").first()
    return newest.target_set if newest else None


def open_proposals() -> QuerySet[TargetSetProposal]:
    """What waits for a decision or was returned, the newest first; staff alone see it."""
    rows = TargetSetProposal.objects.exclude(state=ProposalState.APPROVED)
    return rows.select_related("entered_by", "decided_by")
