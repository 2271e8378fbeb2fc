"""Orders of many reports: each made once whatever breaks, called off, delivered and told once.

In the books T Sweden and Norway paid in 2021 and Denmark in 2020 only. The reports themselves are
those of tests/report_factories.py, so that what is tested is the order.
"""

import csv
import datetime
import errno
import hashlib
import io
import zipfile

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.db import OperationalError
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from donors.models import Donor
from jobs import services
from jobs.models import Job, JobState, OutgoingMail
from jobs.sending import send_due
from reports.bulk import making
from reports.bulk.delivering import write_archive
from reports.bulk.listing import OrderState, state_of
from reports.bulk.ordering import OrderWrong, cancel, donors_of, order, years_of
from reports.models import BulkItem, BulkOrder, SealedReport
from reports.pdf.errors import PdfFailed
from tests import factories, report_factories

pytestmark = pytest.mark.django_db

FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)


def entry_of(code, on):
    return factories.entry(donor=Donor.objects.get(code=code), value_date=on)


@pytest.fixture(autouse=True)
def _store(tmp_path, monkeypatch, settings):
    monkeypatch.setattr(storages["reports"], "location", str(tmp_path / "store"))
    settings.PORTAL_ADDRESS = "https://portal.example.org/"


@pytest.fixture
def books(ledger):
    factories.posting(ledger, entry_of("SWE", datetime.date(2021, 3, 4)))
    factories.posting(ledger, entry_of("NOR", datetime.date(2021, 12, 31)))
    factories.posting(ledger, entry_of("DNK", datetime.date(2020, 12, 31)))
    return ledger


class Sealer:
    """Stands in for making and sealing; `faults` are raised once, at the call of that number."""

    def __init__(self, **faults):
        self.faults = {int(key.removeprefix("at_")): error for key, error in faults.items()}
        self.made = []
        self.calls = 0

    def __call__(self, order, wanted):
        self.calls += 1
        if error := self.faults.pop(self.calls, None):
            raise error
        self.made.append((wanted.donor.code, wanted.language))
        return report_factories.sealed_report(
            ledger=order.ledger, donor=wanted.donor, language=wanted.language,
            subject=wanted.subject, from_on=order.from_on, until_on=order.until_on,
        )  # fmt: skip


@pytest.fixture
def sealer(monkeypatch):
    return put(monkeypatch, Sealer())


def put(monkeypatch, sealer):
    monkeypatch.setattr(making, "make_report", sealer)
    return sealer


def ordered(books, by, **changed):
    asked = {"ledger": books, "type": "statement", "from_on": FIRST, "until_on": LAST,
             "languages": ["fr", "en"], "donors": [], "by": by}  # fmt: skip
    return order(**{**asked, **changed})


def run(made):
    services.run_due()
    send_due()
    made.refresh_from_db()
    return made


def broken_off_again():
    """What the sweep does with a job whose worker died two minutes ago."""
    silent = timezone.now() - services.SILENCE - datetime.timedelta(seconds=1)
    Job.objects.running().update(heartbeat_at=silent)


def archive_of(made):
    return zipfile.ZipFile(io.BytesIO(made.file.open("rb").read()))


