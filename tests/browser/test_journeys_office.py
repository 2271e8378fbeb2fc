"""Around the books: the ERP's export, closing a month, campaigns and letters, one's own day."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import (
    box,
    fill_in,
    line,
    press,
    sign_agreement,
    submit_and_approve,
)

pytestmark = pytest.mark.browser
MONTH = "2022-02"
HEADINGS = "posting_date,document,grant,text,currency,amount,amount_usd"


def enter_gift(officer: Page, donor: str, amount: str, day: str, document: str) -> None:
    officer.goto("/income/gifts/new/")
    fill_in(officer, {
        "Donor": donor, "Amount received": amount, "Received on": day,
        "Bank reference": f"BANK-{document}", "ERP document number": document,
    })  # fmt: skip


def load_export(officer: Page, month: str, *lines: str) -> None:
    officer.goto("/income/erp/")
    press(officer, "Load an export")
    fill_in(officer, {"Month": month})
    content = "\n".join([HEADINGS, *lines, ""]).encode()
    box(officer, "CSV file").set_input_files(
        {"name": f"erp-{month}.csv", "mimeType": "text/csv", "buffer": content}
    )
    press(officer, "Load and match")


def test_an_export_of_the_erp_is_matched_and_its_odd_line_is_listed_by_fund(
    officer: Page, reviewer: Page
) -> None:
    enter_gift(officer, "Kenya", "6,000", "2022-08-03", "5100477101")
    posting = submit_and_approve(officer, reviewer)
    load_export(
        officer, "2022-08",
        "2022-08-03,5100477101,,Kenya core,USD,6000.00,6000.00",
        "2022-08-20,5100477102,,Nobody knows,USD,1500.00,1500.00",
    )  # fmt: skip
    expect(officer.locator("main")).to_contain_text("2 lines taken over and matched")
    unmatched = officer.locator("table:has(#erp-only) tbody tr")
    expect(unmatched).to_have_count(1)
    expect(unmatched).to_contain_text("5100477102")
    expect(unmatched).to_contain_text("USD 1,500.00")
    matched = officer.locator("table:has(#matched) tbody tr", has_text="5100477101")
    expect(matched.locator("td").nth(5)).to_have_text(str(posting))
    officer.goto("/income/months/DEMO/2022-08/")
    item = line(officer, "checklist", "Differences to the ERP")
    expect(item.first).to_have_text("to look at")
    expect(item.last).to_contain_text("1,500.00")


def test_a_file_that_cannot_be_read_says_row_by_row_why(officer: Page) -> None:
    load_export(
        officer, "2022-09",
        "2022-10-03,1,,,USD,1.00,1.00",
        "2022-09-03,2,,,XXQ,2.00,2.00",
    )  # fmt: skip
    problems = officer.locator("section:has(#problems) li")
    expect(problems.first).to_contain_text("Row 2")
    expect(problems.last).to_contain_text("XXQ")
    officer.goto("/income/erp/DEMO/2022-09/")
    expect(officer.locator("main")).to_contain_text("No export of the month was loaded.")


def close(reviewer: Page, month: str, name: str) -> None:
    """Look at every line, tick it, and give a reason where one is asked for."""
    reviewer.goto("/income/months/")
    press(reviewer, f"Checklist, and close {name}")
    press(reviewer, f"Close {name} for good")
    expect(reviewer.locator(".error-summary")).to_contain_text("Tick it")
    for tick in reviewer.locator("main form input[name^=looked_]").all():
        tick.check()
    for note in reviewer.locator("main form textarea").all():
        note.fill("Known and followed up")
    press(reviewer, f"Close {name} for good")
    expect(reviewer.locator("main")).to_contain_text(f"{name} is closed.")
    reviewer.goto(f"/income/months/DEMO/{month}/")
    expect(reviewer.locator("main .page-name")).to_contain_text("Closed")


def test_months_are_closed_in_their_order_and_what_comes_late_is_an_adjustment(
    officer: Page, reviewer: Page
) -> None:
    reviewer.goto(f"/income/months/DEMO/{MONTH}/")
    expect(line(reviewer, "checklist", "Earlier months").first).to_have_text("in the way")
    close(reviewer, "2022-01", "January 2022")
    enter_gift(officer, "Malta", "2,500", "2022-01-20", "")
    press(officer, "Submit for review")
    expect(officer.locator(".error-summary")).to_contain_text("January 2022")
    fill_in(officer, {"Adjustment: its own month is closed, book it in the present month": True})
    fill_in(officer, {"Why it comes late": "The bank's advice came in February"})
    posting = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{posting}/")
    expect(officer.locator("main dl.facts").first).not_to_contain_text("January 2022")
    officer.goto("/restatement/?books=DEMO")
    expect(officer.locator("main")).to_contain_text("2,500.00")
    expect(officer.locator("main")).to_contain_text("The bank's advice came in February")


def test_a_campaign_asks_a_donor_by_letter_and_tells_what_came_of_it(
    officer: Page, reviewer: Page
) -> None:
    officer.goto("/income/campaigns/")
    press(officer, "New campaign")
    fill_in(officer, {
        "Kind": "Core contribution letters", "Title": "Core letters of the journey",
        "Starts on": "2022-03-01",
    })  # fmt: skip
    press(officer, "Open the campaign")
    campaign = officer.url
    press(officer, "Add donors")
    box(officer, "one donor").check()
    fill_in(officer, {"Donor": "Ireland", "Amount asked for": "250,000"})
    press(officer, "Go on")
    officer.goto(campaign)
    officer.locator("table:has(#donors)").get_by_role("link", name="Ireland").click()
    approach = officer.url
    press(officer, "Write the letter")
    fill_in(officer, {"Language of the letter": "English"})
    press(officer, "Show in this language")
    expect(officer.locator("main h2#to")).to_be_visible()
    press(officer, "Make the letter")
    expect(officer.locator("main")).to_contain_text("The letter was made and filed")
    with officer.expect_download() as downloading:
        press(officer, "Download the letter (PDF)")
    with pikepdf.open(io.BytesIO(downloading.value.path().read_bytes())) as pdf:
        assert pdf.Root.Lang == "en"
        assert len(pdf.pages) == 1
    officer.goto(approach)
    fill_in(officer, {
        "Asked on": "2022-03-05", "Answer": "Will contribute", "Answered on": "2022-04-01",
    })  # fmt: skip
    press(officer, "Save")
    expect(officer.locator("main")).to_contain_text("The approach was saved.")
    officer.goto(approach)
    press(officer, "Enter an agreement")
    fill_in(officer, {
        "Purpose": "Core contribution of the journey", "Fund": "Foundation non-earmarked",
        "Amount": "240,000", "Date of signature, or of the pledge": "2022-04-20",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)
    officer.goto(campaign)
    ireland = line(officer, "donors", "Ireland")
    expect(ireland.nth(1)).to_have_text("USD 250,000.00")
    expect(ireland.nth(2)).to_contain_text("Will contribute")
    expect(ireland.nth(5)).to_have_text("240,000.00")


def test_the_calendar_shows_what_falls_due_and_goes_along(officer: Page, reviewer: Page) -> None:
    sign_agreement(officer, reviewer, {
        "Donor": "Slovenia", "Purpose": "Calendar of the journey",
        "Fund": "Foundation earmarked", "Amount": "60,000",
        "Date of signature, or of the pledge": "2022-03-02",
        "Instalment 1 due on": "2027-03-17", "Amount of instalment 1": "60,000",
    })  # fmt: skip
    officer.goto("/income/calendar/?month=2027-03")
    event = officer.locator("section:has(#list) li", has_text="Slovenia")
    expect(event).to_contain_text("17 Mar 2027")
    expect(event).to_contain_text("Instalment due")
    officer.locator("nav.pager a[rel=next]").click()
    expect(officer.locator("h1")).to_have_text("Calendar: April 2027")
    expect(officer.locator("section:has(#list)")).not_to_contain_text("Slovenia")
    officer.go_back()
    with officer.expect_download() as downloading:
        press(officer, "This month for your calendar")
    text = downloading.value.path().read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in text
    assert "DTSTART;VALUE=DATE:20270317" in text


def test_reminders_come_as_often_as_one_chooses(officer: Page) -> None:
    officer.goto("/my-settings/")
    box(officer, "Every Monday").check()
    press(officer, "Save")
    expect(officer.locator("main")).to_contain_text("Your settings are saved.")
    officer.goto("/my-settings/")
    expect(box(officer, "Every Monday")).to_be_checked()
    box(officer, "Never").check()
    press(officer, "Save")
    expect(officer.locator("main")).to_contain_text("Your settings are saved.")


def test_the_first_page_says_what_is_overdue_and_leads_to_it(officer: Page, reviewer: Page) -> None:
    sign_agreement(officer, reviewer, {
        "Donor": "Estonia", "Purpose": "Overdue of the journey",
        "Fund": "Foundation earmarked", "Amount": "33,000",
        "Date of signature, or of the pledge": "2022-03-03",
        "Instalment 1 due on": "2022-06-30", "Amount of instalment 1": "33,000",
    })  # fmt: skip
    officer.goto("/")
    row = officer.locator("main tr", has_text="Overdue of the journey")
    expect(row).to_contain_text("USD 33,000.00")
    row.get_by_role("link").first.click()
    expect(officer.locator("main")).to_contain_text(re.compile("Estonia|Overdue of the journey"))
    officer.goto("/outstanding/?books=DEMO")
    expect(officer.locator("main")).to_contain_text("33,000.00")
