"""A donor's data in one click: its own entries, and nobody else's."""

import csv
import datetime
import hashlib
import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from reports.models import ReportDownload
from tests import factories, report_factories
from tests.reports.own_donor import filled_file

pytestmark = pytest.mark.django_db

NAMES = ("donor_entries_csv", "donor_entries_xlsx", "donor_archive")


@pytest.fixture
def books(reference, settings):
    settings.PORTAL_BOOKS = "T"
    return factories.ledger(code="T", name="Books of a test", is_demonstration=True)


@pytest.fixture
def own(books):
    filled_file(books, "NOR")
    return filled_file(books, "SWE")


@pytest.fixture
def browser(client_of, representative):
    return client_of(representative)


def lines(content):
    mark, header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert mark == ["DEMONSTRATION BOOKS – not UN-Habitat's figures"]
    return [dict(zip(header, row, strict=True)) for row in rows]


def entries(browser, **query):
    answer = browser.get(reverse("donor_entries_csv", args=["SWE"]), query)
    assert answer.status_code == 200
    return [(row["kind"], row["donor"], row["amount_usd"]) for row in lines(answer.content)]


def test_all_entries_of_the_donor_are_in_the_file(browser, own):
    assert sorted(entries(browser)) == [
        ("agreement", "SWE", "900.00"), ("due", "SWE", "900.00"), ("receipt", "SWE", "100.00"),
        ("receipt", "SWE", "250.50"),
    ]  # fmt: skip


def test_a_year_or_a_period_holds_its_own(browser, own):
    assert entries(browser, year="2020") == [("receipt", "SWE", "100.00")]
    period = {"from": "2020-03", "to": "2020-04"}
    assert entries(browser, **period) == [("receipt", "SWE", "100.00")]
    assert entries(browser, **{"from": "2020-04", "to": "2020-12"}) == []


@pytest.mark.parametrize("query", [{"year": "20"}, {"year": "²⁰²¹"}, {"year": "0001"},
                                   {"year": "2999"}, {"from": "x"}, {"to": "2021-13"},
                                   {"from": "2021-05", "to": "2021-04"}])  # fmt: skip
def test_what_is_no_time_has_no_file(browser, own, query):
    for name in NAMES[:2]:
        assert browser.get(reverse(name, args=["SWE"]), query).status_code == 404


def test_the_workbook_is_one(browser, own):
    answer = browser.get(reverse("donor_entries_xlsx", args=["SWE"]))
    assert 'filename="DEMONSTRATION-SWE-T-all-years.xlsx"' in answer["Content-Disposition"]
    sheet = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "NOR" not in sheet.read("xl/sharedStrings.xml").decode()
    assert "BANK-SWE-2020" in sheet.read("xl/sharedStrings.xml").decode()


def test_the_archive_holds_every_year_and_the_sealed_reports_of_the_donor(
    browser, books, representative, own
):
    right = hashlib.sha256(b"%PDF-1").hexdigest()
    mine = report_factories.sealed_report(donor=own["donor"], ledger=books, sha256=right)
    changed = report_factories.sealed_report(donor=own["donor"], ledger=books, version=2)
    report_factories.sealed_report(ledger=books)
    content = browser.get(reverse("donor_archive", args=["SWE"])).content
    file = zipfile.ZipFile(io.BytesIO(content))
    report = f"reports/{mine.number}.pdf"
    years = [name for name in file.namelist() if name.startswith("entries/")]
    assert {"entries/SWE-2020.csv", "entries/SWE-2021.csv"} <= set(years)
    assert set(file.namelist()) == {*years, report, "index.csv"}
    assert file.read(report) == b"%PDF-1"
    index = file.read("index.csv").decode("utf-8-sig")
    assert f"reports/{changed.number}.pdf,missing" in index
    assert [row["amount_usd"] for row in lines(file.read("entries/SWE-2020.csv"))] == ["100.00"]
    assert "NOR" not in "".join(file.read(name).decode("utf-8-sig") for name in years)
    taken = ReportDownload.objects.get()
    assert (taken.report, taken.user) == (mine, representative)
    event = AuditEvent.objects.get(act="download_archive")
    books.refresh_from_db()
    assert (event.by, event.after["sequence"]) == (representative.uuid, books.sequence)


def test_the_same_books_give_the_same_archive(browser, own):
    address = reverse("donor_archive", args=["SWE"])
    assert browser.get(address).content == browser.get(address).content


def test_another_donors_data_is_not_there(browser, own):
    for name in NAMES:
        assert browser.get(reverse(name, args=["NOR"])).status_code == 404
        assert browser.get(reverse(name, args=["NOBODY"])).status_code == 404


def test_data_ends_with_the_representation(client_of, own):
    user = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(
        user=user, donor=own["donor"], starts_on=datetime.date(2020, 1, 1),
        ends_on=timezone.localdate(),
    )  # fmt: skip
    ended = client_of(user)
    addresses = [reverse(name, args=["SWE"]) for name in NAMES]
    addresses += [reverse("my_document", args=[one.uuid]) for one in own["shared"]]
    assert {ended.get(address).status_code for address in addresses} == {404}


def test_the_board_gets_no_single_donors_data(client_of, board_member, own):
    board = client_of(board_member)
    assert {board.get(reverse(name, args=["SWE"])).status_code for name in NAMES} == {403}
