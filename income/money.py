"""Arithmetic of money: Decimal with a currency, rounding half up, splits that add up again.

Pure functions; no database, no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

from income.errors import CurrencyMismatch, SplitImpossible

USD = "USD"
PRECISION = 40  # digits; far beyond any stored amount, so that no step before rounding rounds
EXACT = Context(prec=PRECISION, rounding=ROUND_HALF_UP)
UNITS = {places: Decimal(1).scaleb(-places) for places in range(11)}  # by decimals


@dataclass(frozen=True)
class Money:
    """An amount in one currency. Adding another currency raises CurrencyMismatch."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)


def round_half_up(amount: Decimal, places: int = 2) -> Decimal:
    """The amount with that many decimals; halves go away from zero."""
    # + 0: what rounds to nothing is 0.00, never -0.00, which would not seal as it reads back.
    return EXACT.add(EXACT.quantize(amount, UNITS[places]), 0)


def to_usd(amount: Decimal, units_per_usd: Decimal) -> Decimal:
    """US dollars, to the cent, of an amount at a rate in units of its currency per dollar."""
    return round_half_up(EXACT.divide(amount, units_per_usd))


def programme_support_inside(gross: Decimal, rate: Decimal) -> Decimal:
    """The programme support expected inside a gross amount, to the cent: gross × r / (1 + r).

    The rate is charged on direct cost, so a gross amount G holds direct cost G / (1 + r) and
    support r × G / (1 + r). `rate` is a fraction (0.13 for 13 per cent).
    """
    inside = EXACT.divide(EXACT.multiply(gross, rate), EXACT.add(1, rate))
    return round_half_up(inside)


def split(amount: Decimal, weights: Sequence[Decimal], places: int = 2) -> list[Decimal]:
    """Parts of the amount in proportion to the weights that add up to it exactly.

    What rounding down leaves over goes, one smallest unit each, to the largest remainders (the
    earlier part first). Raises SplitImpossible when no weight is above zero or one is below, or
    the amount itself has more decimals than `places`.
    """
    total = sum(weights, Decimal(0))
    unit = Decimal(1).scaleb(-places)
    if total <= 0 or any(weight < 0 for weight in weights) or amount % unit:
        raise SplitImpossible()
    with localcontext(EXACT):
        exact = [amount * weight / total for weight in weights]
        parts = [part.quantize(unit, rounding=ROUND_DOWN) for part in exact]
        left = int((amount - sum(parts, Decimal(0))) / unit)
        by_remainder = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
        step = unit if left >= 0 else -unit
        for i in range(abs(left)):
            parts[by_remainder[i % len(parts)]] += step
    return parts
