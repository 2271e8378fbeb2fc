"""The same voluntary money by month, earmarking step, instrument, country and programme.

The books are those of `block_books`: 15.5 million of voluntary money up to June 2021.
"""

from decimal import Decimal

import pytest

from donors.models import Area, Donor
from income.periods import YearMonth
from reports.figures.blocks import blocks
from reports.figures.purposes import InstrumentGroup, instrument_group
from reports.figures.sums import VOLUNTARY_FUNDS
from tests import factories
from tests.reports import block_books
from tests.reports.block_books import answering, given
from tests.reports.hand_made import ask, audited, query_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def books(ledger):
    block_books.fill(ledger)
    return ledger


def told(books, **query):
    return blocks(answering(books, **{"as_at": "2021-06", **query}))


def rows(table):
    return [(row.code, row.amount.usd / 1_000_000, row.percent) for row in table.rows]


def voluntary(books, **query):
    table = ask(books, **{"as_at": "2021-06", **query}).funds
    found = (row.progress.actual_usd for row in table.rows if row.code in VOLUNTARY_FUNDS)
    return sum(usd for usd in found if usd)


def test_the_matrix_adds_up_both_ways_to_the_total_of_the_fund_table(books):
    matrix = told(books).months
    assert [code for code, _name in matrix.funds] == ["RB", "FNE", "FE", "TC"]
    assert [row.slug for row in matrix.rows] == [f"2021-0{month}" for month in range(1, 7)]
    january = matrix.rows[0]
    assert [one.usd / 1_000_000 for one in january.cells] == [D("14.2"), 0, D("0.5"), 0]
    assert january.total.usd == D("14700000")
    assert [one.usd / 1_000_000 for one in matrix.totals] == [D("14.2"), 1, D("7.5"), 7]
    total = ask(books, as_at="2021-06").funds.total.progress.actual_usd
    assert matrix.total.usd == sum(row.total.usd for row in matrix.rows) == total == D("29700000")


def test_a_cell_of_the_matrix_opens_its_month_and_an_empty_one_nothing(books):
    january = told(books).months.rows[0]
    query = query_of(january.cells[2].link)
    assert (query["fund"], query["from"], query["to"]) == ("FE", "2021-01", "2021-01")
    assert january.cells[1].link == ""


def test_steps_of_earmarking_stand_in_order_and_add_up_to_a_hundred(books):
    table = told(books).purposes.earmarking
    # 1.0, 5.0, 6.0, 1.0 and 2.5 of 15.5: 6.45, 32.26, 38.71, 6.45 and 16.13 per cent.
    assert rows(table) == [
        ("unearmarked", 1, D("6.5")),
        ("softly_earmarked", 5, D("32.3")),
        ("earmarked", 6, D("38.7")),
        ("tightly_earmarked", 1, D("6.4")),
        ("not_stated", D("2.5"), D("16.1")),
    ]
    assert sum(row.percent for row in table.rows) == 100
    assert query_of(table.row("not_stated").amount.link)["earmarking"] == "none"


def test_instruments_are_grouped_by_the_codes_of_the_standard(books):
    table = told(books).purposes.instruments
    assert [(code, usd) for code, usd, _percent in rows(table)] == [
        ("pooled", 5), ("thematic", 6), ("project", 1), ("fees", 2), ("core", 1),
        ("not_stated", D("0.5")),
    ]  # fmt: skip
    assert query_of(table.row("fees").amount.link).getlist("instrument") == ["R04C"]


@pytest.mark.parametrize(
    ("code", "group"),
    [("R02", "core"), ("R02B", "core"), ("R03", "earmarked"), ("R03A", "pooled"),
     ("R03B", "thematic"), ("R03C", "other"), ("R03E", "project"), ("R04", "fees"),
     ("R04B", "fees"), ("R05", "other"), ("R08", "other")],
)  # fmt: skip
def test_a_code_belongs_to_one_group(code, group):
    assert instrument_group(code) is InstrumentGroup(group)


def test_several_codes_of_one_group_are_opened_together(books):
    factories.posting(books, given("0.4", "FE", "DEU", "2021-06-01", instrument="R04"))
    fees = told(books).purposes.instruments.row("fees").amount
    assert fees.usd == D("2400000")
    assert query_of(fees.link).getlist("instrument") == ["R04", "R04C"]


def test_countries_are_ordered_by_their_money(books):
    table = told(books).purposes.areas
    assert [(code, usd) for code, usd, _percent in rows(table)] == [
        ("KEN", 11), ("SOM", 1), ("not_stated", D("3.5")),
    ]  # fmt: skip
    assert table.rows[-1].name == "Not allocated to a country"


def test_the_sixteenth_country_stands_with_the_rest(books):
    taken = {"KEN", "SOM"}
    codes = [c for c in Area.objects.order_by("pk").values_list("pk", flat=True) if c not in taken]
    added = [given(f"0.{99 - n}", "TC", "JPN", "2021-06-03", area=c)
             for n, c in enumerate(codes[:15])]  # fmt: skip
    factories.posting(books, *added)
    table = told(books).purposes.areas
    assert len(table.rows) == 17
    rest = table.row("rest")
    assert rest.name == "Other countries and areas (2)"
    assert rest.amount.usd == D("1710000")  # the smallest two, 0.86 and 0.85
    assert query_of(rest.amount.link).getlist("area") == codes[13:15]


