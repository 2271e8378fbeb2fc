"""Audited expenditure by year and region beside income, which has another basis."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from donors.models import Region
from income.periods import YearMonth
from reports.dialogue.selectors import loads_in_force
from reports.figures.regions import RegionTable
from reports.figures.sums import TOTAL_FUNDS, ZERO, Sums
from reports.models import Expenditure, ExpenditureLoad

YEARS = 5  # that end with the year of the question


@dataclass(frozen=True)
class SpendingYear:
    """US dollars of a year: spent as audited, and the income of the books up to `through`.

    Each is None where it is not reported. `source` and `load` (a UUID) say where expenditure
    stands, empty without any.
    """

    year: int
    spent_usd: Decimal | None
    income_usd: Decimal | None
    income_link: str
    through: YearMonth
    source: str = ""
    load: str = ""


@dataclass(frozen=True)
class SpendingRegion:
    """US dollars spent in a region, year by year (None: not reported); without a code in none.

    `income_usd` is what the books allocate to it in the year of the question.
    """

    code: str
    name: str
    spent: tuple[Decimal | None, ...]
    income_usd: Decimal
    income_link: str


@dataclass(frozen=True)
class Spending:
    """The years, oldest first; the regions, whose rows add up to the years' totals."""

    years: tuple[SpendingYear, ...]
    regions: tuple[SpendingRegion, ...]

    @property
    def is_any(self) -> bool:
        """Whether expenditure of at least one of the years is there."""
        return any(one.spent_usd is not None for one in self.years)

    @property
    def tells_income(self) -> bool:
        """Whether the books allocate any income of the year to a region."""
        return any(row.code and row.income_usd for row in self.regions)

    @property
    def missing(self) -> tuple[int, ...]:
        """The years without expenditure."""
        return tuple(one.year for one in self.years if one.spent_usd is None)


def spending(
    sums: Sums, as_at: YearMonth, regions: RegionTable, *, is_demonstration: bool, without: str
) -> Spending:
    """Expenditure in force of five years, beside the income in `sums`; two queries.

    `sums` reach back to the first of them. `without` names the row of what has no region.
    """
    wanted = range(as_at.year - YEARS + 1, as_at.year + 1)
    loads = loads_in_force(is_demonstration=is_demonstration, years=wanted)
    cells = _by_region(loads.values())
    years = tuple(_year(year, loads.get(year), cells, sums, as_at) for year in wanted)
    return Spending(years, _regions(cells, years, regions, without))


def _by_region(loads: Iterable[ExpenditureLoad]) -> Mapping[tuple[int, str | None], Decimal]:
    rows = Expenditure.objects.filter(load__in=list(loads)).order_by()
    found: dict[tuple[int, str | None], Decimal] = defaultdict(Decimal)
    for year, region, usd in rows.values_list("load__year", "region").annotate(
        usd=Sum("amount_usd")
    ):
        found[year, region] += usd
    return found


def _year(
    year: int, load: ExpenditureLoad | None, cells: Mapping[tuple[int, str | None], Decimal],
    sums: Sums, as_at: YearMonth,
) -> SpendingYear:  # fmt: skip
    first, last = YearMonth(year, 1), min(YearMonth(year, 12), as_at)
    funds = [fund for fund in TOTAL_FUNDS if sums.of((fund,), first, last)]
    spent = sum((usd for (told, _region), usd in cells.items() if told == year), ZERO)
    return SpendingYear(
        year=year,
        spent_usd=spent if load else None,
        income_usd=sums.reported(TOTAL_FUNDS, first, last),
        income_link=sums.link(funds, first, last),
        through=last,
        source=load.source if load else "",
        load=str(load.uuid) if load else "",
    )


def _regions(
    cells: Mapping[tuple[int, str | None], Decimal], years: Sequence[SpendingYear],
    income: RegionTable, without: str,
) -> tuple[SpendingRegion, ...]:  # fmt: skip
    """Regions with money on either side; last what has none."""
    beside = {row.code: (row.amount_usd, row.link) for row in income.rows}
    beside[""] = (income.unallocated_usd, income.unallocated_link)
    names = [*((region.code, str(region)) for region in Region.objects.all()), ("", without)]
    rows = []
    for code, name in names:
        spent = tuple(
            None if one.spent_usd is None else cells.get((one.year, code or None), ZERO)
            for one in years
        )
        usd, link = beside.get(code, (ZERO, ""))
        if any(spent) or usd:
            rows.append(SpendingRegion(code, name, spent, usd, link))
    return tuple(rows)
