"""Amounts that nobody published, each by a rule, and how money is allocated to regions.

Pure arithmetic in US dollars; every split adds up to the cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from income.money import round_half_up, split

SHARE_OF_NAMED = Decimal("0.40")  # of an earmarked fund, for its ten printed contributors
SHARE_OF_DECEMBER = Decimal("0.28")  # of earmarked money
Parts = list[tuple[str | None, Decimal]]  # (region, amount); no region: not allocated


def descending(total: Decimal, count: int, *, floor: Decimal = Decimal(0)) -> list[Decimal]:
    """`count` falling amounts that add up to the total, in steps of one weight.

    With a floor the last one is the floor, and the others stand above it.
    """
    last = 0 if floor else 1
    weights = [Decimal(weight) for weight in range(count - 1 + last, last - 1, -1)]
    return [floor + part for part in split(total - floor * count, weights)]


def as_ranked(ranked: Sequence[str], reported: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Reported amounts by donor, bent only where the printed order contradicts them.

    A ranked donor reported below the next one stands midway between its neighbours. A donor
    that is not ranked, but reported above the last one that is, is left out.
    """
    amounts = [reported[donor] for donor in ranked]
    for place in range(1, len(amounts) - 1):
        if amounts[place] < amounts[place + 1]:
            amounts[place] = round_half_up((amounts[place - 1] + amounts[place + 1]) / 2)
    others = {
        donor: amount
        for donor, amount in reported.items()
        if donor not in ranked and 0 < amount < amounts[-1]
    }
    return dict(zip(ranked, amounts, strict=True)) | others


def months_equal(total: Decimal) -> list[Decimal]:
    """Twelve equal months."""
    return split(total, [Decimal(1)] * 12)


def months_with_december(total: Decimal) -> list[Decimal]:
    """Eleven equal months, and December with its share."""
    december = round_half_up(total * SHARE_OF_DECEMBER)
    return [*split(total - december, [Decimal(1)] * 11), december]


class Needs:
    """What regions still have to receive. Money is poured in until they have it."""

    def __init__(self, wanted: Mapping[str, Decimal]) -> None:
        self.left = dict(wanted)

    def pour(self, amount: Decimal, *, into: Iterable[str] = ()) -> Parts:
        """Fill the regions one after the other (all of them, if none is named)."""
        parts: Parts = []
        for region in into or list(self.left):
            part = min(amount, self.left[region])
            if part > 0:
                self.left[region] -= part
                amount -= part
                parts.append((region, part))
        return [*parts, (None, amount)] if amount else parts

    def share_out(self, amount: Decimal) -> Parts:
        """Give every region its share, in proportion to what it still has to receive."""
        needed = sum(self.left.values(), Decimal(0))
        poured = min(amount, needed)
        parts: Parts = []
        if poured:
            shares = split(poured, list(self.left.values()))
            for region, part in zip(list(self.left), shares, strict=True):
                self.left[region] -= part
                parts.append((region, part))
        if amount > poured:
            parts.append((None, amount - poured))
        return [(region, part) for region, part in parts if part]
