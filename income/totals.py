"""Sums that pages ask for, read from the rollups: their cost does not grow with the entries.

Amounts are US dollars of converted entries, in cash and in kind together unless `mode` says
otherwise (`Mode`; empty: all of them); months and years are those of the value date. Two questions
have no rollup and read entries through an index: what is not converted, and what was posted after
its month was closed.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from donors.models import Donor
from income.donor_cells import DonorCell, donor_cells, of_today
from income.families import became
from income.models import Entry, Ledger, Month, MonthlyTotal
from income.narrow import ALL, Narrow, grouped
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.value_month import ValueMonth
from income.vocabulary import Kind, Mode


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
class NotConverted:
    """Entries without an exchange rate, by currency: they stand in no sum of US dollars."""

    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Adjusted:
    """Entries of one kind posted after the month of their value date was closed.

    `amount_usd` nets what was added and what was reversed.
    """

    kind: str
    count: int
    amount_usd: Decimal
    not_converted: tuple[NotConverted, ...] = ()


Span = tuple[YearMonth, YearMonth]


def reach(ledger: Ledger) -> dict[str, Span]:
    """For each kind the books hold: the first and the last month with money in them.

    A month in which everything was reversed holds none, and does not count.
    """
    spans: dict[str, Span] = {}
    for row in (
        MonthlyTotal.objects.filter(ledger=ledger)
        .exclude(amount_usd=0)
        .values("kind")
        .annotate(first=Min("month"), last=Max("month"))
    ):
        spans[row["kind"]] = YearMonth.from_key(row["first"]), YearMonth.from_key(row["last"])
    for row in (
        Entry.objects.in_books(ledger)
        .not_converted()
        .not_reversed(ledger)
        .order_by()
        .values("kind")
        .annotate(first=Min("value_date"), last=Max("value_date"))
    ):
        first, last = YearMonth.of(row["first"]), YearMonth.of(row["last"])
        known = spans.get(row["kind"], (first, last))
        spans[row["kind"]] = min(first, known[0]), max(last, known[1])
    return spans


def monthly_sums(
    ledger: Ledger, kinds: Iterable[str], first: YearMonth, last: YearMonth, narrow: Narrow = ALL
) -> tuple[MonthSum, ...]:
    """Every cell of the kinds from the first to the last month."""
    if not narrow.is_all:
        by = ("kind", "mode", "fund", "region", "month")
        cells = grouped(ledger, kinds, by, first, last, narrow)
        return tuple(
            MonthSum(kind, mode, fund, region, month, usd)
            for (kind, mode, fund, region, month), usd in cells.items()
        )
    rows = MonthlyTotal.objects.filter(
        ledger=ledger, kind__in=list(kinds), month__gte=first.key, month__lte=last.key
    ).values_list("kind", "mode", "fund_id", "region_id", "month", "amount_usd")
    return tuple(MonthSum(*row) for row in rows)


def donor_sums(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, funds: Iterable[str] = (),
    mode: str = "", narrow: Narrow = ALL,
) -> tuple[DonorSum, ...]:  # fmt: skip
    """Per fund and donor over the months; all funds when none is named.

    What a donor gave that was merged into another is that other's.
    """
    cells = donor_cells(ledger, kind, first, last, funds=funds, mode=mode, narrow=narrow)
    (sums,) = with_donors([cells], became())
    return sums


def with_donors(
    found: Iterable[Iterable[DonorCell]], merged: Mapping[int, int]
) -> tuple[tuple[DonorSum, ...], ...]:
    """The cells of one or several questions, added up by what their donors are today.

    Each donor is read once for all of them. `merged` are the donors of `families.became`.
    """
    found = [list(cells) for cells in found]
    asked = {merged.get(donor, donor) for cells in found for _f, donor, _usd in cells if donor}
    donors = Donor.objects.defer("order_keys").in_bulk(asked)
    return tuple(
        tuple(
            DonorSum(fund, donors[donor] if donor else None, usd)
            for (fund, donor), usd in of_today(cells, merged).items()
        )
        for cells in found
    )


def not_converted(
    ledger: Ledger, kinds: Iterable[str], first: YearMonth, last: YearMonth, narrow: Narrow = ALL
) -> tuple[NotConverted, ...]:
    """What has no exchange rate in the months, by currency; reversed postings left out.

    A reversal that is not known yet has not happened.
    """
    rows = (
        narrow.apply(Entry.objects.in_books(ledger))
        .not_converted()
        .not_reversed(ledger, narrow.until)
        .filter(
            kind__in=list(kinds),
            value_date__gte=first.first_day,
            value_date__lte=last.last_day,
        )
        .order_by("currency")
        .values_list("currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    return tuple(NotConverted(*row) for row in rows)


def expected_programme_support(
    ledger: Ledger, first: YearMonth, last: YearMonth, narrow: Narrow = ALL
) -> Decimal | None:
    """Programme support expected inside the receipts of the months; None where none is known."""
    if not narrow.is_all:
        inside = grouped(
            ledger, [Kind.RECEIPT], ("kind",), first, last, narrow, mode=Mode.CASH,
            measure="programme_support_usd",
        )  # fmt: skip
        return inside.get((Kind.RECEIPT,)) or None
    cells = MonthlyTotal.objects.filter(
        ledger=ledger, kind=Kind.RECEIPT, mode=Mode.CASH, month__gte=first.key,
        month__lte=last.key,
    )  # fmt: skip
    return cells.aggregate(total=Sum("programme_support_usd"))["total"] or None


def is_audited(ledger: Ledger, year: int, until: int | None = None) -> bool:
    """Whether the year's audited revenue is in these books; what was reversed does not count."""
    if until is not None:
        span = YearMonth(year, 1), YearMonth(year, 12)
        known = Narrow(until=until)
        return any(grouped(ledger, [Kind.AUDITED_REVENUE], ("month",), *span, known).values())
    cells = MonthlyTotal.objects.filter(
        ledger=ledger, kind=Kind.AUDITED_REVENUE, month__gte=year * 100, month__lte=year * 100 + 12
    )
    return cells.exclude(amount_usd=0).exists()