def index_of(made):
    text = archive_of(made).read("index.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


NAMES = [
    f"{code}/statement-{code}-2021-T-{language}.pdf"
    for code in ("NOR", "SWE") for language in ("en", "fr")
]  # fmt: skip


def test_every_donor_with_entries_in_the_period_gets_a_report_in_each_language(
    books, officer, sealer
):
    made = run(ordered(books, officer))
    assert sealer.made == [("NOR", "en"), ("NOR", "fr"), ("SWE", "en"), ("SWE", "fr")]
    assert (made.job.state, made.job.sentence) == (JobState.DONE, "4 reports were made.")
    assert (made.job.done_steps, made.job.all_steps) == (4, 4)
    assert made.job.result == {"made": 4, "problems": []}
    assert state_of(made) == OrderState.FINISHED
    assert AuditEvent.objects.get(act="order_reports").after["languages"] == ["en", "fr"]


def test_a_donor_that_was_merged_is_told_as_what_it_has_become_once(books):
    sweden = Donor.objects.get(code="SWE")
    old = factories.donor(code="OLD", merged_into=sweden, merged_on=FIRST)
    factories.posting(books, factories.entry(donor=old, value_date=FIRST))
    assert [d.code for d in donors_of(books, FIRST, LAST, [])] == ["NOR", "SWE"]
    assert [d.code for d in donors_of(books, FIRST, LAST, ["OLD", "SWE"])] == ["SWE"]


def test_donors_that_are_named_get_theirs_and_nobody_else(books, officer, sealer):
    run(ordered(books, officer, donors=["DNK", "SWE"], languages=["ar"]))
    assert sealer.made == [("DNK", "ar"), ("SWE", "ar")]


def test_the_years_with_donors_are_told_newest_first(books):
    assert years_of(books, most=5) == [2021, 2020]


def test_the_archive_holds_every_report_and_an_index_and_is_what_its_hash_says(
    books, officer, sealer
):
    made = run(ordered(books, officer))
    with archive_of(made) as archive:
        assert archive.namelist() == [*NAMES, "index.csv"]
        assert archive.testzip() is None
        assert archive.read(NAMES[0]) == b"%PDF-1"
    rows = index_of(made)
    assert [row["File"] for row in rows] == NAMES
    report = SealedReport.objects.get(donor__code="NOR", language="en")
    assert rows[0]["Report number"] == report.number
    assert rows[0]["Verification code"] == report.code
    assert rows[0]["SHA-256"] == report.sha256
    assert made.sha256 == hashlib.sha256(made.file.open("rb").read()).hexdigest()
    assert made.file.name == f"bulk/{timezone.now():%Y}/{made.uuid}.zip"


def test_a_name_that_looks_like_a_formula_is_guarded_in_the_index(books, officer, sealer):
    name = '=HYPERLINK("https://example.org")'
    bad = factories.donor(code="BAD", names={"en": name})
    factories.posting(books, factories.entry(donor=bad, value_date=FIRST))
    made = run(ordered(books, officer, donors=["BAD"], languages=["en"]))
    assert index_of(made)[0]["Donor"] == f"'{name}"


def test_demonstration_books_mark_every_name(officer, sealer, reference):
    books = factories.ledger(code="D", is_demonstration=True)
    factories.posting(books, entry_of("SWE", FIRST))
    made = run(ordered(books, officer, languages=["en"]))
    assert archive_of(made).namelist()[0] == "SWE/DEMONSTRATION-statement-SWE-2021-D-en.pdf"
    [sent] = mail.outbox
    assert sent.subject.startswith("DEMONSTRATION · ")
    assert "DEMONSTRATION BOOKS" in sent.body


def test_a_worker_that_dies_in_the_middle_leaves_what_is_made_and_the_next_makes_the_rest(
    books, officer, monkeypatch
):
    sealer = put(monkeypatch, Sealer(at_3=OperationalError("the database went away")))
    made = run(ordered(books, officer))
    assert made.job.state == JobState.RUNNING
    assert made.items.count() == 2 and not made.file
    broken_off_again()
    made = run(made)
    assert made.job.state == JobState.DONE
    assert sealer.made == [("NOR", "en"), ("NOR", "fr"), ("SWE", "en"), ("SWE", "fr")]
    assert SealedReport.objects.count() == BulkItem.objects.count() == 4
    assert archive_of(made).namelist() == [*NAMES, "index.csv"]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("step", ["deliver", "tell_once"])
def test_a_worker_that_dies_at_the_end_makes_no_report_and_no_mail_twice(
    step, books, officer, sealer, monkeypatch
):
    real, died = getattr(making.delivering, step), []

    def dies_once(*arguments, **more):
        outcome = real(*arguments, **more)
        if not died:
            died.append(step)
            raise OperationalError("the database went away")
        return outcome

    monkeypatch.setattr(making.delivering, step, dies_once)
    made = run(ordered(books, officer))
    before = (made.sha256, made.finished_at)
    assert (before == ("", None), len(mail.outbox)) == (
        (True, 0) if step == "tell_once" else (False, 1)  # the mail is of the same transaction
    )
    broken_off_again()
    made = run(made)
    assert made.job.state == JobState.DONE
    assert step == "tell_once" or (made.sha256, made.finished_at) == before
    assert sealer.calls == 4
    assert len(mail.outbox) == 1


def test_a_report_that_cannot_be_made_says_why_and_the_others_go_on(books, officer, monkeypatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    put(monkeypatch, Sealer(at_1=PdfFailed("no sign for X"), at_2=full, at_3=KeyError("unseen")))
    made = run(ordered(books, officer))
    assert made.job.state == JobState.DONE
    assert made.job.sentence == (
        "1 report was made. 3 reports could not be made; the index says why."
    )
    assert made.job.result["problems"][0] == "NOR, en: no sign for X"
    why = [row["Not made because"] for row in index_of(made)]
    assert why[0] == "no sign for X"
    assert why[1].startswith("The file could not be stored.")
    assert why[2].startswith("Something went wrong")
    assert why[3] == ""
    assert archive_of(made).namelist() == [NAMES[3], "index.csv"]
    assert "Made: 1. Not made: 3." in mail.outbox[0].body


def test_a_report_whose_file_is_gone_is_in_the_index_only(books, officer, sealer):
    made = run(ordered(books, officer, languages=["en"]))
    report = SealedReport.objects.get(donor__code="NOR")
    report.file.storage.delete(report.file.name)
    again = io.BytesIO()
    write_archive(made, again)
    assert zipfile.ZipFile(again).namelist() == [NAMES[2], "index.csv"]
    assert b"The file is not in the store." in zipfile.ZipFile(again).read("index.csv")


def test_a_full_store_fails_the_work_with_a_sentence_and_leaves_no_half_archive(
    books, officer, sealer, monkeypatch, tmp_path
):
    real = FileSystemStorage._save

    def fills_up(self, name, content):
        if ".zip" in name:
            real(self, name, ContentFile(b"half of it"))
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", fills_up)
    made = run(ordered(books, officer))
    assert made.job.state == JobState.FAILED
    assert "could not be stored" in made.job.sentence
    assert state_of(made) == OrderState.BROKEN
    assert not made.file and made.finished_at is None
    assert list((tmp_path / "store").rglob("*.zip*")) == []
    assert mail.outbox == []
    assert made.items.count() == 4  # which stay


def test_an_order_that_is_called_off_stops_between_two_reports(
    books, officer, other_officer, monkeypatch
):
    at = datetime.datetime(2022, 12, 15, 12, tzinfo=datetime.UTC)

    class CalledOff(Sealer):
        def __call__(self, order, wanted):
            made = super().__call__(order, wanted)
            if self.calls == 2:
                cancel(order, by=other_officer, at=at)
            return made

    sealer = put(monkeypatch, CalledOff())
    made = run(ordered(books, officer))
    assert sealer.calls == 2
    assert (state_of(made), made.cancelled_at) == (OrderState.CANCELLED, at)
    assert made.job.sentence == "The order was called off. What was made before stays."
    assert made.items.exclude(report=None).count() == 2
    assert not made.file
    assert mail.outbox == []
    assert AuditEvent.objects.get(act="cancel_reports").after == {"made": 1}  # then


def test_an_order_that_is_called_off_while_the_archive_is_written_stores_none(
    books, officer, sealer, monkeypatch, tmp_path
):
    real = making.delivering.write_archive

    def called_off(order, archive):
        real(order, archive)
        cancel(order, by=officer, at=timezone.now())

    monkeypatch.setattr(making.delivering, "write_archive", called_off)
    made = run(ordered(books, officer))
    assert state_of(made) == OrderState.CANCELLED
    assert list((tmp_path / "store").rglob("*.zip*")) == []
    assert mail.outbox == []


def test_what_is_over_cannot_be_called_off(books, officer, sealer):
    made = run(ordered(books, officer))
    with pytest.raises(OrderWrong, match="over already"):
        cancel(made, by=officer, at=timezone.now())
    assert BulkOrder.objects.get().cancelled_at is None


def test_the_mail_goes_once_to_who_ordered_and_carries_no_file_and_no_donor(
    books, officer, other_officer, sealer
):
    made = run(ordered(books, officer))
    [sent] = mail.outbox
    assert sent.to == [officer.email]
    assert sent.attachments == []
    assert f"https://portal.example.org/reports/orders/{made.uuid}/\n" in sent.body
    assert "Sweden" not in sent.body and "SWE" not in sent.body
    assert made.is_mailed
    assert making.delivering.tell_once(made) is False
    assert send_due() == 0
    assert len(mail.outbox) == 1


def test_a_mail_that_cannot_be_handed_over_leaves_the_order_finished(
    books, officer, sealer, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    made = run(ordered(books, officer))
    assert made.job.state == JobState.DONE
    assert state_of(made) == OrderState.FINISHED
    assert OutgoingMail.objects.get().reason == "ConnectionRefusedError"


def test_who_may_no_longer_order_reports_is_not_told(books, officer, sealer):
    ordered(books, officer)
    services.run_due()
    officer.role = Role.BOARD
    officer.save()
    assert (send_due(), mail.outbox) == (0, [])
    assert OutgoingMail.objects.get().state == "dropped"


def test_the_mail_is_in_the_language_of_who_ordered(books, officer, sealer):
    officer.language = "ar"
    officer.save()
    run(ordered(books, officer))
    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html" and '<html lang="ar" dir="rtl">' in html


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"type": "agreement"}, "cannot be ordered"),
        ({"type": "receipt", "donors": ["KFW"]}, "No receipt stands"),
        ({"until_on": datetime.date(2020, 1, 1)}, "before the first"),
        ({"languages": []}, "one language or more"),
        ({"languages": ["en", "xx"]}, "one language or more"),
        ({"donors": ["SWE", "NOPE"]}, "no donor NOPE"),
        ({"from_on": datetime.date(1999, 1, 1), "until_on": datetime.date(1999, 12, 31)},
         "No donor has entries"),
    ],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused_with_a_sentence(
    changed, sentence, books, officer, sealer
):
    with pytest.raises(OrderWrong, match=sentence):
        ordered(books, officer, **changed)
    assert not BulkOrder.objects.exists()
    assert not Job.objects.exists()


