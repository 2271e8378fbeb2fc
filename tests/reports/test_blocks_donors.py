"""Who moved which way beside last year, the ten largest together, and how ranks changed.

The books are those of `block_books`: to the end of June 7.5 million in 2020, 15.5 in 2021.
"""

from decimal import Decimal

import pytest

from donors.models import Donor
from reports.figures.blocks import blocks
from reports.figures.donors import rankings
from reports.figures.movements import Movement, movements
from reports.figures.voluntary import donors_a_year_before
from reports.figures.voluntary import given as given_by
from reports.tables.board import ranking_table
from tests import factories
from tests.reports import block_books
from tests.reports.block_books import answering, given
from tests.reports.hand_made import audited, query_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(ledger):
    block_books.fill(ledger)
    return ledger


def moved(asked):
    return movements(
        asked, given_by(asked, asked.donors), given_by(asked, donors_a_year_before(asked))
    )


def told(books, **query):
    asked = answering(books, as_at="2021-06", **query)
    return moved(asked)


def millions(*amounts):
    return [amount / 1_000_000 for amount in amounts]


def movers(answer, movement):
    return [
        (one.code, *millions(one.now.usd, one.before.usd)) for one in answer.group(movement).movers
    ]


def test_a_donor_is_new_returning_lapsed_or_gave_more_or_less(books):
    answer = told(books)
    assert movers(answer, Movement.NEW) == [("FRA", 2, 0)]
    # Japan gave in December 2020, which is not "at the same date": it comes back, it is not new.
    assert movers(answer, Movement.RETURNING) == [("JPN", 6, 0)]
    assert movers(answer, Movement.LAPSED) == [("KEN", 0, Decimal("0.5"))]
    assert movers(answer, Movement.INCREASED) == [("SWE", 6, 5)]
    assert movers(answer, Movement.DECREASED) == [("NOR", 1, 2)]
    assert movers(answer, Movement.UNCHANGED) == []
    left = answer.unattributed
    assert millions(left.now.usd, left.before.usd) == [Decimal("0.5"), 0]


def test_the_groups_sum_to_what_the_years_differ_by(books):
    factories.posting(
        books,
        given("0.7", "FNE", "DEU", "2020-01-10"),
        given("0.7", "FNE", "DEU", "2021-06-10"),
        given("-0.3", "FE", "CHE", "2021-06-11"),
    )
    answer = told(books)
    assert movers(answer, Movement.UNCHANGED) == [("DEU", Decimal("0.7"), Decimal("0.7"))]
    assert movers(answer, Movement.PAID_BACK) == [("CHE", Decimal("-0.3"), 0)]
    change = sum(group.change_usd for group in answer.groups) + answer.unattributed.change_usd
    assert change == answer.total.change_usd == Decimal("7700000")  # 15.9 less 8.2
    now = sum(group.now_usd for group in answer.groups) + answer.unattributed.now.usd
    assert now == answer.total.now.usd == Decimal("15900000")


def test_who_was_paid_back_more_than_it_gave_this_year_decreased(books):
    factories.posting(books, given("-0.1", "FNE", "KEN", "2021-06-01"))
    answer = told(books)
    assert movers(answer, Movement.DECREASED)[1] == ("KEN", Decimal("-0.1"), Decimal("0.5"))
    assert answer.group(Movement.LAPSED).count == 0


def test_what_was_merged_is_counted_with_what_it_became(books):
    Donor.objects.filter(code="JPN").update(
        merged_into=Donor.objects.get(code="SWE"), merged_on="2021-07-01"
    )
    assert movers(told(books), Movement.INCREASED) == [("SWE", 12, 5)]


def test_every_amount_opens_its_entries(books):
    answer = told(books)
    sweden = answer.group(Movement.INCREASED).movers[0]
    query = query_of(sweden.before.link)
    assert (query["donor"], query["from"], query["to"]) == ("SWE", "2020-01", "2020-06")
    assert query.getlist("fund") == ["FNE", "FE"]
    assert query_of(answer.unattributed.now.link)["donor"] == "none"
    assert answer.group(Movement.NEW).movers[0].before.link == ""


def test_who_wishes_to_stay_unnamed_is_counted_and_never_named(books):
    Donor.objects.filter(code="FRA").update(is_unnamed=True)
    answer = told(books)
    new = answer.group(Movement.NEW).movers
    assert [(one.code, one.name, one.now.link) for one in new] == [
        ("", "Donor that wishes to stay unnamed", "")
    ]
    staff = told(books, knows_unnamed=True).group(Movement.NEW).movers
    assert [(one.code, one.name) for one in staff] == [("FRA", "France (named to staff only)")]


