"""Donors, regions, core share, the cumulative line and the strategy period of hand-made books."""

from decimal import Decimal

import pytest

from donors.models import Donor
from reports.figures.question import QuestionWrong
from targets.models import AnnualTarget
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import ask, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


def ranking_of(answer, fund):
    return next(one for one in answer.rankings if one.fund == fund)


def tenth(percent):
    return percent.quantize(Decimal("0.1"), "ROUND_HALF_UP")


def test_donors_are_ranked_by_what_stayed_and_their_shares_name_the_whole(books):
    ranking = ranking_of(ask(books, as_at="2021-12"), "FNE")
    assert [(one.rank, one.code, one.amount_usd, one.percent) for one in ranking.donors] == [
        (1, "SWE", Decimal("1500000"), Decimal(60)),
        (2, "NOR", Decimal("1000000"), Decimal(40)),
    ]
    assert (ranking.total_usd, ranking.named_usd) == (Decimal("2500000"), Decimal("2400000"))
    # Kenya was paid back 0.1 million more than it gave in the year: inside the total, not ranked.
    assert (ranking.rest_usd, ranking.rest_count, ranking.below_zero) == (Decimal("-100000"), 1, 1)


def test_what_no_donor_is_known_for_is_never_ranked(books):
    ranking = ranking_of(ask(books, as_at="2021-12"), "FE")
    assert [one.code for one in ranking.donors] == ["EU", "SWE"]
    assert ranking.unattributed_usd == Decimal("4300000")


def test_equal_amounts_share_a_rank(books):
    factories.posting(books, received("1.0", "FNE", "FRA", "2021-06-30"))
    ranking = ranking_of(ask(books, as_at="2021-12"), "FNE")
    assert [(one.rank, one.code) for one in ranking.donors] == [
        (1, "SWE"), (2, "FRA"), (2, "NOR"),
    ]  # fmt: skip


def test_no_more_than_ten_are_ranked_and_the_others_are_counted(books):
    states = list(Donor.objects.filter(is_member_state=True).order_by("code")[:14])
    for place, donor in enumerate(states):
        factories.posting(books, received(str(200 + place), "TC", donor.code, "2021-10-01"))
    ranking = ranking_of(ask(books, as_at="2021-12"), "TC")
    assert len(ranking.donors) == 10
    assert ranking.donors[0].code == states[13].code
    assert ranking.rest_count == 6  # four of the states, Japan and Norway
    shown = sum(one.amount_usd for one in ranking.donors)
    assert shown + ranking.rest_usd + ranking.unattributed_usd == ranking.total_usd


def test_a_month_within_the_year_ranks_the_year_so_far(books):
    ranking = ranking_of(ask(books, as_at="2021-03"), "FNE")
    assert [(one.code, one.amount_usd) for one in ranking.donors] == [
        ("SWE", Decimal("1500000")),
        ("KEN", Decimal("500000")),
    ]


def test_a_fund_below_zero_has_no_shares(books):
    factories.posting(books, received("-200.0", "TC", "JPN", "2021-12-01"))
    answer = ask(books, as_at="2021-12")
    ranking = ranking_of(answer, "TC")
    assert ranking.total_usd == Decimal("-55200000")
    assert [(one.code, one.percent) for one in ranking.donors] == [("NOR", None)]
    assert [one.percent for one in answer.core] == [None, None]


def test_governments_count_when_their_money_of_the_span_stayed(books):
    year, period = ask(books, as_at="2021-12").governments
    assert (year.count, year.hoped_for, year.percent) == (2, Decimal(100), Decimal(2))
    # With Kenya, which gave 0.3 million in 2020 and was paid back 0.1 in 2021.
    assert (period.from_year, period.count) == (2020, 3)


def test_regions_share_what_is_allocated_and_the_rest_stands_apart(books):
    table = ask(books, as_at="2021-12").regions
    assert {row.code: (row.amount_usd, row.percent) for row in table.rows if row.amount_usd} == {
        "AFRICA": (Decimal("20000000"), Decimal("15.4")),
        "ARAB": (Decimal("10000000"), Decimal("7.7")),
        "ASIA_PACIFIC": (Decimal("100000000"), Decimal("76.9")),
    }
    assert len(table.rows) == 6
    assert table.allocated_usd == Decimal("130000000")
    assert table.unallocated_usd == Decimal("65800000")
    assert table.total_usd == Decimal("195800000")


def test_a_region_below_zero_leaves_no_percentages(books):
    factories.posting(books, received("-1.0", "TC", "JPN", "2021-12-01", "EUROPE"))
    table = ask(books, as_at="2021-12").regions
    assert table.has_negative
    assert {row.percent for row in table.rows} == {None}


