"""Who gives most: a few rows of an index, whatever the number of donors.

Amounts are US dollars of converted entries of one kind over months of the value date. What a donor
gave that was merged into another is that other's. Where the yearly rollup holds the answer (all of
the books as they stand, one year, one mode) the largest are a handful of its rows; otherwise the
sums by donor are added up. Both say the same (a property test).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, Sum

from income.donor_cells import DonorCell, donor_cells, every_fund, of_today
from income.models import DonorTotal, Ledger
from income.narrow import ALL, Narrow, is_whole
from income.periods import YearMonth

ZERO = Decimal(0)
Amounts = dict[int, Decimal]  # US dollars by donor of today (its primary key)


@dataclass(frozen=True)
class Leaders:
    """One fund: its largest donors, and what stands behind them.

    `donors` (by primary key) are above zero, the largest first, with all that equal the last.
    `count` is the number of donors whose money is not zero, `below_zero` those of them that were
    paid back more than they gave. `unattributed_usd` is part of the total.
    """

    fund: str
    donors: tuple[tuple[int, Decimal], ...]
    total_usd: Decimal
    unattributed_usd: Decimal
    count: int
    below_zero: int


@dataclass
class _Fund:
    """One fund while it is counted; `amounts` hold at least the largest donors."""

    amounts: Amounts
    total: Decimal = ZERO
    unattributed: Decimal = ZERO
    above: int = 0
    below: int = 0

    def count(self, donor: int | None, usd: Decimal) -> None:
        """Take in what one donor of today gave, or what is not attributed."""
        self.total += usd
        if donor is None:
            self.unattributed += usd
            return
        self.above += usd > 0
        self.below += usd < 0
        if usd > 0:
            self.amounts[donor] = usd


def leaders(
    ledger: Ledger, kind: str, first: YearMonth, last: YearMonth, *, most: int,
    merged: Mapping[int, int], mode: str = "", narrow: Narrow = ALL,
) -> tuple[Leaders, ...]:  # fmt: skip
    """Each fund with money from donors that is not zero, by code.

    `merged` are the donors of `families.became`.
    """
    is_year = narrow.is_all and first == YearMonth(last.year, 1) and is_whole(ledger, [kind], last)
    if mode and is_year:
        found = _of_year(ledger, kind, mode, last.year, most, merged)
    else:
        cells = donor_cells(ledger, kind, first, last, mode=mode, narrow=narrow)
        found = _of_cells(cells, merged)
    return tuple(
        Leaders(
            fund, tuple(_first(one.amounts, most)), one.total, one.unattributed,
            one.above + one.below, one.below,
        )
        for fund, one in sorted(found.items())
        if one.above or one.below or one.unattributed
    )  # fmt: skip


def _first(amounts: Amounts, most: int) -> list[tuple[int, Decimal]]:
    """The largest, with those that equal the last of them."""
    ordered = sorted(amounts.items(), key=lambda pair: -pair[1])
    if len(ordered) <= most:
        return ordered
    least = ordered[most - 1][1]
    return [pair for pair in ordered if pair[1] >= least]


def _of_cells(cells: Iterable[DonorCell], merged: Mapping[int, int]) -> dict[str, _Fund]:
    found: dict[str, _Fund] = defaultdict(lambda: _Fund({}))
    for (fund, donor), usd in of_today(cells, merged).items():
        found[fund].count(donor, usd)
    return found


def _of_year(
    ledger: Ledger, kind: str, mode: str, year: int, most: int, merged: Mapping[int, int]
) -> dict[str, _Fund]:
    """Counts and sums by the database; the few donors that merges concern are counted here."""
    concerned = {*merged, *merged.values()}
    cells = DonorTotal.objects.filter(
        ledger=ledger, kind=kind, mode=mode, year=year, fund__in=every_fund()
    )
    rows = (
        cells.exclude(donor__in=concerned)
        .order_by()
        .values_list("fund_id")
        .annotate(
            total=Sum("amount_usd"),
            without=Sum("amount_usd", filter=Q(donor=None)),
            above=Count("pk", filter=Q(donor__isnull=False, amount_usd__gt=0)),
            below=Count("pk", filter=Q(donor__isnull=False, amount_usd__lt=0)),
        )
    )
    found = {
        fund: _Fund({}, total, without or ZERO, above, below)
        for fund, total, without, above, below in rows
    }
    its = _concerned(ledger, kind, mode, year, concerned, merged)
    for fund, amounts in its.items():
        for donor, usd in amounts.items():
            found.setdefault(fund, _Fund({})).count(donor, usd)
    for fund, amounts in _largest(
        ledger, kind, mode, year, list(found), most, its, concerned
    ).items():
        found[fund].amounts = amounts
    return found


def largest(
    ledger: Ledger, kind: str, year: int, *, funds: Collection[str], most: int, mode: str,
    merged: Mapping[int, int],
) -> dict[str, list[tuple[int, Decimal]]]:  # fmt: skip
    """Per fund the donors (by primary key) with most money above zero in the year, the first first.

    All that equal the last of them stand there too. A few rows of an index a fund.
    """
    concerned = {*merged, *merged.values()}
    its = _concerned(ledger, kind, mode, year, concerned, merged)
    found = _largest(ledger, kind, mode, year, funds, most, its, concerned)
    return {fund: _first(amounts, most) for fund, amounts in found.items()}


def _concerned(
    ledger: Ledger, kind: str, mode: str, year: int, concerned: Collection[int],
    merged: Mapping[int, int],
) -> dict[str, Amounts]:  # fmt: skip
    """What the donors gave that were merged, or that others were merged into."""
    found: dict[str, Amounts] = defaultdict(dict)
    if not concerned:
        return found
    cells = DonorTotal.objects.filter(
        ledger=ledger, kind=kind, mode=mode, year=year, donor__in=concerned
    ).values_list("fund_id", "donor_id", "amount_usd")
    for (fund, donor), usd in of_today(cells, merged).items():
        if donor is not None:
            found[fund][donor] = usd
    return found


def _largest(
    ledger: Ledger, kind: str, mode: str, year: int, funds: Collection[str], most: int,
    its: Mapping[str, Amounts], concerned: Collection[int],
) -> dict[str, Amounts]:  # fmt: skip
    """At least the largest of each fund, and all that equal the last of them."""
    limit = most + 1 + len(concerned)
    found: dict[str, Amounts] = {
        fund: {donor: usd for donor, usd in its.get(fund, {}).items() if usd > 0} for fund in funds
    }
    read: dict[str, list[Decimal]] = defaultdict(list)
    for fund, donor, usd in _top(ledger, kind, mode, year, funds, limit):
        read[fund].append(usd)
        if donor not in concerned:
            found[fund][donor] = usd
    for fund, amounts in read.items():
        least = _first(found[fund], most)[-1:]
        if len(amounts) == limit and amounts[-1] == least[0][1]:  # others may equal the last read
            equal = DonorTotal.objects.filter(
                ledger=ledger, kind=kind, mode=mode, year=year, fund=fund, amount_usd=amounts[-1],
                donor__isnull=False,
            ).exclude(donor__in=concerned)  # fmt: skip
            found[fund] |= dict.fromkeys(equal.values_list("donor_id", flat=True), amounts[-1])
    return found


def _top(
    ledger: Ledger, kind: str, mode: str, year: int, funds: Collection[str], limit: int
) -> list[tuple[str, int, Decimal]]:
    """The first rows of each fund in the index `largest_donors_of_a_year`, in one statement."""
    if not funds:
        return []
    part = (
        "SELECT * FROM (SELECT fund_id, donor_id, amount_usd FROM income_donortotal "
        "WHERE ledger_id = %s AND kind = %s AND mode = %s AND fund_id = %s AND year = %s "
        "AND donor_id IS NOT NULL AND amount_usd > 0 ORDER BY amount_usd DESC LIMIT %s) of_fund"
    )
    values = [value for fund in funds for value in (ledger.pk, kind, mode, fund, year, limit)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(funds)), values)
        return [
            (fund, donor, Decimal(cents).scaleb(-2)) for fund, donor, cents in cursor.fetchall()
        ]
