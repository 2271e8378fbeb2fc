"""The scorecard's pages, file and API: who sees what, and that all of them tell the same."""

import csv
import datetime
import html
import io
import re

import pytest
from django.urls import reverse

from reports.worklist import worklist
from targets.models import Indicator
from tests import board_factories, factories
from tests.reports import hand_made

pytestmark = pytest.mark.django_db

ASKED = {"as_at": "2021-12"}


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = "T"
    hand_made.fill(ledger)
    return ledger


@pytest.fixture(params=["officer", "reviewer", "board_member", "administrator"])
def reader(request, client_of):
    return client_of(request.getfixturevalue(request.param))


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), {**ASKED, **query}).content.decode()


def test_every_reader_sees_all_indicators_with_value_status_and_reason(books, reader):
    shown = page(reader, "indicator_list")
    words = html.unescape(re.sub(r"</?bdi[^>]*>", "", shown))
    for one in Indicator.objects.all():
        assert f"{one.code} · {one.names['en']}" in words
    assert "US$\u00a03.8\u00a0million" in shown
    assert "at least US$\u00a030.0\u00a0million" in shown
    assert "No list of emerging economies dated 31 December 2021 or before is approved." in shown
    assert "it hopes for the same by 2023 here, and by 2021 in indicator L4" in shown
    assert "Owner: not named yet" in shown
    assert "Of 22 indicators" in shown


@pytest.mark.parametrize("code", ["A1", "A2", "B3", "C1", "E2", "F1", "F2", "G1", "L3", "L4"])
def test_every_reader_sees_an_indicators_own_page(books, reader, code):
    shown = page(reader, "indicator", code)
    assert "Year by year" in shown
    assert "How it is told" in shown


def test_an_indicator_that_is_not_there_is_not_found(books, client_of, officer):
    assert client_of(officer).get(reverse("indicator", args=["Z9"])).status_code == 404


def test_the_value_leads_to_its_entries(books, client_of, board_member):
    browser = client_of(board_member)
    shown = page(browser, "indicator", "A1")
    assert "fund=FNE&amp;mode=cash&amp;from=2020-01&amp;to=2021-12" in shown
    behind = browser.get(
        reverse("entry_list"),
        {"books": "T", "kind": "receipt", "fund": "FNE", "from": "2020-01", "to": "2021-12"},
    ).content.decode()
    assert "3,800,000.00" in behind


@pytest.fixture
def measured(officer, reviewer):
    """120,000 followers approved, 125,000 that wait; both entered by the officer."""
    decided = {**board_factories.decided(), "decided_by": reviewer}
    board_factories.measurement(entered_by=officer, **decided)
    return board_factories.measurement(
        entered_by=officer, value=125_000, measured_on=datetime.date(2021, 8, 8)
    )


def test_staff_see_who_measured_and_what_waits(books, measured, officer, reviewer, client_of):
    shown = page(client_of(officer), "indicator", "F2")
    assert "125,000" in shown
    assert "Waiting for a decision" in shown
    assert "You entered this. Another person decides." in shown
    decide = reverse("measurement_decide", args=[measured.uuid])
    assert decide not in shown
    assert decide in page(client_of(reviewer), "indicator", "F2")


def test_what_waits_is_on_the_worklist_of_who_may_decide_it(measured, officer, reviewer, ledger):
    own = board_factories.economy_list(entered_by=reviewer)
    board_factories.economy_list(entered_by=officer, source="The officer's list")
    waiting = worklist(reviewer, ledger, datetime.date(2022, 12, 15)).group("decisions")
    assert [(item.title, item.detail) for item in waiting.items] == [
        ("List of emerging economies", "Officer: The officer's list"),
        ("Measurement of indicator F2", "Officer: Count of the communications unit"),
    ]
    assert own.source not in str(waiting)
    assert worklist(officer, ledger, datetime.date(2022, 12, 15)).group("decisions") is None


def test_the_board_sees_approved_measurements_and_no_person(
    books, measured, board_member, client_of
):
    shown = page(client_of(board_member), "indicator", "F2")
    assert "120,000 followers" in shown
    assert "Count of the communications unit" in shown
    assert "125,000" not in shown
    assert "Entered by" not in shown
    assert reverse("measurement_new", args=["F2"]) not in shown


def test_an_owner_stands_beside_the_indicator(books, client_of, board_member):
    board_factories.indicator_owner()
    assert "Owner: Communications unit" in page(client_of(board_member), "indicator_list")


def test_a_name_that_was_typed_cannot_run_on_the_page(books, client_of, board_member):
    board_factories.measurement(evidence="<script>1</script>", **board_factories.decided())
    shown = page(client_of(board_member), "indicator_list")
    assert "<script>1" not in shown
    assert "&lt;script&gt;1" in shown


def rows_of(response):
    lines = response.content.decode("utf-8-sig").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("indicator,"))
    return list(csv.DictReader(io.StringIO("\n".join(lines[start:]))))


def test_the_file_holds_the_exact_values(books, client_of, board_member):
    response = client_of(board_member).get(reverse("indicator_csv"), ASKED)
    assert 'filename="indicators-T-2021-12.csv"' in response["Content-Disposition"]
    rows = rows_of(response)
    now = {row["indicator"]: row for row in rows if row["block"] == "now"}
    assert len(now) == 22
    assert (now["A1"]["value"], now["A1"]["status"]) == ("3800000.00", "behind")
    assert (now["A2"]["value"], now["A2"]["as_at"]) == ("2", "2021-12-31")
    assert "is approved" in now["E2"]["note"]
    years = [row["value"] for row in rows if row["indicator"] == "A1" and row["block"] == "year"]
    assert years == ["1300000.00", "3800000.00"]


def test_the_api_tells_what_the_page_tells(books, client_of, board_member, representative):
    answer = client_of(board_member).get(reverse("api_scorecard"), ASKED)
    by_code = {one["code"]: one for one in answer.json()["standings"]}
    assert by_code["A1"]["now"]["value"] == "3800000.00"
    assert by_code["A1"]["target"] == "109200000.00"
    assert by_code["C1"]["now"]["missing"]
    assert client_of(representative).get(reverse("api_scorecard")).status_code == 403
    wrong = client_of(board_member).get(reverse("api_scorecard"), {"as_at": "1066"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("name", ["indicator_list", "indicator_csv"])
def test_a_representative_sees_no_scorecard(books, client_of, representative, name):
    assert client_of(representative).get(reverse(name)).status_code == 403


def test_demonstration_books_say_so_on_page_and_in_file(
    reference, settings, client_of, board_member
):
    settings.PORTAL_BOOKS = "D"
    hand_made.fill(factories.ledger(code="D", is_demonstration=True))
    browser = client_of(board_member)
    assert "DEMONSTRATION BOOKS" in page(browser, "indicator_list")
    response = browser.get(reverse("indicator_csv"))
    assert response.content.decode("utf-8-sig").startswith("DEMONSTRATION BOOKS")
    assert "DEMONSTRATION-indicators-D" in response["Content-Disposition"]


def test_empty_books_give_a_page_that_says_so(ledger, settings, client_of, board_member):
    settings.PORTAL_BOOKS = "T"
    shown = client_of(board_member).get(reverse("indicator_list")).content.decode()
    assert "These books hold no money on this basis" in shown
