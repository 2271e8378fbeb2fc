"""Money that arrives, goes back, moves, waits to be named, and entries that were wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import (
    approve,
    box,
    expect_line,
    fact,
    fill_in,
    line,
    open_from_queue,
    press,
    sign_agreement,
    submit,
    submit_and_approve,
)

pytestmark = pytest.mark.browser
FIRST, SECOND = "Public space of the journey", "Safer cities of the journey"


def agreement(title: str, amount: str) -> dict[str, str | bool]:
    """A signed agreement of one instalment, due at signature."""
    return {
        "Donor": "Portugal", "Purpose": title, "Fund": "Technical cooperation",
        "Amount": amount, "Date of signature, or of the pledge": "2022-02-15",
        "Money is for the time from": "2022-03-01", "until": "2023-02-28",
    }  # fmt: skip


@pytest.fixture(scope="module")
def two_agreements(officer: Page, reviewer: Page) -> tuple[str, str]:
    """The pages of two agreements of one donor; the first is paid in full."""
    first = sign_agreement(officer, reviewer, agreement(FIRST, "300,000"))
    second = sign_agreement(officer, reviewer, agreement(SECOND, "200,000"))
    officer.goto(first)
    press(officer, "Enter a receipt")
    fill_in(officer, {"Received on": "2022-03-10", "Bank reference": "PRT-300"})
    expect(box(officer, "Amount received")).to_have_value("300,000")
    submit_and_approve(officer, reviewer)
    return first, second


def enter_gift(officer: Page, donor: str, amount: str, day: str, reference: str) -> None:
    officer.goto("/income/gifts/new/")
    fill_in(officer, {
        "Donor": donor, "Amount received": amount, "Received on": day,
        "Bank reference": reference,
    })  # fmt: skip


def the_entry(page: Page, kind: str, amount: str) -> None:
    """The posting on the page has one entry of that kind with that amount."""
    rows = page.locator("table:has(#entries-caption) tbody tr")
    kinds = re.compile(rf"^{re.escape(kind)}$")
    found = rows.filter(has=page.locator("td", has_text=kinds))
    expect(found).to_have_count(1)
    expect(found.locator("td").nth(4)).to_have_text(amount)


def test_a_core_gift_is_agreement_due_and_receipt_in_one_act(officer: Page, reviewer: Page) -> None:
    enter_gift(officer, "Австрия", "45,000.50", "2022-05-17", "AUT-GIFT")
    posting = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{posting}/")
    for kind in ("Agreement", "Due", "Receipt"):
        the_entry(officer, kind, "USD 45,000.50")
    officer.goto("/income/contributions/?q=Austria")
    found = officer.locator("main tbody tr", has_text="45,000.50")
    expect(found).to_contain_text("Core contribution")
    found.get_by_role("link").first.click()
    expect_line(officer, "bases", "Received; US$", "USD 45,000.50", "45,000.50")
    expect_line(
        officer, "bases", "Outstanding, at the rate of the agreement", "USD 0.00", "0.00"
    )  # fmt: skip


def test_the_online_gifts_of_a_month_are_one_batch(officer: Page, reviewer: Page) -> None:
    officer.goto("/income/online-gifts/new/")
    fill_in(officer, {
        "Month in which the gifts were made": "2022-06", "Platform": "Give for cities",
        "Number of gifts": "412", "Gross amount of the gifts": "10,300",
        "Fees that the platform kept": "300", "Paid out on": "2022-07-05",
        "Bank reference": "GFC-06", "Donor that stands for the online givers": "OTHER_CONTRIBUTORS",
    })  # fmt: skip
    expect(officer.locator("#conversion")).to_contain_text("10,300.00")
    posting = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{posting}/")
    the_entry(officer, "Agreement", "USD 10,300.00")
    the_entry(officer, "Receipt", "USD 10,000.00")
    officer.goto("/income/contributions/?q=Give+for+cities")
    expect(officer.locator("main tbody tr")).to_have_count(1)
    expect(officer.locator("main tbody tr")).to_contain_text("412 gifts")


def test_a_refund_lowers_the_net_and_not_the_gross(
    officer: Page, reviewer: Page, two_agreements: tuple[str, str]
) -> None:
    officer.goto("/income/returns/new/")
    choose_agreement(officer, "Agreement", FIRST)
    fill_in(officer, {
        "Amount": "12,345.67", "Value date": "2022-09-30",
        "Document that says so": "Final financial statement, 30 September 2022",
    })  # fmt: skip
    box(officer, "Refund of unspent balance").check()
    submit_and_approve(officer, reviewer)
    officer.goto(two_agreements[0])
    expect(line(officer, "net", "Of what was received").first).to_have_text("USD −12,345.67")
    expect(line(officer, "net", "Net of all changes").first).to_have_text("USD 300,000.00")
    expect(line(officer, "net", "Received, gross").first).to_have_text("USD 300,000.00")
    expect(line(officer, "net", "Received, net").first).to_have_text("USD 287,654.33")
    expect(line(officer, "instalments", "15 February 2022").first).to_have_text("Settled")


def choose_agreement(officer: Page, label: str, title: str) -> None:
    field = box(officer, label)
    field.select_option(field.locator("option", has_text=title).get_attribute("value"))


def test_a_transfer_leaves_one_agreement_and_enters_the_other(
    officer: Page, reviewer: Page, two_agreements: tuple[str, str]
) -> None:
    officer.goto("/income/transfers/new/")
    choose_agreement(officer, "From the agreement", FIRST)
    choose_agreement(officer, "To the agreement", SECOND)
    fill_in(officer, {
        "Amount": "40,000", "Value date": "2022-10-04",
        "Document that says so": "Letter of the donor, 1 October 2022",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)
    officer.goto(two_agreements[0])
    entries = officer.locator("table:has(#entries-caption) tbody tr", has_text="4 Oct 2022")
    expect(entries).to_contain_text("−40,000.00")
    officer.goto(two_agreements[1])
    entries = officer.locator("table:has(#entries-caption) tbody tr", has_text="4 Oct 2022")
    expect(entries).to_contain_text("USD 40,000.00")


def test_money_that_nobody_can_name_is_parked_and_matched_later(
    officer: Page, reviewer: Page, two_agreements: tuple[str, str]
) -> None:
    officer.goto("/income/parked/")
    press(officer, "Park unidentified money")
    fill_in(officer, {
        "Amount on the bank's statement": "90,000", "Received on": "2022-08-19",
        "Payer, as the bank wrote it": "TESOURO PUBLICO", "Bank reference": "PARK-90",
    })  # fmt: skip
    press(officer, "Park it")
    row = officer.locator("main tbody tr", has_text="PARK-90")
    expect(row).to_contain_text("USD 90,000.00")
    row.get_by_role("link", name="Match with an agreement").click()
    officer.fill("#donor", "Portugal")
    officer.keyboard.press("Enter")
    expect(box(officer, "Agreement").locator("option", has_text=SECOND)).to_have_count(1)
    choose_agreement(officer, "Agreement", SECOND)
    expect(box(officer, "Amount received")).to_have_value("90,000")
    posting = submit_and_approve(officer, reviewer)
    officer.goto("/income/parked/")
    expect(officer.locator("main tbody")).not_to_contain_text("PARK-90")
    officer.goto("/income/parked/?state=matched")
    expect(officer.locator("main tbody tr", has_text="PARK-90")).to_contain_text(
        f"Posting {posting}"
    )
    officer.goto(two_agreements[1])
    expect(line(officer, "instalments", "15 February 2022").nth(2)).to_have_text("USD 90,000.00")
    expect(line(officer, "instalments", "15 February 2022").nth(3)).to_have_text("USD 110,000.00")


def test_a_wrong_gift_is_reversed_and_replaced_and_the_chain_shows_from_both_ends(
    officer: Page, reviewer: Page
) -> None:
    enter_gift(officer, "Bangladesh", "8,000", "2022-04-04", "BGD-8")
    wrong = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{wrong}/")
    press(officer, "Correct it")
    assert box(officer, "Amount received").input_value() == "8,000"
    fill_in(officer, {"Amount received": "80,000"})
    officer.locator("#id_correcting_because").fill("A nought was left out")
    right = submit_and_approve(officer, reviewer)
    expect(officer.locator("main")).to_contain_text("Another person now reviews the correction")
    officer.goto(f"/income/postings/DEMO/{right}/")
    the_entry(officer, "Receipt", "USD 80,000.00")
    corrections = officer.locator("section:has(#chain-heading)")
    expect(corrections).to_contain_text(f"stands instead of posting {wrong}")
    press(officer, f"It stands instead of posting {wrong}")
    expect(officer.locator("h1")).to_contain_text(f"Posting {wrong}")
    expect(officer.locator(".notice-warning")).to_contain_text(f"Posting {right} stands instead")
    expect(corrections).to_contain_text(f"replaced by posting {right}")
    expect(corrections).to_contain_text("A nought was left out")
    found = find_contribution_of(officer, "Bangladesh", "80,000.00")
    expect_line(found, "bases", "Received; US$", "USD 80,000.00", "80,000.00")


def find_contribution_of(officer: Page, donor: str, amount: str) -> Page:
    officer.goto(f"/income/contributions/?q={donor}&state=")
    officer.locator("main tbody tr", has_text=amount).get_by_role("link").first.click()
    expect(fact(officer, "Donor")).to_have_text(donor)
    return officer


def test_a_draft_comes_back_with_a_reason_and_is_corrected(officer: Page, reviewer: Page) -> None:
    enter_gift(officer, "Uruguay", "5,000", "2022-05-31", "")
    draft = submit(officer)
    open_from_queue(reviewer, draft)
    reviewer.get_by_label("Or return it, because").fill("The bank reference is missing (URY)")
    press(reviewer, "Return")
    expect(reviewer.locator("main")).to_contain_text("Returned to")
    officer.goto("/")
    officer.locator(f'main a[href="{draft}"], main a[href="{draft}edit/"]').first.click()
    expect(officer.locator("main")).to_contain_text("The bank reference is missing (URY)")
    if officer.url.endswith(draft):
        press(officer, "Correct it")
    fill_in(officer, {"Bank reference": "URY-5"})
    assert submit(officer) == draft
    posting = approve(reviewer, draft)
    officer.goto(f"/income/postings/DEMO/{posting}/")
    expect(fact(officer, "Reference")).to_have_text("URY-5")
    the_entry(officer, "Receipt", "USD 5,000.00")


def test_what_is_kept_for_later_waits_for_its_writer_alone(officer: Page, reviewer: Page) -> None:
    enter_gift(officer, "Paraguay", "7,000", "2022-06-01", "PRY-7")
    press(officer, "Keep for later")
    expect(officer.locator("main")).to_contain_text("Nobody else sees it until you submit it")
    draft = re.sub(r"^https?://[^/]+", "", officer.url)
    reviewer.goto(draft)
    expect(reviewer.locator("main")).not_to_contain_text("PRY-7")
    officer.goto("/income/drafts/")
    officer.locator(f'main a[href="{draft}"]').click()
    press(officer, "Go on with it")
    assert box(officer, "Bank reference").input_value() == "PRY-7"
    fill_in(officer, {"Amount received": "7,700"})
    posting = approve(reviewer, submit(officer))
    officer.goto(f"/income/postings/DEMO/{posting}/")
    the_entry(officer, "Receipt", "USD 7,700.00")


def test_an_approval_by_mistake_is_undone_by_a_reversal(officer: Page, reviewer: Page) -> None:
    enter_gift(officer, "Chile", "3,000", "2022-07-01", "CHL-3")
    posting = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{posting}/")
    press(officer, "Undo it: ask for its reversal")
    fill_in(officer, {"What is wrong with it": "The bank took the money back"})
    reversal = submit_and_approve(officer, reviewer)
    officer.goto(f"/income/postings/DEMO/{reversal}/")
    the_entry(officer, "Receipt", "USD −3,000.00")
    press(officer, f"It reverses posting {posting}")
    expect(officer.locator(".notice-warning")).to_contain_text(f"reversed by posting {reversal}")
