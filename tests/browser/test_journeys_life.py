"""The life of a contribution, from the first word of a donor to its end, as people enter it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hand import (
    approve,
    box,
    expect_line,
    fact,
    fill_in,
    find_contribution,
    line,
    open_more,
    press,
    submit,
    submit_and_approve,
)

pytestmark = pytest.mark.browser
PURPOSE = "Resilient cities of the journey"


def enter_prospect(officer: Page) -> str:
    officer.goto("/income/prospects/")
    press(officer, "Add a prospect")
    fill_in(officer, {
        "Donor": "Finlande", "Purpose": PURPOSE, "Fund": "Foundation earmarked",
        "Amount": "900,000", "Probability, per cent": "60", "Expected on about": "2022-06-30",
    })  # fmt: skip
    press(officer, "Save")
    address = find_contribution(officer, PURPOSE)
    expect(officer.locator("main .page-name")).to_contain_text("Prospect")
    expect(fact(officer, "Donor")).to_have_text("Finland")
    expect(fact(officer, "Probability")).to_contain_text("60")
    expect(fact(officer, "Amount")).to_have_text("USD 900,000.00")
    return address


def turn_into_pledge(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Record a pledge")
    assert box(officer, "Donor").input_value() == "FIN"
    fill_in(officer, {
        "Amount": "1,000,000", "Date of signature, or of the pledge": "2022-03-01",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect(officer.locator("main .page-name")).to_contain_text("Pledged")
    expect_line(officer, "bases", "Pledged", "USD 1,000,000.00", "1,000,000.00")


AGREEMENT = {
    "Amount": "1,200,000", "Date of signature, or of the pledge": "2022-03-15",
    "Instalment 1 due on": "2022-04-30", "Amount of instalment 1": "500,000",
    "Instalment 2 due on": "2022-10-31", "Amount of instalment 2": "300,000",
    "Instalment 3 due on": "2023-04-30", "Amount of instalment 3": "400,000",
    "Condition of instalment 3": "The mid-term review is accepted",
    "Money is for the time from": "2022-04-01", "until": "2023-12-31",
    "Agreement number": "FIN-2022-4711",
    "Amount of part 1": "700,000", "Programme of part 1": "SDG Cities",
    "Amount of part 2": "500,000", "Region of part 2": "Africa",
    "Country of part 2": "KEN",
    "ERP: Grant": "S1-32FEW-004711",
}  # fmt: skip


def sign_it(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Sign an agreement")
    expect(officer.locator("main")).to_contain_text("no second contribution is made")
    open_more(officer, "Split over programmes", "Reports owed", "Identifiers of the ERP")
    fill_in(officer, {**AGREEMENT, "Report 1": "Narrative report"})
    officer.select_option("#id_clause_frequency_1", label="Each calendar year")
    officer.fill("#id_clause_days_1", "90")
    officer.fill("#id_part_amount_2", "499,999.99")
    press(officer, "Check only")
    expect(officer.locator(".error-summary")).to_contain_text("the difference is 0.01")
    officer.fill("#id_part_amount_2", "500,000")
    submit_and_approve(officer, reviewer)
    officer.goto(address)


def test_a_prospect_becomes_a_pledge_and_an_agreement_and_stays_one_contribution(
    officer: Page, reviewer: Page
) -> None:
    address = enter_prospect(officer)
    turn_into_pledge(officer, reviewer, address)
    sign_it(officer, reviewer, address)
    expect(officer.locator("main .page-name")).to_contain_text("Signed")
    expect_line(
        officer, "bases", "Agreed, at the rate of signature", "USD 800,000.00", "800,000.00"
    )
    expect_line(
        officer, "bases", "Conditional, not yet agreed", "USD 400,000.00", "400,000.00"
    )  # fmt: skip
    expect_line(officer, "bases", "Due, all instalments", "USD 800,000.00", "800,000.00")
    expect(line(officer, "allocations", "SDG Cities").last).to_have_text("USD 700,000.00")
    expect_line(officer, "allocations", "–", "Africa", "Kenya", "USD 500,000.00")
    expect(line(officer, "reports-owed", "Narrative report").nth(1)).to_have_text("31 Mar 2023")
    expect(officer.locator("section:has(#erp-references)")).to_contain_text("S1-32FEW-004711")
    officer.goto("/income/contributions/?q=S1-32FEW-004711")
    expect(officer.locator("main tbody tr")).to_have_count(1)
    expect(officer.locator("main tbody tr")).to_contain_text(PURPOSE)


def receive(officer: Page, reviewer: Page, address: str) -> None:
    """The donor first; one payment settles the first instalment and part of the second."""
    officer.goto("/income/receipts/new/")
    officer.fill("#donor", "Finland")
    officer.keyboard.press("Enter")
    expect(box(officer, "Amount received")).to_have_value("500,000")
    assert PURPOSE in box(officer, "Agreement").locator("option:checked").inner_text()
    officer.locator("input[name=instalment]").nth(1).check()
    fill_in(officer, {
        "Amount received": "650,000", "Received on": "2022-11-15", "Bank reference": "FIN-650",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect_line(
        officer, "instalments", "30 April 2022", "Settled", "USD 500,000.00", "USD 500,000.00",
        "USD 0.00",
    )  # fmt: skip
    expect(line(officer, "instalments", "31 October 2022").nth(3)).to_have_text("USD 150,000.00")
    expect(line(officer, "bases", "Received; US$").last).to_have_text("650,000.00")


def meet_condition(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Settle it")
    fill_in(officer, {"On": "2022-11-20", "What shows it": "Letter of the donor, 20 November 2022"})
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect(line(officer, "conditions", "The mid-term review").nth(1)).to_contain_text(
        "Met, 20 Nov 2022"
    )
    expect(line(officer, "bases", "Agreed, at the rate").first).to_have_text("USD 1,200,000.00")
    expect(line(officer, "bases", "Due, all instalments").first).to_have_text("USD 1,200,000.00")
    expect(officer.locator("table:has(#bases)")).not_to_contain_text("Conditional")


def amend_upwards(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Amend")
    open_more(officer, "New instalments")
    fill_in(officer, {"Agreed on": "2022-12-10", "Reason": "A fifth city joins"})
    officer.fill("#id_due_on_new_1", "2024-04-30")
    officer.fill("#id_amount_new_1", "200,000")
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect(line(officer, "amendments", "10 Dec 2022").nth(3)).to_have_text("USD 200,000.00")
    expect(line(officer, "net", "Promised at first").first).to_have_text("USD 1,200,000.00")
    expect(line(officer, "net", "Net of all changes").first).to_have_text("USD 1,400,000.00")
    # The parts keep their proportion, 7 to 5, to the cent.
    expect(line(officer, "allocations", "SDG Cities").last).to_have_text("USD 816,666.67")
    expect(line(officer, "allocations", "–").last).to_have_text("USD 583,333.33")


def extend_without_cost(officer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Extend without cost")
    fill_in(officer, {
        "New end of the agreement": "2035-12-31", "Agreed on": "2022-12-12",
        "Reason": "The sites were handed over late",
    })  # fmt: skip
    officer.locator("main button[type=submit]").last.click()
    expect(officer.locator("h1")).to_have_text(PURPOSE)
    expect(fact(officer, "For the time")).to_contain_text("31 December 2035")
    last = officer.locator("table:has(#reports-owed) tbody tr", has_text="31 Dec 2035")
    expect(last.locator("td").nth(1)).to_have_text("30 Mar 2036")
    expect(line(officer, "bases", "Agreed, at the rate").first).to_have_text("USD 1,400,000.00")


def write_off_the_rest_of_an_instalment(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Write off")
    chosen = box(officer, "Instalment")
    chosen.select_option(label=chosen.locator("option", has_text="150,000").inner_text())
    fill_in(officer, {
        "Decided on": "2022-12-15", "Decided by": "Headquarters Property Survey Board",
        "Document": "HPSB 2022/17", "Reason": "The donor's budget line lapsed",
    })  # fmt: skip
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect_line(officer, "bases", "Written off", "USD 150,000.00", "150,000.00")
    expect(line(officer, "bases", "Outstanding, at the rate of the agreement")).to_have_text(
        ["USD 600,000.00", "600,000.00"]
    )


def deliver_report(officer: Page, address: str) -> None:
    officer.goto(address)
    officer.locator("table:has(#reports-owed) tbody th a").first.click()
    fill_in(officer, {"Submitted on": "2023-03-30", "Accepted on": "2023-05-02"})
    press(officer, "Save")
    officer.goto(address)
    first = officer.locator("table:has(#reports-owed) tbody tr").first
    expect(first).to_contain_text("30 Mar 2023")
    expect(first).to_contain_text("2 May 2023")
    officer.goto("/income/reports/?donor=Finland&state=on_time")
    expect(officer.locator("table:has(#reports) tbody tr")).to_have_count(1)


def cancel_the_rest(officer: Page, reviewer: Page, address: str) -> None:
    officer.goto(address)
    press(officer, "Cancel the rest")
    fill_in(officer, {"Agreed on": "2022-12-28", "Reason": "Ended by both sides"})
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect(officer.locator("main .page-name")).not_to_contain_text("Signed")
    expect(line(officer, "net", "Promised at first").first).to_have_text("USD 1,200,000.00")
    expect(line(officer, "net", "Net of all changes").first).to_have_text("USD 650,000.00")
    expect(line(officer, "bases", "Outstanding, at the rate of the").first).to_have_text("USD 0.00")


def test_what_happens_to_the_agreement_afterwards_is_told_on_its_page(
    officer: Page, reviewer: Page
) -> None:
    address = find_contribution(officer, PURPOSE)
    receive(officer, reviewer, address)
    meet_condition(officer, reviewer, address)
    amend_upwards(officer, reviewer, address)
    extend_without_cost(officer, address)
    write_off_the_rest_of_an_instalment(officer, reviewer, address)
    deliver_report(officer, address)
    cancel_the_rest(officer, reviewer, address)


def test_a_pledge_that_is_not_kept_is_cancelled_whole(officer: Page, reviewer: Page) -> None:
    officer.goto("/income/contributions/new/")
    box(officer, "A pledge was announced (not yet binding)").check()
    fill_in(officer, {
        "Donor": "ISL", "Purpose": "Pledge of the journey", "Fund": "Foundation non-earmarked",
        "Amount": "75,000", "Date of signature, or of the pledge": "2022-02-10",
    })  # fmt: skip
    approve(reviewer, submit(officer))
    address = find_contribution(officer, "Pledge of the journey")
    expect_line(officer, "bases", "Pledged", "USD 75,000.00", "75,000.00")
    press(officer, "Cancel")
    fill_in(officer, {"Agreed on": "2022-11-30", "Reason": "Parliament voted it down"})
    submit_and_approve(officer, reviewer)
    officer.goto(address)
    expect(officer.locator("main .page-name")).to_contain_text("Cancelled")
    expect(line(officer, "net", "Net of all changes").first).to_have_text("USD 0.00")
