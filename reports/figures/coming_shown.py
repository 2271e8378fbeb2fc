"""Which sums of promises a reader may see who does not see the promises themselves.

Of an earlier month or state of the books none: two of them side by side would give an agreement
away. What the pages of the three bases and of what is outstanding tell counts as told here too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from reports.figures.coming import Coming
from reports.figures.disclosure import ByDonor, Cells, may_be_shown
from reports.figures.dues import (
    AFTER,
    AHEAD,
    BEFORE,
    BEYOND,
    CAME,
    DUE,
    LATER,
    LEFT,
    OVERDUE,
    OWED,
    UNPAID,
    UNSIGNED,
    WHOLE,
    YEAR,
)
from reports.figures.sums import EARMARKED_FUNDS, TOTAL_FUNDS, VOLUNTARY_FUNDS

Key = tuple[str, str]  # what is summed, and of which fund or row of the fund table

PUBLIC = (CAME, AHEAD)  # received: the Board sees it entry by entry
ELSEWHERE = (YEAR, UNPAID, OWED)  # told by another page, where it gives nobody away
MEASURES = (
    DUE, LATER, WHOLE, CAME, AHEAD, UNPAID, OVERDUE, BEFORE, LEFT, BEYOND, YEAR, UNSIGNED, OWED,
    AFTER,
)  # fmt: skip
_WANTED = (DUE, LATER, OVERDUE, LEFT, BEYOND)  # the others stand on no page by themselves
# The rows that sums may stand in, whatever a page shows of them: the same are withheld everywhere.
ROWS: Mapping[str, Sequence[str]] = {
    **{fund: (fund,) for fund in TOTAL_FUNDS},
    "FE_TC": EARMARKED_FUNDS,
    "VOLUNTARY": VOLUNTARY_FUNDS,
    "TOTAL": TOTAL_FUNDS,
}
# How the sums of one fund or row follow from each other.
_ADD = (
    ((DUE, 1), (LATER, 1), (WHOLE, -1)),
    ((CAME, 1), (UNPAID, 1), (DUE, -1)),
    ((BEFORE, 1), (UNPAID, 1), (OVERDUE, -1)),
    ((AHEAD, 1), (LEFT, 1), (LATER, -1)),
    ((DUE, 1), (LATER, 1), (UNSIGNED, 1), (YEAR, -1)),
    ((OVERDUE, 1), (LEFT, 1), (BEYOND, 1), (AFTER, 1), (OWED, -1)),
)


def measured(coming: Coming, measure: str, funds: Iterable[str]) -> Decimal:
    """The sum of a measure over the instalments of the funds, US dollars."""
    found = (coming.cells.get((measure, fund), {}) for fund in set(funds))
    return sum((usd for cell in found for usd in cell.values()), Decimal(0))


def withheld(coming: Coming) -> frozenset[Key]:
    """The sums that are not shown; none are withheld from staff."""
    if coming.sees_promises:
        return frozenset()
    amounts: dict[Key, dict[int | None, Decimal]] = {}
    for (measure, fund), by_donor in coming.cells.items():
        by_family = _by_family(coming, by_donor.items())
        for code in (code for code, row in ROWS.items() if fund in row):
            cell = amounts.setdefault((measure, code), defaultdict(Decimal))
            for family, usd in by_family.items():
                cell[family] += usd
    if coming.is_beside:
        return frozenset(
            k for k, cell in amounts.items() if k[0] not in PUBLIC and any(cell.values())
        )
    equations = [
        tuple(((measure, code), sign) for measure, sign in equation)
        for equation in _ADD
        for code in ROWS
    ]
    equations += [
        (*(((measure, fund), 1) for fund in row), ((measure, code), -1))
        for measure in MEASURES
        for code, row in ROWS.items()
        if len(row) > 1
    ]
    inside = [[(key, sign) for key, sign in one if key in amounts] for one in equations]
    public = frozenset(key for key, cell in amounts.items() if _is_told(key, cell))
    wanted = frozenset(key for key in amounts if key[0] in _WANTED)
    return Cells(amounts, inside, public, wanted).withheld()


def _is_told(key: Key, by_donor: ByDonor) -> bool:
    """Whether the sum stands on another page."""
    is_there = key[0] in ELSEWHERE or key == (OVERDUE, "TOTAL")
    return key[0] in PUBLIC or (is_there and may_be_shown(by_donor))


def prospects_shown(coming: Coming, fund: str, *, in_year: bool) -> bool:
    """Whether the prospects of a fund, in the year or after it, may enter a reader's figures."""
    if coming.sees_promises:
        return True
    found = [
        one
        for one in coming.prospects
        if one.fund == fund and (one.expected_on.year == coming.as_at.year) is in_year
    ]
    if found and coming.is_beside:
        return False
    return all(
        may_be_shown(_by_family(coming, amounts))
        for amounts in (
            [(one.donor, one.amount_usd) for one in found],
            [(one.donor, one.weighted_usd) for one in found],
            [(one.donor, one.amount_usd - one.weighted_usd) for one in found],
        )
    )


def _by_family(coming: Coming, amounts: Iterable[tuple[int | None, Decimal]]) -> ByDonor:
    cell: dict[int | None, Decimal] = defaultdict(Decimal)
    for donor, usd in amounts:
        cell[coming.above.get(donor)] += usd
    return cell


def then_shown(coming: Coming, fund: str, year: int) -> bool:
    """Whether what was still to come in an earlier year may enter a reader's figures."""
    found = coming.then.get((year, fund), {})
    if coming.sees_promises or not any(found.values()):
        return True
    return not coming.is_beside and may_be_shown(_by_family(coming, found.items()))
