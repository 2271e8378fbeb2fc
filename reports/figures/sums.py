"""The monthly sums of the books, indexed the ways a page asks for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from income.models import Ledger
from income.narrow import ALL, Narrow
from income.periods import YearMonth
from income.totals import MonthSum, Span, monthly_sums
from income.vocabulary import Kind, Mode
from income.yearly import yearly_sums, years_without_totals
from reports.figures import links
from reports.figures.provenance import Basis

REGULAR_BUDGET, NON_EARMARKED, UNSPLIT, SUPPORT, OTHER = "RB", "FNE", "EARMARKED", "PS", "OTHER"
EARMARKED_FUNDS = (UNSPLIT, "FE", "TC")
CORE_FUNDS = (REGULAR_BUDGET, NON_EARMARKED)
VOLUNTARY_FUNDS = (NON_EARMARKED, *EARMARKED_FUNDS)
TOTAL_FUNDS = (REGULAR_BUDGET, *VOLUNTARY_FUNDS)  # other revenue stands outside the total
INCOME_FUNDS = (*TOTAL_FUNDS, OTHER)
SHOWN_FUNDS = frozenset((*INCOME_FUNDS, SUPPORT))
SPLIT_FUNDS = frozenset(EARMARKED_FUNDS) - {UNSPLIT}
_KIND_OF = {
    Basis.AUDITED: Kind.AUDITED_REVENUE, Basis.DUE: Kind.DUE, Basis.AGREED: Kind.AGREEMENT,
}  # fmt: skip
ZERO = Decimal(0)
Key = TypeVar("Key")


def kind_of(basis: Basis, fund: str) -> str:
    """The one kind that is income of a fund on a basis: the regular budget is allotted."""
    if fund == SUPPORT:
        return Kind.PROGRAMME_SUPPORT
    if basis is not Basis.RECEIVED:
        return _KIND_OF[basis]
    return Kind.ALLOTMENT if fund == REGULAR_BUDGET else Kind.RECEIPT


def kinds_of(basis: Basis) -> tuple[str, ...]:
    """The kinds whose entries are income on a basis."""
    if basis is not Basis.RECEIVED:
        return (_KIND_OF[basis],)
    return (Kind.RECEIPT, Kind.ALLOTMENT)


def total_of(basis: Basis) -> tuple[str, ...]:
    """The funds of the total: nobody promises the regular budget, which is allotted."""
    return VOLUNTARY_FUNDS if basis.is_promise else TOTAL_FUNDS


def mode_of(basis: Basis) -> str:
    """The mode that sums on a basis hold: cash, or every mode (empty) for audited revenue."""
    return "" if basis is Basis.AUDITED else Mode.CASH.value


def months(first: YearMonth, last: YearMonth) -> Iterator[YearMonth]:
    """Every month from the first to the last."""
    month = first
    while month <= last:
        yield month
        month = month.next


@lru_cache(maxsize=4096)
def month_keys(first: YearMonth, last: YearMonth) -> tuple[int, ...]:
    """The same as the keys of sums by month."""
    return tuple(month.key for month in months(first, last))


@dataclass(frozen=True)
class Sums:
    """US dollars by fund and month of one basis in one ledger; knows where the books begin."""

    books: str
    basis: Basis
    begins: YearMonth | None
    by_fund: dict[tuple[str, int], Decimal]
    by_region: dict[tuple[str | None, str, int], Decimal]  # region, fund, month
    in_kind: dict[tuple[str, int], Decimal]  # not cash: inside `by_fund` for audited revenue only
    uncounted: dict[tuple[str, str, int], Decimal]  # kind, fund, month: on no line of the table
    without_totals: frozenset[int] = frozenset()  # years of which only named donors are known
    narrow: Narrow = ALL

    @classmethod
    def read(
        cls, ledger: Ledger, basis: Basis, span: Span | None, first: YearMonth, last: YearMonth,
        narrow: Narrow = ALL,
    ) -> "Sums":  # fmt: skip
        """From the rollups, or from entries where `narrow` asks for a part or an earlier state.

        One query; `span` is what the books hold on this basis.
        """
        kinds = (*kinds_of(basis), Kind.PROGRAMME_SUPPORT)
        cells = monthly_sums(ledger, kinds, first, last, narrow)
        partial: frozenset[int] = frozenset()
        if basis is Basis.AUDITED:
            partial = years_without_totals(yearly_sums(ledger, Kind.AUDITED_REVENUE))
        begins = span[0] if span else None
        return cls(ledger.code, basis, begins, *_indexed(basis, cells), partial, narrow)

    def of(self, funds: Iterable[str], first: YearMonth, last: YearMonth) -> Decimal:
        """US dollars of the funds over the months."""
        wanted = month_keys(first, last)
        return sum(
            (self.by_fund.get((fund, month), ZERO) for fund in funds for month in wanted), ZERO
        )

    def reported(self, funds: Iterable[str], first: YearMonth, last: YearMonth) -> Decimal | None:
        """The same, but None where the books say nothing, which is not zero.

        Books of receipts say nothing before they begin. Audited revenue and programme support
        income come as yearly facts: a fund without any entry was not reported, and neither was a
        year of which only named donors are known. A fund that earmarked money is split into is
        not reported where all of that money is not split.
        """
        funds = tuple(funds)
        if self.without_totals & set(range(first.year, last.year + 1)):
            return None
        if self._is_not_split(funds, first, last):
            return None
        by_facts = self.basis is Basis.AUDITED or funds == (SUPPORT,)
        if by_facts and not self._has(funds, first, last):
            return None
        if not by_facts and (self.begins is None or self.begins.year > first.year):
            return None
        return self.of(funds, first, last)

    @property
    def mode(self) -> str:
        """What is received is counted in cash; audited revenue as it was published."""
        return mode_of(self.basis)

    def not_cash(self, first: YearMonth, last: YearMonth) -> Decimal:
        """US dollars of income in kind and of personnel, over the months."""
        wanted = set(month_keys(first, last))
        cells = self.in_kind.items()
        return sum((u for (f, m), u in cells if m in wanted and f in INCOME_FUNDS), ZERO)

    def holds(self, first: YearMonth, last: YearMonth) -> bool:
        """Whether the books hold anything of the months, in whichever fund."""
        return any(first.key <= month <= last.key for _fund, month in self.by_fund)

    def _is_not_split(self, funds: tuple[str, ...], first: YearMonth, last: YearMonth) -> bool:
        is_part = set(funds) <= SPLIT_FUNDS and not self._has(funds, first, last)
        return is_part and bool(self.of((UNSPLIT,), first, last))

    def _has(self, funds: tuple[str, ...], first: YearMonth, last: YearMonth) -> bool:
        wanted = month_keys(first, last)
        return any((fund, month) in self.by_fund for fund in funds for month in wanted)

    def of_region(self, region: str | None, first: YearMonth, last: YearMonth) -> Decimal:
        """US dollars of the total's funds allocated to the region (None: not allocated)."""
        return sum(self._region_by_fund(region, first, last).values(), ZERO)

    def region_link(self, region: str | None, first: YearMonth, last: YearMonth) -> str:
        """The entries behind `of_region`: its funds that are not zero, and their kinds."""
        funds = [fund for fund, usd in self._region_by_fund(region, first, last).items() if usd]
        return self.link(funds, first, last, region=region or links.NONE)

    def _region_by_fund(
        self, region: str | None, first: YearMonth, last: YearMonth
    ) -> dict[str, Decimal]:
        return {
            fund: sum(
                (self.by_region.get((region, fund, m), ZERO) for m in month_keys(first, last)),
                ZERO,
            )
            for fund in TOTAL_FUNDS
        }

    def link(
        self,
        funds: Iterable[str],
        first: YearMonth,
        last: YearMonth,
        *,
        donor: str = "",
        region: str = "",
        mode: str = "",
        donors: str = "",
        donor_type: str = "",
        level: str = "",
        **purpose: str,
    ) -> str:
        """The entries behind a sum over the funds and months; empty when there is nothing.

        `purpose` are names of `income.purpose`; what the sums are narrowed to is part of it.
        """
        funds = tuple(funds)
        kinds = tuple(dict.fromkeys(kind_of(self.basis, fund) for fund in funds))
        if not funds:
            return ""
        asked = {"donor": donor, "region": region, "mode": mode or self.mode, "donors": donors,
                 "donor_type": donor_type, "level": level}  # fmt: skip
        asked |= {name: value for name, value in self.narrow.address.items() if not asked.get(name)}
        return links.entries(self.books, kinds, funds, first, last, narrow={**asked, **purpose})