def closed_months(
    ledger: Ledger, year: int, *, until: int | None = None, on: datetime.date | None = None
) -> dict[YearMonth, int]:
    """The months of the year that were closed, with the sequence of the books at that moment.

    As known at a sequence, or at the end of a day in Nairobi, where they are given.
    """
    months = Month.objects.filter(ledger=ledger, month__gte=year * 100, month__lte=year * 100 + 12)
    if until is not None:
        months = months.filter(sequence__lte=until)
    if on is not None:
        months = months.filter(closed_at__date__lte=on)
    return {
        YearMonth.from_key(month): sequence
        for month, sequence in months.order_by("month").values_list("month", "sequence")
    }


def adjusted(entries: EntryQuerySet, closed: Mapping[YearMonth, int]) -> tuple[Adjusted, ...]:
    """What changed closed months, kind by kind; `closed` as `closed_months` gives them.

    One query for all months, by the index of what was booked later than its month. An entry
    changes a closed month when it is booked in a later one, by a posting that the books did not
    hold yet when the month was closed.
    """
    if not closed:
        return ()
    late = Q()
    for month, sequence in closed.items():
        late |= Q(
            value_date__gte=month.first_day, value_date__lte=month.last_day,
            posting__sequence__gt=sequence,
        )  # fmt: skip
    rows = (
        entries.filter(
            late,
            booked_month__gt=ValueMonth("value_date"),
            value_date__gte=min(closed).first_day,
            value_date__lte=max(closed).last_day,
            posting__sequence__gt=min(closed.values()),
        )
        .order_by("kind", "currency")
        .values_list("kind", "currency")
        .annotate(
            count=Count("pk"),
            usd=Sum("amount_usd"),
            without=Count("pk", filter=Q(amount_usd=None)),
            amount=Sum("amount", filter=Q(amount_usd=None)),
        )
    )
    kinds: dict[str, list[tuple[int, Decimal | None, NotConverted]]] = defaultdict(list)
    for kind, currency, count, usd, without, amount in rows:
        kinds[kind].append((count, usd, NotConverted(currency, without, amount or Decimal(0))))
    return tuple(
        Adjusted(
            kind,
            sum(count for count, _usd, _left in found),
            sum((usd for _count, usd, _left in found if usd), Decimal(0)),
            tuple(left for _count, _usd, left in found if left.count),
        )
        for kind, found in kinds.items()
    )
