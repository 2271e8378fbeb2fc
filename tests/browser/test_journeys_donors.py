"""The relation to a donor: its facts, its people and papers, and two rows that are one donor."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import box, fact, fill_in, open_more, press, submit_and_approve

pytestmark = pytest.mark.browser
DONOR = "/donors/DNK/"


def test_of_two_people_who_change_one_donor_the_second_sees_both_versions(
    officer: Page, second_officer: Page
) -> None:
    for page in (officer, second_officer):
        page.goto(f"{DONOR}edit/")
    fill_in(officer, {"Note": "Pays in the first quarter"})
    press(officer, "Save")
    expect(officer.locator("main")).to_contain_text("The donor is saved.")
    fill_in(second_officer, {"Note": "Pays after the summer", "Also known as": "Danida"})
    press(second_officer, "Save")
    versions = second_officer.locator("table:has(#conflict)")
    note = versions.locator("tr", has=second_officer.locator("th", has_text=re.compile("^Note$")))
    expect(note.locator("td")).to_have_text(["Pays in the first quarter", "Pays after the summer"])
    assert box(second_officer, "Note").input_value() == "Pays after the summer"
    assert box(second_officer, "Also known as").input_value() == "Danida"
    fill_in(second_officer, {"Note": "Pays in the first quarter, at the latest after the summer"})
    press(second_officer, "Save")
    expect(second_officer.locator("main")).to_contain_text("The donor is saved.")
    officer.goto(f"{DONOR}edit/")
    expect(box(officer, "Note")).to_have_value(re.compile("^Pays in the first quarter, at the"))
    officer.goto("/donors/?q=Danida")
    expect(officer.locator("#donor-table tbody tr")).to_contain_text("Denmark")


def test_a_contact_a_meeting_and_a_document_stand_on_the_donors_page(
    officer: Page, tmp_path: Path
) -> None:
    officer.goto(DONOR)
    press(officer, "Add a contact")
    fill_in(officer, {
        "Post or title": "Head of department, Multilateral Cooperation",
        "E-mail address": "multilateral@foreign.example", "Letters go to this post": True,
    })  # fmt: skip
    press(officer, "Save")
    expect(officer.locator("#contacts")).to_contain_text("multilateral@foreign.example")
    paper = tmp_path / "minutes.txt"
    paper.write_text("Minutes of the consultations", encoding="utf-8")
    press(officer, "Add a document")
    fill_in(officer, {
        "Kind": "Other", "Title": "Minutes of the consultations",
        "Date of the document": "2022-05-11",
    })  # fmt: skip
    box(officer, "File").set_input_files(paper)
    press(officer, "Save")
    expect(officer.locator("#documents")).to_contain_text("Minutes of the consultations")
    with officer.expect_download() as downloading:
        officer.locator("#documents").get_by_role("link", name="Minutes").first.click()
    assert downloading.value.path().read_text(encoding="utf-8") == "Minutes of the consultations"
    press(officer, "Add a letter, meeting or call")
    fill_in(officer, {
        "Kind": "Strategic dialogue", "Day": "2022-05-11", "Subject": "Annual consultations",
        "What was said and agreed": "A four-year agreement is considered.",
        "Document": "Minutes of the consultations",
    })  # fmt: skip
    press(officer, "Save")
    row = officer.locator("#engagements tbody tr", has_text="Annual consultations")
    expect(row).to_contain_text("Strategic dialogue")
    expect(row).to_contain_text("11 May 2022")


def test_a_contact_that_two_people_change_shows_both_versions(
    officer: Page, second_officer: Page
) -> None:
    officer.goto(DONOR)
    press(officer, "Add a contact")
    fill_in(officer, {"Post or title": "Desk officer", "Telephone": "100"})
    press(officer, "Save")
    officer.locator("#contacts tr", has_text="Desk officer").get_by_role("link").last.click()
    second_officer.goto(officer.url)
    fill_in(officer, {"Telephone": "200"})
    press(officer, "Save")
    expect(officer.locator("#contacts")).to_contain_text("200")
    fill_in(second_officer, {"Telephone": "300"})
    press(second_officer, "Save")
    phone = second_officer.locator("table:has(#conflict) tr", has_text="Telephone")
    expect(phone.locator("td")).to_have_text(["200", "300"])


def give(officer: Page, reviewer: Page, donor: str, amount: str) -> None:
    officer.goto("/income/gifts/new/")
    fill_in(officer, {
        "Donor": donor, "Amount received": amount, "Received on": "2022-08-08",
        "Bank reference": f"TWIN-{amount}",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)


def add_donor(officer: Page, name: str, *, is_another: bool = False) -> str:
    officer.goto("/donors/new/")
    fill_in(officer, {"Name in English": name})
    field = box(officer, "Contributor type")
    field.select_option(index=1)
    if is_another:
        expect(officer.locator("#similar")).to_contain_text("Very like it")
        press(officer, "Add the donor")
        fill_in(officer, {"I have looked: this is another donor.": True})
    press(officer, "Add the donor")
    expect(officer.locator("main")).to_contain_text(f"{name} was added.")
    return officer.url.rstrip("/").rpartition("/")[2]


def given_in_2022(page: Page, code: str) -> Decimal:
    """What the list of entries adds up to for the donor in the year."""
    page.goto(f"/income/entries/?books=DEMO&kind=receipt&donor={code}&from=2022-01&to=2022-12")
    cells = page.locator("table:has(#entries-caption) tbody tr td:nth-child(8)")
    return sum((Decimal(text.replace(",", "")) for text in cells.all_inner_texts()), Decimal(0))


def test_two_rows_of_one_donor_are_merged_and_parted_again_without_moving_a_cent(
    officer: Page, reviewer: Page
) -> None:
    kept = add_donor(officer, "City Alliance of the Journey")
    gone = add_donor(officer, "City Aliance of the Journey", is_another=True)
    give(officer, reviewer, kept, "1,000.10")
    give(officer, reviewer, gone, "2,000.20")
    officer.goto(f"/donors/{gone}/merge/")
    officer.locator("main input[name=kept]").fill(kept)
    press(officer, "Compare the two")
    expect(officer.locator("main .pair")).to_contain_text("City Alliance of the Journey")
    expect(officer.locator("main .table-region").last).to_contain_text("3,000.30")
    officer.locator("main [name=because]").fill("One row was misspelt")
    officer.get_by_role("button", name="Merge City Aliance").click()
    expect(officer.locator("main")).to_contain_text("No entry was moved.")
    expect(officer.locator("main")).to_contain_text("3,000.30")
    assert given_in_2022(officer, gone) == Decimal("2000.20")
    officer.goto("/donors/?q=City+Aliance")
    expect(officer.locator("#donor-table tbody tr")).to_have_count(1)
    officer.goto(f"/donors/{gone}/")
    open_more(officer, "Undo the merge")
    officer.get_by_label("Why the two are not one donor").fill("They are two after all")
    officer.locator("details[open] button", has_text="Undo the merge").click()
    expect(officer.locator("main")).to_contain_text("stands for itself again")
    officer.goto(f"/donors/{kept}/")
    expect(officer.locator("main")).to_contain_text("1,000.10")
    expect(officer.locator("main")).not_to_contain_text("3,000.30")


def test_a_view_of_the_donors_is_kept_under_a_name(officer: Page, second_officer: Page) -> None:
    officer.goto("/donors/")
    officer.get_by_label("Region", exact=True).select_option(label="Arab States")
    officer.get_by_label("Member State", exact=True).select_option(label="Member States")
    expect(officer).to_have_url(re.compile("state=yes"))
    open_more(officer, "Save this view")
    officer.get_by_label("Name of the view").fill("Arab governments")
    officer.locator(".saved-views button", has_text="Save").click()
    officer.goto("/donors/")
    officer.locator(".saved-views a", has_text="Arab governments").click()
    expect(officer.locator("#donor-table tbody tr", has_text="Jordan")).to_have_count(1)
    expect(officer.locator("#donor-table tbody")).not_to_contain_text("Denmark")
    second_officer.goto("/donors/")
    expect(second_officer.locator("main")).not_to_contain_text("Arab governments")
    press(officer, "Delete the view “Arab governments”")
    expect(officer.locator("main")).not_to_contain_text("Delete the view")


def test_a_private_donor_is_cleared_before_its_agreement_is_signed(
    officer: Page, reviewer: Page
) -> None:
    officer.goto("/donors/new/")
    fill_in(officer, {"Name in English": "Foundation of the Journey"})
    kind = box(officer, "Contributor type")
    kind.select_option(kind.locator("option", has_text="Foundations").get_attribute("value"))
    press(officer, "Add the donor")
    donor = officer.url
    sign(officer, donor)
    expect(officer.locator(".error-summary")).to_contain_text("due-diligence clearance")
    officer.goto(donor)
    press(officer, "Ask for a clearance")
    fill_in(officer, {"Reference": "DD-4711"})
    press(officer, "Save")
    expect(officer.locator("#clearance")).to_contain_text("DD-4711")
    reviewer.goto(donor)
    reviewer.locator("#clearance").get_by_role("link", name="Decide").click()
    box(reviewer, "Clear the donor").check()
    fill_in(reviewer, {"Valid from": "2022-01-01", "Valid until (that day still)": "2027-12-31"})
    press(reviewer, "Save")
    expect(reviewer.locator("#clearance")).to_contain_text("cleared today")
    sign(officer, donor)
    expect(fact(officer, "Donor")).to_contain_text("Foundation of the Journey")


def sign(officer: Page, donor: str) -> None:
    officer.goto("/income/contributions/new/")
    fill_in(officer, {
        "Donor": donor.rstrip("/").rpartition("/")[2], "Purpose": "Youth and cities",
        "Fund": "Foundation earmarked", "Amount": "10,000",
        "Date of signature, or of the pledge": "2022-09-01",
    })  # fmt: skip
    press(officer, "Submit for review")