def test_donors_can_be_counted_with_their_agencies(books):
    agency = factories.donor(parent=Donor.objects.get(code="JPN"))
    factories.posting(books, given("3.0", "TC", agency.code, "2021-06-01"))
    assert movers(told(books), Movement.NEW) == [(agency.code, 3, 0), ("FRA", 2, 0)]
    assert movers(told(books, level="parent"), Movement.RETURNING) == [("JPN", 9, 0)]


def test_a_first_year_of_the_books_is_compared_with_nothing(books):
    answer = blocks(answering(books, as_at="2020-06"))
    assert answer.movements is None
    assert answer.refusals["movements"] == (
        "These books say nothing of all voluntary money of 2019."
    )
    assert answer.concentration.before.percent is None


def test_the_ten_largest_are_measured_against_all_voluntary_money(books):
    asked = answering(books, as_at="2021-06")
    answer = blocks(asked).concentration
    # Sweden 6, Japan 6, France 2, Norway 1 of 15.5; the year before all 7.5 of 7.5.
    assert [one.code for one in answer.now.donors] == ["JPN", "SWE", "FRA", "NOR"]
    assert millions(answer.now.usd, answer.now.total.usd) == [15, Decimal("15.5")]
    assert answer.now.percent.quantize(Decimal("0.01")) == Decimal("96.77")
    assert answer.before.percent == 100


def test_an_eleventh_donor_is_not_among_the_ten(books):
    codes = ["DEU", "CHE", "DNK", "FIN", "ITA", "ESP", "BEL", "NLD", "AUT"]
    factories.posting(books, *(given("0.1", "FE", code, "2021-06-02") for code in codes))
    answer = blocks(answering(books, as_at="2021-06")).concentration.now
    assert len(answer.donors) == 10
    assert millions(answer.usd, answer.total.usd) == [Decimal("15.6"), Decimal("16.4")]


def test_no_share_is_given_where_more_was_paid_back(books):
    factories.posting(books, given("-3.0", "FE", "KEN", "2021-06-02"))
    answer = blocks(answering(books, as_at="2021-06")).concentration.now
    assert answer.percent is None
    assert "more than the total" in answer.refused


def ranked(books, fund, **query):
    asked = answering(books, **query)
    made = rankings(
        asked.donors, asked.sums, asked.span, asked.names, asked.provenance,
        before=donors_a_year_before(asked),
    )  # fmt: skip
    return next(one for one in made if one.fund == fund)


def test_a_ranking_tells_how_ranks_changed(books):
    factories.posting(
        books,
        given("0.4", "TC", "DEU", "2020-01-01"),
        given("0.3", "TC", "CHE", "2020-01-01"),
        given("2.0", "TC", "CHE", "2021-01-01"),
        given("0.1", "TC", "DEU", "2021-01-01"),
    )
    ranking = ranked(books, "TC", as_at="2021-06")
    assert [(one.code, one.rank, one.rank_before) for one in ranking.donors] == [
        ("JPN", 1, None), ("CHE", 2, 3), ("NOR", 3, 1), ("DEU", 4, 2),
    ]  # fmt: skip
    assert [ranking.change(one) for one in ranking.donors] == [
        "+ new", "↑ up 1", "↓ down 2", "↓ down 2",
    ]  # fmt: skip
    table = ranking_table(ranking, "exact")
    assert [row.cells[-1].text for row in table.rows] == [
        "+ new", "↑ up 1", "↓ down 2", "↓ down 2", "–",
    ]  # fmt: skip


def test_a_rank_that_stayed_is_as_before(books):
    ranking = ranked(books, "FE", as_at="2021-06")
    assert [(one.code, ranking.change(one)) for one in ranking.donors] == [
        ("SWE", "= as before"), ("FRA", "+ new"),
    ]  # fmt: skip


def test_ranks_are_compared_with_nothing_before_the_books_begin(books):
    ranking = ranked(books, "FE", as_at="2020-06")
    assert not ranking.has_before
    assert [ranking.change(one) for one in ranking.donors] == [""]
    assert len(ranking_table(ranking, "exact").columns) == 3


def test_audited_revenue_is_compared_year_by_year(ledger):
    factories.posting(
        ledger,
        audited("3.0", "FE", "SWE", 2020),
        audited("1.0", "FE", "SWE", 2021),
        audited("2.0", "FNE", "NOR", 2021),
    )
    asked = answering(ledger, basis="audited")
    answer = moved(asked)
    assert movers(answer, Movement.DECREASED) == [("SWE", 1, 3)]
    assert movers(answer, Movement.NEW) == [("NOR", 2, 0)]
