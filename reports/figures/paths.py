"""The path of a strategy period: year by year, what had come and what was hoped for by then."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from income.periods import YearMonth
from reports.figures.sums import ZERO, Sums
from targets.models import AnnualTarget

Annual = Mapping[tuple[str, str], Mapping[int, Decimal]]  # set and scope; by year


@dataclass(frozen=True)
class PathYear:
    """US dollars since the period began, to the end of the year or the as-at month.

    `actual_usd` is None for a year that has not begun.
    """

    year: int
    actual_usd: Decimal | None
    target_usd: Decimal
    link: str


@dataclass(frozen=True)
class Path:
    """`is_printed`: the set has a target for each year. Otherwise the period's target is divided
    by its years, which is arithmetic only.
    """

    years: tuple[PathYear, ...]
    is_printed: bool


def annual_targets(from_year: int, to_year: int) -> Annual:
    """The targets for single years within the span, of every set; one query."""
    found: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(dict)
    rows = AnnualTarget.objects.filter(
        from_year__gte=from_year, to_year__lte=to_year, from_year=F("to_year")
    )
    for row in rows.values_list("target_set", "scope", "from_year", "amount_usd"):
        found[row[0], row[1]][row[2]] = row[3]
    return found


def path(
    sums: Sums, funds: tuple[str, ...], whole_usd: Decimal, annual: Mapping[int, Decimal],
    years: range, as_at: YearMonth,
) -> Path:  # fmt: skip
    """The path of funds to a target for all the years together."""
    is_printed = all(year in annual for year in years)
    first, points = YearMonth(years[0], 1), []
    for place, year in enumerate(years, start=1):
        target = whole_usd * place / len(years)
        if is_printed:
            target = sum((annual[one] for one in years if one <= year), ZERO)
        last = min(YearMonth(year, 12), as_at)
        has_begun = year <= as_at.year
        counted = [f for f in funds if has_begun and sums.of((f,), first, last)]
        points.append(
            PathYear(
                year,
                sums.of(funds, first, last) if has_begun else None,
                target,
                sums.link(counted, first, last) if has_begun else "",
            )
        )
    return Path(tuple(points), is_printed)