def test_the_core_share_is_told_with_and_without_assessed_money(books):
    with_assessed, of_voluntary = ask(books, as_at="2021-12").core
    assert (with_assessed.core_usd, with_assessed.whole_usd) == (
        Decimal("16700000"),
        Decimal("195800000"),
    )
    assert tenth(with_assessed.percent) == Decimal("8.5")
    assert (of_voluntary.core_usd, of_voluntary.whole_usd) == (
        Decimal("2500000"),
        Decimal("181600000"),
    )
    assert tenth(of_voluntary.percent) == Decimal("1.4")


def test_the_line_adds_month_to_month_and_stops_at_the_month_asked_for(books):
    line = ask(books, as_at="2021-06").line
    assert line.actual[:6] == tuple(
        Decimal(usd) for usd in ("14200000", "14700000", "16200000", "36200000", "46200000",
                                 "47200000")
    )  # fmt: skip
    assert set(line.actual[6:]) == {None}
    assert line.last_year[11] == Decimal("16300000")


def test_without_an_approved_path_the_way_to_the_target_is_called_arithmetic(books):
    line = ask(books, as_at="2021-12").line
    assert not line.is_path
    assert line.target[0] == Decimal("220400000") / 12
    assert line.target[11] == Decimal("220400000")
    assert line.target_name == (
        "target: straight line, arithmetic only: no monthly path was approved"
    )


def test_an_approved_path_is_drawn_as_it_was_approved(books):
    target = AnnualTarget.objects.get(
        target_set="PROGRESS-2021", scope="FNE", from_year=2021, to_year=2021
    )
    for month in range(1, 13):
        usd = Decimal(1_000_000 if month < 12 else 10_000_000)
        factories.monthly_target(target=target, month=202100 + month, cumulative_usd=usd)
    line = ask(books, as_at="2021-12", fund="FNE").line
    assert line.is_path
    assert line.target == (*[Decimal(1_000_000)] * 11, Decimal(10_000_000))
    assert not ask(books, as_at="2021-12").line.is_path  # the other funds have none


def test_the_period_stands_beside_every_set_that_speaks_of_it(books):
    period = ask(books, as_at="2021-12").period
    sets = {one.code: {row.name: row.progress for row in one.rows} for one in period.sets}
    restated = sets["RESTATED-2022"]
    assert restated["Regular budget"].actual_usd == Decimal("29200000")
    assert tenth(restated["Regular budget"].percent) == Decimal("48.7")
    assert restated["Total"].actual_usd == Decimal("212100000")
    assert tenth(restated["Total"].percent) == Decimal("21.9")
    strategy = sets["STRATEGY-2020-2023"]
    assert strategy["Foundation non-earmarked"].actual_usd == Decimal("3800000")
    assert strategy["Total"].percent is None
    assert "on top" in strategy["Total"].refused
    assert period.expected_percent == Decimal(50)


def test_a_target_for_one_kind_of_donor_counts_its_named_donors(books):
    company = factories.donor(contributor_type_id="C06")
    factories.posting(books, received("4.38", "FE", company.code, "2020-06-01"))
    period = ask(books, as_at="2021-12").period
    strategy = next(one for one in period.sets if one.code == "STRATEGY-2020-2023")
    row = next(row for row in strategy.rows if row.name.startswith("Corporate"))
    assert (row.progress.actual_usd, row.progress.percent) == (Decimal("4380000"), Decimal(10))
    assert "is not attributed to a donor, and not counted" in " ".join(row.notes)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"books": "NOSUCH"}, "There are no books called “NOSUCH”"),
        ({"as_at": "last month"}, "“last month” is not a month"),
        ({"as_at": "2021-13"}, "“2021-13” is not a month"),
        ({"as_at": "2023-01"}, "These books hold January 2020 to December 2021"),
        ({"units": "furlongs"}, "“furlongs” cannot be asked here"),
        ({"targets": "NOSUCH"}, "There is no target set called “NOSUCH”"),
        ({"fund": "GOLD"}, "“GOLD” cannot be asked here"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(books, query, sentence):
    with pytest.raises(QuestionWrong) as error:
        ask(books, **query)
    assert sentence in error.value.sentence


def test_left_to_itself_the_page_shows_the_latest_month_and_the_first_set_of_the_year(books):
    answer = ask(books)
    assert answer.question.as_at.slug == "2021-12"
    assert answer.goal_set.code == "PROGRESS-2021"
    assert "as_at=2021-12&targets=PROGRESS-2021" in answer.address


def test_a_set_of_another_year_is_shown_without_targets_and_names_those_that_have_some(books):
    answer = ask(books, as_at="2020-12", targets="PROGRESS-2021")
    assert answer.funds.total.progress.target_usd is None
    assert "has no target for 2020. There are: Proposed budget 2020" in " ".join(answer.notes)


def test_a_headline_about_a_part_of_the_money_names_the_part(books):
    answer = ask(books, as_at="2021-12", region="AFRICA", programme="none")
    assert answer.headline.startswith("Region: Africa · Programme: no programme · By 31 December")
    assert {"Region: Africa", "Programme: no programme"} <= {*answer.notes, *answer.remarks}
    assert "·" not in ask(books, as_at="2021-12").headline
