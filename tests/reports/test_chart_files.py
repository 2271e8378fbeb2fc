"""Every chart as a file: what it holds, what it is called, who gets it, and for which question."""

import csv
import dataclasses
import io
import json
import re
import struct
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from interface.charts import Band, is_empty
from reports.charts.explorable import plotly_json
from reports.charts.registry import Told, charts_of, charts_of_history
from reports.figures.history import history
from reports.sheets.charts import chart_csv
from reports.views.charts import XLSX
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import ask

pytestmark = pytest.mark.django_db

FORMS = ["png", "svg", "csv", "xlsx"]
CHARTS = ["funds", "cumulative", "regions", "donors-FNE", "history-TOTAL", "history-donors-FNE"]
DECEMBER = {"as_at": "2021-12"}


@pytest.fixture(autouse=True)
def opens_with(settings):
    settings.PORTAL_BOOKS = "T"


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


@pytest.fixture
def browser(client, board_member):
    client.force_login(board_member)
    return client


def address(name, form):
    return reverse(f"dashboard_chart_{form}", args=[name])


def got(browser, name, form, **query):
    return browser.get(address(name, form), {**DECEMBER, **query})


def table_of(response):
    """Header and rows of a CSV, without what stands above them."""
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text.split("\r\n\r\n", 1)[1])))


def column(rows, place):
    return [Decimal(row[place]) for row in rows[1:]]


def words_of(svg):
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter()]  # noqa: S314


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(
    ("form", "beginning", "content_type"),
    [
        ("png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("svg", b"<svg ", "image/svg+xml"),
        ("csv", b"\xef\xbb\xbf", "text/csv; charset=utf-8"),
        ("xlsx", b"PK\x03\x04", XLSX),
    ],
)  # fmt: skip
def test_a_chart_comes_as_the_file_asked_for(books, browser, name, form, beginning, content_type):
    response = got(browser, name, form)
    assert response.status_code == 200
    assert response.content.startswith(beginning)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}-T-2021-12.{form}"'


def test_the_file_of_regions_adds_up_to_the_money_allocated(books, browser):
    rows = table_of(got(browser, "regions", "csv"))
    assert rows[0] == ["Region", "Amount", "As drawn"]
    assert sum(column(rows, 1)) == ask(books, **DECEMBER).regions.allocated_usd == 130_000_000
    assert ["Africa", "20000000.00", "20.0 (15.4%)"] in rows


def test_the_file_of_funds_has_the_exact_figures_of_the_table(books, browser):
    rows = table_of(got(browser, "funds", "csv"))
    answer = ask(books, **DECEMBER)
    assert sum(column(rows, 1)) == answer.funds.total.progress.actual_usd == 195_800_000
    assert rows[0][1] == "2021"
    assert rows[2][:2] == ["Foundation non-earmarked", "2500000.00"]


def test_the_file_of_the_line_ends_with_the_months_total_and_leaves_later_months_empty(
    books, browser
):
    rows = table_of(got(browser, "cumulative", "csv", as_at="2021-05"))
    assert [row[1] for row in rows[1:6]] == [
        "14200000.00", "14700000.00", "16200000.00", "36200000.00", "46200000.00",
    ]  # fmt: skip
    assert [row[1] for row in rows[6:]] == [""] * 7


def test_cents_survive_though_charts_are_in_millions(books, browser):
    factories.posting(books, hand_made.received("0.00000001", "TC", "JPN", "2021-08-01"))
    factories.posting(books, hand_made.received("1.23456789", "TC", "JPN", "2021-08-01"))
    rows = table_of(got(browser, "donors-TC", "csv"))
    assert rows[1][:2] == ["1. Japan", "101234567.90"]


