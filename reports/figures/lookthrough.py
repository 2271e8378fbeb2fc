"""Looking through a pooled fund to who stands behind it: a memo, never added to income.

Money of a pooled fund is counted once, under the fund. What it gave in a year, times the share
that a contributor had in the fund's money of that year, is a memo beside it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from donors.models import Donor
from income.models import DonorTotal, Ledger, PooledShare
from income.money import round_half_up
from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from reports.figures import links

ZERO = Decimal(0)
POOLED_FUND = "C04D"  # UN CEB's contributor type of UN pooled funds


@dataclass(frozen=True)
class MemoLine:
    """A contributor's part of what one pooled fund gave in one year, US dollars.

    `of_usd` is what the fund gave: `link` opens its entries. `share` is a fraction.
    """

    year: int
    pool: Donor
    contributor: Donor
    share: Decimal
    of_usd: Decimal
    amount_usd: Decimal
    source: str
    link: str


@dataclass(frozen=True)
class PoolYear:
    """What a pooled fund gave in a year; the memo lines and the remainder add up to it."""

    year: int
    given_usd: Decimal
    link: str
    lines: tuple[MemoLine, ...]

    @property
    def unknown_usd(self) -> Decimal:
        """What no contributor is known for."""
        return self.given_usd - sum((line.amount_usd for line in self.lines), ZERO)


def memo_of_pool(ledger: Ledger, pool: Donor, *, kind: Kind = Kind.RECEIPT) -> tuple[PoolYear, ...]:
    """Who stood behind each year's money of a pooled fund, newest year first; in cash.

    Empty for a donor that is no pooled fund. Demonstration books use the demonstration's shares,
    real books the published ones.
    """
    if pool.contributor_type_id != POOLED_FUND:
        return ()
    given = _given(ledger, {pool.pk: pool}, kind)
    lines: dict[int, list[MemoLine]] = defaultdict(list)
    shares = list(_shares(ledger).filter(pooled_fund__in=Donor.objects.with_merged(pool)))
    stand = {share.pooled_fund_id: pool for share in shares}
    for line in _lines(ledger, shares, given, stand, kind):
        lines[line.year].append(line)
    return tuple(
        PoolYear(year, usd, _link(ledger, pool, year, kind), tuple(lines[year]))
        for (_pool, year), usd in sorted(given.items(), reverse=True)
        if usd
    )


def memo_of_contributor(
    ledger: Ledger, contributor: Donor, *, kind: Kind = Kind.RECEIPT
) -> tuple[MemoLine, ...]:
    """A donor's part of what pooled funds gave, newest year first: in no sum of the donor."""
    family = Donor.objects.with_merged(contributor)
    shares = _shares(ledger).filter(contributor__in=family)
    pools = {share.pooled_fund_id: share.pooled_fund for share in shares}
    stand = Donor.objects.become(pools)
    given = _given(ledger, {one.pk: one for one in stand.values()}, kind)
    return tuple(_lines(ledger, shares, given, stand, kind))


def _shares(ledger: Ledger) -> QuerySet[PooledShare]:
    shares = PooledShare.objects.select_related("pooled_fund", "contributor")
    found = shares.filter(is_demonstration=ledger.is_demonstration)
    return found.order_by("-year", "-share_rate", "pk")


Given = dict[tuple[int, int], Decimal]  # pooled fund and year


def _given(ledger: Ledger, pools: dict[int, Donor], kind: Kind) -> Given:
    """What the funds gave by year, with what was merged into them, from the rollup."""
    of = _merged_into(pools)
    rows = (
        DonorTotal.objects.filter(ledger=ledger, kind=kind, mode=Mode.CASH, donor__in=of)
        .order_by()
        .values_list("donor", "year")
        .annotate(usd=Sum("amount_usd"))
    )
    given: Given = defaultdict(Decimal)
    for donor, year, usd in rows:
        given[of[donor], year] += usd
    return given


def _merged_into(pools: Iterable[int]) -> dict[int, int]:
    """For each donor that is one of the funds today, which one; one query for all of them."""
    wanted = set(pools)
    chain = ("pk", "merged_into", "merged_into__merged_into")
    fits = Q()
    for step in chain:
        fits |= Q(**{f"{step}__in": wanted})
    rows = Donor.objects.filter(fits).values_list(*chain)
    return {row[0]: next(pk for pk in row if pk in wanted) for row in rows}


def _lines(
    ledger: Ledger, shares: Iterable[PooledShare], given: Given, stand: dict[int, Donor],
    kind: Kind,
) -> Iterable[MemoLine]:  # fmt: skip
    for share in shares:
        pool = stand.get(share.pooled_fund_id, share.pooled_fund)
        usd = given.get((pool.pk, share.year), ZERO)
        if usd:
            yield MemoLine(
                year=share.year,
                pool=pool,
                contributor=share.contributor,
                share=share.share_rate,
                of_usd=usd,
                amount_usd=round_half_up(usd * share.share_rate),
                source=share.source,
                link=_link(ledger, pool, share.year, kind),
            )


def _link(ledger: Ledger, pool: Donor, year: int, kind: Kind) -> str:
    return links.entries(
        ledger.code, [kind], [], YearMonth(year, 1), YearMonth(year, 12),
        donor=pool.code, mode=Mode.CASH,
    )  # fmt: skip