def test_only_who_may_order_reports_orders_or_calls_off(
    books, officer, reviewer, representative, sealer
):
    for stranger in (reviewer, representative):
        with pytest.raises(PermissionDenied):
            ordered(books, stranger)
        with pytest.raises(PermissionDenied):
            cancel(report_factories.bulk_order(ledger=books), by=stranger, at=timezone.now())


@pytest.mark.parametrize(
    ("type_", "period"), [("statement", "2021"), ("profile", "2012-2021")]
)  # fmt: skip
def test_the_reports_themselves_are_sealed_and_ordered_again_they_are_the_same(
    type_, period, books, officer
):
    asked = {"type": type_, "donors": ["SWE"], "languages": ["en", "ar"]}
    first, again = (run(ordered(books, officer, **asked)) for _order in range(2))
    names = [f"SWE/{type_}-SWE-{period}-T-{language}.pdf" for language in ("ar", "en")]
    assert archive_of(first).namelist() == [*names, "index.csv"]
    assert archive_of(first).read(names[0]).startswith(b"%PDF-")
    assert SealedReport.objects.count() == 2
    assert [one.report_id for one in first.items.all()] == [
        one.report_id for one in again.items.all()
    ]
    for name, row in zip(names, index_of(first), strict=True):
        assert hashlib.sha256(archive_of(again).read(name)).hexdigest() == row["SHA-256"]
