"""Every figure of a donor's own page opens what it is made of, and each remark names its figure."""

import datetime
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from donors.models import Donor
from interface.tables import Table
from reports.models import ReportDownload, SealedReport
from tests import factories
from tests.reports.own_donor import filled_file

pytestmark = pytest.mark.django_db
DOLLARS = ("given-receipt", "year", "gross-net-table", "years-for-table", "for-region-receipt")
ENTRIES = "/income/entries/"
DAY = datetime.date(2021, 5, 6)


@pytest.fixture
def books(reference, settings):
    settings.PORTAL_BOOKS = "T"
    return factories.ledger(code="T", name="Books of a test", is_demonstration=True)


@pytest.fixture
def own(books):
    """Besides: a payment of 30.00 and 12.00 on one day, and 5.00 sent back in the same posting."""
    filled_file(books, "NOR")
    made = filled_file(books, "SWE")
    parts = [factories.entry(usd, donor=made["donor"], value_date=DAY, fund_id="FE")
             for usd in ("30.00", "12.00", "-5.00")]  # fmt: skip
    factories.posting(books, *parts, reference="SPLIT")
    return made


@pytest.fixture
def browser(client_of, representative):
    return client_of(representative)


def page(client, **query):
    return client.get(reverse("donor", args=["SWE"]), {"year": "2021", **query})


def tables_of(answer):
    """The tables of the page, once each, as the page renders them."""
    found = {}
    for context in answer.context:
        for values in context.dicts:
            for value in values.values():
                rows = value if isinstance(value, list) else [value]
                found |= {one.identifier: one for one in rows if isinstance(one, Table)}
    return found


def number(cell):
    """US dollars as the page prints them in English."""
    return Decimal(cell.text.replace(",", "").replace("\u2212", "-"))


def figures_of(table):
    """(row, column, cell) of every figure that is not zero."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if column.is_numeric and not cell.is_missing and cell.text not in ("0.00", ""):
                yield row.header.text, column.label, cell


def test_every_figure_of_the_page_opens_what_it_is_made_of(browser, own):
    found = tables_of(page(browser))
    assert {"own-due", "contributions", "receipts", *DOLLARS} <= set(found)
    silent = [(name, row, column) for name, table in found.items()
              for row, column, cell in figures_of(table) if not cell.href]  # fmt: skip
    assert silent == []
    assert all(one.href for one in page(browser).context["key_figures_shown"])


@pytest.mark.parametrize("name", [*DOLLARS, "receipts"])
def test_the_entries_behind_each_figure_add_up_to_it(browser, own, name):
    table = tables_of(page(browser))[name]
    compared = 0
    for row, column, cell in figures_of(table):
        assert cell.href.startswith(ENTRIES)
        if column == "Amount" and name == "receipts":
            continue  # in its own currency; the same entry as the dollars beside it
        totals = browser.get(cell.href).context["totals"]
        assert totals.amount_usd == number(cell), (row, column)
        compared += 1
    assert compared


def test_a_part_of_a_payment_opens_its_own_entry_alone(browser, own):
    rows = tables_of(page(browser))["receipts"].rows
    assert [row.cells[6].text for row in rows] == ["250.50", "30.00", "12.00", "\u22125.00"]
    totals = [browser.get(row.cells[6].href).context["totals"] for row in rows]
    assert [(one.count, str(one.amount_usd)) for one in totals] == [
        (1, "250.50"), (1, "30.00"), (1, "12.00"), (1, "-5.00"),
    ]  # fmt: skip


def test_each_remark_names_its_figure_and_no_two_are_called_the_same(browser, own):
    html = page(browser).content.decode()
    names = [unescape(one) for one in re.findall(r'class="remark"[^>]*title="([^"]+)"', html)]
    assert "This figure looks wrong: Received" in names
    assert "This figure looks wrong: Receipts of 2021 · 6 May 2021 (2) · US$" in names
    assert len(names) == len(set(names)) > 30
    spoken = re.findall(r'<span class="visually-hidden">(This figure looks wrong: [^<]+)<', html)
    assert [unescape(one) for one in spoken] == names


def test_a_receipts_acknowledgement_is_one_click_away_and_kept(browser, representative, own):
    rows = tables_of(page(browser))["receipts"].rows
    assert [bool(row.cells[7].href) for row in rows] == [True, True, True, False]
    answer = browser.get(rows[0].cells[7].href)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    report = SealedReport.objects.get()
    assert (report.type, report.language, report.donor.code) == ("receipt", "en", "SWE")
    taken = ReportDownload.objects.get()
    assert (taken.report, taken.user) == (report, representative)


def acknowledgement(code, entry, query=""):
    parts = [code, entry.posting.sequence, entry.line]
    return reverse("acknowledgement_pdf", args=parts) + query


def test_another_donors_receipt_has_no_acknowledgement(browser, own):
    (theirs, *_more) = Donor.objects.get(code="NOR").entries.receipts()
    for code in ("NOR", "SWE"):
        assert browser.get(acknowledgement(code, theirs)).status_code == 404
    assert not SealedReport.objects.exists()


@pytest.mark.parametrize("name", ["statement", "acknowledgement"])
def test_the_language_is_chosen_per_download_and_remembered(browser, representative, own, name):
    entry = own["donor"].entries.receipts().order_by("value_date").last()
    address = reverse("statement_pdf", args=["SWE", 2021])
    if name == "acknowledgement":
        address = acknowledgement("SWE", entry)
    assert browser.get(address, {"language": "xx"}).status_code == 404
    for query in ({"language": "fr"}, {}, {"language": "ar"}):
        assert browser.get(address, query).status_code == 200
    taken = [one.report.language for one in ReportDownload.objects.order_by("pk")]
    assert taken == ["fr", "fr", "ar"]
    representative.refresh_from_db()
    assert representative.report_language == "ar"
    assert 'Statement 2021 (PDF) · <bdi lang="ar">العربيّة</bdi>' in page(browser).content.decode()


def test_the_list_of_reports_proposes_the_year_of_the_last_receipt(browser, own):
    html = browser.get(reverse("sealed_list", args=["SWE"])).content.decode()
    assert 'name="from" value="2021-01-01"' in html
    assert 'name="until" value="2021-12-31"' in html
