"""Charts in a real browser: explored and closed again, downloaded, and what the page weighs."""

import pytest
from playwright.sync_api import expect

from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser

MOST_BYTES = 300_000
WEIGHT = """() => performance.getEntries()
    .filter((one) => ["navigation", "resource"].includes(one.entryType))
    .reduce((sum, one) => sum + one.decodedBodySize, 0)"""


def test_a_chart_is_explored_closed_and_downloaded_from_the_keyboard(portal: Portal) -> None:
    page = portal.signed_in(Role.BOARD)
    page.goto("/board/")
    page.wait_for_load_state("load")
    assert page.evaluate(WEIGHT) < MOST_BYTES
    figure = page.locator("figure.chart").first
    drawing = figure.get_by_role("img").first
    drawing.focus()
    expect(drawing).to_be_focused()
    opener = figure.get_by_role("button", name="Explore this chart")
    opener.focus()
    page.keyboard.press("Enter")
    expect(figure.locator(".js-plotly-plot")).to_be_focused(timeout=20_000)
    titles = [one.get_attribute("data-title") for one in figure.locator(".modebar-btn").all()]
    assert titles == ["Zoom", "Pan", "Zoom in", "Zoom out", "Autoscale", "Reset axes"]
    assert figure.locator(".js-plotly-plot a[href]").count() == 0
    back = figure.get_by_role("button", name="Back to the picture")
    back.focus()
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    expect(drawing).to_be_visible()
    assert figure.locator(".js-plotly-plot").count() == 0
    figure.locator(".chart-files > summary").focus()
    page.keyboard.press("Enter")
    with page.expect_download() as sent:
        figure.get_by_role("link", name="Download: PNG").press("Enter")
    assert sent.value.suggested_filename.startswith("DEMONSTRATION-")
    assert sent.value.suggested_filename.endswith(".png")
