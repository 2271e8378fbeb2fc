"""The whole path of issue A: enter, approve, see it on the dashboard, download the statement."""

import io
import re
from decimal import Decimal

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser
DASHBOARD = "/board/?books=DEMO&as_at=2022-12&units=exact"


def received(page: Page, fund: str) -> Decimal:
    """The fund's figure in the first column of the fund table, exact."""
    page.goto(DASHBOARD)
    row = page.locator("table tr", has=page.locator("th", has_text=fund)).first
    return Decimal(re.sub(r"[^0-9.]", "", row.locator("td").first.inner_text()))


def test_a_receipt_travels_from_the_officers_form_to_the_donors_statement(portal: Portal) -> None:
    board = portal.signed_in(Role.BOARD)
    before = received(board, "Foundation non-earmarked")

    officer = portal.signed_in(Role.OFFICER)
    officer.goto("/income/gifts/new/")
    officer.fill("#id_donor", "Suède")
    officer.select_option("#id_fund", "FNE")
    officer.select_option("#id_currency", "USD")
    officer.fill("#id_amount", "12,345.67")
    officer.fill("#id_received_on", "2022-12-20")
    officer.fill("#id_reference", "BANK-4711")
    expect(officer.locator("#conversion")).to_contain_text("12,345.67")
    officer.get_by_role("button", name="Submit for review").click()
    expect(officer.locator("main")).to_contain_text("Another person now reviews it")
    draft_address = officer.url
    assert officer.get_by_role("button", name="Approve and post").count() == 0

    reviewer = portal.signed_in(Role.REVIEWER)
    reviewer.goto(draft_address)
    expect(reviewer.locator("main")).to_contain_text("BANK-4711")
    reviewer.get_by_role("button", name="Approve and post").click()
    expect(reviewer.locator("main")).to_contain_text("Posted as number")

    assert received(board, "Foundation non-earmarked") - before == Decimal("12345.67")

    donor = portal.signed_in(Role.REPRESENTATIVE)
    with donor.expect_download() as downloading:
        donor.evaluate("() => { window.location.href = '/statements/SWE/2022.pdf?books=DEMO' }")
    with pikepdf.open(io.BytesIO(downloading.value.path().read_bytes())) as pdf:
        assert pdf.Root.Lang == "en"
        assert len(pdf.pages) >= 1

    response = donor.request.get("/statements/DEU/2022.pdf?books=DEMO")
    assert response.status == 404


def test_a_form_sent_twice_is_one_draft(portal: Portal) -> None:
    officer = portal.signed_in(Role.OFFICER)
    officer.goto("/income/gifts/new/")
    token = officer.locator("input[name=token]").input_value()
    csrf = officer.locator("main input[name=csrfmiddlewaretoken]").input_value()
    fields = {
        "csrfmiddlewaretoken": csrf,
        "token": token, "donor": "NOR", "fund": "FNE", "title": "Core contribution",
        "currency": "USD", "amount": "5", "received_on": "2022-12-21",
    }  # fmt: skip
    headers = {"Referer": portal.url}
    first = officer.request.post("/income/gifts/new/", form=fields, headers=headers)
    second = officer.request.post("/income/gifts/new/", form=fields, headers=headers)
    assert first.url == second.url
    assert "/income/drafts/" in first.url


def test_a_chart_becomes_explorable_when_asked_and_has_no_cloud_button(portal: Portal) -> None:
    board = portal.signed_in(Role.BOARD)
    board.goto(DASHBOARD)
    assert board.evaluate("typeof window.Plotly") == "undefined"
    board.locator("button[data-explore]").first.click()
    expect(board.locator(".js-plotly-plot").first).to_be_visible(timeout=20_000)
    titles = board.locator(".modebar-btn").evaluate_all(
        "buttons => buttons.map(b => (b.dataset.title || '').toLowerCase())"
    )
    assert not [title for title in titles if "share" in title or "cloud" in title]
