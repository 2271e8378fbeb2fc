"""The Board's pages: who sees them, in which form, and that all forms tell the same."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.urls import reverse

from income.models import Ledger
from reports.sheets import board as sheets
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import ask, audited

pytestmark = pytest.mark.django_db

PAGES = ["dashboard", "history", "published_list", "target_list", "indicator_list"]


@pytest.fixture(autouse=True)
def opens_with(settings):
    """The pages open with the books of the test."""
    settings.PORTAL_BOOKS = "T"


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


@pytest.fixture
def browser(client, board_member):
    client.force_login(board_member)
    return client


def rows_of(response):
    lines = response.content.decode("utf-8-sig").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("block,"))
    return list(csv.DictReader(io.StringIO("\n".join(lines[start:]))))


def value(rows, block, row, column):
    return next(
        one["value"]
        for one in rows
        if (one["block"], one["row"], one["column"]) == (block, row, column)
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_board_member_sees_the_page(books, browser, page):
    assert browser.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "dashboard_csv"])
def test_a_representative_does_not_see_the_page(books, client, representative, page):
    client.force_login(representative)
    assert client.get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(books, client, page):
    response = client.get(reverse(page))
    assert response.status_code == 302
    assert response.url.startswith(reverse("sign_in"))


@pytest.mark.parametrize("page", ["dashboard", "history", "published_list"])
def test_without_any_books_a_sentence_says_so(reference, browser, page):
    Ledger.objects.all().delete()
    response = browser.get(reverse(page))
    assert response.status_code == 200
    assert "There are no books yet" in response.content.decode()


def test_the_page_shows_the_sentence_the_table_and_the_pictures(books, browser):
    page = browser.get(reverse("dashboard"), {"as_at": "2021-12"}).content.decode()
    assert "US$\u00a0195.8\u00a0million, 89\u00a0per\u00a0cent" in page
    assert 'id="fund-table-caption"' in page
    for chart in ("cumulative", "funds", "donors-FNE", "donors-FE", "donors-TC", "regions"):
        assert f'id="{chart}-picture"' in page
    assert "provisional" in page
    assert "straight line, arithmetic only" in page


def test_a_wrong_question_is_a_page_with_a_sentence(books, browser):
    response = browser.get(reverse("dashboard"), {"as_at": "2021-99"})
    assert response.status_code == 400
    assert "“2021-99” is not a month" in response.content.decode()


@pytest.mark.parametrize("name", ["books", "as_at", "targets", "units", "fund", "basis"])
@pytest.mark.parametrize("text", ["\x00", "'; --", "٢٠٢١-١٢", "9" * 400])
def test_no_question_breaks_the_page(books, browser, name, text):
    assert browser.get(reverse("dashboard"), {name: text}).status_code in (200, 400)


def test_htmx_gets_the_part_that_changes(books, browser):
    response = browser.get(reverse("dashboard"), headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page
    assert 'id="fund-table-caption"' in page
    assert "HX-Request" in response["Vary"]


def test_demonstration_books_say_so_on_page_and_in_file(reference, browser, settings):
    settings.PORTAL_BOOKS = "D"
    demo = factories.ledger(code="D", is_demonstration=True)
    hand_made.fill(demo)
    assert "DEMONSTRATION BOOKS" in browser.get(reverse("dashboard")).content.decode()
    response = browser.get(reverse("dashboard_csv"))
    assert response.content.decode("utf-8-sig").startswith("DEMONSTRATION BOOKS")
    assert "DEMONSTRATION-dashboard-D-2021-12.csv" in response["Content-Disposition"]


def test_the_file_holds_the_exact_figures_of_the_page(books, browser):
    rows = rows_of(browser.get(reverse("dashboard_csv"), {"as_at": "2021-12"}))
    answer = ask(books, as_at="2021-12")
    assert value(rows, "funds", "TOTAL", "actual") == "195800000.00"
    assert value(rows, "funds", "TOTAL", "target") == "220400000.00"
    assert value(rows, "funds", "FNE", "share") == "25.000000"
    assert value(rows, "donors FNE", "SWE", "actual") == "1500000.00"
    assert value(rows, "regions", "not_allocated", "actual") == "65800000.00"
    assert value(rows, "funds", "PS", "actual") == ""
    told = {line[:3] for line in sheets.lines(answer)}  # of no day: without what is owed
    assert told <= {(row["block"], row["row"], row["column"]) for row in rows}
    assert {row["sequence"] for row in rows} == {"1"}


def test_a_name_that_looks_like_a_formula_cannot_run_in_a_spreadsheet(books, browser):
    odd = factories.donor(names={"en": "=HYPERLINK(1)"})
    factories.posting(books, hand_made.received("9.0", "FNE", odd.code, "2021-05-05"))
    response = browser.get(reverse("dashboard_csv"), {"as_at": "2021-12"})
    assert "'=HYPERLINK(1)" in response.content.decode()


@pytest.mark.parametrize("name", ["cumulative", "funds", "regions", "donors-FNE", "history"])
def test_a_chart_can_be_explored(books, browser, name):
    response = browser.get(reverse("dashboard_chart", args=[name]), {"as_at": "2021-12"})
    figure = json.loads(response.content)
    assert response["Content-Type"] == "application/json"
    assert figure["data"]
    assert "US$ million" in json.dumps(figure["layout"])


def test_the_explorable_chart_has_the_values_of_the_page(books, browser):
    response = browser.get(reverse("dashboard_chart", args=["donors-FNE"]), {"as_at": "2021-12"})
    trace = json.loads(response.content)["data"][0]
    assert [Decimal(str(amount)) for amount in trace["x"]] == [Decimal("1.5"), Decimal("1")]
    assert trace["text"] == ["1.5 (60.0%)", "1.0 (40.0%)"]


def test_a_chart_that_is_not_there_is_not_found(books, browser):
    assert browser.get(reverse("dashboard_chart", args=["donors-XX"])).status_code == 404


def test_the_line_of_one_fund_can_be_asked_for(books, browser):
    page = browser.get(reverse("dashboard"), {"as_at": "2021-12", "fund": "FNE"}).content.decode()
    assert "Foundation non-earmarked: cumulative by month" in page


def test_exact_amounts_can_be_asked_for(books, browser):
    page = browser.get(reverse("dashboard"), {"units": "exact"}).content.decode()
    assert "195,800,000.00" in page


def test_history_shows_years_and_what_is_not_reported(ledger, browser):
    factories.posting(
        ledger,
        audited("42.7", "EARMARKED", "EU", 2010),
        audited("12.0", "RB", None, 2012),
        audited("6.0", "FNE", "SWE", 2012),
    )
    page = browser.get(reverse("history")).content.decode()
    assert "audited revenue was US$\u00a018.0\u00a0million, and 33\u00a0per\u00a0cent" in page
    assert "not reported" in page
    assert "Only money of named donors is known for: 2010." in page


def test_targets_tell_where_programme_support_stands(reference, browser):
    page = browser.get(reverse("target_list")).content.decode()
    assert "programme support on top, as a line of its own" in page
    assert "programme support not stated" in page


def test_indicators_are_listed_with_their_targets(reference, browser):
    page = browser.get(reverse("indicator_list")).content.decode()
    assert "Number of Member States contributing to core income" in page
    assert "US$\u00a0109.2\u00a0million" in page
