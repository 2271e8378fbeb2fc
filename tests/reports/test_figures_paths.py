"""Earlier years beside the year, targets that are refused, promises, and the period's path."""

from decimal import Decimal

import pytest

from reports.tables.board import fund_table, line_table
from reports.tables.forecast import path_table
from reports.tables.strategy import period_table
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import received
from tests.reports.looking_ahead import ask_as, four_instalments, million, paid

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def test_each_earlier_year_asked_for_stands_beside_at_the_same_date(books):
    factories.posting(books, received("0.7", "FNE", "SWE", "2019-01-02"))
    row = ask_as(books, as_at="2021-06", years="3").funds.row("FNE")
    assert [(one.year, one.amount_usd) for one in row.before] == [
        (2020, million("1.0")), (2019, million("0.7")), (2018, None),
    ]  # fmt: skip
    assert (row.last_year_usd, row.last_year_link) == (million("1.0"), row.before[0].link)


def test_the_table_has_a_column_for_each_and_each_casts_or_says_why_not(books):
    factories.posting(
        books, received("0.04", "FNE", "SWE", "2020-01-02"),
        received("0.04", "TC", "SWE", "2020-01-02"),
    )  # fmt: skip
    answer = ask_as(books, as_at="2021-12", years="2")
    table = fund_table(answer)
    assert [column.label for column in table.columns] == [
        "Fund", "Actual", "Target", "Share of target", "Pace", "Gap to target",
        "2020 at the same date", "2019 at the same date",
    ]  # fmt: skip
    assert answer.funds.casts  # this year's money does; last year's 15.0, 1.3, 0.0 and 16.4 do not
    assert "may not add up" in " ".join(table.footnotes)
    exact = fund_table(ask_as(books, as_at="2021-12", years="2", units="exact"))
    assert "may not add up" not in " ".join(exact.footnotes)


def test_a_line_of_one_earlier_year_keeps_its_entries(books):
    line = ask_as(books, as_at="2021-06", years="2").line
    assert [one.year for one in line.before] == [2020]  # the books hold nothing of 2019
    assert line.before[0].amounts[11] == million("16.3")
    assert len(line_table(line, "millions").columns) == 6


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"region": "AFRICA"}, "covers all regions, programmes and donors"),
        ({"group": "C01"}, "covers all regions, programmes and donors"),
        ({"basis": "agreed"}, "counts in full on the day of its signature"),
    ],
)
def test_a_target_is_not_compared_with_what_it_does_not_cover(books, query, sentence):
    contribution = four_instalments(books)
    factories.posting(books, paid(contribution, 1, "1.0", "2021-06-15"))
    agreement = received("4.0", "FE", "EU", "2021-02-01")
    agreement.kind, agreement.programme_support_usd = "agreement", None
    factories.posting(books, agreement)
    answer = ask_as(books, as_at="2021-02", **query)
    for row in (answer.funds.row("FE"), answer.funds.total):
        assert row.progress.percent is None
        assert sentence in row.progress.refused
    rows = [row for one in answer.period.sets for row in one.rows]
    assert rows
    assert all(row.progress.percent is None and row.path is None for row in rows)


def test_promises_leave_the_regular_budget_out_and_name_their_total(books):
    four_instalments(books)
    table = ask_as(books, basis="due", as_at="2021-06").funds
    assert "RB" not in [row.code for row in table.rows]
    assert table.total.name == "Total of voluntary contributions due"
    assert table.total.progress.actual_usd == million("2.0")
    assert table.total.progress.target_usd == million("205.9")  # 10.0, 43.3 and 152.6
    with_assessed, _of_voluntary = ask_as(books, basis="due", as_at="2021-06").core
    assert (with_assessed.core_usd, with_assessed.whole_usd, with_assessed.percent) == (
        None, None, None,
    )  # fmt: skip


def test_the_path_of_a_period_without_annual_targets_is_called_arithmetic(books):
    period = ask_as(books, as_at="2021-12").period
    restated = next(one for one in period.sets if one.code == "RESTATED-2022")
    path = next(row for row in restated.rows if row.name == "Regular budget").path
    assert [(one.year, one.actual_usd, one.target_usd) for one in path.years] == [
        (2020, million("15.0"), million("15.0")),
        (2021, million("29.2"), million("30.0")),
        (2022, None, million("45.0")),
        (2023, None, million("60.0")),
    ]
    assert not path.is_printed
    table = path_table(restated, "millions")
    assert table.rows[1].cells[4].text == "0.8"
    assert "Arithmetic only" in table.footnotes[0]


def test_a_gap_that_does_not_cast_as_printed_says_why_not(books):
    def footnotes(units):
        period = ask_as(books, as_at="2021-12", units=units).period
        restated = next(one for one in period.sets if one.code == "RESTATED-2022")
        table = path_table(restated, units)
        return " ".join([*table.footnotes, *period_table(restated, units).footnotes])

    assert "may not add up" not in footnotes("millions")
    factories.posting(books, hand_made.allotted("0.05", "2021-02-01"))  # 29.25, 0.75 and 30.0
    assert footnotes("millions").count("may not add up") == 2
    assert "may not add up" not in footnotes("exact")


def test_the_path_of_a_set_with_annual_targets_is_theirs(books):
    chosen = factories.target_set(from_year=2020, to_year=2023)
    scope = factories.scope()
    scope.funds.set(["RB"])
    parts = {"target_set": chosen, "scope": scope}
    factories.annual_target(**parts, from_year=2020, to_year=2023, amount_usd=million("60"))
    for year, usd in ((2020, "12"), (2021, "14"), (2022, "16"), (2023, "18")):
        factories.annual_target(**parts, from_year=year, to_year=year, amount_usd=million(usd))
    period = ask_as(books, as_at="2021-12").period
    row = next(one for one in period.sets if one.code == chosen.code).rows[0]
    assert row.path.is_printed
    assert [one.target_usd / 1_000_000 for one in row.path.years] == [
        Decimal(12), Decimal(26), Decimal(42), Decimal(60),
    ]  # fmt: skip
