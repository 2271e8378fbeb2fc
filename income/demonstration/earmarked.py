"""Earmarked money of 2021, fund by fund: ten named donors in order, and figure 3's regions."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from income.demonstration.agreements import Piece
from income.demonstration.amounts import (
    SHARE_OF_DECEMBER,
    Needs,
    Parts,
    months_with_december,
)
from income.money import round_half_up

JANUARY_TO_NOVEMBER = (datetime.date(2021, 1, 1), datetime.date(2021, 11, 30))
DECEMBER = (datetime.date(2021, 12, 1), datetime.date(2021, 12, 23))
# Money for Europe comes from many; a European donor's money is not taken to be for Europe.
NOT_A_HOME = "EUROPE"


@dataclass(frozen=True)
class EarmarkedYear:
    """A fund's year: pieces of named donors, and twelve months of what is not attributed."""

    pieces: Sequence[Piece]
    months: Sequence[Parts]


def earmarked_year(
    fund: str, total: Decimal, *, named: Mapping[str, Decimal], fixed: Sequence[Piece],
    needs: Needs, home_region: Mapping[str, str],
) -> EarmarkedYear:  # fmt: skip
    """Spread a fund's total over donors, months and regions; everything adds up to the cent.

    Regions are filled in this order: pieces whose amount was published; donors whose own region
    it is; what is not attributed, month by month in proportion; the other donors as ranked.
    December's money is not allocated. `named` includes the amounts of `fixed`.
    """
    pieces = [replace(piece, region=needs.pour(piece.amount_usd)[0][0]) for piece in fixed]
    left = dict(named)
    for piece in fixed:
        left[piece.donor] -= piece.amount_usd
    at_home = {donor: home_region[donor] for donor in left if home_region.get(donor) in needs.left}
    at_home = {donor: region for donor, region in at_home.items() if region != NOT_A_HOME}
    for donor, region in at_home.items():
        pieces += _pieces(fund, donor, left[donor], needs, into=[region])
    *to_november, december = months_with_december(total - sum(named.values(), Decimal(0)))
    months: list[Parts] = [*(needs.share_out(amount) for amount in to_november), [(None, december)]]
    for donor in left:
        if donor not in at_home:
            pieces += _pieces(fund, donor, left[donor], needs)
    return EarmarkedYear(pieces, months)


def _pieces(
    fund: str, donor: str, amount: Decimal, needs: Needs, *, into: Sequence[str] = ()
) -> list[Piece]:
    """A donor's money to November, cut where regions meet, and its December."""
    if not amount:
        return []
    december = round_half_up(amount * SHARE_OF_DECEMBER)
    parts = [(*JANUARY_TO_NOVEMBER, *part) for part in needs.pour(amount - december, into=into)]
    parts.append((*DECEMBER, None, december))
    return [
        Piece(f"demo-2021-{fund}-{donor}-{number}", donor, fund, usd, first, last, region)
        for number, (first, last, region, usd) in enumerate(parts, start=1)
    ]
