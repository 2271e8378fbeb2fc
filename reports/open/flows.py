"""The way of the money: from donor group through fund to region. US dollars, received and allotted.

Only what stands in the total of the income page, so that both add up to the same amount.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.models import ContributorType, Region
from income.models import Fund
from reports.figures.sums import REGULAR_BUDGET, TOTAL_FUNDS, ZERO
from reports.open.cells import Cell, Cells

ALLOTTED, NOBODY, NOWHERE = "allotted", "not_attributed", "not_allocated"


@dataclass(frozen=True)
class End:
    """Where money comes from, passes or goes: a code, its name, its place among its like.

    `is_named` is False of what stands for money that nobody gave or that goes nowhere apart.
    """

    code: str
    name: str
    place: int = 0

    @property
    def is_named(self) -> bool:
        return self.code not in (ALLOTTED, NOBODY, NOWHERE)


@dataclass(frozen=True)
class FlowRow:
    """US dollars of one group, fund and region; below zero where more was paid back."""

    group: End
    fund: End
    region: End
    amount_usd: Decimal


@dataclass(frozen=True)
class Flows:
    """Every way of a year up to the as-at month."""

    year: int
    rows: tuple[FlowRow, ...]

    @property
    def total_usd(self) -> Decimal:
        return sum((row.amount_usd for row in self.rows), ZERO)

    def by(self, end: Callable[[FlowRow], End]) -> dict[End, Decimal]:
        """The sums by group, fund or region, in the order of these."""
        found: dict[End, Decimal] = {}
        for row in self.rows:
            found[end(row)] = found.get(end(row), ZERO) + row.amount_usd
        return dict(sorted(found.items(), key=lambda pair: pair[0].place))

    def largest(self, end: Callable[[FlowRow], End]) -> tuple[End, Decimal] | None:
        """Of the named groups, funds or regions the one with the most money."""
        named = [pair for pair in self.by(end).items() if pair[0].is_named]
        return max(named, key=lambda pair: pair[1], default=None)


def flows(cells: Cells, year: int) -> Flows:
    """The ways of the year's money."""
    groups, funds, regions = _groups(), _funds(), _regions()
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for cell in cells.of_year(year):
        sums[_group_of(cells, cell), cell.fund, cell.region or NOWHERE] += cell.amount_usd
    ways = {
        (groups[group], funds[fund], regions[region]): usd
        for (group, fund, region), usd in sums.items()
    }
    order = sorted(ways, key=lambda way: tuple(end.place for end in way))
    return Flows(year, tuple(FlowRow(*way, ways[way]) for way in order if ways[way]))


def _group_of(cells: Cells, cell: Cell) -> str:
    if cell.fund == REGULAR_BUDGET:
        return ALLOTTED
    donor = cells.donor_of(cell)
    return donor.contributor_type_id if donor else NOBODY


def _named(ends: Iterable[tuple[str, str]]) -> dict[str, End]:
    return {code: End(code, name, place) for place, (code, name) in enumerate(ends)}


def _groups() -> dict[str, End]:
    types = [(one.code, str(one)) for one in ContributorType.objects.order_by("order", "code")]
    allotted = (ALLOTTED, _("Allotted by the General Assembly"))
    return _named([allotted, *types, (NOBODY, _("Not attributed to a donor"))])


def _funds() -> dict[str, End]:
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    return _named((code, names.get(code, code)) for code in TOTAL_FUNDS)


def _regions() -> dict[str, End]:
    regions = [(one.code, str(one)) for one in Region.objects.all()]
    return _named([*regions, (NOWHERE, _("Not allocated"))])
