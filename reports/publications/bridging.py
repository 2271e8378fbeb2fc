"""The bridge of a publication: pledged, agreed, due, received, audited, year by year, fund by fund.

US dollars in cash (audited revenue as published), of the books as known at one sequence. The lines
from agreed on are those of the page of the three bases.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from income.models import Entry, Ledger
from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.base_cells import ByDonor, Key, Reading, line, read_cells
from reports.figures.bridge import Bridge, BridgeLine, bridge
from reports.figures.scope import WITHOUT_DONORS, Scope, fund_names
from reports.publications import pledges
from reports.publications.checks import Check, link_of

ZERO = Decimal(0)
BASES = (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)


@dataclass(frozen=True)
class BridgeRow:
    """A basis or a line of one year and fund, US dollars.

    `is_withheld`: the sum would give away a single donor, and is shown to staff alone.
    """

    year: int
    fund: str
    code: str
    amount_usd: Decimal
    is_basis: bool = False
    is_withheld: bool = False
    link: str = ""


@dataclass(frozen=True)
class YearBridged:
    """One year of the books, every fund that holds anything in it."""

    year: int
    rows: tuple[BridgeRow, ...]
    checks: tuple[Check, ...]


def years_held(ledger: Ledger, until: int, last: YearMonth) -> range:
    """From the first year with money of donors to the year of the month."""
    entries = Scope(ledger, until=until).entries().filter(value_date__lte=last.last_day)
    first = entries.filter(kind__in=[*BASES, Kind.AUDITED_REVENUE]).order_by("value_date")
    day = first.values_list("value_date", flat=True).first()
    return range(day.year if day else last.year + 1, last.year + 1)


def bridge_year(ledger: Ledger, year: int, until: int, last: YearMonth) -> YearBridged:
    """The bridge of one year; what came is counted up to `last` where that is in the year."""
    as_at = min(last, YearMonth(year, 12))
    scope = Scope(ledger, until=until)
    reading = read_cells(scope, year, as_at, _sums(scope, year, as_at), withholds=True)
    before = pledges.pledge_lines(scope, year)
    funds = [f for f in fund_names() if _holds(reading, before, f)]
    made = [_Maker(reading, before, Scope(ledger, f, until=until), year, as_at) for f in funds]
    return YearBridged(
        year,
        tuple(row for one in made for row in one.rows()),
        tuple(check for one in made for check in one.checks()),
    )


def _holds(reading: Reading, before: pledges.Lines, fund: str) -> bool:
    parts = (part for by_part in before.values() for part, usd in by_part.items() if usd)
    return any(key[2] == fund for key in reading.amounts) or any(f == fund for f, _d in parts)


def _sums(scope: Scope, year: int, as_at: YearMonth) -> dict[Key, ByDonor]:
    """US dollars in cash by kind, fund and donor; one query."""
    found: dict[Key, dict[int | None, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    entries = scope.entries().in_cash().in_year(year).filter(kind__in=BASES)
    entries = entries.filter(~Q(kind=Kind.RECEIPT) | Q(value_date__lte=as_at.last_day))
    rows = entries.order_by().values_list("kind", "fund", "donor").annotate(usd=Sum("amount_usd"))
    for kind, fund, donor, usd in rows:
        for key in (line(kind, fund), line(kind, "")):
            found[key][donor] += usd or ZERO
    return dict(found)


def audited_outside(ledger: Ledger, year: int, until: int) -> Iterator[BridgeRow]:
    """Audited revenue of funds that no donor gives to: it has no bridge, and no other basis."""
    entries = Entry.objects.in_books(ledger).of_kind(Kind.AUDITED_REVENUE).in_year(year)
    entries = entries.filter(posting__sequence__lte=until, fund__in=WITHOUT_DONORS)
    for fund, usd in entries.by_fund().values_list("fund", "amount_usd"):
        link = link_of(Scope(ledger, fund, until=until), [Kind.AUDITED_REVENUE], year)
        yield BridgeRow(year, fund, Kind.AUDITED_REVENUE, usd or ZERO, is_basis=True, link=link)


@dataclass(frozen=True)
class _Maker:
    reading: Reading
    before: pledges.Lines
    scope: Scope
    year: int
    as_at: YearMonth

    def rows(self) -> Iterator[BridgeRow]:
        """From pledged to audited, in the order of the table; lines that are zero left out."""
        hidden = line(Kind.PLEDGE, self.scope.fund) in self.reading.withheld
        yield self._row(Kind.PLEDGE, self._exact(Kind.PLEDGE), is_basis=True, is_withheld=hidden)
        for code in pledges.LINES:
            if usd := self._pledged(code):
                yield self._row(code, usd, is_withheld=True)
        for one in self._bridge().lines:
            yield self._of(one)

    def _bridge(self) -> Bridge:
        return bridge(self.reading, self.scope, self.year, self.as_at)

    def _of(self, one: BridgeLine) -> BridgeRow:
        key = line(one.code, self.scope.fund)
        return self._row(
            one.code, self._exact(one.code), is_basis=one.is_basis,
            is_withheld=key in self.reading.withheld, link=one.link,
        )  # fmt: skip

    def _row(
        self, code: str, usd: Decimal, *, is_basis: bool = False, is_withheld: bool = False,
        link: str = "",
    ) -> BridgeRow:  # fmt: skip
        found = link or (self._link(code) if is_basis and usd else "")
        return BridgeRow(self.year, self.scope.fund, code, usd, is_basis, is_withheld, found)

    def _link(self, code: str) -> str:
        last = self.as_at if code == Kind.RECEIPT else YearMonth(self.year, 12)
        return self.scope.link([code], YearMonth(self.year, 1), last)

    def _exact(self, code: str) -> Decimal:
        """As it is, withheld or not."""
        return sum(self.reading.amounts.get(line(code, self.scope.fund), {}).values(), ZERO)

    def _pledged(self, code: str) -> Decimal:
        parts = self.before.get(code, {}).items()
        return sum((usd for (fund, _donor), usd in parts if fund == self.scope.fund), ZERO)

    def checks(self) -> Iterator[Check]:
        """Whether each part of the bridge comes out at its far end, to the cent."""
        found = self._bridge()
        agreed = sum(map(self._pledged, pledges.LINES), self._exact(Kind.PLEDGE))
        yield self._check(Kind.PLEDGE, Kind.AGREEMENT, agreed)
        due = self._sum(Kind.AGREEMENT, found.to_due)
        yield self._check(Kind.AGREEMENT, Kind.DUE, due)
        received = self._sum(Kind.DUE, found.to_received)
        yield self._check(Kind.DUE, Kind.RECEIPT, received)
        if found.audited:
            audited = self._sum(Kind.RECEIPT, found.to_audited)
            yield self._check(Kind.RECEIPT, Kind.AUDITED_REVENUE, audited)

    def _sum(self, start: str, lines: Iterable[BridgeLine]) -> Decimal:
        return sum((self._exact(one.code) for one in lines), self._exact(start))

    def _check(self, start: Kind, end: Kind, left: Decimal) -> Check:
        return Check(
            f"bridge_{start.value}_{end.value}", left, self._exact(end), year=self.year,
            fund=self.scope.fund, link=link_of(self.scope, [start, end], self.year),
        )  # fmt: skip
