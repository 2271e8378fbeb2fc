"""Which donors are new, came back, gave more, gave less or have not given yet, beside last year.

Voluntary money of the basis, January to the as-at month of both years. A donor gave when what
stayed of its money is above zero. Nothing is lost: the groups and what is not attributed add up
to this year's total less last year's.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy

from income.periods import YearMonth
from income.totals import Span
from interface.sorting import order_key
from reports.figures.answering import Answering
from reports.figures.levels import Giver, Level
from reports.figures.provenance import Provenance
from reports.figures.sums import ZERO
from reports.figures.voluntary import (
    Amount,
    Given,
    amount_of,
    donors_in_earlier_years,
    gave_in_earlier_years,
    given,
    total_of_voluntary,
    year_before,
)


class Movement(StrEnum):
    """How a donor of this year, or of last year at the same date, moved between the two."""

    NEW = "new"
    RETURNING = "returning"
    INCREASED = "increased"
    UNCHANGED = "unchanged"
    DECREASED = "decreased"
    LAPSED = "lapsed"
    PAID_BACK = "paid_back"  # gave in neither year, but money was paid back in one of them

    @property
    def label(self) -> str:
        return str(_LABELS[self])

    @property
    def meaning(self) -> str:
        """Who is meant, in a few words."""
        return str(_MEANINGS[self])


_LABELS = {
    Movement.NEW: gettext_lazy("New"),
    Movement.RETURNING: gettext_lazy("Returning"),
    Movement.INCREASED: gettext_lazy("Increased"),
    Movement.UNCHANGED: gettext_lazy("Unchanged"),
    Movement.DECREASED: gettext_lazy("Decreased"),
    Movement.LAPSED: gettext_lazy("Lapsed so far"),
    Movement.PAID_BACK: gettext_lazy("Only paid back"),
}
_MEANINGS = {
    Movement.NEW: gettext_lazy("never gave before in these books"),
    Movement.RETURNING: gettext_lazy("gave in an earlier year, but not last year up to this date"),
    Movement.INCREASED: gettext_lazy("gave more than last year at the same date"),
    Movement.UNCHANGED: gettext_lazy("gave the same as last year at the same date"),
    Movement.DECREASED: gettext_lazy("gave less than last year at the same date"),
    Movement.LAPSED: gettext_lazy("gave last year up to this date, and nothing this year so far"),
    Movement.PAID_BACK: gettext_lazy("gave in neither year; money was paid back"),
}


@dataclass(frozen=True)
class Mover:
    """One donor with what it gave in both years; without code or links if it stays unnamed."""

    code: str
    name: str
    now: Amount
    before: Amount

    @property
    def change_usd(self) -> Decimal:
        return self.now.usd - self.before.usd


@dataclass(frozen=True)
class MovementGroup:
    """The donors that moved one way, those whose change is largest first."""

    movement: Movement
    movers: tuple[Mover, ...]

    @property
    def count(self) -> int:
        return len(self.movers)

    @property
    def now_usd(self) -> Decimal:
        return sum((one.now.usd for one in self.movers), ZERO)

    @property
    def before_usd(self) -> Decimal:
        return sum((one.before.usd for one in self.movers), ZERO)

    @property
    def change_usd(self) -> Decimal:
        return self.now_usd - self.before_usd


@dataclass(frozen=True)
class Movements:
    """Every group with anybody in it, what is not attributed, and the totals of both years.

    `begins` is the first month of the books: nobody is known to have given before it.
    """

    provenance: Provenance
    span: Span
    before: Span
    groups: tuple[MovementGroup, ...]
    unattributed: Mover
    total: Mover
    begins: YearMonth | None

    def group(self, movement: Movement) -> MovementGroup:
        """The donors that moved this way, perhaps none."""
        found = (one for one in self.groups if one.movement is movement)
        return next(found, MovementGroup(movement, ()))


def movements(asked: Answering, now: Given, then: Given) -> Movements:
    """`then` is what was given last year up to the same month; one more query of sums."""
    earlier = _gave_earlier(asked, now, then)
    found: dict[Movement, list[Mover]] = {one: [] for one in Movement}
    for giver in {*now, *then} - {None}:
        if giver is not None:
            way = _movement(now.get(giver, {}), then.get(giver, {}), giver in earlier)
            if way:
                found[way].append(_mover(asked, giver, now, then))
    spans = asked.span, year_before(asked)
    totals = [total_of_voluntary(asked.sums, span) for span in spans]
    return Movements(
        provenance=asked.provenance.about("VOLUNTARY"),
        span=spans[0],
        before=spans[1],
        groups=tuple(
            MovementGroup(way, tuple(sorted(movers, key=_by_change)))
            for way, movers in found.items()
            if movers
        ),
        unattributed=_mover(asked, None, now, then),
        total=Mover("", "", *totals),
        begins=asked.sums.begins,
    )


def _gave_earlier(asked: Answering, now: Given, then: Given) -> set[Giver | None]:
    """Who gave in any year before, of those who gave this year and not last year up to the month.

    A family may have given through other donors than now: then everybody's money is read.
    """
    if asked.question.level is Level.PARENT:
        earlier = given(asked, donors_in_earlier_years(asked))
        return {giver for giver, funds in earlier.items() if _gave(funds)}
    newer = [g for g, funds in now.items() if g and _gave(funds) and not _gave(then.get(g, {}))]
    known = gave_in_earlier_years(asked, {giver.key for giver in newer})
    return {giver for giver in newer if giver.key in known}


def _gave(by_fund: dict[str, Decimal]) -> bool:
    return sum(by_fund.values(), ZERO) > 0


def _movement(
    now: dict[str, Decimal], then: dict[str, Decimal], gave_earlier: bool
) -> Movement | None:
    """None for who has neither given nor been paid back, all in all."""
    usd, usd_then = sum(now.values(), ZERO), sum(then.values(), ZERO)
    if usd_then > 0:
        if usd == 0:
            return Movement.LAPSED
        if usd == usd_then:
            return Movement.UNCHANGED
        return Movement.INCREASED if usd > usd_then else Movement.DECREASED
    if usd > 0:
        return Movement.RETURNING if gave_earlier else Movement.NEW
    return Movement.PAID_BACK if usd or usd_then else None


def _mover(asked: Answering, giver: Giver | None, now: Given, then: Given) -> Mover:
    return Mover(
        giver.code if giver else "",
        giver.name if giver else "",
        amount_of(asked, giver, now.get(giver, {}), asked.span),
        amount_of(asked, giver, then.get(giver, {}), year_before(asked)),
    )


def _by_change(mover: Mover) -> tuple[Decimal, str, str]:
    return -abs(mover.change_usd), order_key(mover.name), mover.code
