"""The four reports as PDF: in six languages, with their structure, and names that could do harm."""

import datetime

import pytest
from django.conf import settings

from donors.models import Donor
from reports.documents.acknowledgement import acknowledgement_document
from reports.documents.agreement import agreement_document
from reports.documents.profile import profile_document
from reports.documents.statement import statement_document
from reports.pdf.compiler import PdfFailed, compile_pdf
from reports.sealing.signing import sign
from tests.reports.document_books import (
    LANGUAGES,
    agreement,
    books,
    day,
    kronor,
    sweden,
)
from tests.reports.pdf_reading import names, opened, tags, texts
from tests.reports.sealed_cases import a_key

__all__ = ["agreement", "books", "kronor", "sweden"]
pytestmark = pytest.mark.django_db

AT = datetime.datetime(2022, 12, 15, 10, 0, tzinfo=datetime.UTC)
SEAL = {
    "title": "Seal of this report", "number": "R-2022-000001", "version": "1",
    "facts": [["Report number", "R-2022-000001"], ["Seal", "9f86d081 884c7d65"]],
    "code_label": "Verification code", "code": "2346-789C-DEFG",
    "address": "https://portal.example.org/verify/2346789CDEFG/", "sentence": "Ask there.",
    "qr": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>',
    "qr_alt": "QR code",
}  # fmt: skip
MARKUP = "#$*[]\\<>_@\"'`~=- //a #panic() #sys.inputs ${x} السويد 瑞典 "
MARKUP = (MARKUP * 4)[:200].strip()


@pytest.fixture
def reports(books, sweden, kronor, agreement, today):
    """Makes the four of them in a language, by their types."""

    def made(language):
        return {
            "statement": statement_document(
                books, sweden, day("2021-01-01"), day("2021-12-31"), language, today=today
            ),
            "receipt": acknowledgement_document(kronor, language, today=today),
            "agreement": agreement_document(agreement, language, today=today),
            "profile": profile_document(books, sweden, 2022, language, today=today),
        }

    return made


def typeset(document, seal=None):
    data = {**document.data, "seal": seal}
    return compile_pdf(document.template, data, language=document.language, timestamp=AT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_four_reports_say_what_they_are_to_a_reading_program(reports, language):
    for kind, document in reports(language).items():
        assert document.type == kind
        pdf = opened(typeset(document, SEAL))
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == {"zh-hans": "zh-CN"}.get(language, language)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as told:
            title = f"{document.data['title']} – {document.data['donor_name']}"
            assert told["dc:title"] == title
            parts = ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance")
            assert [told[part] for part in parts] == ["1", "2", "A"]
        direction = str(pdf.Root.ViewerPreferences.get("/Direction", "/L2R"))
        assert direction == ("/R2L" if language == "ar" else "/L2R")
        assert names(pdf).count("/H1") == 1


def test_tables_have_headers_and_drawings_their_texts(reports):
    headers = {"statement": 5 + 6 + 2, "receipt": 4, "agreement": 3 + 5 + 5, "profile": 4 + 6}
    for kind, document in reports("en").items():
        pdf = opened(typeset(document, SEAL))
        assert names(pdf).count("/TH") == headers[kind]
        told = [str(tag.Alt) for tag in tags(pdf) if "/Alt" in tag]
        assert told[-1] == "QR code"
        drawn = told[:-1]
        if kind in ("statement", "profile"):
            assert drawn[0].startswith("Received, 2020 to 202")
            assert "the largest is 2021 with US$" in drawn[0]
        else:
            assert drawn == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_leaves_the_structure_of_the_four_as_it_was(reports, language, settings, tmp_path):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path))
    settings.SIGNING_KEY_PASSPHRASE = "secret"
    for document in reports(language).values():
        content = typeset(document, SEAL)
        before, after = opened(content), opened(sign(content, at=AT))
        assert after.Root.AcroForm.Fields[0].V.Type == "/Sig"
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert str(after.Root.Lang) == str(before.Root.Lang)
        assert after.Root.MarkInfo.Marked
        assert names(after) == names(before)
        headers = [tag for tag in tags(after) if tag.S == "/TH"]
        assert {str(tag.A[0].Scope) for tag in headers} == {"/Column"}
        alts = [[str(tag.Alt) for tag in tags(pdf) if "/Alt" in tag] for pdf in (before, after)]
        assert alts[0] == alts[1]
        assert all(alts[1])


def test_without_a_seal_the_books_are_told_and_no_seal_is_printed(reports):
    (statement, *_others) = reports("en").values()
    whole = " ".join(texts(opened(typeset(statement))))
    assert "Where these figures come from" in whole
    assert "Seal" not in whole
    assert "R-2022-000001" in " ".join(texts(opened(typeset(statement, SEAL))))


def test_arabic_reads_from_right_to_left_and_its_figures_from_left_to_right(reports):
    found = reports("ar")
    statement = texts(opened(typeset(found["statement"])))
    painted = " ".join(statement).replace(" ", "")
    for word in ("السويد", "المانحة", "السنة"):
        assert word[::-1] in painted  # from left to right on the page
    assert "10,000.00" in painted
    assert "80,000.00" in " ".join(texts(opened(typeset(found["receipt"]))))
    assert "السويد"[::-1] in "".join(texts(opened(typeset(found["profile"])))).replace(" ", "")


def test_chinese_is_read_in_the_order_in_which_it_is_written(reports):
    read = {kind: "".join(texts(opened(typeset(one)))) for kind, one in reports("zh-hans").items()}
    assert "2021年捐助方报表" in read["statement"].replace(" ", "")
    assert read["statement"].index("瑞典") < read["statement"].index("10,000.00")
    assert "瑞典克朗" in read["receipt"]
    assert "瑞典克朗" in read["agreement"]


@pytest.mark.parametrize("kind", ["statement", "receipt", "agreement", "profile"])
def test_a_name_of_markup_in_mixed_scripts_is_printed_as_typed(reports, sweden, agreement, kind):
    Donor.objects.filter(pk=sweden.pk).update(names={"en": MARKUP})
    type(agreement).objects.filter(pk=agreement.pk).update(title=MARKUP, reference=MARKUP)
    for one in (sweden, agreement):
        one.refresh_from_db()
    document = reports("en")[kind]
    document.data["facts"].append(("Donor", MARKUP))
    pdf = opened(typeset(document, SEAL))
    with pdf.open_metadata() as told:
        assert MARKUP in told["dc:title"]
    first = texts(pdf)[0]
    assert "#$*[]\\<>_@\"'`~=- //a #panic() #sys.inputs ${x}" in first
    assert "瑞典" in first


def test_a_name_of_two_hundred_signs_stays_on_the_page(reports, sweden):
    Donor.objects.filter(pk=sweden.pk).update(names={"en": "Donor" * 40})
    sweden.refresh_from_db()
    for document in reports("en").values():
        first = texts(opened(typeset(document, SEAL)))[0]
        assert "Donor" * 40 in first.replace("\u200b", "").replace(" ", "")


def test_a_sign_without_a_glyph_stops_the_report(reports, sweden):
    Donor.objects.filter(pk=sweden.pk).update(names={"en": "ไทย"})
    sweden.refresh_from_db()
    with pytest.raises(PdfFailed, match="no sign for"):
        typeset(reports("en")["statement"])


def test_every_language_of_the_portal_is_one_that_reports_are_made_in():
    assert set(LANGUAGES) == {code for code, _name in settings.LANGUAGES}
