"""Sections of the navigation: only what a role opens, and where one is."""

import pytest

from accounts.permissions import Role
from reports.navigation import navigation
from tests import factories

pytestmark = pytest.mark.django_db


def labels(places):
    return [place.label for place in places]


def test_an_officer_sees_sections_and_the_pages_of_the_one_they_are_in():
    places = navigation(factories.user(role=Role.OFFICER), "contribution_list")
    assert labels(places) == ["Home", "Income", "Donors", "Figures"]
    income = places[1]
    assert income.current == "true"
    assert "Contributions" in labels(income.pages)
    assert [page.label for page in income.pages if page.current] == ["Contributions"]
    assert places[3].pages == ()


def test_a_page_that_is_not_listed_belongs_to_its_section():
    places = navigation(factories.user(role=Role.OFFICER), "receipt_new")
    assert [place.label for place in places if place.current] == ["Income"]


def test_a_member_of_the_board_sees_the_pages_at_once():
    places = navigation(factories.user(role=Role.BOARD), "history")
    assert labels(places) == [
        "Dashboard", "Monthly updates", "Publications", "Three bases", "Outstanding",
        "What changed", "History", "Targets", "Published figures", "Scorecard", "Funding dialogue",
    ]  # fmt: skip
    assert [place.current for place in places if place.label == "History"] == ["page"]


def test_a_representative_sees_their_own_page_alone():
    places = navigation(factories.user(role=Role.REPRESENTATIVE), "my_donor")
    assert labels(places) == ["Our contributions"]
