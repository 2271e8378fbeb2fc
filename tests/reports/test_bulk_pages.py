"""The pages of orders: two clicks to a year's statements, how far one is, its archive, foreign."""

import datetime

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from donors.models import Donor
from jobs.models import Job, JobState
from reports.bulk import making
from reports.models import BulkOrder, ReportDownload
from tests import factories, report_factories

pytestmark = pytest.mark.django_db

PAGES = ("bulk", "bulk_file")


@pytest.fixture(autouse=True)
def _store(tmp_path, monkeypatch):
    monkeypatch.setattr(storages["reports"], "location", str(tmp_path / "store"))


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    day = datetime.date(2021, 3, 4)
    for code in ("SWE", "NOR"):
        entry = factories.entry(donor=Donor.objects.get(code=code), value_date=day)
        factories.posting(ledger, entry)
    return ledger


def going_on(books, by, **changed):
    job = factories.job(
        kind="bulk_reports", asked_by=by, state=JobState.RUNNING, started_at=timezone.now(),
        heartbeat_at=timezone.now(), done_steps=3, all_steps=12, **changed,
    )  # fmt: skip
    return report_factories.bulk_order(ledger=books, asked_by=by, job=job)


def test_all_statements_of_a_year_in_all_languages_are_two_clicks(books, officer, client_of):
    browser = client_of(officer)
    address = f"{reverse('bulk_new')}?books=T&amp;year=2021"
    assert f'href="{address}"' in browser.get(reverse("bulk_list")).content.decode()
    form = browser.get(address.replace("&amp;", "&")).context["form"]
    sent = {name: form.initial[name] for name in ("type", "from_on", "until_on", "languages")}
    answer = browser.post(address.replace("&amp;", "&"), sent)
    made = BulkOrder.objects.get()
    assert answer.headers["Location"] == reverse("bulk", args=[made.uuid])
    assert (made.type, made.donors, len(made.languages)) == ("statement", [], 6)
    assert (made.from_on.isoformat(), made.until_on.isoformat()) == ("2021-01-01", "2021-12-31")
    assert (made.ledger, made.asked_by) == (books, officer)
    assert Job.objects.get().payload == {"order": str(made.uuid)}