def test_percentages_are_refused_where_a_part_is_below_zero(books):
    factories.posting(books, given("-2.0", "TC", "NOR", "2021-06-03", area="SOM"))
    table = told(books).purposes.areas
    assert "paid back" in table.refused
    assert {row.percent for row in table.rows} == {None}


@pytest.mark.parametrize(
    "query",
    [{}, {"region": "AFRICA"}, {"programme": "RISE_UP"}, {"programme": "none"}, {"group": "C01"}],
)
def test_every_block_reconciles_to_the_voluntary_funds(books, query):
    answer = told(books, **query)
    total = voluntary(books, **query)
    assert total
    tables = (answer.purposes.earmarking, answer.purposes.instruments, answer.purposes.areas)
    for table in tables:
        assert sum(row.amount.usd for row in table.rows) == table.total.usd == total
    assert answer.concentration.now.total.usd == answer.movements.total.now.usd == total
    not_rb = [place for place, (code, _n) in enumerate(answer.months.funds) if code != "RB"]
    assert sum(answer.months.totals[place].usd for place in not_rb) == total
    programmes = answer.programmes
    parts = sum(row.amount.usd for row in programmes.rows) + programmes.without.usd
    assert parts == programmes.total.usd


def test_programmes_are_measured_over_the_period_against_their_goal(books):
    table = told(books).programmes
    rise_up = table.row("RISE_UP")
    # 4.0 in 2020, then 5.0 and 6.0: 15 of 30 million, from Sweden and Japan.
    assert (rise_up.amount.usd, rise_up.goal_usd) == (D("15000000"), D("30000000"))
    assert (rise_up.percent, rise_up.partners) == (50, 2)
    assert table.row("SDG_CITIES").percent == 0
    assert table.without.usd == D("11000000")
    assert table.total.usd == D("26000000")
    assert table.span == (YearMonth(2020, 1), YearMonth(2021, 6))
    query = query_of(rise_up.amount.link)
    assert (query["programme"], query["from"]) == ("RISE_UP", "2020-01")


def test_donors_of_a_programme_are_counted_after_merges_and_refunds(books):
    factories.posting(
        books,
        given("0.5", "FE", "KFW", "2021-06-01", programme="RISE_UP"),
        given("0.5", "FE", "DEU", "2021-06-01", programme="RISE_UP"),
        given("1.0", "FE", "CHE", "2021-06-01", programme="RISE_UP"),
        given("-1.0", "FE", "CHE", "2021-06-02", programme="RISE_UP"),
    )
    Donor.objects.filter(code="KFW").update(
        merged_into=Donor.objects.get(code="DEU"), merged_on="2021-07-01"
    )
    assert told(books).programmes.row("RISE_UP").partners == 3


def test_a_part_of_the_money_is_not_measured_against_a_goal_for_all_of_it(books):
    table = told(books, region="AFRICA").programmes
    assert table.row("RISE_UP").percent is None
    assert table.refused == (
        "The goals are for all money of a programme; only a part of it was asked for."
    )
    assert [row.code for row in table.rows] == ["RISE_UP"]


def test_promises_are_not_measured_against_goals(books):
    due = given("2.0", "FE", "SWE", "2021-03-01", programme="RISE_UP")
    due.kind = "due"
    factories.posting(books, due)
    table = blocks(answering(books, basis="due", as_at="2021-03", knows_unnamed=True)).programmes
    assert table.row("RISE_UP").amount.usd == D("2000000")
    assert table.row("RISE_UP").percent is None
    assert "not for what was promised" in table.refused


def test_money_before_the_state_asked_for_is_not_there(books):
    books.refresh_from_db()
    known = str(books.sequence)
    factories.posting(books, given("9.0", "FE", "DEU", "2021-06-01", area="KEN"))
    asked = answering(books, as_at="2021-06", known=known)
    answer = blocks(asked)
    assert answer.purposes.areas.row("KEN").amount.usd == D("11000000")
    assert answer.programmes.total.usd == D("26000000")
    assert query_of(answer.purposes.areas.row("KEN").amount.link)["until"] == known


def test_audited_revenue_has_no_months(ledger):
    factories.posting(ledger, audited("2.0", "FE", "SWE", 2021), audited("1.0", "FE", None, 2021))
    answer = blocks(answering(ledger, basis="audited"))
    assert answer.months is None
    assert answer.refusals["months"] == "Audited revenue is known by year only."
    assert answer.purposes.earmarking.total.usd == D("3000000")


def test_what_did_not_come_in_cash_is_in_no_block(books):
    lent = given("3.0", "FE", "DEU", "2021-06-01", area="KEN")
    lent.mode = "gratis"
    factories.posting(books, lent)
    answer = told(books)
    assert answer.purposes.areas.total.usd == D("15500000")
    assert sum(row.amount.usd for row in answer.purposes.areas.rows) == D("15500000")


def test_the_number_of_queries_does_not_grow(books, django_assert_max_num_queries):
    asked = answering(books, as_at="2021-06")
    with django_assert_max_num_queries(24):
        blocks(asked)
    factories.posting(
        books,
        *(given("0.1", "FE", code, "2021-06-01", area=code, programme="SDG_CITIES",
                instrument="R03C")
          for code in ("DEU", "CHE", "DNK", "FIN", "ITA", "ESP", "BEL") for _time in range(3)),
    )  # fmt: skip
    asked = answering(books, as_at="2021-06")
    with django_assert_max_num_queries(24):
        blocks(asked)
