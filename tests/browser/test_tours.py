"""The tours of docs/tours, walked: each step works, and each picture shows what its step says.

With PICTURES naming a folder the pictures are made anew in it; `make pictures` names docs/pictures.
"""

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from tests.browser.conftest import ROOT, Portal
from tests.browser.hand import approve, box, fill_in, press, submit
from tests.house.test_tours import PICTURE, WORDS_ON_PAGES

pytestmark = pytest.mark.browser
SIZE = (1080, 675)  # of a picture: a window of 1440 by 900, made smaller
COLOURS = 64


class Tour:
    """One walk through the pages: keeps what stood on them, and the pictures that were taken."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen = ""
        self.pictures: list[str] = []

    def step(self, page: Page, at: str = "h1") -> None:
        """A picture of the page with the place `at` in sight."""
        place = page.locator(at).first
        expect(place).to_be_visible()
        place.evaluate(
            "at => { const top = at.getBoundingClientRect().top + scrollY;"
            " scrollTo(0, top < 600 ? 0 : top - 24); }"
        )
        self.look(page)
        self.pictures.append(f"{self.name}-{len(self.pictures) + 1}.png")
        if folder := os.environ.get("PICTURES"):
            keep(page.screenshot(), Path(folder) / self.pictures[-1])

    def look(self, page: Page) -> None:
        """Remember the words of the page."""
        self.seen += " " + " ".join(page.locator("body").inner_text().split())

    def is_as_told(self) -> None:
        """The document shows these pictures, in this order, and names what stood on the pages."""
        told = (ROOT / "docs" / "tours" / f"{self.name}.md").read_text("utf-8")
        assert PICTURE.findall(told) == self.pictures
        named = [" ".join(words.split()) for words in WORDS_ON_PAGES.findall(told)]
        assert [words for words in named if words not in self.seen] == []
        assert named


def keep(picture: bytes, path: Path) -> None:
    """The picture, smaller and with few colours."""
    with Image.open(BytesIO(picture)) as image:
        small = image.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def test_the_officer_enters_a_receipt(portal: Portal) -> None:
    tour, page = Tour("officer"), portal.signed_in(Role.OFFICER)
    tour.step(page)
    press(page, "Enter a receipt")
    tour.look(page)
    page.goto("/income/receipts/new/?donor=SWE")
    expect(box(page, "Amount received")).not_to_have_value("")
    fill_in(page, {"Amount received": "1,250,000", "Received on": "2022-11-30",
                   "Bank reference": "TOUR-1"})  # fmt: skip
    expect(page.locator("#conversion")).to_contain_text("1,250,000.00")
    tour.step(page, "#conversion")
    submit(page)
    tour.step(page)
    page.goto("/donors/SWE/")
    tour.step(page)
    tour.is_as_told()
    page.context.close()


def test_the_reviewer_posts_what_another_person_entered(portal: Portal) -> None:
    officer = portal.signed_in(Role.OFFICER)
    officer.goto("/income/gifts/new/")
    fill_in(officer, {"Donor": "Malta", "Amount received": "12,000", "Received on": "2022-12-05",
                      "Bank reference": "TOUR-2"})  # fmt: skip
    draft = submit(officer)
    officer.context.close()
    tour, page = Tour("reviewer"), portal.signed_in(Role.REVIEWER)
    tour.step(page)
    page.goto(draft)
    tour.step(page, "#rehearsal")
    number = approve(page, draft)
    page.goto(f"/income/postings/DEMO/{number}/")
    tour.step(page)
    page.goto("/income/months/")
    press(page, "Checklist of December 2022")
    tour.step(page)
    tour.is_as_told()
    page.context.close()


def test_the_board_follows_a_figure_to_its_entries(portal: Portal) -> None:
    tour, page = Tour("board"), portal.signed_in(Role.BOARD)
    page.goto("/board/?books=DEMO&as_at=2021-12")
    tour.step(page)
    page.locator("button[popovertarget=term-pace]").click()
    tour.step(page, "#fund-table-caption")
    page.keyboard.press("Escape")
    name = page.locator("th a", has_text=re.compile("^Technical cooperation$"))
    figure = page.locator("table:has(#fund-table-caption) tr", has=name).locator("td a").first
    expect(figure).to_have_text("144.8")
    figure.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"together US\$\W144,800,000\.00"))
    tour.step(page)
    page.goto("/bases/?books=DEMO&year=2021")
    tour.step(page, "#bridge")
    page.goto("/updates/?books=DEMO")
    tour.look(page)
    page.locator("main tbody th a").first.click()
    tour.step(page)
    tour.is_as_told()
    page.context.close()


def statement_of(page: Page) -> bytes:
    """The statement of the year as PDF, made on the page with all reports."""
    summary = page.locator("main summary", has_text="Make a report")
    if not page.get_by_label("First day").is_visible():
        summary.click()
    with page.expect_download(timeout=120_000) as taken:  # the first one sets up the typesetter
        page.locator("form:has(#from) button[type=submit]").click(no_wait_after=True)
    return Path(taken.value.path()).read_bytes()


def test_a_member_state_takes_its_statement_home(portal: Portal) -> None:
    tour, page = Tour("member-state"), portal.signed_in(Role.REPRESENTATIVE)
    tour.step(page)
    tour.step(page, "#contributions")
    page.goto("/reports/donors/SWE/")
    assert statement_of(page).startswith(b"%PDF")
    page.reload()
    tour.step(page)
    page.goto("/my/")
    page.locator("a.remark").first.click()
    tour.step(page)
    tour.is_as_told()
    page.context.close()


def test_the_administrator_opens_an_account(portal: Portal) -> None:
    tour, page = Tour("administrator"), portal.signed_in(Role.ADMINISTRATOR)
    tour.step(page)
    press(page, "Open an account")
    fill_in(page, {"E-mail address": "tour@demo.example", "Name": "Board member of the tour",
                   "Role": "Executive Board member",
                   "First password": "a-password-for-the-tour"})  # fmt: skip
    tour.step(page)
    press(page, "Open the account")
    expect(page.locator("main")).to_contain_text("tour@demo.example")
    tour.look(page)
    page.goto("/audit/")
    tour.step(page)
    tour.is_as_told()
    page.context.close()


def test_everybody_asks_whether_a_report_is_genuine(portal: Portal) -> None:
    donor = portal.signed_in(Role.REPRESENTATIVE)
    donor.goto("/reports/donors/SWE/")
    report = statement_of(donor)
    donor.context.close()
    tour, page = Tour("public"), portal.visitor().new_page()
    page.goto("/en/")
    tour.step(page)
    page.goto("/en/verify/")
    page.locator("#file").set_input_files(
        {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": report}
    )
    press(page, "Compare")
    expect(page.locator("main")).to_contain_text("Verification code")
    tour.step(page)
    page.goto("/en/terms/")
    tour.step(page)
    tour.is_as_told()
    page.context.close()
