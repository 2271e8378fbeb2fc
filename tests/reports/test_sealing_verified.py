"""The public page: genuine or not, current or superseded, and nothing of the content."""

import random

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reports.models import SealedReport
from reports.sealing import verifying
from reports.sealing.documents import grouped_code
from reports.sealing.making import seal
from reports.sealing.verifying import State, check_file
from tests import factories, report_factories
from tests.reports.sealed_cases import (
    AT,
    LATER,
    a_document,
    a_key,
    corrected,
    folder_of_templates,
    sealing,
)

__all__ = ["folder_of_templates", "sealing"]
CODE = "2346789CDEFG"


@pytest.fixture(autouse=True)
def nobody_has_asked():
    cache.clear()
    yield
    cache.clear()


def page_of(code):
    return Client().get(reverse("verify_code", args=[code])).content.decode()


def dropped(content, name="report.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def asked_with(content):
    return Client().post(reverse("verify"), {"file": dropped(content)}).content.decode()


@pytest.fixture
def signed(ledger, officer, sealing, settings, tmp_path):
    settings.SIGNING_KEY_FILE = str(a_key(tmp_path))
    settings.SIGNING_KEY_PASSPHRASE = "secret"
    return seal(a_document(ledger), by=officer, at=AT)


def test_a_current_report_is_genuine_and_current(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    page = page_of(made.code)
    assert "Genuine: this portal has made a report with this code." in page
    assert ">Current<" in page
    assert "Superseded since" not in page
    assert made.sha256 in page
    assert "15 December 2022, 10:30 UTC" in page
    assert "<dd>Not signed</dd>" in page
    assert grouped_code(made.code) in page


def test_after_a_correction_the_old_ones_page_says_superseded_since_when(ledger, officer, sealing):
    first = seal(a_document(ledger), by=officer, at=AT)
    second = seal(corrected(ledger), by=officer, at=LATER)
    page = page_of(first.code)
    assert "Superseded since 18 December 2022, 10:30 UTC" in page
    assert second.code not in page
    assert second.sha256 not in page
    assert ">Current<" in page_of(second.code)


def test_nothing_of_the_content_is_told(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    for page in (page_of(made.code), asked_with(made.file.read())):
        for hidden in ("Sweden", "SWE", "2021", "3,900,000", "statement", made.number, made.hash,
                       "Books of a test", str(made.uuid)):  # fmt: skip
            assert hidden not in page, hidden


def test_a_report_of_demonstration_books_is_marked(officer, sealing):
    books = factories.ledger(code="TD", name="Demonstration", is_demonstration=True)
    made = seal(a_document(books), by=officer, at=AT)
    page = page_of(made.code)
    assert "DEMONSTRATION BOOKS" in page
    assert "its figures are invented" in page


def test_a_code_nobody_made_is_not_genuine(db):
    response = Client().get(reverse("verify_code", args=[CODE]))
    assert response.status_code == 200
    assert "Not genuine" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_a_code_is_taken_as_it_was_typed(ledger):
    report_factories.sealed_report(code=CODE, ledger=ledger)
    response = Client().get(reverse("verify"), {"code": " 2346-789c-defg "})
    assert response["Location"] == f"/en/verify/{CODE}/"
    assert "Genuine" in page_of("2346-789c-defg")


@pytest.mark.parametrize("typed", ["<b>", "é" * 12, "1" * 40, "../../x"])
def test_what_is_no_code_gets_a_sentence(db, typed):
    response = Client().get(reverse("verify"), {"code": typed})
    assert response.status_code == 200
    assert "A code has twelve letters and figures." in response.content.decode()


def test_the_file_itself_is_genuine(signed):
    page = asked_with(signed.file.read())
    assert "Genuine: this is, byte for byte, a file that this portal made." in page
    assert "<dd>Signed</dd>" in page


def test_a_superseded_file_is_genuine_and_superseded(ledger, officer, signed):
    seal(corrected(ledger), by=officer, at=LATER)
    page = asked_with(signed.file.read())
    assert "byte for byte" in page
    assert "Superseded since 18 December 2022" in page


@pytest.mark.parametrize("place", [0.05, 0.5, 0.9])
def test_one_changed_byte_is_told_on_the_page(signed, place):
    content = bytearray(signed.file.read())
    content[int(len(content) * place)] ^= 1
    page = asked_with(bytes(content))
    assert "Not genuine: the file names a report of this portal" in page
    assert signed.sha256 not in page


def test_whichever_byte_is_changed_the_file_is_not_genuine_and_the_page_answers(signed):
    content = signed.file.read()
    chance = random.Random(2021)
    of_the_signature = range(content.rindex(b"/Contents <"), content.rindex(b"/ByteRange"))
    places = chance.sample(range(len(content)), 60) + chance.sample(of_the_signature, 40)
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        found = check_file(dropped(bytes(changed)))
        assert found.state in (State.CHANGED, State.NOT_OURS), place
        assert found.report is None


def test_a_changed_file_without_signature_is_known_by_the_address_in_it(ledger, officer, sealing):
    made = seal(a_document(ledger), by=officer, at=AT)
    assert check_file(dropped(made.file.read() + b" ")).state == State.CHANGED


def test_a_signed_file_without_a_record_is_not_certain(signed):
    content = signed.file.read()
    SealedReport.objects.all().delete()
    assert check_file(dropped(content)).state == State.UNRECORDED


@pytest.mark.parametrize("content", [b"%PDF-1.7 something else", b"a letter", b"\x00" * 2000])
def test_any_other_file_is_not_ours(db, content):
    assert "Not ours: this portal has no record of this file." in asked_with(content)


def test_an_empty_and_a_large_file_and_none_get_a_sentence(db, monkeypatch):
    assert "The file is empty." in asked_with(b"")
    monkeypatch.setattr(verifying, "MOST_BYTES", 10)
    assert "The file has more than 20 MB" in asked_with(b"%PDF-1.7 and more")
    page = Client().post(reverse("verify")).content.decode()
    assert "Choose the file of the report (PDF)." in page


def test_asking_writes_and_keeps_nothing(signed, sealing, django_assert_max_num_queries):
    before = sorted(sealing.rglob("*"))
    content = signed.file.read()
    with django_assert_max_num_queries(5) as queries:
        asked_with(content + b"x")
        page_of(signed.code)
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert sorted(sealing.rglob("*")) == before


def test_the_thirty_first_question_of_a_minute_waits(db, monkeypatch):
    monkeypatch.setattr("reports.views.verify.timezone.now", lambda: AT)
    address = reverse("verify_code", args=[CODE])
    answers = [Client().get(address).status_code for _time in range(31)]
    assert answers == [200] * 30 + [429]
    assert Client().post(reverse("verify")).status_code == 429
    assert Client().get(reverse("verify")).status_code == 200  # the form alone asks nothing
    assert Client().get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr("reports.views.verify.timezone.now", lambda: LATER)
    assert Client().get(address).status_code == 200


def test_behind_the_proxy_the_address_it_added_last_counts(rf, settings):
    from reports.sealing.limiting import _address

    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 192.0.2.9"})
    assert _address(request) == "127.0.0.1"
    settings.SECURE = True
    assert _address(request) == "192.0.2.9"