def test_the_workbook_holds_the_same_as_the_file(books, browser):
    rows = table_of(got(browser, "regions", "csv"))
    content = got(browser, "regions", "xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = book.get_sheet_by_index(0).to_python()
    start = next(place for place, row in enumerate(sheet) if row[0] == "Region")
    for written, read in zip(rows[1:], sheet[start + 1 :], strict=True):
        assert read[0] == written[0]
        assert Decimal(str(read[1])) == Decimal(written[1])
    assert content == got(browser, "regions", "xlsx").content


def test_the_picture_carries_title_sentence_unit_and_where_it_comes_from(books, browser):
    said = words_of(got(browser, "donors-FNE", "svg").content)
    answer = ask(books, **DECEMBER)
    assert "Foundation non-earmarked: the ten largest, donors as reported" in said
    assert "US$ million" in said
    assert any(text.startswith("The 2 largest donors gave") for text in said)
    assert any("received and allotted · as at 31 December 2021" in text for text in said)
    assert f"State 1 of the books, seal {answer.provenance.hash[:12]}" in said
    assert not any("DEMONSTRATION" in text for text in said)


def test_the_picture_as_png_has_twice_the_pixels(books, browser):
    svg = got(browser, "regions", "svg").content.decode()
    width, height = re.search(r'width="(\d+)" height="([\d.]+)"', svg).groups()
    size = struct.unpack(">II", got(browser, "regions", "png").content[16:24])
    assert size[0] == 2 * int(width) == 1376
    assert abs(size[1] - 2 * float(height)) <= 1


@pytest.mark.parametrize("form", FORMS)
def test_demonstration_books_are_marked_in_name_and_picture(reference, browser, settings, form):
    settings.PORTAL_BOOKS = "D"
    hand_made.fill(factories.ledger(code="D", is_demonstration=True))
    response = got(browser, "regions", form)
    assert 'filename="DEMONSTRATION-regions-D-2021-12.' in response["Content-Disposition"]
    if form in ("svg", "csv"):
        assert "DEMONSTRATION BOOKS – not UN-Habitat" in response.content.decode()


def test_the_question_in_the_address_is_the_files_own(books, browser):
    rows = table_of(got(browser, "donors-FE", "csv", region="AFRICA"))
    assert [row[:2] for row in rows[1:]] == [["1. European Union", "20000000.00"]]
    content = got(browser, "donors-FE", "csv", region="AFRICA").content.decode()
    assert "Region: Africa" in content


def test_an_earlier_state_of_the_books_is_said_in_name_and_picture(books, browser):
    factories.posting(books, hand_made.received("5.0", "FE", "EU", "2021-04-12", "AFRICA"))
    response = got(browser, "regions", "svg", known="1")
    assert 'filename="regions-T-2021-12-known-1.svg"' in response["Content-Disposition"]
    assert "20.0 (15.4%)" in words_of(response.content)
    assert any("state 1 of the books" in text for text in words_of(response.content))
    assert "25.0 (18.5%)" in words_of(got(browser, "regions", "svg").content)


@pytest.mark.parametrize("form", FORMS)
def test_a_chart_that_is_not_there_is_not_found(books, browser, form):
    assert got(browser, "donors-XX", form).status_code == 404
    assert got(browser, "history-XX", form).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_question_is_refused_with_a_sentence(books, browser, form):
    response = got(browser, "regions", form, as_at="2021-99")
    assert response.status_code == 400
    assert "“2021-99” is not a month" in response.content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_representative_gets_no_chart(books, client, representative, form):
    client.force_login(representative)
    assert got(client, "regions", form).status_code == 403


def test_a_name_that_looks_like_a_formula_cannot_run(books, browser):
    odd = factories.donor(names={"en": "=HYPERLINK(1)"})
    factories.posting(books, hand_made.received("9.0", "FNE", odd.code, "2021-05-05"))
    content = got(browser, "donors-FNE", "xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "1. =HYPERLINK(1)" in cells


def test_every_chart_of_the_page_offers_its_files_and_each_opens(books, browser):
    page = browser.get(reverse("dashboard"), DECEMBER).content.decode()
    found = {
        name for name, (chart, _table) in charts_of(ask(books, **DECEMBER)).items()
        if not is_empty(chart)
    }  # fmt: skip
    for name in found:
        for form in FORMS:
            assert f'href="{address(name, form)}?' in page, (name, form)
    links = re.findall(r'<a href="(/board/charts/[^"]+)" download>', page)
    assert len(links) == len(set(links))
    for link in links:
        assert browser.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_page_of_the_years_offers_each_of_its_charts(books, browser):
    page = browser.get(reverse("history"), DECEMBER).content.decode()
    for name in charts_of_history(history(ask(books, **DECEMBER).question)):
        assert f'href="{address(name, "png")}?' in page


def test_a_forecast_is_in_the_data_to_explore_and_in_the_file_as_its_two_edges(books):
    answer = ask(books, **DECEMBER)
    line = charts_of(answer)["cumulative"][0]
    none = (None,) * 11
    band = Band("forecast", (*none, Decimal("1.25")), (*none, Decimal("2.5")))
    drawn = dataclasses.replace(line, band=band)
    traces = json.loads(plotly_json(drawn))["data"]
    assert [one["name"] for one in traces[-2:]] == ["forecast, low", "forecast, high"]
    assert (traces[-1]["fill"], traces[-1]["y"][-1]) == ("tonexty", 2.5)
    content = chart_csv(drawn, None, Told(answer.provenance)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content.split("\r\n\r\n", 1)[1])))
    assert rows[0][-2:] == ["forecast, low", "forecast, high"]
    assert rows[-1][-2:] == ["1250000.00", "2500000.00"]
    assert rows[1][-2:] == ["", ""]
