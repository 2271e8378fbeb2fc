"""Where the money is heading, and how far that would have been off; figures worked out by hand."""

from decimal import Decimal

import pytest

from income.entry_filter import EntryFilter
from income.models import Entry
from reports.charts.board import line_chart
from reports.figures.coming import read_coming
from reports.figures.question import parse
from reports.plain import plain
from reports.sheets import forecast as sheets_forecast
from reports.tables.board import line_table
from reports.tables.forecast import backtest_tables, forecast_tables, outcome_table
from reports.views.forecast_context import forecast_context
from tests import factories
from tests.reports.hand_made import TODAY, query_of, received
from tests.reports.looking_ahead import (
    agreed,
    ask_as,
    december_payers,
    four_instalments,
    hoped_for,
    million,
    paid,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def books(ledger):
    """A quarter of four paid, in June; 2.0 million hoped for in November at 50 per cent."""
    contribution = four_instalments(ledger)
    factories.posting(ledger, paid(contribution, 1, "1.0", "2021-06-15"))
    hoped_for(ledger, "JPN", "2.0", 50, "2021-11-05")
    return ledger


def bands(row):
    return row.band.low_usd, row.band.mid_usd, row.band.high_usd


def test_instalments_and_prospects_make_a_band(books):
    """1.0 received, one million overdue, two still to fall due, 2.0 hoped for."""
    answer = ask_as(books, as_at="2021-06")
    fund = answer.forecast.year.row("FE")
    assert (fund.received_usd, fund.dues_usd) == (million("1.0"), million("3.0"))
    assert (fund.weighted_usd, fund.prospects_usd) == (million("1.0"), million("2.0"))
    assert bands(fund) == (million("4.0"), million("5.0"), million("6.0"))
    assert bands(answer.forecast.year.total) == (million("4.0"), million("5.0"), million("6.0"))
    headline = answer.headline.replace("\u00a0", " ")
    assert headline.endswith(
        "hoped for; instalments are paid behind schedule. Without agreements still to be made, "
        "US$ 4.0 million to US$ 6.0 million would be there by 31 December 2021, short of the "
        "target."
    )


def test_what_is_overdue_is_still_to_come_and_what_was_paid_ahead_is_not(ledger):
    contribution = agreed(
        ledger, "EU", "2020-02-01", ("2020-06-30", "1.0"), ("2021-06-30", "2.0"),
        ("2021-12-31", "4.0"),
    )  # fmt: skip
    factories.posting(ledger, paid(contribution, 3, "0.5", "2021-06-30"))
    fund = ask_as(ledger, as_at="2021-06").forecast.year.row("FE")
    assert fund.dues_usd == million("6.5")  # 1.0 and 2.0 overdue, 3.5 of the last


def test_the_low_counts_the_part_of_money_due_that_came_in_its_year(ledger):
    """Of 4.0 million due in 2020, 3.0 came in 2020: three quarters of the 2.0 due in 2021."""
    contribution = agreed(
        ledger, "EU", "2020-01-05", ("2020-03-31", "3.0"), ("2020-09-30", "1.0"),
        ("2021-09-30", "2.0"),
    )  # fmt: skip
    factories.posting(
        ledger, received("1.0", "FNE", "SWE", "2020-01-10"),
        paid(contribution, 1, "3.0", "2020-04-02"), paid(contribution, 2, "1.0", "2021-01-20"),
    )  # fmt: skip
    forecast = ask_as(ledger, as_at="2021-01").forecast
    assert bands(forecast.year.row("FE")) == (million("2.5"), million("3.0"), million("3.0"))
    assert "75 per cent of the instalments" in " ".join(forecast.notes).replace("\u00a0", " ")


def test_a_season_widens_the_band(ledger):
    """1.0 million by March, when 5, 10 and 15 per cent had come: 6.67 to 20, 10 on average."""
    december_payers(ledger)
    fund = ask_as(ledger, as_at="2021-03").forecast.year.row("FNE")
    season = fund.by_season
    assert (season.low_usd, season.mid_usd, season.high_usd) == (
        Decimal("6666666.67"), million("10"), million("20"),
    )  # fmt: skip
    # What is known is the million received; the middle lies half-way between 1.0 and 10.0.
    assert bands(fund) == (million("1.0"), million("5.5"), million("20"))


def test_to_the_end_of_the_period_comes_what_was_before_and_what_falls_due_after(books):
    factories.posting(books, received("7.0", "FE", "DEU", "2020-01-05"))
    agreed(books, "SWE", "2021-03-01", ("2022-05-01", "0.5"), ("2024-05-01", "9.0"))
    hoped_for(books, "NOR", "1.0", 10, "2023-02-01")
    answer = ask_as(books, as_at="2021-06")
    period = answer.forecast.period
    assert period.until.slug == "2023-12"
    assert bands(period.row("FE")) == (million("11.5"), million("12.6"), million("14.5"))
    assert forecast_tables(answer)[1].caption == "Forecast to 31 December 2023"


def test_prospects_are_left_out_where_the_books_go_on_after_the_month(books):
    factories.posting(books, received("0.1", "FNE", "SWE", "2021-08-01"))
    forecast = ask_as(books, as_at="2021-06").forecast
    assert forecast.year.row("FE").prospects_usd == 0
    assert "What was hoped for then is not known" in " ".join(forecast.notes)


def test_what_was_not_signed_by_the_month_is_not_known_then(books):
    agreed(books, "SWE", "2021-07-01", ("2021-08-01", "5.0"))
    assert ask_as(books, as_at="2021-06").forecast.year.row("FE").dues_usd == million("3.0")


def test_a_prospect_without_a_rate_is_counted_in_no_sum_and_told(books):
    currency = factories.currency()
    hoped_for(books, "SWE", "5.0", 50, "2021-10-01", currency_id=currency.code)
    forecast = ask_as(books, as_at="2021-06").forecast
    assert forecast.year.row("FE").prospects_usd == million("2.0")
    assert "1 prospect is in a currency without a rate" in " ".join(forecast.notes)


def test_the_board_gets_no_sum_of_a_single_donor_and_reads_that_it_is_left_out(books):
    answer = ask_as(books, staff=False, as_at="2021-06")
    fund = answer.forecast.year.row("FE")
    assert bands(fund) == (million("1.0"), million("1.0"), million("1.0"))
    assert (fund.dues_usd, fund.prospects_usd, fund.weighted_usd) == (0, 0, 0)
    assert "could give away what a single donor promised" in " ".join(answer.forecast.notes)
    assert "3000000" not in str(plain(answer.forecast))
    assert "Nothing but what has come is known of: Foundation earmarked" not in str(
        answer.forecast.notes
    )
    assert "would be there" not in answer.headline  # nothing ahead may be told
    table = forecast_tables(answer)[0]
    assert "Of Foundation earmarked some instalments" in " ".join(table.footnotes)
    row = next(one for one in table.rows if one.header.text == "Foundation earmarked")
    assert (row.cells[2].text, row.cells[3].text) == ("not shown", "not shown")


def test_the_board_gets_sums_that_give_no_donor_away(books):
    for donor in ("SWE", "NOR", "DEU"):
        agreed(books, donor, "2021-03-01", ("2021-05-01", "1.0"), ("2021-10-01", "1.0"))
        hoped_for(books, donor, "1.0", 50, "2021-12-01")
    fund = ask_as(books, staff=False, as_at="2021-06").forecast.year.row("FE")
    # Four donors each: 4.0 million is overdue, 5.0 falls due later.
    assert fund.dues_usd == million("9.0")
    assert (fund.weighted_usd, fund.prospects_usd) == (million("2.5"), million("5.0"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"basis": "due"}, "promises are a part of it"),
        ({"basis": "agreed"}, "promises are a part of it"),
        ({"region": "AFRICA"}, "too little is known ahead"),
        ({"group": "C01"}, "too little is known ahead"),
        ({"known": "1"}, "earlier state of the books"),
    ],
)
def test_where_nothing_is_forecast_the_page_says_why(books, query, sentence):
    forecast = ask_as(books, as_at="2021-06", **query).forecast
    assert sentence in forecast.why_not
    assert (forecast.year, forecast.period, forecast.band("TOTAL")) == (None, None, None)


