"""Eight million US dollars over four years, of which one instalment came late.

Germany signs on 1 February 2019: four instalments of 2,000,000, due on 31 March of each year. The
one of 2020 arrives on 14 January 2021; the others arrive on the day they are due.

    year      agreed        due   received   from due to received
    2019   8,000,000  2,000,000  2,000,000
    2020           0  2,000,000          0   2,000,000 not received in its year
    2021           0  2,000,000  4,000,000   2,000,000 due earlier, received now
    2022           0  2,000,000  2,000,000
    all    8,000,000  8,000,000  8,000,000

From agreed to due: 2019 has 8,000,000 less 6,000,000 that fall due later; each later year has
2,000,000 that were agreed earlier.
"""

import datetime

import pytest

from income.balances import instalment_states
from income.ledger.verification import problems
from tests.examples.worked import adds_up, lines, of_year, receive, sign, three

YEARS = (2019, 2020, 2021, 2022)
M2 = "2000000.00"


@pytest.fixture
def agreement(ledger, actors):
    schedule = [(datetime.date(year, 3, 31), M2) for year in YEARS]
    signed = sign(ledger, actors, datetime.date(2019, 2, 1), schedule)
    days = [datetime.date(2019, 3, 31), datetime.date(2021, 1, 14),
            datetime.date(2021, 3, 31), datetime.date(2022, 3, 31)]  # fmt: skip
    for number, day in enumerate(days, start=1):
        receive(ledger, actors, signed, day, M2, number)
    return signed


EXPECTED = {
    2019: ["8,000,000", "2,000,000", "2,000,000"],
    2020: ["0", "2,000,000", "0"],
    2021: ["0", "2,000,000", "4,000,000"],
    2022: ["0", "2,000,000", "2,000,000"],
}


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_its_three_bases(ledger, agreement, year):
    assert three(of_year(ledger, year)) == EXPECTED[year]


@pytest.mark.parametrize("year", YEARS)
def test_the_books_the_donor_and_the_agreement_say_the_same(ledger, agreement, year):
    whole = of_year(ledger, year)
    assert three(of_year(ledger, year, donor=agreement.donor)) == three(whole)
    assert three(of_year(ledger, year, contribution=agreement)) == three(whole)
    assert adds_up(whole)


def test_what_was_agreed_in_2019_falls_due_mostly_later(ledger, agreement):
    assert lines(of_year(ledger, 2019)) == [
        ("agreement", "8,000,000"), ("agreed_due_later", "-6,000,000"), ("due", "2,000,000"),
        ("receipt", "2,000,000"),
    ]  # fmt: skip


def test_the_late_instalment_stands_in_both_years(ledger, agreement):
    assert lines(of_year(ledger, 2020)) == [
        ("agreement", "0"), ("due_agreed_earlier", "2,000,000"), ("due", "2,000,000"),
        ("not_received", "-2,000,000"), ("receipt", "0"),
    ]  # fmt: skip
    assert lines(of_year(ledger, 2021)) == [
        ("agreement", "0"), ("due_agreed_earlier", "2,000,000"), ("due", "2,000,000"),
        ("due_earlier", "2,000,000"), ("receipt", "4,000,000"),
    ]  # fmt: skip


def test_the_money_that_came_late_is_for_2020_and_a_note_says_so(ledger, agreement):
    found = of_year(ledger, 2021).years_for
    told = {
        (row.year_for, came): cell.amount_usd
        for row in found.rows
        for came, cell in zip(found.came, row.cells, strict=True)
        if cell.amount_usd
    }
    assert told == {(2020, 2021): 2_000_000, (2021, 2021): 2_000_000}
    [note] = found.notes
    assert "2,000,000" in note
    assert "2020" in note


def test_nothing_is_outstanding_and_the_books_are_sound(ledger, agreement):
    assert [state.outstanding for state in instalment_states(agreement)] == [0, 0, 0, 0]
    assert list(problems(ledger)) == []
