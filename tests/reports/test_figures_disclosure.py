"""Which sums the Board may see: none that gives away a single donor, also not by subtraction."""

from decimal import Decimal

import pytest

from reports.figures.disclosure import Cells, may_be_shown


def of(*amounts):
    return {number: Decimal(usd) for number, usd in enumerate(amounts)}


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        ((), True),
        ((0, 0), True),
        ((5,), False),
        ((5, 5), False),
        ((5, 5, 5), True),
        ((85, 10, 5), False),
        ((84, 11, 5), True),
        ((-85, 10, 5), False),
        ((50, 50, 0), False),
    ],
)
def test_three_donors_and_none_with_85_per_cent(amounts, shown):
    assert may_be_shown(of(*amounts)) is shown


def test_money_that_nobody_is_named_for_is_no_donor():
    assert not may_be_shown({None: Decimal(100), 1: Decimal(5), 2: Decimal(5)})


def total(*funds):
    added = {}
    for by_donor in funds:
        for donor, usd in by_donor.items():
            added[donor] = added.get(donor, Decimal(0)) + usd
    return added


def withheld(public=(), **funds):
    amounts = {**funds, "total": total(*funds.values())}
    equation = [*((name, 1) for name in funds), ("total", -1)]
    return Cells(amounts, [equation], frozenset(public)).withheld()


def test_a_withheld_sum_does_not_follow_from_the_total():
    """FE has one donor: without a second withheld fund it would be total less FNE less TC."""
    assert withheld(FE=of(7), FNE=of(100, 100, 100), TC=of(10, 10, 10)) == {"FE", "TC"}


def test_two_withheld_sums_together_must_be_allowed_too():
    """FE and TC have a donor each: their sum, which the rest gives away, has only two."""
    one, other = {1: Decimal(7)}, {2: Decimal(8)}
    assert withheld(FE=one, TC=other, FNE=of(90, 91, 92)) == {"FE", "TC", "FNE"}


def test_where_no_fund_is_left_the_total_is_withheld():
    one, other = {1: Decimal(7)}, {2: Decimal(8)}
    assert withheld(FE=one, TC=other) == {"FE", "TC", "total"}


def test_what_may_be_shown_is_shown():
    assert withheld(FE=of(3, 3, 3), FNE=of(4, 4, 4)) == set()


def test_what_is_wanted_is_withheld_last():
    amounts = {"small": of(7), "wanted": of(10, 10, 10), "other": of(50, 50, 50)}
    equation = [(name, 1) for name in amounts]
    assert Cells(amounts, [equation]).withheld() == {"small", "wanted"}
    kept = Cells(amounts, [equation], wanted=frozenset({"wanted"}))
    assert kept.withheld() == {"small", "other"}


def test_public_sums_are_never_withheld():
    amounts = {"agreed": of(9), "line": of(-9), "received": of(5)}
    cells = Cells(amounts, [[("agreed", 1), ("line", 1)]], frozenset({"received"}))
    assert cells.withheld() == {"agreed", "line"}


def test_a_sum_that_a_second_table_would_give_away_is_withheld_there_too():
    """A line of one fund is withheld; so is that of another, and the chain ends safely."""
    row = {"a": of(5), "b": of(50, 50, 50), "sum": total(of(5), of(50, 50, 50))}
    twin = {"b2": of(50, 50, 50), "c2": of(60, 60, 60)}
    equations = [[("a", 1), ("b", 1), ("sum", -1)], [("b", 1), ("b2", -1)], [("c2", 1)]]
    assert Cells({**row, **twin}, equations).withheld() == {"a", "b", "b2"}
