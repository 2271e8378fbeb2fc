"""Reports to a donor by their addresses: made, taken, recorded; another's are not there."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from donors.models import Donor
from income.models import Entry
from reports.models import ReportDownload, SealedReport
from tests import factories
from tests.reports.document_books import agreement, day, sweden

__all__ = ["agreement", "sweden"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(reference, settings):
    settings.PORTAL_BOOKS = "T"
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    return factories.ledger(code="T", name="Books of a test", is_demonstration=True)


@pytest.fixture
def books(ledger):
    factories.posting(ledger, factories.entry("1234.50"), reference="BANK-SWE")
    norway = Donor.objects.get(code="NOR")
    factories.posting(ledger, factories.entry("777.25", donor=norway), reference="BANK-NOR")
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def browser(client_of, representative, books):
    return client_of(representative)


def make(browser, **changed):
    sent = {"type": "statement", "donor": "SWE", "year": "2021", "language": "en", **changed}
    return browser.post(reverse("report_make"), sent)


def file_of(report):
    return reverse("report_file", args=[report.uuid])


def test_a_report_is_made_sealed_and_taken(browser, representative, books):
    answer = make(browser)
    report = SealedReport.objects.get()
    assert answer.url == file_of(report)
    file = browser.get(answer.url)
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file["Cache-Control"] == "private, no-store"
    name = "DEMONSTRATION-statement-SWE-2021-T-en-v1.pdf"
    assert file["Content-Disposition"] == f'attachment; filename="{name}"'
    assert file.content.startswith(b"%PDF-")
    kept = ReportDownload.objects.get()
    assert (kept.report, kept.user) == (report, representative)
    assert AuditEvent.objects.get(act="download_report").after["sha256"] == report.sha256


def test_the_language_is_remembered(browser, representative):
    make(browser, language="fr")
    representative.refresh_from_db()
    assert representative.report_language == "fr"
    html = browser.get(reverse("sealed_list", args=["SWE"])).content.decode()
    assert '<option value="fr" selected>' in html


def test_the_same_books_give_the_same_file_and_a_correction_a_new_version(browser, books):
    make(browser)
    make(browser)
    assert SealedReport.objects.count() == 1
    factories.posting(books, factories.entry("5.00"))
    make(browser)
    old, new = SealedReport.objects.order_by("version")
    assert (new.version, old.superseded_by) == (2, new)
    assert browser.get(file_of(old)).content == browser.get(file_of(old)).content


def test_the_old_address_of_the_statement_gives_the_sealed_bytes(browser, representative):
    first = browser.get(reverse("statement_pdf", args=["SWE", 2021]))
    report = SealedReport.objects.get()
    assert first.content == browser.get(file_of(report)).content
    assert ReportDownload.objects.filter(report=report, user=representative).count() == 2


def test_each_type_is_made(browser, agreement, books):
    line = Entry.objects.get(ledger=books, amount="1234.50")
    subject = f"{line.posting.sequence}/{line.line}"
    asked = [
        {"type": "statement", "year": "", "from": "2020-03-01", "until": "2022-06-30"},
        {"type": "receipt", "subject": subject},
        {"type": "agreement", "subject": str(agreement.uuid)},
        {"type": "profile", "year": "2022"},
    ]
    for one in asked:
        assert make(browser, **one).url.startswith("/reports/")
    made = SealedReport.objects.order_by("pk").values_list("type", "from_on", "until_on")
    assert list(made) == [
        ("statement", day("2020-03-01"), day("2022-06-30")),
        ("receipt", day("2021-03-04"), day("2021-03-04")),
        ("agreement", day("2021-01-10"), day("2021-01-10")),
        ("profile", day("2013-01-01"), day("2022-12-31")),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "everything"}, {"language": "xx"}, {"year": "1977"}, {"year": "9999"},
        {"year": "", "from": "2021-02-30", "until": "2021-03-01"},
        {"year": "", "from": "2021-03-02", "until": "2021-03-01"},
        {"year": "", "from": "", "until": ""},
        {"type": "receipt", "subject": "999/1"}, {"type": "receipt", "subject": "²/1"},
        {"type": "agreement", "subject": "C-000001"}, {"type": "agreement", "subject": ""},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_a_sentence_and_no_report(browser, wrong):
    answer = make(browser, **wrong)
    assert answer.url == reverse("sealed_list", args=["SWE"])
    assert not SealedReport.objects.exists()
    assert "notice" in browser.get(answer.url).content.decode()


def test_anothers_report_is_not_there(browser, client_of, officer, books):
    make(client_of(officer), donor="NOR")
    foreign = SealedReport.objects.get()
    assert browser.get(file_of(foreign)).status_code == 404
    assert browser.get(reverse("sealed_list", args=["NOR"])).status_code == 404
    assert make(browser, donor="NOR").status_code == 404
    line = Entry.objects.get(ledger=books, amount="777.25")
    make(browser, type="receipt", subject=f"{line.posting.sequence}/{line.line}")
    assert SealedReport.objects.count() == 1
    assert not ReportDownload.objects.exists()


def test_a_representation_that_ended_opens_no_old_version(client_of, officer, sweden, books):
    make(client_of(officer))
    user = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(
        user=user, donor=sweden, starts_on=datetime.date(2020, 1, 1), ends_on=timezone.localdate()
    )
    assert client_of(user).get(file_of(SealedReport.objects.get())).status_code == 404


def test_the_board_and_who_is_signed_out_get_nothing(
    client, client_of, board_member, officer, books
):
    make(client_of(officer))
    address = file_of(SealedReport.objects.get())
    assert client_of(board_member).get(address).status_code == 403
    assert client.get(address).url.startswith(reverse("sign_in"))
    assert not ReportDownload.objects.exists()


def test_staff_see_who_took_it_and_the_donor_does_not(browser, client_of, officer, representative):
    make(browser)
    browser.get(file_of(SealedReport.objects.get()))
    page = reverse("sealed_list", args=["SWE"])
    seen = client_of(officer).get(page).content.decode()
    assert "Taken by" in seen
    assert f"<bdi>{representative.name}</bdi>" in seen
    assert "Taken by" not in browser.get(page).content.decode()


def test_bytes_that_are_not_those_sealed_are_not_given(browser):
    make(browser)
    report = SealedReport.objects.get()
    SealedReport.objects.filter(pk=report.pk).update(sha256="0" * 64)
    answer = browser.get(file_of(report))
    assert answer.status_code == 503
    assert "not the one that was sealed" in answer.content.decode()
    report.file.storage.delete(report.file.name)
    assert "not in the store" in browser.get(file_of(report)).content.decode()
    assert not ReportDownload.objects.exists()
