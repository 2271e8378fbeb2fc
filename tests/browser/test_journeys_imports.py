"""A file's way into the books and out again, by the hands of an officer and a reviewer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Portal
from tests.browser.hand import box, fill_in, open_from_queue, press

pytestmark = pytest.mark.browser
FILE = (
    "Donor;Fund;Received on;Amount;Currency\n"
    "Sweden;general purpose;14.12.2022;19.234,56;USD\n"
    "Friends of Quiet Harbours;FNE;15.12.2022;1.500,00;USD\n"
    "Norway;FNE;some day;1,00;USD\n"
)
DONE = 30_000  # milliseconds a job may take


def checked(page: Page) -> None:
    """Wait until the check of the import on the page is over."""
    expect(page.locator("#job-progress")).to_have_count(0, timeout=DONE)


def cell(page: Page, row: int, column: int):  # type: ignore[no-untyped-def]
    return page.get_by_label(f"Row {row}, column {column}", exact=True)


def test_a_file_is_brought_in_corrected_approved_and_undone(
    officer: Page, reviewer: Page, tmp_path: Path
) -> None:
    file = tmp_path / "quiet-harbours.csv"
    file.write_text(FILE, encoding="utf-8")
    officer.goto("/income/imports/")
    press(officer, "Import a file")
    box(officer, "File").set_input_files(file)
    press(officer, "Read the file")
    expect(officer.locator("h1")).to_have_text("Which column is what")
    readings = officer.locator("table:has(#amounts-read) tr", has_text="19.234,56").locator("td")
    expect(readings).to_have_text(["cannot be read", "19,234.56"])
    fill_in(officer, {"What the rows are": "Receipt"})
    press(officer, "Check every row")
    checked(officer)
    expect(officer.locator(".headline")).to_contain_text("1 of 3 rows can be posted.")
    press(officer, "Choose who they are")
    name = officer.locator("fieldset.fieldset", has_text="Friends of Quiet Harbours")
    name.get_by_label("Another donor").check()
    name.get_by_label("Which donor").fill("Spain")
    press(officer, "Save, and check again")
    checked(officer)
    expect(officer.locator(".headline")).to_contain_text("2 of 3 rows can be posted.")
    expect(officer.locator("table:has(#problem-1)")).to_contain_text("some day")
    page = officer.url
    press(officer, "Submit for review")
    draft = re.sub(r"^https?://[^/]+", "", officer.url)

    open_from_queue(reviewer, draft)
    expect(reviewer.locator("main")).to_contain_text("20,734.56")
    press(reviewer, "Approve and post")
    checked(reviewer)
    expect(reviewer.locator(".page-name")).to_contain_text("Posted")
    expect(reviewer.locator("table:has(#postings) tbody tr")).to_have_count(1)

    officer.goto(page)
    press(officer, "Undo this import")
    fill_in(officer, {"Why it is undone": "The wrong year was sent"})
    press(officer, "Submit for review")
    open_from_queue(reviewer, re.sub(r"^https?://[^/]+", "", officer.url))
    press(reviewer, "Approve and post")
    checked(reviewer)
    expect(reviewer.locator(".page-name")).to_contain_text("Undone")


def test_a_block_pasted_into_a_cell_fills_the_cells_to_its_side_and_below(officer: Page) -> None:
    officer.goto("/income/imports/paste/")
    heading = officer.get_by_label("Heading of column 1", exact=True)
    block = 'Donor\\tFund\\tDate\\tAmount\\tCurrency\\nSweden\\tFNE\\t2022-12-01\\t"1\\n2"\\tUSD'
    heading.evaluate(
        f"""field => {{
            const data = new DataTransfer();
            data.setData("text/plain", '{block}');
            const how = {{clipboardData: data, bubbles: true, cancelable: true}};
            field.dispatchEvent(new ClipboardEvent("paste", how));
        }}"""
    )
    expect(officer.get_by_label("Heading of column 5", exact=True)).to_have_value("Currency")
    expect(cell(officer, 2, 3)).to_have_value("2022-12-01")
    cell(officer, 2, 4).fill("250")
    cell(officer, 2, 4).press("ArrowDown")
    expect(cell(officer, 3, 4)).to_be_focused()
    officer.keyboard.type("x")
    officer.keyboard.press("ArrowLeft")
    officer.keyboard.press("ArrowLeft")
    expect(cell(officer, 3, 3)).to_be_focused()
    cell(officer, 3, 4).fill("")
    press(officer, "Read the rows")
    expect(officer.locator("h1")).to_have_text("Which column is what")
    heading_of_row = officer.locator("th", has_text="Amount")
    row = officer.locator("table.columns-of-file tr").filter(has=heading_of_row)
    expect(row).to_contain_text("250")


def test_without_scripts_the_text_area_takes_the_block(portal: Portal) -> None:
    context = portal.browser.new_context(base_url=portal.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#id_username", "officer@demo.example")
    page.fill("#id_password", "habitat-demonstration")
    page.click("main button[type=submit]")
    page.goto("/income/imports/paste/")
    page.fill("#id_rows", "Donor\tFund\tDate\tAmount\tCurrency\nSweden\tFNE\t2022-12-01\t5\tUSD")
    press(page, "Read the rows")
    expect(page.locator("h1")).to_have_text("Which column is what")
    context.close()
