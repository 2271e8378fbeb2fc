"""How much of the voluntary money comes from its ten largest donors, beside last year."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.totals import Span
from reports.figures.answering import Answering
from reports.figures.donors import MOST, largest_first
from reports.figures.levels import Giver
from reports.figures.progress import percent_of
from reports.figures.provenance import Provenance
from reports.figures.sums import ZERO
from reports.figures.voluntary import (
    Amount,
    Given,
    amount_of,
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


def concentration(asked: Answering, now: Given, before: Given) -> Concentration:
    """From what was given in both years up to the month."""
    return Concentration(
        provenance=asked.provenance.about("VOLUNTARY"),
        now=_ten(asked, now, asked.span),
        before=_ten(asked, before, year_before(asked)),
    )


def _ten(asked: Answering, found: Given, span: Span) -> TenLargest:
    largest = [
        (giver, amount_of(asked, giver, found[giver], span)) for giver, _usd in _largest(found)
    ]
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


def _largest(found: Given) -> list[tuple[Giver, Decimal]]:
    amounts = [(giver, sum(by_fund.values(), ZERO)) for giver, by_fund in found.items() if giver]
    return largest_first((giver, usd) for giver, usd in amounts if usd > 0)[:MOST]
