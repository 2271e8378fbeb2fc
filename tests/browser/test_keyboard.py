"""The main act of each role with the keyboard alone: no journey here uses a mouse, a touch or a
field filled in from outside; the address is typed once, at the start of the portal.
"""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.demonstration import EMAILS, PASSWORD
from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser
IS_FOCUSED = "(element) => element === document.activeElement"
SHOWS_FOCUS = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; }"""


def tab_to(page: Page, wanted: Locator, key: str = "Tab", most: int = 200) -> None:
    """Press Tab until the focus is there, and see that it shows; too many presses are a failure."""
    expect(wanted.first).to_be_visible()
    page.wait_for_load_state()  # while a page comes in, presses are lost
    for _press in range(most):
        if wanted.first.evaluate(IS_FOCUSED):
            assert page.evaluate(SHOWS_FOCUS), wanted
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} presses of {key} do not lead to {wanted}")


def follow(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Go to a link or button of the main part by keyboard, and press Enter."""
    tab_to(page, page.locator("main").get_by_role(role, name=name))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.locator("main").get_by_label(label))
    page.keyboard.type(text)


def sign_in(portal: Portal, email: str, password: str = PASSWORD) -> Page:
    """Open the portal and sign in."""
    page = portal.visitor().new_page()
    page.set_default_timeout(15_000)
    page.goto("/sign-in/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("sign-in"))
    return page


def test_the_first_tab_leads_past_the_navigation(portal: Portal) -> None:
    page = sign_in(portal, EMAILS[Role.BOARD])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def donor_who_owes(page: Page) -> str:
    """The code of a donor with an open instalment: the form then offers its amount."""
    for code in ("SWE", "NOR", "DEU", "ESP", "NLD", "CHE", "JPN", "KOR", "EC"):
        form = page.request.get(f"/income/receipts/new/?donor={code}").text()
        if re.search(r'<input[^>]*name="amount"[^>]*value="\d', form):
            return code
    raise AssertionError("no donor of the demonstration owes anything")


def test_an_officer_enters_a_receipt_and_a_reviewer_approves_it(portal: Portal) -> None:
    officer = sign_in(portal, EMAILS[Role.OFFICER])
    follow(officer, "link", "Enter a receipt")
    expect(officer.locator("#donor")).to_be_focused()
    officer.keyboard.type(donor_who_owes(officer))
    officer.keyboard.press("Enter")
    expect(officer.locator("#id_amount")).to_be_focused()
    assert officer.input_value("#id_amount")
    write(officer, "Bank reference", "KEYBOARD-1")
    follow(officer, "button", "Submit for review")
    expect(officer.locator("main")).to_contain_text("Another person now reviews it")
    draft = re.sub(r"^.*(/income/drafts/[^/]+/).*$", r"\1", officer.url)

    reviewer = sign_in(portal, EMAILS[Role.REVIEWER])
    tab_to(reviewer, reviewer.get_by_role("navigation").get_by_role("link", name="Income"))
    reviewer.keyboard.press("Enter")
    tab_to(reviewer, reviewer.get_by_role("navigation").get_by_role("link", name="Reviews"))
    reviewer.keyboard.press("Enter")
    tab_to(reviewer, reviewer.locator(f'main a[href="{draft}"]'))
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("main")).to_contain_text("KEYBOARD-1")
    follow(reviewer, "button", "Approve and post")
    expect(reviewer.locator("main")).to_contain_text("Posted as number")


def test_a_board_member_asks_another_question_and_looks_behind_the_figures(portal: Portal) -> None:
    page = sign_in(portal, EMAILS[Role.BOARD])
    before = page.locator(".headline").inner_text()
    tab_to(page, page.get_by_label("As at the end of"))
    for _month in range(3):
        page.keyboard.press("ArrowDown")
    month = page.locator("#as-at").evaluate("(list) => list.selectedOptions[0].text")
    tab_to(page, page.locator("main").get_by_role("button", name="Show", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".headline")).not_to_have_text(before)
    expect(page.locator("main")).to_contain_text(month)
    expect(page.locator("#announcements")).to_have_text(page.locator(".headline").inner_text())
    tab_to(page, page.locator("details.chart-table > summary"))
    page.keyboard.press("Enter")
    expect(page.locator("details.chart-table[open] table").first).to_be_visible()
    tab_to(page, page.locator("main a[href*='/income/entries/']"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/income/entries/"))
    expect(page.locator("main table tbody tr").first).to_be_visible()


def test_a_representative_takes_the_statement_and_asks_about_a_figure(portal: Portal) -> None:
    page = sign_in(portal, EMAILS[Role.REPRESENTATIVE])
    # A figure is two stops, and a donor has hundreds: the contents of the page lead past them.
    tab_to(page, page.locator("main a[href='#data']"), most=40)
    page.keyboard.press("Enter")
    tab_to(page, page.locator("main a[href*='/reports/donors/SWE/']"), most=20)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/reports/donors/"))
    summary = page.locator("main summary", has_text="Make a report")
    if not page.locator("#make-statement").is_visible():
        tab_to(page, summary)
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name=re.compile("^Make the report.*tatement")))
    with page.expect_download(timeout=60_000) as coming:
        page.keyboard.press("Enter")
    with pikepdf.open(io.BytesIO(coming.value.path().read_bytes())) as pdf:
        assert pdf.Root.Lang == "en"
    tab_to(page, page.get_by_role("link", name="Our contributions"))
    page.keyboard.press("Enter")
    follow(page, "link", re.compile("^This figure looks wrong"))
    expect(page.locator("h1")).to_have_text("This figure looks wrong")
    tab_to(page, page.locator("#id_text"))
    page.keyboard.type("Our bank paid more in that year.")
    follow(page, "button", "Send the question")
    expect(page.locator("main [role=status]").first).to_contain_text("Your question is sent")


def test_an_administrator_opens_an_account_that_can_sign_in(portal: Portal) -> None:
    page = sign_in(portal, EMAILS[Role.ADMINISTRATOR])
    follow(page, "link", "Open an account")
    follow(page, "button", "Open the account")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first line of the summary leads to its field
    expect(page.locator("#id_email")).to_be_focused()
    page.keyboard.type("keyboard@example.org")
    write(page, "Name", "Keyboard")
    tab_to(page, page.get_by_label("Role"))
    page.keyboard.type("Exec")
    write(page, "First password", "a long enough password")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("The account is open.")
    sign_in(portal, "keyboard@example.org", "a long enough password")
