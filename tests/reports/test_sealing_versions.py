"""The same books give the same version; what is made half is not there."""

import datetime
import threading

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

from accounts.models import AuditEvent
from income.demonstration import NAME_OF_BOOKS
from jobs.models import Job
from reports.figures.provenance import Known
from reports.models import SealedReport
from reports.pdf.errors import PdfFailed
from reports.sealing import making
from reports.sealing.documents import ALPHABET, download_name, grouped_code, new_code, plain_code
from reports.sealing.errors import SealingFailed
from reports.sealing.making import seal
from reports.sealing.printing import seal_data
from reports.sealing.removal import remove_sealed
from tests import factories, report_factories
from tests.reports import pdf_reading
from tests.reports.sealed_cases import (
    AT,
    HASH,
    LATER,
    a_document,
    corrected,
    files_in,
    folder_of_templates,
    sealing,
)

__all__ = ["folder_of_templates", "sealing"]


@pytest.mark.both_databases
def test_the_same_books_give_the_same_version_and_no_new_file(ledger, officer, sealing):
    first = seal(a_document(ledger), by=officer, at=AT)
    again = seal(a_document(ledger, sequence=8), by=officer, at=LATER)
    assert (again.pk, again.version, again.sequence) == (first.pk, 1, 7)
    assert SealedReport.objects.count() == len(files_in(sealing)) == 1


@pytest.mark.both_databases
def test_a_correction_makes_version_two_and_supersedes_the_first(ledger, officer, sealing):
    first = seal(a_document(ledger), by=officer, at=AT)
    second = seal(corrected(ledger), by=officer, at=LATER)
    first.refresh_from_db()
    assert (second.version, second.superseded_by) == (2, None)
    assert (first.superseded_by, first.superseded_at) == (second, LATER)
    assert len(files_in(sealing)) == 2
    assert first.file.read() != second.file.read()
    assert not Job.objects.exists()  # nobody took the first
    acts = AuditEvent.objects.filter(act="seal_report").order_by("pk")
    assert [act.after["version"] for act in acts] == [1, 2]


def test_each_language_period_and_donor_has_versions_of_its_own(ledger, officer, sealing):
    made = [
        seal(a_document(ledger), by=officer, at=AT),
        seal(a_document(ledger, language="fr"), by=officer, at=AT),
        seal(a_document(ledger, until_on=datetime.date(2021, 6, 30)), by=officer, at=AT),
        seal(a_document(ledger, subject="3/1"), by=officer, at=AT),
    ]
    assert [one.version for one in made] == [1, 1, 1, 1]
    assert len({one.number for one in made}) == 4


def test_an_earlier_state_of_the_books_supersedes_nothing(ledger, officer, sealing):
    present = seal(corrected(ledger), by=officer, at=AT)
    earlier = Known(7, "2022-04-15", datetime.date(2022, 4, 15))
    past = seal(a_document(ledger, known=earlier), by=officer, at=LATER)
    present.refresh_from_db()
    assert (past.version, past.known_on, past.superseded_by) == (
        2,
        datetime.date(2022, 4, 15),
        None,
    )
    assert present.superseded_by is None
    assert seal(corrected(ledger), by=officer, at=LATER) == present
    assert seal(a_document(ledger, known=earlier), by=officer, at=LATER) == past


def test_who_was_slow_gets_the_newer_books_report(ledger, officer, sealing):
    newer = seal(corrected(ledger), by=officer, at=AT)
    assert seal(a_document(ledger), by=officer, at=AT) == newer