def test_empty_books_are_not_forecast(ledger):
    assert "The books are empty" in ask_as(ledger).forecast.why_not


def test_a_year_that_is_over_stands_beside_what_was_forecast_at_mid_year(books):
    contribution = books.contributions.get(state="signed")
    factories.posting(books, paid(contribution, 2, "1.0", "2021-12-20"))
    answer = ask_as(books, as_at="2021-12")
    assert "The year is over" in answer.forecast.why_not
    row = next(one for one in answer.forecast.outcome.rows if one.code == "FE")
    assert answer.forecast.outcome.month.slug == "2021-06"
    assert (row.forecast_usd, row.actual_usd) == (million("4.0"), million("2.0"))
    assert (row.off_usd, row.off_percent) == (million("2.0"), Decimal(100))
    assert outcome_table(answer.forecast, "millions").rows[-1].cells[4].text.startswith("100.0")


def test_earlier_years_are_forecast_from_the_same_month_and_laid_beside_what_came(ledger):
    """2018 to 2020 seen from March: 1.5, 2.0 and 2.5 of 11.0 in cash; 4.0 was signed in 2020."""
    december_payers(ledger)
    agreed(ledger, "NOR", "2020-02-01", ("2020-11-01", "4.0"), fund="FNE")
    agreed(ledger, "DEU", "2020-05-01", ("2020-12-01", "9.9"), fund="FNE")  # signed too late
    back = ask_as(ledger, as_at="2021-03").forecast.backtest
    found = [(one.year, one.total.forecast_usd, one.total.off_usd) for one in back.years]
    assert found == [
        (2020, million("6.5"), million("-4.5")),
        (2019, million("2.0"), million("-9.0")),
        (2018, million("1.5"), million("-9.5")),
    ]
    # 4.5, 9.0 and 9.5 of 11.0 each: 23.0 of 33.0.
    assert abs(back.mean_percent() - Decimal(2300) / 33) < Decimal("0.0001")
    assert back.mean_percent("RB") == 0
    by_year, by_fund = backtest_tables(back, "millions")
    assert [row.cells[-1].text.replace("\u00a0", "") for row in by_year.rows] == [
        "−40.9%", "−81.8%", "−86.4%", "69.7%",
    ]  # fmt: skip
    assert by_fund.rows[0].cells[1].text.replace("\u00a0", "") == "0.0%"


