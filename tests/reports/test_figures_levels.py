"""Rankings as reported, by parent and by contributor type; looking through pooled funds.

Germany gave 1.0 million, its bank KfW 2.0, Sweden 2.5, the European Union 4.0; 0.2 of nobody.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.urls import reverse

from donors.models import Donor
from income.entry_filter import EntryFilter
from income.models import DonorTotal, Entry, MonthlyTotal
from income.vocabulary import Mode
from reports.figures.dashboard import dashboard
from reports.figures.levels import Level
from reports.figures.lookthrough import memo_of_contributor, memo_of_pool
from reports.figures.question import QuestionWrong, parse
from reports.plain import plain
from reports.sheets import board as sheets
from tests import factories
from tests.reports.hand_made import TODAY, ask, query_of, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(ledger):
    germany = Donor.objects.get(code="DEU")
    Donor.objects.filter(code="KFW").update(parent=germany)
    factories.posting(
        ledger,
        received("1.0", "FE", "DEU", "2021-04-01"), received("2.0", "FE", "KFW", "2021-05-01"),
        received("2.5", "FE", "SWE", "2021-06-01"), received("4.0", "FE", "EU", "2021-06-01"),
        received("0.2", "FE", None, "2021-06-01"),
    )  # fmt: skip
    return ledger


def ranked(books, **query):
    (ranking,) = ask(books, as_at="2021-06", **query).rankings
    return ranking


def told(ranking):
    return [(one.rank, one.code, one.amount_usd / 1_000_000) for one in ranking.donors]


def test_as_reported_is_what_a_ranking_says_unless_asked(books):
    assert told(ranked(books)) == [
        (1, "EU", 4), (2, "SWE", Decimal("2.5")), (3, "KFW", 2), (4, "DEU", 1),
    ]  # fmt: skip
    assert ranked(books).level is Level.REPORTED


def test_a_government_is_ranked_with_its_agencies(books):
    assert told(ranked(books, level="parent")) == [
        (1, "EU", 4), (2, "DEU", 3), (3, "SWE", Decimal("2.5")),
    ]  # fmt: skip


def test_contributor_types_are_ranked(books):
    types = {code: Donor.objects.get(code=code).contributor_type_id for code in ("DEU", "EU")}
    ranking = ranked(books, level="group")
    found = {one.code: one.amount_usd / 1_000_000 for one in ranking.donors}
    assert found[types["EU"]] >= 4 and found[types["DEU"]] >= Decimal("3.5")
    assert ranking.total_usd == ranked(books).total_usd == Decimal("9700000")


@pytest.mark.parametrize("level", list(Level))
def test_each_row_opens_entries_that_add_up_and_nothing_is_lost(books, level):
    ranking = ranked(books, level=level.value)
    for one in ranking.donors:
        asked = EntryFilter.parse(query_of(one.link))
        assert asked.misunderstood == ()
        found = asked.apply(Entry.objects.in_books(books))
        assert found.aggregate(t=Sum("amount_usd"))["t"] == one.amount_usd
    shown = sum(one.amount_usd for one in ranking.donors)
    assert shown + ranking.rest_usd + ranking.unattributed_usd == ranking.total_usd


def test_what_was_merged_counts_with_the_family_of_the_donor_it_became(books, today):
    old = factories.donor(merged_into=Donor.objects.get(code="KFW"), merged_on=today)
    factories.posting(books, received("0.5", "FE", old.code, "2021-04-01"))
    ranking = ranked(books, level="parent")
    assert told(ranking)[1] == (2, "DEU", Decimal("3.5"))
    asked = EntryFilter.parse(query_of(ranking.donors[1].link))
    assert asked.apply(Entry.objects.in_books(books)).count() == 3


def test_the_level_stands_in_the_address_the_file_and_the_api(books):
    answer = ask(books, as_at="2021-06", level="parent")
    assert "level=parent" in answer.address
    assert "level" not in ask(books, as_at="2021-06").address
    assert plain(answer)["rankings"][0]["level"] == "parent"
    assert "donors with their agencies" in sheets.dashboard_csv(answer).decode()
    with pytest.raises(QuestionWrong):
        ask(books, as_at="2021-06", level="family")


def test_a_donor_that_wishes_to_stay_unnamed_has_neither_name_nor_link(books):
    Donor.objects.filter(code="SWE").update(is_unnamed=True)
    (one,) = [one for one in ranked(books).donors if one.rank == 2]
    assert (one.code, one.link) == ("", "")
    assert "Sweden" not in one.name and one.amount_usd == Decimal("2500000")


@pytest.fixture
def unnamed(books):
    """The bank wishes to stay unnamed, and a part of it does not."""
    part = factories.donor(code="KFW_PART", parent=Donor.objects.get(code="KFW"))
    factories.posting(books, received("0.3", "FE", part.code, "2021-04-01"))
    Donor.objects.filter(code__in=("KFW", "SWE")).update(is_unnamed=True)
    return books


def known_to_staff(books, **query):
    asked = parse({"books": books.code, **query}, default_books="", today=TODAY, knows_unnamed=True)
    (ranking,) = dashboard(asked).rankings
    return ranking


def test_by_parent_nobody_is_told_whose_part_an_unnamed_donor_is(unnamed):
    ranking = ranked(unnamed, level="parent")
    assert [(one.code, one.name, one.amount_usd / 1_000_000) for one in ranking.donors] == [
        ("", "Donors that wish to stay unnamed", Decimal("4.5")),
        ("EU", "European Union", 4), ("DEU", "Germany", 1),
        ("KFW_PART", Donor.objects.get(code="KFW_PART").name, Decimal("0.3")),
    ]  # fmt: skip
    germany = EntryFilter.parse(query_of(ranking.donors[2].link))
    assert [str(one.donor) for one in germany.apply(Entry.objects.in_books(unnamed))] == ["Germany"]


def test_staff_read_the_names_and_the_whole_family(unnamed):
    ranking = known_to_staff(unnamed, as_at="2021-06", level="parent")
    assert told(ranking) == [(1, "EU", 4), (2, "DEU", Decimal("3.3")), (3, "SWE", Decimal("2.5"))]
    assert ranking.donors[2].name == "Sweden (named to staff only)"
    asked = EntryFilter.parse(query_of(ranking.donors[1].link))
    assert asked.apply(Entry.objects.in_books(unnamed)).count() == 1
    staff = replace(asked, knows_unnamed=True).apply(Entry.objects.in_books(unnamed))
    assert staff.aggregate(t=Sum("amount_usd"))["t"] == Decimal("3300000")
    reported = known_to_staff(unnamed, as_at="2021-06")
    assert told(reported)[1:3] == [(2, "SWE", Decimal("2.5")), (3, "KFW", 2)]


def test_the_board_and_staff_each_get_their_own_ranking_from_one_address(
    unnamed, client_of, board_member, officer
):
    asked = {"books": unnamed.code, "as_at": "2021-06", "level": "parent"}
    for address in (reverse("dashboard"), reverse("dashboard_csv"), reverse("api_dashboard")):
        board = client_of(board_member).get(address, asked).content.decode()
        staff = client_of(officer).get(address, asked).content.decode()
        assert "Donors that wish to stay unnamed" in board and "Sweden" not in board
        assert "Sweden (named to staff only)" in staff
        assert "Donors that wish to stay unnamed" not in staff


def test_the_entries_of_a_family_are_those_the_reader_may_know_of(
    unnamed, client_of, board_member, officer
):
    asked = {"books": unnamed.code, "kind": "receipt", "donor": "DEU", "level": "parent"}
    board = client_of(board_member).get(reverse("entry_list"), asked).context["totals"]
    staff = client_of(officer).get(reverse("entry_list"), asked).context["totals"]
    assert (board.amount_usd, staff.amount_usd) == (Decimal("1000000"), Decimal("3300000"))


@pytest.fixture
def pool(books):
    """A pooled fund that gave 900,000.01, a third of it Sweden's, an eighth Germany's."""
    fund = factories.donor(contributor_type_id="C04D")
    factories.posting(
        books,
        factories.entry("900000.01", fund_id="TC", donor=fund),
        factories.entry("50.00", fund_id="TC", donor=fund, mode=Mode.IN_KIND),
    )
    for code, share in (("SWE", "0.333333"), ("DEU", "0.125")):
        factories.pooled_share(
            pooled_fund=fund,
            contributor=Donor.objects.get(code=code),
            year=2021,
            share_rate=Decimal(share),
            source="Annual report",
        )
    return fund


def test_a_pooled_fund_is_looked_through_as_a_memo(books, pool):
    (year,) = memo_of_pool(books, pool)
    assert [(one.contributor.code, one.amount_usd) for one in year.lines] == [
        ("SWE", Decimal("299999.70")), ("DEU", Decimal("112500.00")),
    ]  # fmt: skip
    assert (year.given_usd, year.unknown_usd) == (Decimal("900000.01"), Decimal("487500.31"))
    assert memo_of_pool(books, Donor.objects.get(code="SWE")) == ()


def test_a_state_reads_the_memo_and_no_sum_of_it_changes(books, pool):
    sweden = Donor.objects.get(code="SWE")
    before = [
        list(model.objects.filter(ledger=books).order_by("pk").values())
        for model in (DonorTotal, MonthlyTotal)
    ]
    (line,) = memo_of_contributor(books, sweden)
    assert (line.year, line.pool, line.amount_usd) == (2021, pool, Decimal("299999.70"))
    assert told(ranked_in(books, "FE"))[1] == (2, "SWE", Decimal("2.5"))
    assert [one.code for one in ranked_in(books, "TC").donors] == [pool.code]
    after = [
        list(model.objects.filter(ledger=books).order_by("pk").values())
        for model in (DonorTotal, MonthlyTotal)
    ]
    assert before == after


def ranked_in(books, fund):
    return next(one for one in ask(books, as_at="2021-06").rankings if one.fund == fund)
