"""Whether money is on schedule, by instalments and by earlier years; figures worked out by hand."""

from decimal import Decimal

import pytest

from income.entry_filter import EntryFilter
from income.models import Entry
from reports.figures.pace import Method, Verdict
from reports.figures.pace_methods import methods
from reports.tables.board import fund_table
from tests import factories
from tests.reports.hand_made import query_of, received
from tests.reports.looking_ahead import (
    agreed,
    ask_as,
    december_payers,
    four_instalments,
    million,
    paid,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def pace_of(answer, code):
    return answer.funds.row(code).pace


def test_a_fund_whose_donors_pay_every_december_is_on_schedule_in_june_at_a_tenth(ledger):
    december_payers(ledger)
    answer = ask_as(ledger, as_at="2021-03")  # nothing came from April to June
    row = answer.funds.row("FNE")
    assert row.progress.percent == Decimal(10)
    assert (row.pace.verdict, row.pace.method) == (Verdict.ON_SCHEDULE, Method.SEASON)
    # 10 million hoped for, of which 5, 10 and 15 per cent had come: a tenth on average.
    assert row.pace.expected_usd == million("1.0")
    assert (row.pace.low_usd, row.pace.high_usd) == (million("0.5"), million("1.5"))
    assert row.pace.years == (2018, 2019, 2020)


@pytest.mark.parametrize(
    ("more", "verdict"), [("0.5", "on_schedule"), ("0.51", "ahead"), ("-0.51", "behind")]
)
def test_on_schedule_reaches_as_far_as_earlier_years_differed(ledger, more, verdict):
    december_payers(ledger)
    factories.posting(ledger, received(more, "FNE", "SWE", "2021-03-02"))
    assert pace_of(ask_as(ledger, as_at="2021-03"), "FNE").verdict == verdict


def test_the_regular_budget_keeps_its_own_season(ledger):
    december_payers(ledger)
    pace = pace_of(ask_as(ledger, as_at="2021-03"), "RB")
    # All of a year's allotment had come by March: 14.5 million expected, 1.0 came.
    assert (pace.verdict, pace.expected_usd) == (Verdict.BEHIND, million("14.5"))


def test_two_years_teach_no_season_and_the_page_says_how_many_there_are(ledger):
    for year in (2019, 2020):
        factories.posting(
            ledger, received("1.0", "FNE", "SWE", f"{year}-01-10"),
            received("9.0", "FNE", "SWE", f"{year}-12-10"),
        )  # fmt: skip
    factories.posting(ledger, received("1.0", "FNE", "SWE", "2021-03-01"))
    pace = pace_of(ask_as(ledger, as_at="2021-03"), "FNE")
    assert (pace.verdict, pace.method) == (Verdict.UNKNOWN, Method.NONE)
    assert "hold 2 complete years with monthly figures; at least three" in pace.said


def test_a_year_that_begins_after_january_and_one_kept_by_year_do_not_teach(ledger):
    for day in ("2017-02-01", "2017-12-01", "2018-12-31", "2019-01-02", "2019-12-01"):
        factories.posting(ledger, received("1.0", "FNE", "SWE", day))
    factories.posting(ledger, received("1.0", "FNE", "SWE", "2020-03-01"))
    assert "hold 1 complete year" in pace_of(ask_as(ledger, as_at="2020-03"), "FNE").said


def test_demonstration_months_never_teach(ledger):
    december_payers(ledger)
    ledger.is_demonstration = True
    ledger.save()
    pace = pace_of(ask_as(ledger, as_at="2021-03"), "FNE")
    assert pace.verdict is Verdict.UNKNOWN
    assert "demonstration books" in pace.said


def test_without_a_season_only_the_instalments_are_spoken_of(ledger):
    contribution = four_instalments(ledger)
    factories.posting(ledger, paid(contribution, 1, "1.0", "2021-04-06"))
    factories.posting(ledger, received("0.1", "FE", "DEU", "2021-06-15"))
    pace = pace_of(ask_as(ledger, as_at="2021-06"), "FE")
    assert (pace.verdict, pace.method) == (Verdict.BEHIND, Method.INSTALMENTS)
    assert (pace.due_usd, pace.came_usd) == (million("2.0"), million("1.0"))
    said = pace.said.replace("\u00a0", " ")
    assert said == "Of US$ 2.0 million due by then, US$ 1.0 million came in."
    asked = EntryFilter.parse(query_of(pace.due_link))
    found = asked.totals(asked.apply(Entry.objects.in_books(ledger)))
    assert (found.amount_usd, asked.adds_kinds) == (million("2.0"), False)


def test_what_is_paid_ahead_of_time_counts_and_is_told_apart(ledger):
    contribution = four_instalments(ledger)
    for number in (1, 2, 3):
        factories.posting(ledger, paid(contribution, number, "1.0", "2021-06-01"))
    pace = pace_of(ask_as(ledger, as_at="2021-06"), "FE")
    assert pace.verdict is Verdict.AHEAD
    assert "US$ 1.0 million of later instalments was paid ahead" in pace.said.replace("\u00a0", " ")


def test_instalments_and_season_together(ledger):
    """Due by March 0.4 of the year's 4.0; the other 6.0 of the target at 5 to 15 per cent."""
    december_payers(ledger)
    agreed(ledger, "NOR", "2021-01-10", ("2021-02-01", "0.4"), ("2021-11-01", "3.6"), fund="FNE")
    pace = pace_of(ask_as(ledger, as_at="2021-03"), "FNE")
    assert pace.expected_usd == million("1.0")  # 0.4 and a tenth of 6.0
    assert (pace.low_usd, pace.high_usd) == (million("0.7"), million("1.3"))


def test_when_the_year_is_over_all_of_its_target_was_expected(ledger):
    december_payers(ledger)
    factories.posting(ledger, received("8.1", "FNE", "SWE", "2021-12-20"))
    pace = pace_of(ask_as(ledger, as_at="2021-12"), "FNE")
    assert (pace.verdict, pace.method) == (Verdict.ON_SCHEDULE, Method.YEAR_OVER)
    assert pace.expected_usd == million("10.0")


def test_the_board_reads_the_verdict_without_a_sum_that_gives_a_donor_away(ledger):
    contribution = four_instalments(ledger)
    factories.posting(ledger, paid(contribution, 1, "1.0", "2021-06-15"))
    for code in ("FE", "TOTAL"):
        pace = pace_of(ask_as(ledger, staff=False, as_at="2021-06"), code)
        assert (pace.verdict, pace.is_withheld) == (Verdict.BEHIND, True)
        amounts = (pace.expected_usd, pace.low_usd, pace.high_usd, pace.due_usd, pace.came_usd)
        assert set(amounts) == {None}
        assert pace.due_link == ""
        assert "2.0" not in pace.said


def test_the_board_reads_a_sum_of_three_donors_without_a_link(ledger):
    for donor in ("SWE", "NOR", "DEU"):
        agreed(ledger, donor, "2021-01-10", ("2021-02-01", "1.0"), ("2021-11-01", "1.0"))
    factories.posting(ledger, received("0.5", "FE", "JPN", "2021-06-15"))
    pace = pace_of(ask_as(ledger, staff=False, as_at="2021-06"), "FE")
    assert (pace.is_withheld, pace.due_usd, pace.due_link) == (False, million("3.0"), "")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"basis": "due"}, "received and allotted only"),
        ({"region": "AFRICA"}, "covers all regions, programmes and donors"),
    ],
)
def test_no_pace_of_another_basis_or_of_a_part(ledger, query, sentence):
    contribution = four_instalments(ledger)
    factories.posting(ledger, paid(contribution, 1, "1.0", "2021-06-15"))
    pace = pace_of(ask_as(ledger, as_at="2021-06", **query), "FE")
    assert pace.verdict is Verdict.UNKNOWN
    assert sentence in pace.said


def test_a_method_that_is_every_rows_names_none_of_them(ledger):
    december_payers(ledger)
    answer = ask_as(ledger, as_at="2021-03", basis="audited")
    rows = {row.name: row.pace for row in answer.funds.rows if row.pace}
    assert len(rows) > 1
    assert methods(rows) == (
        "Cannot be said. The pace is told of money received and allotted only.",
    )


def test_the_page_states_the_method_of_each_row(ledger):
    december_payers(ledger)
    answer = ask_as(ledger, as_at="2021-03")
    said = " ".join(methods({row.name: row.pace for row in answer.funds.rows if row.pace}))
    assert "earlier years had by the same month (2018, 2019, 2020)" in said
    assert "Technical cooperation: cannot be said. No instalment fell due" in said
    assert "within 10 per cent" in said
    pace = [column.label for column in fund_table(answer).columns].index("Pace")
    assert [row.cells[pace].text for row in fund_table(answer).rows[:2]] == [
        "behind", "on schedule",
    ]  # fmt: skip