def test_a_season_that_was_known_by_then_enters_the_look_back(ledger):
    """2021 seen from March: half-way between 1.0 received and 10.0 by the season of three years."""
    december_payers(ledger)
    factories.posting(
        ledger, received("9.0", "FNE", "SWE", "2021-12-20"),
        received("1.0", "FNE", "SWE", "2022-03-01"),
    )  # fmt: skip
    back = ask_as(ledger, as_at="2022-03").forecast.backtest
    fnes = {one.year: next(row for row in one.rows if row.code == "FNE") for one in back.years}
    assert fnes[2021].forecast_usd == million("5.5")
    assert fnes[2020].forecast_usd == million("1.5")  # only two years were known then


def test_demonstration_years_are_tried_and_called_so(ledger):
    december_payers(ledger)
    ledger.is_demonstration = True
    ledger.save()
    forecast = ask_as(ledger, as_at="2021-03").forecast
    assert forecast.backtest.is_demonstration
    assert forecast.year.row("FNE").by_season is None
    assert "teach nothing" in " ".join(forecast.notes)


def test_every_sum_with_a_link_opens_its_entries(ledger):
    december_payers(ledger)
    factories.posting(ledger, received("1.0", "FE", "EU", "2021-02-01"))
    answer = ask_as(ledger, as_at="2021-03", years="3")
    forecast = answer.forecast
    rows = (*forecast.year.rows, forecast.year.total)
    cells = [(row.received_usd, row.received_link) for row in rows]
    for year in forecast.backtest.years:
        cells += [(row.actual_usd, row.actual_link) for row in (*year.rows, year.total)]
    for row in answer.funds.rows:
        cells += [(one.amount_usd, one.link) for one in row.before]
    for line in answer.line.before:
        cells += list(zip(line.amounts, line.links, strict=True))
    linked = [(usd, link) for usd, link in cells if link]
    assert len(linked) > 20
    for usd, link in linked:
        asked = EntryFilter.parse(query_of(link))
        found = asked.totals(asked.apply(Entry.objects.in_books(ledger)))
        assert (found.amount_usd, asked.adds_kinds) == (usd, False), link


