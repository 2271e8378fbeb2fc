"""Income by fund and year over all years of the books, read from the yearly rollup; US dollars."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from income.models import DonorTotal, Ledger


@dataclass(frozen=True)
class YearSum:
    """US dollars of one fund and year; `named_usd` is the part attributed to named donors.

    `has_rest` tells whether the books hold an entry without a donor, of whatever amount.
    """

    fund: str
    year: int
    amount_usd: Decimal
    named_usd: Decimal
    has_rest: bool


def yearly_sums(ledger: Ledger, kind: str, *, mode: str = "") -> tuple[YearSum, ...]:
    """Per fund and year over all years of the books, with the part of named donors."""
    rows = (
        DonorTotal.objects.filter(ledger=ledger, kind=kind, **({"mode": mode} if mode else {}))
        .exclude(amount_usd=0)
        .order_by("fund", "year")
        .values_list("fund_id", "year")
        .annotate(
            total=Sum("amount_usd"),
            named=Sum("amount_usd", filter=Q(donor__isnull=False)),
            rest=Count("pk", filter=Q(donor__isnull=True)),
        )
    )
    return tuple(
        YearSum(fund, year, total, named or Decimal(0), bool(rest))
        for fund, year, total, named, rest in rows
    )


def years_without_totals(sums: Iterable[YearSum]) -> frozenset[int]:
    """Years of audited revenue of which only named donors are known.

    Where a total was published, what the donors do not make up stands as not attributed; a year
    without any such entry has no published total.
    """
    every = list(sums)
    return frozenset({one.year for one in every} - {one.year for one in every if one.has_rest})
