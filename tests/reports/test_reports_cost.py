"""What a report costs in statements to the database; and six languages from one reading."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyhanko.pdf_utils.reader import PdfFileReader

from donors.models import Donor
from reports.documents.statement import statement_document
from reports.figures.statement import one_reading
from reports.models import SealedReport
from reports.pdf.compiler import compile_pdf
from reports.sealing.making import seal
from reports.sealing.printing import seal_data
from reports.sealing.signing import sign
from tests import factories
from tests.reports.document_books import LANGUAGES, agreement, books, day, sweden
from tests.reports.sealed_cases import AT, LATER, a_document, a_key, folder_of_templates, sealing

__all__ = ["agreement", "books", "folder_of_templates", "sealing", "sweden"]
pytestmark = pytest.mark.django_db

OF_A_STATEMENT = 11  # the ledger twice, and nine questions, whatever the number of receipts
OF_A_NEW_VERSION = 6  # newest, last version; its number taken and given back; the row, its trace
OF_THE_SAME_CONTENT = 1


def made(books, donor, today, language="en", dates=("2021-01-01", "2021-12-31")):
    return statement_document(books, donor, *map(day, dates), language, today=today)


def asked(work):
    """How many statements it sends, without the savepoints that a test has instead of commits."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return len([one for one in queries if "SAVEPOINT" not in one["sql"]])


def test_six_languages_are_read_once(books, agreement, sweden, today):
    alone = [made(books, sweden, today, language) for language in LANGUAGES]
    together = []
    with one_reading():
        counts = [
            asked(lambda one=one: together.append(made(books, sweden, today, one)))
            for one in LANGUAGES
        ]
    assert counts == [OF_A_STATEMENT, 0, 0, 0, 0, 0]
    assert [one.data for one in together] == [one.data for one in alone]
    assert {one.content_sha256 for one in alone} == {one.content_sha256 for one in together}
    assert len({one.data["title"] for one in together}) == len(LANGUAGES)


def test_one_reading_is_of_one_donor_and_time(books, sweden, today):
    norway = Donor.objects.get(code="NOR")
    with one_reading():
        first = made(books, sweden, today)
        assert made(books, norway, today).data["donor_name"] == "Norway"
        assert made(books, sweden, today).data == first.data
        other = made(books, sweden, today, dates=("2020-01-01", "2020-12-31"))
    assert "300.00" in other.data["sentence"]
    assert "11,000.00" in first.data["sentence"]


def test_its_languages_tell_one_state_and_the_next_reading_a_newer_one(books, sweden, today):
    with one_reading():
        before = made(books, sweden, today, "en")
        factories.posting(books, factories.entry("5.00"), reference="BANK-9")
        same = made(books, sweden, today, "fr")
    after = made(books, sweden, today, "en")
    assert (before.sequence, same.sequence, after.sequence) == (4, 4, 5)
    assert "11,005.00" in after.data["sentence"]


def test_more_receipts_need_no_more_statements(books, sweden, today):
    few = asked(lambda: made(books, sweden, today))
    for number in range(5):
        factories.posting(books, factories.entry("7.00"), reference=f"MORE-{number}")
    assert asked(lambda: made(books, sweden, today)) == few


def test_sealing_asks_little(ledger, officer, sealing):
    document = a_document(ledger)
    assert asked(lambda: seal(document, by=officer, at=AT)) == OF_A_NEW_VERSION
    assert asked(lambda: seal(document, by=officer, at=LATER)) == OF_THE_SAME_CONTENT


def test_a_signature_fits_and_names_its_certificate(ledger, sealing, tmp_path, settings):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path))
    settings.SIGNING_KEY_PASSPHRASE = "secret"
    document = a_document(ledger)
    report = SealedReport(pk=3, code="2346789CDEFG", version=1, made_at=AT)
    data = {**document.data, "seal": seal_data(report, document)}
    pdf = compile_pdf(document.template, data, language="en", timestamp=AT)
    [signature] = PdfFileReader(BytesIO(sign(pdf, at=AT))).embedded_signatures
    attributes = [one["type"].native for one in signature.signer_info["signed_attrs"]]
    assert sorted(attributes) == ["content_type", "message_digest", "signing_certificate_v2"]
    taken, kept = len(signature.signed_data.dump()), len(signature.sig_object["/Contents"])
    assert taken < kept < 2 * taken
