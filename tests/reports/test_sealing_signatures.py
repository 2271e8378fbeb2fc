"""Signatures: pyHanko's own validator takes them, and one changed byte breaks them."""

import asyncio
import datetime
import stat
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports.models import SealedReport
from reports.pdf.compiler import compile_pdf
from reports.sealing import demonstration_key
from reports.sealing.errors import SigningFailed
from reports.sealing.making import seal
from reports.sealing.printing import seal_data
from reports.sealing.signing import Checked, _apart, check, sign
from tests.reports import pdf_reading
from tests.reports.sealed_cases import (
    AT,
    a_document,
    a_key,
    files_in,
    folder_of_templates,
    sealing,
)

__all__ = ["folder_of_templates", "sealing"]


@pytest.fixture
def key(tmp_path, settings):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path))
    settings.SIGNING_KEY_PASSPHRASE = "secret"
    return settings.SIGNING_KEY_FILE


@pytest.fixture
def pdf(sealing, ledger):
    document = a_document(ledger)
    report = SealedReport(pk=3, code="2346789CDEFG", version=1, made_at=AT)
    data = {**document.data, "seal": seal_data(report, document)}
    return compile_pdf(document.template, data, language="en", timestamp=AT)


def test_pyhankos_validator_finds_it_intact_and_of_the_whole_file(pdf, key):
    signed = sign(pdf, at=AT)
    [signature] = PdfFileReader(BytesIO(signed)).embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = _apart(lambda: validate_pdf_signature(signature, context))
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.bottom_line
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signed.startswith(pdf)


def test_it_says_when_and_by_whom(pdf, key):
    assert check(sign(pdf, at=AT)) == Checked(intact=True, trusted=True, signed_at=AT)


@pytest.mark.parametrize("place", [0.05, 0.3, 0.6, 0.95])
def test_one_changed_byte_fails(pdf, key, place):
    signed = bytearray(sign(pdf, at=AT))
    at = int(len(pdf) * place)
    signed[at] ^= 1
    assert not check(bytes(signed)).intact


def test_a_changed_sentence_is_still_known_as_ours(pdf, key):
    signed = sign(pdf, at=AT)
    changed = signed.replace(b"/Title", b"/Titl3", 1)
    assert changed != signed
    found = check(changed)
    assert (found.trusted, found.intact) == (True, False)


def test_what_is_added_to_the_end_fails(pdf, key):
    assert not check(sign(pdf, at=AT) + b"\n% more\n").intact


def test_another_installations_signature_is_not_ours(pdf, key, tmp_path, settings):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path, name="other.p12"))
    foreign = sign(pdf, at=AT)
    settings.SIGNING_KEY_FILE = key
    assert check(foreign) == Checked()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7 /ByteRange [0 1 2 3]"])
def test_any_bytes_are_answered(content, key):
    assert check(content) == Checked()


def test_tags_and_identifiers_are_as_they_were(pdf, key):
    before, after = (pikepdf.open(BytesIO(one)) for one in (pdf, sign(pdf, at=AT)))
    assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
    said = after.Root.Metadata.read_bytes().decode()
    for identifier in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert identifier in said
    assert dict(before.docinfo) == dict(after.docinfo)
    assert pdf_reading.names(before) == pdf_reading.names(after)
    assert pdf_reading.texts(before) == pdf_reading.texts(after)
    assert str(after.Root.Lang) == "en"
    assert bool(after.Root.MarkInfo.Marked)
    assert bool(after.Root.ViewerPreferences.DisplayDocTitle)
    assert {str(page.Tabs) for page in after.pages} == {"/S"}


def test_the_qr_code_has_a_text_and_the_address_is_a_link(pdf):
    found = pdf_reading.opened(pdf)
    alternatives = [str(tag.Alt) for tag in pdf_reading.tags(found) if "/Alt" in tag]
    assert "QR code that opens the page of verification of this report" in alternatives
    links = [one.A.URI for page in found.pages for one in page.get("/Annots", []) if "/A" in one]
    assert {str(link) for link in links} == {"https://portal.example.org/verify/2346789CDEFG/"}


def test_the_field_of_the_signature_takes_no_room_and_has_a_name(pdf, key):
    after = pikepdf.open(BytesIO(sign(pdf, at=AT)))
    [field] = after.Root.AcroForm.Fields
    assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
    assert str(field.TU) == "Signature of the Habitat Portal"
    assert int(field.F) & 4  # PDF/A: it is printed, and not hidden
    assert not int(field.F) & 0b100011


def test_without_a_key_a_report_is_sealed_and_not_signed(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    assert not made.is_signed
    assert check(made.file.read()) == Checked()


def test_with_a_key_a_report_is_signed(ledger, officer, sealing, key):
    made = seal(a_document(ledger), by=officer, at=AT)
    assert made.is_signed
    assert check(made.file.read()).intact


def broken(tmp_path, settings, how):
    if how == "missing":
        settings.SIGNING_KEY_FILE = str(tmp_path / "nowhere.p12")
    elif how == "no key":
        (tmp_path / "empty.p12").write_bytes(b"not a key")
        settings.SIGNING_KEY_FILE = str(tmp_path / "empty.p12")
    elif how == "passphrase":
        settings.SIGNING_KEY_PASSPHRASE = "wrong"
    else:
        ended = datetime.datetime(2022, 12, 1, tzinfo=datetime.UTC)
        settings.SIGNING_KEY_FILE = str(a_key(tmp_path, until=ended, name="ended.p12"))


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("missing", "cannot be read"),
        ("no key", "cannot be read"),
        ("passphrase", "cannot be read"),
        ("expired", "has expired"),
    ],
)
def test_a_key_that_cannot_be_used_leaves_nothing(
    ledger, officer, sealing, key, tmp_path, settings, how, sentence
):
    broken(tmp_path, settings, how)
    with pytest.raises(SigningFailed, match=sentence):
        seal(a_document(ledger), by=officer, at=AT)
    assert not SealedReport.objects.exists()
    assert files_in(sealing) == []


def test_a_demonstration_makes_its_key_once_and_only_its_owner_reads_it(pdf, settings, tmp_path):
    settings.IS_DEMO, settings.PORTAL_DATA_DIR = True, tmp_path
    signed = sign(pdf, at=AT)
    assert check(signed).intact
    [file] = files_in(tmp_path / "signing")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = file.read_bytes()
    assert demonstration_key.demonstration_key() == file
    assert file.read_bytes() == kept
    [signature] = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert "demonstration" in signature.signer_cert.subject.human_friendly


def test_two_that_make_the_demonstrations_key_keep_the_first(settings, tmp_path):
    file = tmp_path / "signing" / "demonstration.p12"
    demonstration_key._write_once(file)
    kept = file.read_bytes()
    demonstration_key._write_once(file)
    assert file.read_bytes() == kept
    assert files_in(tmp_path) == [file]


def test_a_thread_with_an_event_loop_of_its_own_signs_and_checks_as_well(pdf, key):
    async def asked():
        return check(sign(pdf, at=AT)).intact

    assert _apart(lambda: asyncio.run(asked()))
