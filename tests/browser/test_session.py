"""The end of a sign-in: a warning that is heard, one key to stay, and nothing typed is lost.

The browser's clock is set; the server's goes on as it does, so that it knows better than the page
when another tab went on, and does not when its cookie is gone.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.demonstration import EMAILS, PASSWORD
from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser
GIFT = "/income/gifts/new/"
ANSWERS = "**/session/"


def at_the_form(portal: Portal, seconds: int) -> Page:
    """An officer's page with a clock that can be set; the server says how many seconds are left."""
    page = portal.signed_in(Role.OFFICER)
    page.clock.install()
    page.route(ANSWERS, lambda route: route.fulfill(json={"seconds": seconds}))
    page.goto(GIFT)
    page.fill("#id_amount", "4714")
    return page


def test_a_warning_takes_the_focus_says_the_minutes_and_enter_stays(portal: Portal) -> None:
    page = at_the_form(portal, 290)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    page.clock.run_for("54:00")
    expect(dialog).to_be_hidden()
    page.clock.run_for("01:10")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("status")).to_have_text("You will be signed out in 5 minutes.")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.unroute(ANSWERS)  # from here on the portal itself answers
    with page.expect_response(ANSWERS) as answered:
        page.keyboard.press("Enter")
    assert answered.value.request.method == "POST"
    assert answered.value.json()["seconds"] > 3500
    expect(dialog).to_be_hidden()
    expect(page.locator("#id_amount")).to_be_focused()
    assert page.input_value("#id_amount") == "4714"


def test_escape_stays_too_and_another_tab_that_went_on_closes_the_warning(portal: Portal) -> None:
    page = at_the_form(portal, 200)
    dialog = page.get_by_role("alertdialog")
    page.clock.run_for("55:10")
    expect(dialog.get_by_role("status")).to_have_text("You will be signed out in 3 minutes.")
    page.unroute(ANSWERS)
    page.clock.run_for("00:21")  # looks again: the portal knows of the other tab
    expect(dialog).to_be_hidden()
    page.route(ANSWERS, lambda route: route.fulfill(json={"seconds": 60}))
    page.clock.run_for("56:00")
    expect(dialog.get_by_role("status")).to_have_text("You will be signed out in 1 minute.")
    page.unroute(ANSWERS)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_after_the_end_the_page_says_so_and_what_was_typed_comes_back(portal: Portal) -> None:
    page = at_the_form(portal, 30)
    page.clock.run_for("55:10")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.unroute(ANSWERS)
    page.context.clear_cookies(name="sessionid")
    page.clock.run_for("00:31")
    dialog = page.get_by_role("alertdialog", name="You are signed out")
    again = dialog.get_by_role("link", name="Sign in again")
    expect(again).to_be_focused()
    expect(dialog).to_contain_text("What you typed on this page is kept in this tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.fill("#id_username", EMAILS[Role.OFFICER])
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{portal.url}{GIFT}")
    expect(page.locator("#id_amount")).to_have_value("4714")


def test_typing_for_long_is_told_to_the_portal_so_that_no_warning_comes(portal: Portal) -> None:
    page = portal.signed_in(Role.OFFICER)
    page.clock.install()
    page.goto(GIFT)
    page.clock.run_for("05:01")
    with page.expect_request(lambda one: one.url.endswith("/session/") and one.method == "POST"):
        page.locator("#id_amount").press_sequentially("1")


def test_signing_out_from_the_warning_forgets_what_was_typed(portal: Portal) -> None:
    page = at_the_form(portal, 290)
    page.clock.run_for("55:10")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in/"))
    kept = "Object.keys(sessionStorage).filter((key) => key.startsWith('kept:'))"
    assert page.evaluate(kept) == []
