"""Files about a donor: what is taken in, what is not, and how they are handed out."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from donors.documents import (
    COMPOUND,
    MOST_BYTES,
    OF_A_MESSAGE,
    DocumentWrong,
    media_type_of,
    safe_file_name,
)
from donors.models import Donor, DonorDocument
from tests import factories

PDF = b"%PDF-1.7\n..."


def archive(members, stored=None):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        if stored:
            made.writestr("mimetype", stored)
        for name in members:
            made.writestr(name, "x")
    return kept.getvalue()


DOCX = archive(["[Content_Types].xml", "word/document.xml"])
ODS = archive(["content.xml"], "application/vnd.oasis.opendocument.spreadsheet")
MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Core\r\n\r\nDear all"


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.docx", DOCX,
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("a.png", b"\x89PNG\r\n\x1a\n..", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0..", "image/jpeg"),
        ("a.txt", "Où est l'argent ?\n".encode(), "text/plain"),
        ("a.eml", MAIL, "message/rfc822"),
        ("a.msg", COMPOUND + b".." + OF_A_MESSAGE, "application/vnd.ms-outlook"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(name, content, media_type):
    assert media_type_of(content, name) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html>"),
        ("a.pdf", b""),
        ("a.html", b"<html>"),
        ("a.svg", b"<svg/>"),
        ("a.exe", b"MZ"),
        ("a", PDF),
        ("a.docx", PDF),
        ("a.docx", archive(["[Content_Types].xml", "xl/workbook.xml"])),
        ("a.docx", archive(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"])),
        ("a.docm", DOCX),
        ("a.odt", ODS),
        ("a.txt", b"\x00\x01\x02"),
        ("a.txt", b"\xff\xfe\xfd"),
        ("a.eml", b"no header at all"),
        ("a.msg", COMPOUND + b"an old Word file"),
    ],
)
def test_what_is_not_on_the_list_or_is_something_else_is_refused(name, content):
    with pytest.raises(DocumentWrong):
        media_type_of(content, name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\letters\\letter.pdf", "letter.pdf"),
        ('a"\r\nX-Bad: 1.pdf', "aX-Bad 1.pdf"),
        ("x" * 400 + ".pdf", "x" * 180 + ".pdf"),
        ("", "file"),
    ],
)
def test_a_senders_file_name_is_made_harmless(name, kept):
    assert safe_file_name(name) == kept


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


def upload(client, name="Note verbale.pdf", content=PDF, **changed):
    row = {"kind": "note", "title": "A note verbale", "dated_on": "2022-03-04", **changed}
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("document_new", args=["SWE"]), {**row, "file": file})


def test_a_document_is_kept_with_its_digest_and_never_under_the_senders_name(
    client_of, officer, sweden
):
    assert upload(client_of(officer)).url == "/donors/SWE/#documents"
    row = sweden.documents.get()
    assert (row.sha256, row.byte_count) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (row.file_name, row.added_by) == ("Note verbale.pdf", officer)
    assert row.file.name == f"donors/{sweden.uuid}/{row.uuid}"
    assert Path(settings.MEDIA_ROOT) in Path(row.file.path).parents
    event = AuditEvent.objects.get(act="add_document", subject_id=str(sweden.pk))
    assert event.after["sha256"] == row.sha256


def test_it_is_handed_out_as_a_download_to_staff_only(
    client_of, officer, reviewer, board_member, representative, sweden
):
    upload(client_of(officer))
    address = reverse("donor_document", args=[sweden.documents.get().uuid])
    answer = client_of(reviewer).get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="Note verbale.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    for stranger in (board_member, representative):
        assert client_of(stranger).get(address).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.html", b"<script>", "Files of this type are not taken in."),
        ("a.pdf", b"<html>", "but it is not one"),
        ("a.txt", b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_a_refused_file_leaves_nothing(client_of, officer, sweden, name, content, sentence):
    answer = upload(client_of(officer), name, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not DonorDocument.objects.exists()


def test_the_same_file_twice_and_a_day_to_come_are_refused(client_of, officer, sweden):
    browser = client_of(officer)
    upload(browser)
    assert "is here already" in upload(browser, "other.pdf").content.decode()
    late = upload(browser, content=PDF + b"2", dated_on="2999-01-01")
    assert "lies in the future" in late.content.decode()
    assert sweden.documents.count() == 1


def test_a_document_without_its_file_is_not_there(client_of, officer, sweden):
    row = factories.donor_document(donor=sweden)
    assert client_of(officer).get(reverse("donor_document", args=[row.uuid])).status_code == 404