def test_the_line_carries_the_band_and_a_line_for_each_earlier_year(ledger):
    december_payers(ledger)
    answer = ask_as(ledger, as_at="2021-03", years="3")
    chart = line_chart(answer.line)
    assert [one.name for one in chart.series if one.role == "last-year"] == ["2020", "2019", "2018"]
    assert chart.series[-1].labels[-1] == "2018: 11.0"
    # One million of each of the two funds so far; the regular budget has no more to come by season.
    assert chart.band.low[2] == chart.band.high[2] == Decimal(2)
    assert (chart.band.low[11], chart.band.high[11]) == (Decimal(2), Decimal(21))
    table = line_table(answer.line, "millions")
    assert [column.label for column in table.columns][-5:] == [
        "Forecast, low", "Forecast, high", "2020", "2019", "2018",
    ]  # fmt: skip
    assert table.rows[11].cells[3].text == "2.0"


def test_what_is_read_ahead_does_not_grow_with_the_books(ledger, django_assert_max_num_queries):
    december_payers(ledger)
    for number, donor in enumerate(("SWE", "NOR", "DEU", "JPN", "KEN"), start=1):
        agreed(ledger, donor, "2021-01-10", *((f"2021-1{n % 3}-01", "1.0") for n in range(number)))
        hoped_for(ledger, donor, "1.0", 50, "2021-12-01")
    asked = parse(
        {"books": ledger.code, "as_at": "2021-03"}, default_books=ledger.code, today=TODAY
    )
    with django_assert_max_num_queries(6):
        coming = read_coming(asked, ledger, None)
        assert len(coming.dues) == 15
        assert coming.above  # families of the donors: read once


def test_the_page_gets_all_it_shows(books):
    context = forecast_context(ask_as(books, as_at="2021-06"))
    assert [table.identifier for table in context["forecast_tables"]] == ["forecast-year"]
    fund = next(row for row in context["forecast_tables"][0].rows if "earmarked" in row.header.text)
    assert context["backtest_tables"] == []
    assert fund.cells[0].text == "Foundation non-earmarked"
    pace = next(row for row in context["pace_table"].rows if row.cells[1].text.startswith("inst"))
    assert [cell.text for cell in pace.cells] == [
        "Foundation earmarked", "instalments behind", "1.0", "2.0", "1.0", "2.0",
    ]  # fmt: skip


def test_the_file_holds_the_same_figures(books):
    found = {(block, row, column): value for block, row, column, value, _unit, _note in
             sheets_forecast.lines(ask_as(books, as_at="2021-06"))}  # fmt: skip
    assert found["pace", "FE", "due"] == million("2.0")
    assert [found["forecast 2021-12", "FE", end] for end in ("low", "middle", "high")] == [
        million("4.0"), million("5.0"), million("6.0"),
    ]  # fmt: skip
    board = ask_as(books, staff=False, as_at="2021-06")
    told = [line for line in sheets_forecast.lines(board) if line[1] == "FE"]
    assert {line[3] for line in told} <= {None, Decimal(0), million("1.0")}


def test_a_page_without_any_pace_says_why_and_shows_no_table(books):
    context = forecast_context(ask_as(books, as_at="2021-06", region="AFRICA"))
    assert context["pace_table"] is None
    assert "covers all regions, programmes and donors" in context["pace_methods"][0]
