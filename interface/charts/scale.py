"""From values to shares of the room: scales that always contain zero."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Scale:
    """A stretch from `low` to `high` (different, zero between them), marked every `step`."""

    low: Decimal
    high: Decimal
    step: Decimal

    def share(self, value: Decimal) -> float:
        """Where the value stands between low (0) and high (1)."""
        return float((value - self.low) / (self.high - self.low))

    def marks(self) -> list[Decimal]:
        """The round values from low to high."""
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * place for place in range(count + 1)]


def tight_scale(values: Iterable[Decimal | None]) -> Scale:
    """From the lowest value or zero to the highest value or zero; 0 to 1 when all are zero."""
    known = [value for value in values if value is not None]
    low, high = min([*known, Decimal(0)]), max([*known, Decimal(0)])
    if low == high:
        high = Decimal(1)
    return Scale(low, high, high - low)


def round_scale(values: Iterable[Decimal | None], intervals: int = 4) -> Scale:
    """A scale whose ends and marks are round numbers, about `intervals` apart."""
    tight = tight_scale(values)
    step = _round_step((tight.high - tight.low) / intervals)
    low = (tight.low / step).to_integral_value(ROUND_FLOOR) * step
    high = (tight.high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(low, high, step)


def _round_step(least: Decimal) -> Decimal:
    power = Decimal(1).scaleb(least.adjusted())
    return next(step * power for step in _STEPS if step * power >= least)
