"""The pack as page, PDF and workbook: who opens it, and that all three tell the same."""

import html
import io
import re
from decimal import Decimal

import pytest
from django.conf import settings as portal
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from reports.dialogue.document import dialogue_pdf
from reports.dialogue.workbook import dialogue_workbook
from reports.figures.dialogue import dialogue
from reports.figures.question import parse
from reports.models import DialogueItem
from tests import board_factories, factories
from tests.reports import hand_made
from tests.reports.pdf_reading import names, opened, texts

pytestmark = pytest.mark.django_db

PACK = ["dialogue", "dialogue_pdf", "dialogue_xlsx"]
EXACT = {"as_at": "2021-12", "units": "exact"}
LANGUAGES = [code for code, _name in portal.LANGUAGES]
NUMBER = re.compile(r"\u2212?\d{1,3}(?:,\d{3})*\.\d{2}(?!\d)")
SHEETS = ["Income", "Expenditure", "Results", "Joint programmes", "Compact", "Measures", "About"]


@pytest.fixture(autouse=True)
def opens_with(settings):
    """The pages open with the books of the test."""
    settings.PORTAL_BOOKS = "T"


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


@pytest.fixture
def browser(client, board_member):
    client.force_login(board_member)
    return client


@pytest.fixture
def items(reference):
    """One approved item of each kind."""
    return [
        board_factories.dialogue_item(
            kind=kind, title=f"Title of {kind}", text="=1+1 is text", **board_factories.decided()
        )
        for kind in ("result", "joint", "compact", "measure")
    ]


def pack(books, today, **query):
    asked = {"books": books.code, **EXACT, **query}
    return dialogue(parse(asked, default_books=books.code, today=today), today)


def sheets_of(content):
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


@pytest.mark.parametrize("page", PACK)
def test_the_board_opens_the_pack_and_a_representative_does_not(
    books, board_member, representative, client_of, page
):
    assert client_of(board_member).get(reverse(page)).status_code == 200
    assert client_of(representative).get(reverse(page)).status_code == 403


def test_a_wrong_question_is_a_page_with_a_sentence(books, browser):
    for page in PACK:
        response = browser.get(reverse(page), {"as_at": "2021-99"})
        assert response.status_code == 400
        assert "is not a month" in response.content.decode()


def figures_of(text):
    """Every amount to the cent, as written in English."""
    return set(NUMBER.findall(text.replace("\u200e", "")))


def test_page_document_and_workbook_show_the_same_figures(books, items, browser, today):
    told = pack(books, today)
    page = html.unescape(browser.get(reverse("dialogue"), EXACT).content.decode())
    document = " ".join(texts(opened(browser.get(reverse("dialogue_pdf"), EXACT).content)))
    workbook = sheets_of(browser.get(reverse("dialogue_xlsx"), EXACT).content)
    assert figures_of(document) == figures_of(page)
    for text in ("195,800,000.00", "24,600,000.00", "110,845,941.84", "16,700,000.00"):
        assert text in page
        assert text in document
    cells = {cell for rows in workbook.values() for row in rows for cell in row}
    for usd in (
        *(row.progress.actual_usd for row in told.rows),
        *(row.progress.gap_usd for row in told.rows),
        *(one.spent_usd for one in told.spending.years),
        *(one.income_usd for one in told.spending.years),
        *(usd for row in told.spending.regions for usd in row.spent),
        *(one.part_usd for one in told.compact),
        *(one.count for one in told.compact),
    ):
        assert usd is None or float(usd) in cells, usd


def test_the_workbook_has_its_sheets_with_exact_values_and_their_origin(books, items, today):
    sheets = sheets_of(dialogue_workbook(pack(books, today)))
    assert list(sheets) == SHEETS
    income = {row[0]: row[1:5] for row in sheets["Income"][1:]}
    assert income["Foundation non-earmarked"] == [2500000.0, 10000000.0, 25.0, 7500000.0]
    africa = next(row for row in sheets["Expenditure"] if row[0] == "Africa")
    assert africa[5:7] == [22866509.46, 20000000.0]
    assert sheets["Results"][1][:3] == ["Title of result", "", "=1+1 is text"]
    assert sheets["Measures"][1][0] == "Title of measure"
    compact = {row[0]: row for row in sheets["Compact"]}
    assert compact["Core share with assessed money"][3] == float(
        round(Decimal("16.7") * 100 / Decimal("195.8"), 6)
    )
    assert "Title of compact" in compact
    about = {row[0]: row[1] for row in sheets["About"]}
    assert (about["State of the books"], about["Basis"]) == (1.0, "received and allotted")