def _indexed(
    basis: Basis, cells: Iterable[MonthSum]
) -> tuple[
    dict[tuple[str, int], Decimal],
    dict[tuple[str | None, str, int], Decimal],
    dict[tuple[str, int], Decimal],
    dict[tuple[str, str, int], Decimal],
]:
    by_fund: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    by_region: dict[tuple[str | None, str, int], Decimal] = defaultdict(Decimal)
    in_kind: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    uncounted: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
    for cell in cells:
        if cell.kind != kind_of(basis, cell.fund) or cell.fund not in SHOWN_FUNDS:
            uncounted[cell.kind, cell.fund, cell.month] += cell.amount_usd
            continue
        if cell.mode != Mode.CASH:
            in_kind[cell.fund, cell.month] += cell.amount_usd
            if mode_of(basis) == Mode.CASH:
                continue  # kept out of every sum, and told in a line of its own
        by_fund[cell.fund, cell.month] += cell.amount_usd
        by_region[cell.region, cell.fund, cell.month] += cell.amount_usd
    # What was reversed as a whole is as if it had never been there.
    return _not_zero(by_fund), _not_zero(by_region), _not_zero(in_kind), _not_zero(uncounted)


def _not_zero(cells: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    return {key: usd for key, usd in cells.items() if usd}