def test_the_file_is_what_the_record_says_and_has_a_name(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    content = made.file.read()
    assert made.byte_count == len(content) > 5000
    assert content.startswith(b"%PDF-1.7")
    assert download_name(made) == "statement-SWE-2021-v1.pdf"
    assert str(made.uuid) in made.file.name
    assert made.number == f"R-2022-{made.pk:06d}"


def test_the_seal_is_printed(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    said = "".join(pdf_reading.texts(pdf_reading.opened(made.file.read())))
    address = f"https://portal.example.org/verify/{made.code}/"
    when = ("15 December 2022", "10:30 UTC")
    for part in (made.number, *when, "31 December 2021", "9f86d081", grouped_code(made.code)):
        assert part in said, part
    assert address in said


def test_in_arabic_the_seal_keeps_code_and_address_in_one_piece(ledger, officer, sealing):
    words = {"title": "كشف المانح", "sentence": "دفعت السويد.", "direction": "rtl"}
    made = seal(a_document(ledger, language="ar", words=words), by=officer, at=AT)
    pdf = pdf_reading.opened(made.file.read())
    said = "".join(pdf_reading.texts(pdf))
    assert str(pdf.Root.Lang) == "ar"
    assert grouped_code(made.code) in said
    assert f"https://portal.example.org/verify/{made.code}/" in said


def test_what_the_template_gets_is_worded_in_the_documents_language(ledger, sealing):
    document = a_document(ledger, language="fr", until_on=datetime.date(2021, 6, 30))
    report = SealedReport(pk=3, code="2346789CDEFG", version=1, made_at=AT)
    told = seal_data(report, document)
    assert told["code"] == "2346-789C-DEFG"
    assert told["address"] == "https://portal.example.org/verify/2346789CDEFG/"
    assert told["qr"].startswith("<svg xmlns=")
    values = [value for _label, value in told["facts"]]
    assert "du 1er janvier 2021 au 30 juin 2021" in values
    assert values[-1].replace(" ", "") == HASH


def test_a_report_about_one_day_names_it_once(ledger, sealing):
    one = datetime.date(2021, 6, 1)
    document = a_document(ledger, from_on=one, until_on=one)
    report = SealedReport(pk=3, code="2346789CDEFG", version=1, made_at=AT)
    assert dict(seal_data(report, document)["facts"])["Period"] == "1 June 2021"


def test_the_demonstration_is_named_in_the_documents_language(ledger, sealing):
    ledger.name = NAME_OF_BOOKS
    report = SealedReport(pk=3, code="2346789CDEFG", version=1, made_at=AT)
    told = dict(seal_data(report, a_document(ledger, language="zh-hans"))["facts"])
    assert told["账簿"] == f"演示账簿（非人居署数据） ({ledger.code})"


def test_codes_are_typed_as_people_type():
    assert plain_code(" 2346-789c–defg ") == "2346789CDEFG"
    assert set(new_code()) <= set(ALPHABET)
    assert not set("0O1IL5SBUZ") & set(ALPHABET)
    assert len({new_code() for _one in range(100)}) == 100


@pytest.mark.parametrize("breaks_after", [0, 100])
def test_a_full_disk_leaves_no_row_and_no_file(ledger, officer, sealing, monkeypatch, breaks_after):
    def full(self, name, content):
        path = sealing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(breaks_after))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(SealingFailed, match="could not be stored"):
        seal(a_document(ledger), by=officer, at=AT)
    assert not SealedReport.objects.exists()
    assert files_in(sealing) == []


def test_a_row_that_cannot_be_written_leaves_no_file_and_the_old_one_current(
    ledger, officer, sealing, monkeypatch
):
    first = seal(a_document(ledger), by=officer, at=AT)

    def breaks(*_arguments, **_more):
        raise RuntimeError("the audit trail is away")

    monkeypatch.setattr(making, "record", breaks)
    with pytest.raises(RuntimeError):
        seal(corrected(ledger), by=officer, at=LATER)
    first.refresh_from_db()
    assert first.superseded_by is None
    assert SealedReport.objects.count() == len(files_in(sealing)) == 1


def test_a_sign_without_a_glyph_leaves_nothing(ledger, officer, sealing):
    with pytest.raises(PdfFailed, match="no sign for"):
        seal(a_document(ledger, words={"sentence": "\U00013000"}), by=officer, at=AT)
    assert not SealedReport.objects.exists()
    assert files_in(sealing) == []


def test_names_with_marks_of_the_typesetter_print_as_typed(ledger, officer, sealing):
    typed = '#panic("x") $x$ *b* [c] \\ <d> @e'
    made = seal(a_document(ledger, words={"sentence": typed}), by=officer, at=AT)
    assert typed in "".join(pdf_reading.texts(pdf_reading.opened(made.file.read())))


def test_without_the_portals_address_nothing_is_sealed(ledger, officer, sealing, settings):
    settings.PORTAL_ADDRESS = ""
    with pytest.raises(SealingFailed, match="PORTAL_ADDRESS"):
        seal(a_document(ledger), by=officer, at=AT)


@pytest.mark.both_databases
def test_reports_of_demonstration_books_can_be_removed_with_their_files(
    ledger, officer, sealing, django_capture_on_commit_callbacks
):
    books = factories.ledger(code="TD", name="Demonstration", is_demonstration=True)
    seal(a_document(books), by=officer, at=AT)
    last = seal(corrected(books), by=officer, at=LATER)
    order = report_factories.bulk_order(ledger=books)
    report_factories.bulk_item(order=order, report=last)
    report_factories.report_download(report=last)
    kept = seal(a_document(ledger), by=officer, at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        remove_sealed([books])
        assert len(files_in(sealing)) == 3
    assert list(SealedReport.objects.all()) == [kept]
    assert [file.name for file in files_in(sealing)] == [kept.file.name.rpartition("/")[2]]


@pytest.mark.both_databases
def test_two_at_once_make_one_version(committed, officer, sealing, monkeypatch):
    ledger = factories.ledger(code="T")
    document, gate = a_document(ledger), threading.Barrier(2, timeout=20)
    made, original = [], making._newest

    def together(asked):
        found = original(asked)
        if found is None and not gate.broken:
            gate.wait()
        return found

    def run():
        try:
            made.append(seal(document, by=officer, at=AT).pk)
        finally:
            connection.close()

    monkeypatch.setattr(making, "_newest", together)
    threads = [threading.Thread(target=run) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(made) == 2
    assert len(set(made)) == 1
    assert SealedReport.objects.count() == len(files_in(sealing)) == 1