def test_nothing_entered_is_said_in_every_form(books, browser, today):
    told = "No results were entered for 2021."
    assert told in browser.get(reverse("dialogue"), EXACT).content.decode()
    assert told in " ".join(texts(opened(dialogue_pdf(pack(books, today)))))
    assert sheets_of(dialogue_workbook(pack(books, today)))["Results"][1][0] == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_is_tagged_and_set_in_every_language(books, items, today, language):
    with translation.override(language):
        pdf = opened(dialogue_pdf(pack(books, today)))
    assert str(pdf.Root.Lang) == {"zh-hans": "zh-CN"}.get(language, language)
    found = names(pdf)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 8  # six sections, notes, and where the figures come from
    assert found.count("/Table") == 5
    direction = str(pdf.Root.ViewerPreferences.get("/Direction"))
    assert (direction == "/R2L") == (language == "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_opens_in_every_language(books, items, today, language):
    with translation.override(language):
        content = dialogue_workbook(pack(books, today))
    assert len(sheets_of(content)) == 7


def test_the_same_pack_gives_the_same_bytes(books, items, today):
    told = pack(books, today)
    assert dialogue_pdf(told) == dialogue_pdf(pack(books, today))
    assert dialogue_workbook(told) == dialogue_workbook(pack(books, today))


def test_a_demonstration_is_marked_in_every_form(reference, browser, settings, today):
    settings.PORTAL_BOOKS = "D"
    demo = factories.ledger(code="D", is_demonstration=True)
    hand_made.fill(demo)
    page = browser.get(reverse("dialogue"), EXACT).content.decode()
    assert "DEMONSTRATION BOOKS" in page
    assert "110,845,941.84" not in page
    document = browser.get(reverse("dialogue_pdf"), EXACT)
    assert "DEMONSTRATION-funding-dialogue-D-2021-12-en.pdf" in document["Content-Disposition"]
    pages = texts(opened(document.content))
    assert all("DEMONSTRATION BOOKS" in one for one in pages)
    assert "110,845,941.84" not in " ".join(pages)
    for name, rows in sheets_of(browser.get(reverse("dialogue_xlsx"), EXACT).content).items():
        assert rows[0][0].startswith("DEMONSTRATION BOOKS"), name


ITEM = {
    "kind": "measure", "year": "2021", "title": "Letters to forty governments",
    "text": "Core letters went out in March.", "evidence": "Progress report, paragraph 9",
    "evidence_url": "", "programme": "",
}  # fmt: skip


def test_what_one_person_enters_another_approves_and_the_pack_tells(
    books, officer, reviewer, client_of
):
    entered = client_of(officer).post(reverse("dialogue_item_new"), ITEM)
    assert entered.url == reverse("dialogue_item_list")
    item = DialogueItem.objects.get()
    assert (item.state, item.entered_by) == ("waiting", officer)
    assert "Letters to forty" not in pack_page(officer, client_of)
    decide = reverse("dialogue_item_decide", args=[item.uuid])
    assert client_of(officer).post(decide, {"approve": "1"}).status_code == 403
    client_of(reviewer).post(decide, {"approve": "1"})
    assert "Letters to forty" in pack_page(officer, client_of)


def pack_page(user, client_of):
    return client_of(user).get(reverse("dialogue"), EXACT).content.decode()


def test_a_reviewer_does_not_approve_their_own_item(books, reviewer, client_of):
    client_of(reviewer).post(reverse("dialogue_item_new"), ITEM)
    decide = reverse("dialogue_item_decide", args=[DialogueItem.objects.get().uuid])
    page = client_of(reviewer).post(decide, {"approve": "1"}, follow=True).content.decode()
    assert "You entered this yourself" in page
    assert DialogueItem.objects.get().state == "waiting"


def test_a_returned_item_can_be_entered_again(books, officer, reviewer, client_of):
    client_of(officer).post(reverse("dialogue_item_new"), ITEM)
    item = DialogueItem.objects.get()
    decide = reverse("dialogue_item_decide", args=[item.uuid])
    client_of(reviewer).post(decide, {"return": "1", "because": "Which paragraph?"})
    item.refresh_from_db()
    assert (item.state, item.because) == ("returned", "Which paragraph?")
    listed = client_of(officer).get(reverse("dialogue_item_list")).content.decode()
    assert "Which paragraph?" in listed
    again = client_of(officer).get(reverse("dialogue_item_new"), {"again": item.uuid})
    assert "Letters to forty governments" in again.content.decode()
    client_of(officer).post(reverse("dialogue_item_new"), ITEM)
    assert DialogueItem.objects.filter(state="waiting").count() == 1


def test_an_item_without_evidence_or_of_a_year_to_come_is_refused(books, officer, client_of):
    for wrong in ({"evidence": " "}, {"year": "2199"}, {"evidence_url": "javascript:alert(1)"}):
        response = client_of(officer).post(reverse("dialogue_item_new"), {**ITEM, **wrong})
        assert response.status_code == 422
    assert not DialogueItem.objects.exists()


@pytest.mark.parametrize("page", ["dialogue_item_list", "dialogue_item_new", "expenditure_new"])
def test_the_board_does_not_enter(reference, browser, page):
    assert browser.get(reverse(page)).status_code == 403


def test_a_sign_without_a_glyph_is_told_and_no_document_is_made(books, browser):
    board_factories.dialogue_item(title="ไทย", **board_factories.decided())
    response = browser.get(reverse("dialogue_pdf"), EXACT)
    assert response.status_code == 400
    assert "U+0E44" in response.content.decode()


def test_another_target_set_can_be_asked_for_in_all_forms(books, browser):
    asked = {**EXACT, "targets": "APPROVED-2021"}
    page = html.unescape(browser.get(reverse("dialogue"), asked).content.decode())
    assert '<option value="APPROVED-2021" selected>' in page
    document = " ".join(texts(opened(browser.get(reverse("dialogue_pdf"), asked).content)))
    assert figures_of(document) == figures_of(page)
    assert "228,000,000.00" in page
    assert "220,400,000.00" not in page
