"""How many governments give core money, and what each type of contributor gives.

US dollars of converted entries of one kind over months of the value date. What a donor gave that
was merged into another is that other's. All of the books, as they stand: a few hundred rows of the
rollups, read by an index, or their sums from the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Func, Sum

from donors.models import Donor
from income.donor_cells import DonorCell, donor_cells, donor_rollups, of_today
from income.models import DonorTotal, Ledger
from income.periods import YearMonth

ZERO = Decimal(0)


@dataclass(frozen=True)
class Core:
    """Member States whose money is above zero; what no donor is named for, US dollars."""

    count: int
    unattributed_usd: Decimal


class _DonorOrNone(Func):
    """The donor of a row as the unique index has it: 0 where none is named."""

    template = "COALESCE(%(expressions)s, 0)"
    output_field = BigIntegerField()


def core(
    ledger: Ledger, kind: str, fund: str, since: Iterable[YearMonth], last: YearMonth, *,
    merged: Mapping[int, int], mode: str = "",
) -> tuple[Core, ...]:  # fmt: skip
    """How many Member States gave to the fund from each January to the month, all in all.

    `merged` are the donors of `families.became`. One query for the longest time, and one for the
    Member States.
    """
    begins = list(since)
    members = set(Donor.objects.filter(is_member_state=True).values_list("pk", flat=True))
    same = {gone for gone, kept in merged.items() if kept in members}
    asked = [0, *sorted((members - set(merged)) | same)]
    cells: list[tuple[int, int | None, Decimal]] = []
    for rows in donor_rollups(ledger, kind, min(begins), last, mode=mode):
        when = "year" if rows.model is DonorTotal else "month"
        of_them = rows.filter(fund=fund).alias(key=_DonorOrNone(F("donor_id")))
        found = of_them.filter(key__in=asked).values_list(when, "donor_id", "amount_usd")
        cells += [(t if when == "year" else t // 100, donor, usd) for t, donor, usd in found]
    return tuple(
        _counted(((fund, d, usd) for year, d, usd in cells if year >= one.year), merged)
        for one in begins
    )


def _counted(cells: Iterable[DonorCell], merged: Mapping[int, int]) -> Core:
    sums = of_today(cells, merged)
    unattributed = sum((usd for (_fund, donor), usd in sums.items() if donor is None), ZERO)
    return Core(sum(usd > 0 for (_fund, d), usd in sums.items() if d), unattributed)


def by_type(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, merged: Mapping[int, int],
    mode: str = "",
) -> dict[tuple[str, str | None], Decimal]:  # fmt: skip
    """US dollars by fund and contributor type; without a type what is not attributed.

    `merged` are the donors of `families.became`.
    """
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for rows in donor_rollups(ledger, kind, first, last, mode=mode):
        standing: Any = rows.exclude(donor__in=merged).order_by()
        for fund, of_type, usd in standing.values_list(
            "fund_id", "donor__contributor_type_id"
        ).annotate(total=Sum("amount_usd")):
            sums[fund, of_type] += usd
    if merged:
        cells = donor_cells(ledger, kind, first, last, mode=mode, donors=list(merged))
        types = dict(
            Donor.objects.filter(pk__in=merged.values()).values_list("pk", "contributor_type_id")
        )
        for (fund, donor), usd in of_today(cells, merged).items():
            sums[fund, types[donor] if donor else None] += usd
    return dict(sums)
