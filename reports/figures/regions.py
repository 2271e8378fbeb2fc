"""Where the money is for: allocated to the reporting regions, and not allocated apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from donors.models import Region
from income.totals import Span
from interface.formatting import largest_remainder
from reports.figures.provenance import Provenance
from reports.figures.sums import TOTAL_FUNDS, ZERO, Sums

PLACES = 1


@dataclass(frozen=True)
class RegionRow:
    """A region's US dollars; its percentage of the money allocated, None where there is none."""

    code: str
    name: str
    amount_usd: Decimal
    percent: Decimal | None
    link: str


@dataclass(frozen=True)
class RegionTable:
    """The regions in their order; percentages are of `allocated_usd` and add up to 100.

    They are left out (`has_negative`) where money of a region was paid back in the end.
    """

    provenance: Provenance
    rows: tuple[RegionRow, ...]
    allocated_usd: Decimal
    unallocated_usd: Decimal
    total_usd: Decimal
    has_negative: bool
    unallocated_link: str
    total_link: str


def region_table(
    sums: Sums, regions: Iterable[Region], span: Span, provenance: Provenance
) -> RegionTable:
    """Money of the total's funds in the months of the span, by region."""
    listed = list(regions)
    amounts = [sums.of_region(region.code, *span) for region in listed]
    has_negative = any(amount < 0 for amount in amounts)
    percents: list[Decimal | None] = [None for _amount in amounts]
    if any(amounts) and not has_negative:
        percents = list(largest_remainder(amounts, PLACES))
    return RegionTable(
        provenance=provenance.about("TOTAL"),
        rows=tuple(
            RegionRow(region.code, str(region), usd, percent, sums.region_link(region.code, *span))
            for region, usd, percent in zip(listed, amounts, percents, strict=True)
        ),
        allocated_usd=sum(amounts, ZERO),
        unallocated_usd=sums.of_region(None, *span),
        total_usd=sums.of(TOTAL_FUNDS, *span),
        has_negative=has_negative,
        unallocated_link=sums.region_link(None, *span),
        total_link=sums.link([f for f in TOTAL_FUNDS if sums.of((f,), *span)], *span),
    )
