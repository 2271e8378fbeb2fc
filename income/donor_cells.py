"""What donors gave by fund, as it was posted: read from the rollups of years and of months.

US dollars of converted entries of one kind, by the months of the value date. What became of a
donor since (`Donor.objects.become`, `families.became`) is for the reader to follow.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from income.models import DonorMonthTotal, DonorTotal, Fund, Ledger
from income.narrow import ALL, Narrow, grouped, is_whole
from income.periods import YearMonth
from income.vocabulary import Mode

DonorCell = tuple[str, int | None, Decimal]  # fund, donor as posted, US dollars


def donor_cells(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, funds: Iterable[str] = (),
    mode: str = "", narrow: Narrow = ALL, donors: Collection[int] | None = None,
) -> list[DonorCell]:  # fmt: skip
    """US dollars by fund and donor as posted (by primary key), whatever became of the donor.

    A fund and donor can stand in several cells.
    """
    funds = tuple(funds)
    if not narrow.is_all:
        cells = grouped(ledger, [kind], ("fund", "donor"), first, last, narrow, mode=mode)
        return [
            (fund, donor, usd)
            for (fund, donor), usd in cells.items()
            if (not funds or fund in funds) and (donors is None or donor in donors)
        ]
    wanted: dict[str, Any] = {"fund__in": list(funds)} if funds else {}
    if donors is not None:
        wanted["donor__in"] = list(donors)
    return [
        cell
        for rows in donor_rollups(ledger, kind, first, last, mode=mode)
        for cell in rows.filter(**wanted)
        .order_by()
        .values_list("fund_id", "donor_id")
        .annotate(total=Sum("amount_usd"))
    ]


def donor_rollups(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, mode: str = ""
) -> list[QuerySet[Any]]:
    """The rows of rollups that hold the months by donor: of whole years, and of months."""
    years = range(first.year, last.year + 1)
    if not is_whole(ledger, [kind], last):
        years = years[:-1]
    if first.month != 1:
        years = range(0)
    # Every mode and fund is named: only then the index leads to the year, which comes after them.
    held = {
        "ledger": ledger, "kind": kind, "mode__in": [mode] if mode else Mode.values,
        "fund__in": every_fund(),
    }  # fmt: skip
    found: list[QuerySet[Any]] = []
    if years:
        found.append(DonorTotal.objects.filter(year__in=list(years), **held))
    if last.year not in years:
        since = YearMonth(last.year, 1) if years else first
        found.append(
            DonorMonthTotal.objects.filter(month__gte=since.key, month__lte=last.key, **held)
        )
    return found


def every_fund() -> QuerySet[Any]:
    """The codes of all funds, inside another query."""
    return Fund.objects.order_by().values("pk")


def of_today(
    cells: Iterable[DonorCell], merged: Mapping[int, int]
) -> dict[tuple[str, int | None], Decimal]:
    """The cells by fund and donor of today; `merged` are the donors of `families.became`."""
    sums: dict[tuple[str, int | None], Decimal] = defaultdict(Decimal)
    for fund, donor, usd in cells:
        sums[fund, merged.get(donor, donor) if donor else None] += usd
    return sums
