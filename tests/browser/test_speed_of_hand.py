"""Entering by keyboard alone, and a form that never loses what was typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.demonstration import EMAILS, PASSWORD
from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser
RECEIPT = "/income/receipts/new/"
GIFT = "/income/gifts/new/"


class Keyboard:
    """Counts the keys that are pressed one by one; a typed word counts its letters."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1


def donor_who_owes(page: Page) -> str:
    """The code of a donor with an open instalment, as the page itself offers it."""
    for code in ("SWE", "NOR", "DEU", "ESP", "NLD", "CHE", "JPN", "KOR", "EC"):
        page.goto(f"{RECEIPT}?donor={code}")
        if page.locator("#id_amount").input_value():
            return code
    raise AssertionError("no donor of the demonstration owes anything")


def test_a_receipt_takes_fewer_than_ten_keys_after_the_donor(portal: Portal) -> None:
    page = portal.signed_in(Role.OFFICER)
    donor = donor_who_owes(page)
    page.goto(RECEIPT)
    expect(page.locator("#donor")).to_be_focused()
    page.keyboard.type(donor)
    keys = Keyboard(page)
    keys.press("Enter")  # the donor's agreements, its oldest open instalment
    expect(page.locator("#id_amount")).to_be_focused()
    expect(page).to_have_url(re.compile(f"donor={donor}"))
    assert page.locator("#id_received_on").input_value()
    assert page.locator("input[name=instalment]:checked").count() == 1
    keys.press("Tab", "Tab")  # over the currency to the day
    expect(page.locator("#id_received_on")).to_be_focused()
    keys.press("Shift+Tab", "Shift+Tab", "Enter")  # back to the amount, and sent from there
    expect(page.locator("main")).to_contain_text("Another person now reviews it")
    assert keys.presses < 10
    page.goto(RECEIPT)
    first = page.locator("#donor-form .note a").first
    assert first.get_attribute("href") == f"?donor={donor}"


def test_without_a_script_the_donor_is_chosen_with_the_button(portal: Portal) -> None:
    with_scripts = portal.signed_in(Role.OFFICER)
    donor = donor_who_owes(with_scripts)
    page = portal.browser.new_context(
        base_url=portal.url, java_script_enabled=False, locale="en",
        storage_state=with_scripts.context.storage_state(),
    ).new_page()  # fmt: skip
    page.goto(RECEIPT)
    page.fill("#donor", donor)
    page.get_by_role("button", name="Show agreements").click()
    assert page.locator("#id_amount").input_value()
    page.get_by_role("button", name="Check only").click()
    assert page.locator("#id_amount").input_value()


def fill_gift(page: Page, amount: str) -> None:
    page.goto(GIFT)
    page.fill("#id_donor", "Norway")
    page.fill("#id_amount", amount)
    page.fill("#id_received_on", "2022-12-22")
    page.fill("#id_reference", f"KEPT-{amount}")


def test_an_expired_session_loses_nothing(portal: Portal) -> None:
    page = portal.signed_in(Role.OFFICER)
    fill_gift(page, "4711")
    # What the page itself asks as fields change would also be answered with the way to sign in.
    page.locator("#id_reference").blur()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Submit for review").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.fill("#id_username", EMAILS[Role.OFFICER])
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page).to_have_url(f"{portal.url}{GIFT}")
    expect(page.locator("[data-restored]")).to_contain_text("What you had typed here is back")
    assert page.input_value("#id_donor") == "Norway"
    assert page.input_value("#id_amount") == "4711"
    assert page.input_value("#id_reference") == "KEPT-4711"
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator("main")).to_contain_text("Another person now reviews it")
    page.goto(GIFT)
    assert page.input_value("#id_amount") == ""
    assert page.locator("[data-restored]").count() == 0


def test_the_back_button_and_another_page_lose_nothing_until_it_is_discarded(
    portal: Portal,
) -> None:
    page = portal.signed_in(Role.OFFICER)
    fill_gift(page, "4712")
    page.goto("/donors/")
    page.go_back()
    expect(page.locator("#id_amount")).to_have_value("4712")
    page.goto("/donors/")
    page.goto(GIFT)
    expect(page.locator("#id_amount")).to_have_value("4712")
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#id_amount")).to_have_value("")
    page.goto(GIFT)
    expect(page.locator("#id_amount")).to_have_value("")


def test_an_error_page_loses_nothing_and_secrets_are_never_kept(portal: Portal) -> None:
    page = portal.signed_in(Role.OFFICER)
    fill_gift(page, "4713")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator("h1")).to_contain_text("could not be accepted")
    page.goto(GIFT)
    expect(page.locator("#id_amount")).to_have_value("4713")
    kept = page.evaluate("JSON.stringify({...sessionStorage})")
    assert "csrf" not in kept
    token = page.locator("input[name=token]").input_value()
    assert token not in kept
