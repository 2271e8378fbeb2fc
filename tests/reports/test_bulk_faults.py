"""Orders whose installation is at fault: a sentence, a state on the job, nothing half-written.

The reports are sealed for real here. In the books T Sweden and Norway paid in 2021.
"""

import datetime
import errno
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import FileSystemStorage, storages
from django.urls import reverse

from donors.models import Donor
from jobs.models import JobState, OutgoingMail
from reports.bulk.delivering import record_archive_taken
from reports.bulk.listing import OrderState, state_of
from reports.models import BulkItem, SealedReport
from reports.pdf import compiler, fonts
from reports.sealing import signing
from tests import factories
from tests.reports.sealed_cases import a_key, files_in
from tests.reports.test_bulk_making import FIRST, archive_of, entry_of, ordered, run

pytestmark = pytest.mark.django_db
EXPIRED = datetime.datetime(2022, 12, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch, settings):
    folder = tmp_path / "store"
    monkeypatch.setattr(storages["reports"], "location", str(folder))
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    return folder


@pytest.fixture
def books(ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    for code in ("SWE", "NOR"):
        factories.posting(ledger, entry_of(code, FIRST))
    return ledger


def key_missing(tmp_path, settings, _monkeypatch):
    settings.SIGNING_KEY_FILE = str(tmp_path / "nowhere.p12")


def passphrase_wrong(tmp_path, settings, _monkeypatch):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path))
    settings.SIGNING_KEY_PASSPHRASE = "wrong"


def key_expired(tmp_path, settings, _monkeypatch):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path, until=EXPIRED))
    settings.SIGNING_KEY_PASSPHRASE = "secret"


def font_missing(_tmp_path, _settings, monkeypatch):
    monkeypatch.setattr(compiler, "_compilers", {})
    monkeypatch.setattr(fonts, "PACKAGED", (("justmytype_western_core", "Away.ttf"),))


def disk_full(_tmp_path, _settings, monkeypatch):
    def fills_up(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(100))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fills_up)


OF_THE_INSTALLATION = [
    (key_missing, "The key that reports are signed with cannot be read."),
    (passphrase_wrong, "The key that reports are signed with cannot be read."),
    (key_expired, "The certificate that reports are signed with is not valid today"),
    (font_missing, "A font of the documents is missing."),
]
OF_EACH_REPORT = [(disk_full, "The report could not be stored.")]


@pytest.mark.parametrize(("fault", "sentence"), OF_THE_INSTALLATION)
def test_what_is_wrong_with_all_breaks_the_order_off_at_the_first_report(
    fault, sentence, books, officer, store, tmp_path, settings, monkeypatch
):
    with monkeypatch.context() as broken:
        fault(tmp_path, settings, broken)
        made = run(ordered(books, officer))
    assert (made.job.state, state_of(made)) == (JobState.FAILED, OrderState.BROKEN)
    assert made.job.sentence.startswith(sentence)
    assert (made.file.name, made.finished_at) == ("", None)
    assert not BulkItem.objects.exists() and not SealedReport.objects.exists()
    assert files_in(store) == [] and mail.outbox == []
    settings.SIGNING_KEY_FILE = ""
    again = run(ordered(books, officer))
    assert (again.job.state, again.items.exclude(report=None).count()) == (JobState.DONE, 4)


def test_a_full_disk_is_told_with_each_report_and_with_the_work(
    books, officer, store, tmp_path, settings, monkeypatch, client_of
):
    with monkeypatch.context() as broken:
        disk_full(tmp_path, settings, broken)
        made = run(ordered(books, officer))
    assert (made.job.state, state_of(made)) == (JobState.FAILED, OrderState.BROKEN)
    sentence = "The report could not be stored. Ask the administrator to check the space left."
    assert made.job.sentence == f"Not one report could be made. {sentence}"
    assert {item.sentence for item in made.items.all()} == {sentence}
    assert not SealedReport.objects.exists()
    assert files_in(store) == [] and mail.outbox == []
    assert client_of(officer).get(reverse("bulk_file", args=[made.uuid])).status_code == 404


def test_a_key_that_expires_in_the_middle_leaves_what_is_made_and_the_next_order_goes_on(
    books, officer, store, tmp_path, settings, monkeypatch
):
    real, calls = signing.sign, []

    def expires(pdf, *, at):
        calls.append(at)
        if len(calls) == 3:
            key_expired(tmp_path, settings, monkeypatch)
        return real(pdf, at=at)

    monkeypatch.setattr(signing, "sign", expires)
    made = run(ordered(books, officer))
    assert made.job.state == JobState.FAILED
    assert made.items.count() == SealedReport.objects.count() == len(files_in(store)) == 2
    settings.SIGNING_KEY_FILE = ""
    again = run(ordered(books, officer))
    assert again.job.sentence == "4 reports were made."
    assert SealedReport.objects.count() == 4
    assert len(archive_of(again).namelist()) == 5


@pytest.mark.parametrize(("fault", "sentence"), OF_THE_INSTALLATION + OF_EACH_REPORT)
def test_a_single_report_is_a_sentence_and_nothing_half_written(
    fault, sentence, books, officer, store, tmp_path, settings, monkeypatch, client_of
):
    fault(tmp_path, settings, monkeypatch)
    sent = {"type": "statement", "donor": "SWE", "year": "2021", "language": "en"}
    answers = [
        client_of(officer).post(reverse("report_make"), sent),
        client_of(officer).get(reverse("statement_pdf", args=["SWE", 2021])),
    ]
    for answer in answers:
        assert answer.status_code == 503
        assert sentence in answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")
    assert not SealedReport.objects.exists()
    assert files_in(store) == []


def test_an_order_tells_each_person_once_of_all_it_has_superseded(books, officer, other_officer):
    """Both officers' archives hold four statements; the correction changes Sweden's two."""
    first = run(ordered(books, officer))
    for person in (officer, other_officer):
        record_archive_taken(first, by=person)
    record_archive_taken(first, by=other_officer)  # twice
    sweden = Donor.objects.get(code="SWE")
    factories.posting(books, factories.entry("5.00", donor=sweden, value_date=FIRST))
    mail.outbox.clear()
    run(ordered(books, officer))
    told = [sent for sent in mail.outbox if "superseded" in sent.subject]
    assert sorted(sent.to[0] for sent in told) == [officer.email, other_officer.email]
    superseded = SealedReport.objects.exclude(superseded_by=None)
    assert {report.donor.code for report in superseded} == {"SWE"}
    for sent in told:
        assert sent.subject == "Habitat Portal: 2 reports that you took are superseded"
        assert all(report.number in sent.body for report in superseded)
    assert OutgoingMail.objects.filter(kind="report_superseded").count() == 2
    mail.outbox.clear()
    run(ordered(books, officer))  # nothing changed
    assert [sent.subject for sent in mail.outbox] == [
        "Habitat Portal: the reports you ordered are there"
    ]
