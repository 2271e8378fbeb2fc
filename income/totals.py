"""Sums that pages ask for, read from the rollups: their cost does not grow with the entries.

Amounts are US dollars of converted entries, in cash and in kind together unless `mode` says
otherwise; months and years are those of the value date. Two questions have no rollup and read
entries through an index: what is not converted, and the programme support expected inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from donors.models import Donor
from income.models import DonorMonthTotal, DonorTotal, Entry, Ledger, Month, MonthlyTotal
from income.periods import YearMonth


@dataclass(frozen=True)
class MonthSum:
    """US dollars of one kind, mode, fund, region (None: not allocated) and month (yyyymm)."""

    kind: str
    mode: str
    fund: str
    region: str | None
    month: int
    amount_usd: Decimal


@dataclass(frozen=True)
class DonorSum:
    """US dollars of one fund from one donor; without a donor what is not attributed."""

    fund: str
    donor: Donor | None
    amount_usd: Decimal


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


@dataclass(frozen=True)
class NotConverted:
    """Entries without an exchange rate, by currency: they stand in no sum of US dollars."""

    currency: str
    count: int
    amount: Decimal


Span = tuple[YearMonth, YearMonth]


def reach(ledger: Ledger) -> dict[str, Span]:
    """For each kind the books hold: the first and the last month with an entry."""
    spans: dict[str, Span] = {}
    for row in (
        MonthlyTotal.objects.filter(ledger=ledger)
        .values("kind")
        .annotate(first=Min("month"), last=Max("month"))
    ):
        spans[row["kind"]] = YearMonth.from_key(row["first"]), YearMonth.from_key(row["last"])
    for row in (
        Entry.objects.in_books(ledger)
        .not_converted()
        .order_by()
        .values("kind")
        .annotate(first=Min("value_date"), last=Max("value_date"))
    ):
        first, last = YearMonth.of(row["first"]), YearMonth.of(row["last"])
        known = spans.get(row["kind"], (first, last))
        spans[row["kind"]] = min(first, known[0]), max(last, known[1])
    return spans


def monthly_sums(
    ledger: Ledger, kinds: Iterable[str], first: YearMonth, last: YearMonth
) -> tuple[MonthSum, ...]:
    """Every cell of the kinds from the first to the last month."""
    rows = MonthlyTotal.objects.filter(
        ledger=ledger, kind__in=list(kinds), month__gte=first.key, month__lte=last.key
    ).values_list("kind", "mode", "fund_id", "region_id", "month", "amount_usd")
    return tuple(MonthSum(*row) for row in rows)


def donor_sums(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, funds: Iterable[str] = ()
) -> tuple[DonorSum, ...]:
    """Per fund and donor over the months; all funds when none is named.

    Whole years are read from the yearly rollup, anything else from the monthly one.
    """
    rows: Any
    if first.month == 1 and last.month == 12:
        rows = DonorTotal.objects.filter(year__gte=first.year, year__lte=last.year)
    else:
        rows = DonorMonthTotal.objects.filter(month__gte=first.key, month__lte=last.key)
    wanted = {"fund__in": list(funds)} if funds else {}
    found = list(
        rows.filter(ledger=ledger, kind=kind, **wanted)
        .order_by()
        .values_list("fund_id", "donor_id")
        .annotate(total=Sum("amount_usd"))
    )
    donors = Donor.objects.in_bulk({donor for _fund, donor, _total in found if donor})
    return tuple(
        DonorSum(fund, donors.get(donor) if donor else None, total) for fund, donor, total in found
    )


def yearly_sums(ledger: Ledger, kind: str) -> tuple[YearSum, ...]:
    """Per fund and year over all years of the books, with the part of named donors."""
    rows = (
        DonorTotal.objects.filter(ledger=ledger, kind=kind)
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


def not_converted(
    ledger: Ledger, kinds: Iterable[str], first: YearMonth, last: YearMonth
) -> tuple[NotConverted, ...]:
    """What has no exchange rate in the months, by currency; reversed postings left out."""
    rows = (
        Entry.objects.in_books(ledger)
        .not_converted()
        .filter(
            kind__in=list(kinds),
            value_date__gte=first.first_day,
            value_date__lte=last.last_day,
            posting__reverses=None,
            posting__reversed_by__isnull=True,
        )
        .order_by("currency")
        .values_list("currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    return tuple(NotConverted(*row) for row in rows)


def expected_programme_support(ledger: Ledger, first: YearMonth, last: YearMonth) -> Decimal | None:
    """Programme support expected inside the receipts of the months; None where none is known."""
    total: Decimal | None = (
        Entry.objects.in_books(ledger)
        .receipts()
        .filter(value_date__gte=first.first_day, value_date__lte=last.last_day)
        .aggregate(total=Sum("programme_support_usd"))["total"]
    )
    return total


def closed_months(ledger: Ledger, year: int) -> frozenset[YearMonth]:
    """The months of the year that were closed."""
    months = Month.objects.filter(ledger=ledger, month__gte=year * 100, month__lte=year * 100 + 12)
    return frozenset(YearMonth.from_key(month) for month in months.values_list("month", flat=True))
