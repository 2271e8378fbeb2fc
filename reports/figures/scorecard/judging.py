"""How an indicator stands: against its target, against the time that is gone, against before."""

from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from income.periods import YearMonth
from reports.figures.scorecard.readings import Reading
from targets.models import Indicator, Milestone

ORDER = (Milestone.NOT_STARTED, Milestone.UNDER_WAY, Milestone.DONE)
MONTHS = 12


class Status(StrEnum):
    """`missed`: the due year is over and the target was not reached."""

    REACHED = "reached"
    ON_THE_WAY = "on_the_way"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return str(_STATUS_LABELS[self])


_STATUS_LABELS = {
    Status.REACHED: _("reached"),
    Status.ON_THE_WAY: _("on the way"),
    Status.BEHIND: _("behind"),
    Status.MISSED: _("missed: the due year is over"),
    Status.UNKNOWN: _("cannot be said"),
}


class Trend(StrEnum):
    """Of the last value, against the one before."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NONE = "none"

    @property
    def label(self) -> str:
        return str(_TREND_LABELS[self])


_TREND_LABELS = {
    Trend.UP: _("up"),
    Trend.DOWN: _("down"),
    Trend.SAME: _("unchanged"),
    Trend.NONE: _("nothing to compare with"),
}


def status_of(
    indicator: Indicator, reading: Reading, as_at: YearMonth, *, quality: Reading | None = None
) -> Status:
    """A target is reached by as much or more, whether the text says “at least” or not.

    Until the due year is over, *on the way* means at least the part of the target that goes with
    the part of the time that is gone, evenly; without a due year the time is the period's.
    `quality` is what has to confirm a computed value that reaches the target, if anything has.
    """
    if not _can_be_judged(indicator, reading):
        return Status.UNKNOWN
    if _meets(indicator, reading):
        if reading.at_most:
            return Status.UNKNOWN  # what is asked may be less than the target
        if quality is None:
            return Status.REACHED
        if not quality.is_there:
            return Status.UNKNOWN
        if _meets(indicator, quality):
            return Status.REACHED
        reading = quality
    if reading.partial:
        return Status.UNKNOWN  # the whole may be as much as the target
    if indicator.due_year and as_at >= YearMonth(indicator.due_year, MONTHS):
        return Status.MISSED
    if not _keeps_pace(indicator, reading, as_at):
        return Status.BEHIND
    return Status.UNKNOWN if reading.at_most else Status.ON_THE_WAY


def _can_be_judged(indicator: Indicator, reading: Reading) -> bool:
    if reading.milestone:
        return True
    return reading.value is not None and bool(indicator.target)


def _meets(indicator: Indicator, reading: Reading) -> bool:
    if reading.milestone:
        return reading.milestone == Milestone.DONE
    if reading.value is None or indicator.target is None:
        return False
    return reading.value >= indicator.target


def expected_part(indicator: Indicator, as_at: YearMonth) -> Decimal:
    """The part of the time gone at the month's end: arithmetic, from 0 to 1."""
    first, last = indicator.period.from_year, indicator.due_year or indicator.period.to_year
    gone = (as_at.year - first) * MONTHS + as_at.month
    return min(max(Decimal(gone) / ((last - first + 1) * MONTHS), Decimal(0)), Decimal(1))


def _keeps_pace(indicator: Indicator, reading: Reading, as_at: YearMonth) -> bool:
    if reading.milestone:
        return reading.milestone == Milestone.UNDER_WAY
    if reading.value is None or not indicator.target:
        return False
    return reading.value >= indicator.target * expected_part(indicator, as_at)


def trend_of(now: Reading, before: Reading | None) -> Trend:
    """Only of two values, or of two milestones; partial values are not compared."""
    if before is None or not (now.is_there and before.is_there):
        return Trend.NONE
    if now.partial != before.partial or bool(now.milestone) != bool(before.milestone):
        return Trend.NONE
    one, other = _rank(now), _rank(before)
    if one == other:
        return Trend.SAME
    return Trend.UP if one > other else Trend.DOWN


def _rank(reading: Reading) -> Decimal:
    if reading.milestone:
        return Decimal(ORDER.index(Milestone(reading.milestone)))
    return reading.value if reading.value is not None else Decimal(0)
