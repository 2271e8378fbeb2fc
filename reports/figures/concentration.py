"""How much of the voluntary money comes from its ten largest donors, beside last year."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.totals import DonorSum, Span
from interface.sorting import order_key
from reports.figures.answering import Answering
from reports.figures.donors import MOST
from reports.figures.levels import Giver
from reports.figures.progress import percent_of
from reports.figures.provenance import Provenance
from reports.figures.sums import ZERO
from reports.figures.voluntary import (
    Amount,
    amount_of,
    given,
    total_of_voluntary,
    why_not_known,
    year_before,
)


@dataclass(frozen=True)
class LargeDonor:
    """One of the ten; without code or link if it wishes to stay unnamed."""

    code: str
    name: str
    amount: Amount


@dataclass(frozen=True)
class TenLargest:
    """The ten largest donors of one year up to the month, and their share in per cent.

    The share is of all voluntary money, with what is not attributed; None where it is `refused`.
    Where that money is not reported, neither are the amounts.
    """

    span: Span
    donors: tuple[LargeDonor, ...]
    unattributed: Amount
    total: Amount
    percent: Decimal | None
    refused: str
    is_reported: bool = True

    @property
    def usd(self) -> Decimal:
        """What they gave together, US dollars."""
        return sum((one.amount.usd for one in self.donors), ZERO)


@dataclass(frozen=True)
class Concentration:
    """This year's ten largest, and those of last year at the same date."""

    provenance: Provenance
    now: TenLargest
    before: TenLargest


def concentration(asked: Answering, before: Iterable[DonorSum]) -> Concentration:
    """From the sums by donor of both years."""
    return Concentration(
        provenance=asked.provenance.about("VOLUNTARY"),
        now=_ten(asked, asked.donors, asked.span),
        before=_ten(asked, before, year_before(asked)),
    )


def _ten(asked: Answering, sums: Iterable[DonorSum], span: Span) -> TenLargest:
    found = given(asked, sums)
    amounts = [
        (giver, amount_of(asked, giver, by_fund, span)) for giver, by_fund in found.items() if giver
    ]
    largest = sorted((one for one in amounts if one[1].usd > 0), key=_by_amount)[:MOST]
    total = total_of_voluntary(asked.sums, span)
    ten_usd = sum((amount.usd for _giver, amount in largest), ZERO)
    not_known = why_not_known(asked.sums, span)
    refused = not_known or _why_no_share(ten_usd, total.usd)
    return TenLargest(
        span=span,
        donors=tuple(LargeDonor(giver.code, giver.name, amount) for giver, amount in largest),
        unattributed=amount_of(asked, None, found.get(None, {}), span),
        total=total,
        percent=None if refused else percent_of(ten_usd, total.usd),
        refused=refused,
        is_reported=not not_known,
    )


def _why_no_share(ten_usd: Decimal, total_usd: Decimal) -> str:
    if total_usd <= 0:
        return _("There is no voluntary money above zero to take a share of.")
    if ten_usd > total_usd:
        return _("So much was paid back that the largest donors gave more than the total.")
    return ""


def _by_amount(one: tuple[Giver, Amount]) -> tuple[Decimal, str, str]:
    giver, amount = one
    return -amount.usd, order_key(giver.name), giver.code