def test_codes_are_typed_as_people_type_them(books, officer, client_of):
    sent = {"type": "statement", "from_on": "2021-01-01", "until_on": "2021-12-31",
            "languages": ["fr"], "donors": "swe; NOR,\nSWE"}  # fmt: skip
    client_of(officer).post(reverse("bulk_new"), sent)
    assert BulkOrder.objects.get().donors == ["NOR", "SWE"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"donors": "NOPE"}, "There is no donor NOPE."),
        ({"until_on": "2020-01-01"}, "The last day lies before the first."),
        ({"from_on": "1999-01-01", "until_on": "1999-02-01"}, "No donor has entries"),
        ({"languages": []}, "required"),
        ({"type": "agreement"}, "agreement"),
    ],
)
def test_a_wrong_form_is_shown_again_with_the_sentence(
    changed, sentence, books, officer, client_of
):
    sent = {"type": "statement", "from_on": "2021-01-01", "until_on": "2021-12-31",
            "languages": ["fr"], **changed}  # fmt: skip
    answer = client_of(officer).post(reverse("bulk_new"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not BulkOrder.objects.exists()


def test_the_page_shows_progress_and_asks_again_until_the_work_is_over(books, officer, client_of):
    order = going_on(books, officer)
    address, browser = reverse("bulk", args=[order.uuid]), client_of(officer)
    page = browser.get(address).content.decode()
    assert f'hx-get="{address}"' in page and 'value="25"' in page
    assert reverse("bulk_cancel", args=[order.uuid]) in page
    assert reverse("bulk_file", args=[order.uuid]) not in page
    part = browser.get(address, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode() and "HX-Refresh" not in part.headers
    Job.objects.update(state=JobState.DONE, finished_at=timezone.now(), sentence="Done.")
    part = browser.get(address, headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"


def test_the_page_tells_what_became_of_each_report(books, officer, client_of):
    order = report_factories.finished_order(ledger=books, asked_by=officer)
    bad = factories.donor(code="BAD", names={"en": "<b>Bad & Co</b>"})
    report_factories.bulk_item(order=order, donor=bad, sentence="Its name has no sign for <i>.")
    page = client_of(officer).get(reverse("bulk", args=[order.uuid])).content.decode()
    said = page.replace('<bdi class="figure">1</bdi>', "1")
    assert "1 report is made. 1 report could not be made." in said
    assert order.items.exclude(report=None).get().report.number in page
    assert "&lt;b&gt;Bad &amp; Co&lt;/b&gt;" in page
    assert "Its name has no sign for &lt;i&gt;." in page
    assert reverse("bulk_file", args=[order.uuid]) in page
    assert reverse("bulk_cancel", args=[order.uuid]) not in page


def test_an_order_whose_work_is_gone_says_what_to_do(books, officer, client_of):
    order = report_factories.bulk_order(ledger=books)
    page = client_of(officer).get(reverse("bulk", args=[order.uuid])).content.decode()
    assert "The work on this order is gone." in page


def test_who_takes_the_archive_took_every_report_of_it(books, officer, other_officer, client_of):
    order = report_factories.finished_order(ledger=books, asked_by=officer)
    address = reverse("bulk_file", args=[order.uuid])
    answer = client_of(other_officer).get(address)
    assert b"".join(answer.streaming_content) == b"PK\x05\x06"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statement-2021-T.zip"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    [taken] = ReportDownload.objects.all()
    assert (taken.user, taken.report) == (other_officer, order.items.get().report)
    assert AuditEvent.objects.get(act="download_reports").after["reports"] == 1
    client_of(officer).head(address)
    assert ReportDownload.objects.count() == 1


def test_there_is_no_archive_before_the_end_nor_when_its_file_is_gone(books, officer, client_of):
    early = going_on(books, officer)
    gone = report_factories.finished_order(ledger=books)
    gone.file.storage.delete(gone.file.name)
    for order in (early, gone):
        answer = client_of(officer).get(reverse("bulk_file", args=[order.uuid]))
        assert answer.status_code == 404
    assert not ReportDownload.objects.exists()


def test_calling_off_is_one_click_and_only_once(books, officer, client_of):
    order = going_on(books, officer)
    browser, address = client_of(officer), reverse("bulk_cancel", args=[order.uuid])
    assert "The order is called off." in browser.post(address, follow=True).content.decode()
    order.refresh_from_db()
    first = order.cancelled_at
    assert first is not None
    assert "The order is over already." in browser.post(address, follow=True).content.decode()
    order.refresh_from_db()
    assert order.cancelled_at == first
    assert browser.get(address).status_code == 405


def test_nobody_else_sees_that_an_order_is_there(
    books, officer, reviewer, board_member, representative, administrator, client_of, client
):
    """Sweden's representative as well, though Sweden's own report is in the archive."""
    order = report_factories.finished_order(ledger=books, asked_by=officer)
    sweden = Donor.objects.get(code="SWE")
    report = report_factories.sealed_report(ledger=books, donor=sweden)
    report_factories.bulk_item(order=order, donor=sweden, report=report)
    for stranger in (reviewer, board_member, representative, administrator):
        browser = client_of(stranger)
        for name in PAGES:
            answer = browser.get(reverse(name, args=[order.uuid]))
            assert answer.status_code == 403, (stranger, name)
            assert report.number not in answer.content.decode()
        for name in ("bulk_list", "bulk_new"):
            assert browser.get(reverse(name)).status_code == 403
        assert browser.post(reverse("bulk_cancel", args=[order.uuid])).status_code == 403
        assert browser.post(reverse("bulk_new"), {"type": "statement"}).status_code == 403
    for name in PAGES:
        assert "next=" in client.get(reverse(name, args=[order.uuid])).headers["Location"]
    assert not ReportDownload.objects.exists()


def test_a_guessed_name_finds_nothing(books, officer, client_of):
    order = report_factories.finished_order(ledger=books, asked_by=officer)
    for address in (f"/reports/orders/{order.pk}/", f"/{order.file.name}",
                    f"/media/{order.file.name}", f"/static/{order.file.name}",
                    "/reports/orders/00000000-0000-4000-8000-000000000000.zip"):  # fmt: skip
        assert client_of(officer).get(address).status_code == 404, address


def test_the_work_itself_is_seen_by_who_asked_for_it_only(
    books, officer, other_officer, monkeypatch, client_of
):
    monkeypatch.setattr(making, "make_report", lambda *_asked: None)
    order = going_on(books, officer)
    address = reverse("job", args=[order.job.uuid])
    assert client_of(officer).get(address).status_code == 200
    assert client_of(other_officer).get(address).status_code == 404
