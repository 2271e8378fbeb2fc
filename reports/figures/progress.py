"""An actual beside its target: compared only where both cover the same money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from income.narrow import Narrow
from reports.figures.provenance import Basis
from reports.figures.sums import EARMARKED_FUNDS, TOTAL_FUNDS, VOLUNTARY_FUNDS, ZERO
from reports.figures.words import dollars
from targets.models import SupportTreatment
from targets.selectors import Coverage, Goal, GoalSet

HUNDRED = Decimal(100)
TOGETHER = frozenset(EARMARKED_FUNDS)
VOLUNTARY = frozenset(VOLUNTARY_FUNDS)
WHOLE = frozenset(TOTAL_FUNDS)


@dataclass(frozen=True)
class Progress:
    """What came in, what was hoped for, US dollars; the share in per cent, not rounded.

    `actual_usd` is None where nothing is reported, `goal` where no target stands. `refused` says
    why there is no share although both stand. The gap is the target less the actual: below zero,
    more came in than was hoped for.
    """

    actual_usd: Decimal | None
    goal: Goal | None
    target_usd: Decimal | None = None
    percent: Decimal | None = None
    gap_usd: Decimal | None = None
    refused: str = ""

    @property
    def is_comparable(self) -> bool:
        return self.gap_usd is not None


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The part as a percentage of the whole; None where the whole is not above zero."""
    if part is None or whole is None or whole <= 0:
        return None
    return part * HUNDRED / whole


def compare(
    actual_usd: Decimal | None, goal: Goal | None, *, unsplit_usd: Decimal, refused: str = ""
) -> Progress:
    """The actual beside the goal, with the reason where the two may not be divided.

    `unsplit_usd` is earmarked money of the same time whose split between Foundation earmarked
    and technical cooperation was never published. `refused` is a reason found before.
    """
    if goal is None:
        return Progress(actual_usd, None)
    refused = refused or why_not(actual_usd, goal, unsplit_usd=unsplit_usd)
    if refused or actual_usd is None:
        return Progress(actual_usd, goal, goal.amount_usd, refused=refused)
    percent = percent_of(actual_usd, goal.amount_usd)
    return Progress(actual_usd, goal, goal.amount_usd, percent, goal.amount_usd - actual_usd)


def never_comparable(basis: Basis, narrow: Narrow) -> str:
    """Why no target can be compared with what is asked for; empty where one can."""
    if narrow.is_part:
        return _(
            "The target covers all regions, programmes and donors; these figures are of a part of "
            "them."
        )
    if basis is Basis.AGREED:
        return _(
            "An agreement counts in full on the day of its signature, for several years; the "
            "target is for the money of its own years."
        )
    return ""


def why_not(actual_usd: Decimal | None, goal: Goal, *, unsplit_usd: Decimal) -> str:
    """Why the goal cannot be compared with these books; empty where it can."""
    coverage = goal.coverage
    if not coverage.funds:
        return coverage.note or _("No fund of the books is meant by this target.")
    if _wants_a_split(coverage) and unsplit_usd:
        return _(
            "%(amount)s of earmarked money is not split between Foundation earmarked and technical "
            "cooperation in these books; only both together can be compared."
        ) % {"amount": dollars(unsplit_usd)}
    if actual_usd is None:
        return _("The books report nothing that this target could be compared with.")
    if _counts_support_on_top(goal):
        return _(
            "The document counts programme support on top of the earmarked money, as a line of "
            "its own; income holds it inside. The two do not cover the same money."
        )
    if goal.amount_usd <= 0:
        return _("The target is zero: there is nothing to take a share of.")
    return ""


def _wants_a_split(coverage: Coverage) -> bool:
    """Whether some earmarked funds are meant, and others not."""
    return bool(coverage.funds & TOGETHER) and not coverage.funds >= TOGETHER


def _counts_support_on_top(goal: Goal) -> bool:
    """A target for what one kind of donor gives speaks of gross money whatever the set says."""
    return (
        goal.support == SupportTreatment.ON_TOP
        and bool(goal.coverage.funds & TOGETHER)
        and not goal.coverage.contributor_types
    )


def goal_of(
    goal_set: GoalSet | None, funds: Sequence[str], from_year: int, to_year: int
) -> Goal | None:
    """The set's target for the funds: as printed, otherwise its own funds added up.

    A sum is made only of targets that together cover exactly the funds asked for.
    """
    if goal_set is None:
        return None
    printed = goal_set.goal_for(funds, from_year, to_year)
    if printed or len(funds) == 1:
        return printed
    wanted = frozenset(funds)
    if wanted == TOGETHER:
        return _added(goal_set, [("FE",), ("TC",)], from_year, to_year, wanted)
    if wanted == VOLUNTARY:
        return _added(goal_set, [("FNE",), EARMARKED_FUNDS], from_year, to_year, wanted)
    if wanted == WHOLE:
        parts: list[Sequence[str]] = [("RB",), ("FNE",), EARMARKED_FUNDS]
        return _added(goal_set, parts, from_year, to_year, wanted)
    return None


def _added(
    goal_set: GoalSet,
    parts: Iterable[Sequence[str]],
    from_year: int,
    to_year: int,
    funds: frozenset[str],
) -> Goal | None:
    goals = [goal_of(goal_set, part, from_year, to_year) for part in parts]
    found = [goal for goal in goals if goal is not None]
    if len(found) < len(goals):
        return None
    return replace(
        found[0],
        amount_usd=sum((goal.amount_usd for goal in found), ZERO),
        coverage=Coverage("", "", funds, frozenset()),
        note="",
        is_sum=True,
        path=_added_path(found),
    )


def _added_path(goals: Sequence[Goal]) -> tuple[tuple[int, Decimal], ...]:
    """The paths added up by month, where every part has one for the same months."""
    months = {tuple(month for month, _usd in goal.path) for goal in goals}
    if len(months) != 1:
        return ()
    columns = zip(*(goal.path for goal in goals), strict=True)
    return tuple((column[0][0], sum((usd for _month, usd in column), ZERO)) for column in columns)
