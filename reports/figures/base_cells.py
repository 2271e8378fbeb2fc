"""The cells of the three bases and of their bridge, and which of them are withheld."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from income.periods import YearMonth
from income.vocabulary import Kind, Mode, Reason
from reports.figures import agreement_lines as agreed
from reports.figures import settlement as settled
from reports.figures.disclosure import Cells, families
from reports.figures.scope import Scope
from reports.figures.settlement import Parts

ZERO = Decimal(0)
TOTAL = ""
Key = tuple[str, str, str]  # kind or line, mode, fund (empty: all of them)
ByDonor = Mapping[int | None, Decimal]
RETURNED = tuple(reason.value for reason in Reason if reason is not Reason.ORDINARY)
TO_DUE = agreed.LINES
TO_RECEIVED = (*settled.LINES, *RETURNED)
TO_AUDITED = agreed.AUDITED_LINES
# What the Board sees entry by entry anyway.
OPEN = frozenset((Kind.RECEIPT.value, Kind.AUDITED_REVENUE.value, *RETURNED, agreed.IN_KIND))


@dataclass(frozen=True)
class Reading:
    """US dollars by cell and donor, as they are, and the cells that are not shown."""

    amounts: Mapping[Key, ByDonor]
    withheld: frozenset[Key]
    withholds: bool  # whether the rule of disclosure was applied

    def shown(self, key: Key) -> Decimal | None:
        """The sum of a cell, None where it is withheld."""
        if key in self.withheld:
            return None
        return sum(self.amounts.get(key, {}).values(), ZERO)


def line(code: str, fund: str) -> Key:
    """The key of a line of the bridge; the bridge is in cash."""
    return code, Mode.CASH, fund


def read_cells(
    scope: Scope, year: int, as_at: YearMonth, sums: Mapping[Key, ByDonor], *, withholds: bool
) -> Reading:
    """The sums of the bases (`sums`) with every line of the bridge; six queries."""
    amounts = {key: dict(by_donor) for key, by_donor in sums.items()}
    _add(amounts, agreed.agreement_lines(scope, year))
    _add(amounts, settled.settlement_lines(scope, year, as_at.last_day))
    _add(amounts, agreed.audited_lines(scope, year, as_at.last_day))
    published = agreed.audited(scope, year)
    _add(amounts, {Kind.AUDITED_REVENUE: published})
    if published:
        _add(amounts, {agreed.REMAINDER: _remainder(amounts)})
    withheld = _cells(amounts).withheld() if withholds else frozenset()
    return Reading(amounts, withheld, withholds)


def _add(amounts: dict[Key, dict[int | None, Decimal]], lines: Mapping[str, Parts]) -> None:
    for code, parts in lines.items():
        for (fund, donor), usd in parts.items():
            for key in (line(code, fund), line(code, TOTAL)):
                cell = amounts.setdefault(key, {})
                cell[donor] = cell.get(donor, ZERO) + usd


def _remainder(amounts: Mapping[Key, ByDonor]) -> Parts:
    """Audited revenue less all that the books explain of it, fund by fund.

    The only line that is what is left of the others, and its label says so.
    """
    left: Parts = defaultdict(Decimal)
    explained = (Kind.RECEIPT, *(code for code in TO_AUDITED if code != agreed.REMAINDER))
    signs = [(Kind.AUDITED_REVENUE, 1), *((code, -1) for code in explained)]
    for code, sign in signs:
        for (name, mode, fund), by_donor in amounts.items():
            if name == code and fund != TOTAL and mode == Mode.CASH:
                for donor, usd in by_donor.items():
                    left[fund, donor] += sign * usd
    return left


def _cells(amounts: Mapping[Key, ByDonor]) -> Cells:
    """Sums as the rule of disclosure reads them: families instead of donors."""
    above = families({donor for by_donor in amounts.values() for donor in by_donor})
    counted: dict[Key, dict[int | None, Decimal]] = {}
    for key, by_donor in amounts.items():
        cell = counted.setdefault(key, defaultdict(Decimal))
        for donor, usd in by_donor.items():
            cell[above.get(donor)] += usd
    public = frozenset(key for key in amounts if key[0] in OPEN)
    ends = frozenset(key for key in amounts if key[0] in (Kind.AGREEMENT, Kind.DUE))
    return Cells(counted, tuple(_equations(amounts)), public, wanted=ends)


def _equations(amounts: Mapping[Key, ByDonor]) -> Iterable[tuple[tuple[Key, int], ...]]:
    """How cells add up: funds to their total, and the lines of each bridge to its ends."""
    codes = {(code, mode) for code, mode, _fund in amounts}
    funds = sorted({fund for _code, _mode, fund in amounts if fund != TOTAL})
    for code, mode in sorted(codes):
        parts = [((code, mode, fund), 1) for fund in funds if (code, mode, fund) in amounts]
        yield (*parts, ((code, mode, TOTAL), -1))
    ends = (
        (Kind.AGREEMENT, TO_DUE, Kind.DUE),
        (Kind.DUE, TO_RECEIVED, Kind.RECEIPT),
        (Kind.RECEIPT, TO_AUDITED, Kind.AUDITED_REVENUE),
    )
    for fund in (*funds, TOTAL):
        for first, lines, last in ends:
            inside = [(line(code, fund), 1) for code in (first, *lines)]
            yield tuple(
                (key, sign) for key, sign in [*inside, (line(last, fund), -1)] if key in amounts
            )
