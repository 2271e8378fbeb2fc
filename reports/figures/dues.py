"""One instalment as a page sees it that looks ahead. US dollars, in cash, by value date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reports.figures.sums import ZERO

# What is summed of instalments: due in the year so far, later in it, in all of it; paid of what was
# due, and ahead of time; not paid of the year's and of any year's; still to come, in it and after.
DUE, LATER, WHOLE, CAME, AHEAD = "due", "later", "whole", "came", "ahead"
UNPAID, OVERDUE, BEFORE, LEFT, BEYOND = "unpaid", "overdue", "before", "left", "beyond"
# What other pages tell: all that falls due in the year, signed by then or after; and all that is
# outstanding, what falls due after the period with it.
YEAR, UNSIGNED, OWED, AFTER = "year", "unsigned", "owed", "after"


@dataclass(frozen=True)
class Due:
    """One instalment. Due before the year, in it up to the as-at month, later in it, to the end of
    the period, and after it.

    `settled_usd` is what payments up to the as-at month took off it; `is_signed` whether its
    agreement was signed by then. `then` holds, for each earlier year that is looked back at, what
    was due to that December, and what had been settled by the month looked back from.
    """

    fund: str
    donor: int | None
    earlier_usd: Decimal
    so_far_usd: Decimal
    later_usd: Decimal
    beyond_usd: Decimal
    after_usd: Decimal
    settled_usd: Decimal
    is_signed: bool
    then: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def came_usd(self) -> Decimal:
        """What was paid of what fell due in the year so far."""
        return min(max(self.settled_usd - self._earlier, ZERO), self._so_far)

    @property
    def ahead_usd(self) -> Decimal:
        """What was paid of what falls due later in the year."""
        paid = max(self.settled_usd - self._earlier - self._so_far, ZERO)
        return min(paid, self._later)

    @property
    def overdue_usd(self) -> Decimal:
        """What fell due by the as-at month, in whichever year, and has not been paid."""
        return max(self._earlier + self._so_far - self.settled_usd, ZERO)

    @property
    def left_usd(self) -> Decimal:
        """What falls due later in the year and has not been paid ahead."""
        return self._later - self.ahead_usd if self.is_signed else ZERO

    @property
    def left_beyond_usd(self) -> Decimal:
        """The same of what falls due after the year, to the end of the period."""
        paid = max(self.settled_usd - self._earlier - self._so_far - self._later, ZERO)
        return max(self.beyond_usd - paid, ZERO) if self.is_signed else ZERO

    @property
    def left_after_usd(self) -> Decimal:
        """The same of what falls due after the period."""
        before = self._earlier + self._so_far + self._later + max(self.beyond_usd, ZERO)
        paid = max(self.settled_usd - before, ZERO)
        return max(self.after_usd - paid, ZERO)

    @property
    def measures(self) -> Mapping[str, Decimal]:
        """Every sum that is told of instalments, by its name; what was not signed is not known."""
        year = self.so_far_usd + self.later_usd
        if not self.is_signed:
            return {YEAR: year, UNSIGNED: year}
        later, after = self.later_usd, self.left_after_usd
        unpaid, overdue = self.so_far_usd - self.came_usd, self.overdue_usd
        return {
            DUE: self.so_far_usd, LATER: later, WHOLE: self.so_far_usd + later,
            CAME: self.came_usd, AHEAD: self.ahead_usd, UNPAID: unpaid, OVERDUE: overdue,
            BEFORE: overdue - unpaid, LEFT: self.left_usd, BEYOND: self.left_beyond_usd,
            YEAR: year, UNSIGNED: ZERO, AFTER: after,
            OWED: overdue + self.left_usd + self.left_beyond_usd + after,
        }  # fmt: skip

    def left_then(self, year: int) -> Decimal:
        """What was still to come to the December of an earlier year, seen from its month."""
        due, settled = self.then.get(year, (ZERO, ZERO))
        return max(due - settled, ZERO)

    # A reduction may be larger than what it stands beside in its span; nothing is due then.
    @property
    def _earlier(self) -> Decimal:
        return max(self.earlier_usd, ZERO)

    @property
    def _so_far(self) -> Decimal:
        return max(self.so_far_usd, ZERO)

    @property
    def _later(self) -> Decimal:
        return max(self.later_usd, ZERO)
