"""Terms explained on the spot: by keyboard, without scripts, on a telephone, in both directions."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.permissions import Role
from tests.browser.conftest import Portal
from tests.browser.looking import axe, load

pytestmark = pytest.mark.browser
BOARD = "/board/?books=DEMO&as_at=2021-12"
FINGER = 24  # pixels that a target has at least


def note(page: Page, code: str) -> Locator:
    return page.locator(f"#term-{code}")


def is_in_sight(page: Page, found: Locator) -> bool:
    box, window = found.bounding_box(), page.viewport_size
    assert box and window
    across = box["x"] >= 0 and box["x"] + box["width"] <= window["width"]
    return across and box["y"] >= 0 and box["y"] + box["height"] <= window["height"]


def test_a_meaning_opens_and_closes_by_keyboard_and_the_focus_stays(portal: Portal) -> None:
    page = portal.signed_in(Role.BOARD)
    page.goto(BOARD)
    button = page.locator("button[popovertarget=term-pace]")
    button.focus()
    page.keyboard.press("Enter")
    expect(note(page, "pace")).to_be_visible()
    expect(note(page, "pace")).to_contain_text("What came in beside what could be expected by then")
    page.keyboard.press("Tab")  # into the note, which follows its button
    expect(note(page, "pace").get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(note(page, "pace")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    note(page, "pace").get_by_role("link").click()
    expect(page.locator("#pace dt")).to_have_text("Pace")
    page.context.close()


@pytest.mark.parametrize(("width", "language"), [(390, "ar"), (390, "ru"), (1440, "ar")])
def test_every_meaning_fits_into_the_window_and_every_button_is_big_enough(
    portal: Portal, width: int, language: str
) -> None:
    page = portal.signed_in(Role.BOARD, width, language)
    page.goto(BOARD)
    buttons = page.locator("main button[popovertarget]:visible")
    assert buttons.count() >= 10
    for button in buttons.all():
        button.scroll_into_view_if_needed()
        size = button.bounding_box()
        assert size and min(size["width"], size["height"]) >= FINGER
        button.click()
        opened = page.locator("[popover]:popover-open")
        expect(opened).to_have_count(1)
        assert is_in_sight(page, opened), button.inner_text()
    load(page)
    assert axe(page) == []  # the last meaning is open
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.context.close()


def test_it_works_without_scripts_and_is_not_printed(portal: Portal) -> None:
    state = portal.signed_in(Role.BOARD).context.storage_state()
    page = portal.browser.new_context(
        base_url=portal.url, java_script_enabled=False, storage_state=state, locale="en"
    ).new_page()
    page.goto(BOARD)
    page.locator("button[popovertarget=term-target]").click()
    expect(note(page, "target")).to_be_visible()
    page.emulate_media(media="print")
    expect(note(page, "target")).to_be_hidden()
    expect(page.locator(".term-mark").first).to_be_hidden()
    page.context.close()


def test_what_htmx_fetches_explains_its_terms_again(portal: Portal) -> None:
    page = portal.signed_in(Role.BOARD)
    page.goto(BOARD)
    page.locator("#units").select_option("exact")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#term-pace-dashboard")).to_be_attached()
    assert page.locator("#term-pace").count() == 0
    every = page.locator("[id]").evaluate_all("found => found.map(one => one.id)")
    assert len(every) == len(set(every))
    page.locator("button[popovertarget=term-pace-dashboard]").click()
    expect(page.locator("#term-pace-dashboard")).to_be_visible()
    page.context.close()
