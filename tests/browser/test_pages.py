"""Every main page in a real browser: no overflow, no accessibility finding, no script needed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.permissions import Role
from tests.browser.conftest import Portal

pytestmark = pytest.mark.browser

PAGES: dict[Role, dict[str, str]] = {
    Role.BOARD: {
        "dashboard": "/board/?books=DEMO&as_at=2021-12",
        "dashboard_latest": "/board/",
        "history": "/board/history/",
        "targets": "/board/targets/",
        "published": "/board/published/",
        "indicators": "/board/indicators/",
        "entries": "/income/entries/?books=DEMO&kind=receipt&fund=FNE&from=2021-01&to=2021-12",
        "posting": "/income/postings/DEMO/1/",
        "rates": "/income/rates/",
        "style": "/style/",
    },
    Role.OFFICER: {
        "home": "/",
        "donors": "/donors/",
        "donor": "/donors/SWE/",
        "donor_new": "/donors/new/",
        "contribution_new": "/income/contributions/new/",
        "receipt_new": "/income/receipts/new/",
        "gift_new": "/income/gifts/new/",
        "receipt_of_a_donor": "/income/receipts/new/?donor=SWE",
        "online_gifts_new": "/income/online-gifts/new/",
        "return_new": "/income/returns/new/",
        "transfer_new": "/income/transfers/new/",
        "parked": "/income/parked/",
        "parked_new": "/income/parked/new/",
        "contributions": "/income/contributions/",
        "drafts": "/income/drafts/",
    },
    Role.REVIEWER: {"months": "/income/months/"},
    Role.REPRESENTATIVE: {"my_donor": "/my/"},
    Role.ADMINISTRATOR: {"accounts": "/accounts/", "account_new": "/accounts/new/"},
}
FIRST_IMPORT = "main tbody tr:last-child th a"  # of the demonstration: it has rows to correct
# What came with the officer's whole day. An arrow leads to a page by a link of the page before it.
MORE_PAGES: dict[Role, dict[str, str]] = {
    Role.OFFICER: {
        "contribution": "/income/contributions/?q=Programme+cooperation -> main tbody th a",
        "donor_of_staff": "/donors/CHE/",
        "prospects": "/income/prospects/",
        "reports": "/income/reports/",
        "reports_on_time": "/income/reports/on-time/",
        "imports": "/income/imports/",
        "import_new": "/income/imports/new/",
        "import_paste": "/income/imports/paste/",
        "import": f"/income/imports/ -> {FIRST_IMPORT}",
        "import_columns": f"/income/imports/ -> {FIRST_IMPORT} -> main a[href$='columns/']",
        "import_names": f"/income/imports/ -> {FIRST_IMPORT} -> main a[href$='names/']",
        "erp": "/income/erp/",
        "erp_month": "/income/erp/DEMO/2022-01/",
        "calendar": "/income/calendar/?month=2022-12",
        "campaigns": "/income/campaigns/",
        "campaign": "/income/campaigns/ -> main tbody th a",
        "letter": "/letters/core/SWE/",
        "worklist": "/worklist/",
        "proposal_new": "/board/targets/new/",
        "measurement_new": "/board/indicators/F2/measure/",
    },
    Role.REVIEWER: {"month": "/income/months/DEMO/2022-12/"},
    Role.BOARD: {
        "bases": "/bases/?books=DEMO",
        "outstanding": "/outstanding/?books=DEMO",
        "restatement": "/restatement/?books=DEMO",
        "updates": "/updates/?books=DEMO",
        "update": "/updates/?books=DEMO -> main tbody th a",
        "indicator": "/board/indicators/F1/?books=DEMO",
        "dialogue": "/dialogue/?books=DEMO&as_at=2021-12",
    },
}
VIEWS = [(1440, "en"), (390, "en"), (390, "ar"), (1440, "ar"), (1440, "zh-hans"), (390, "zh-hans")]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def findings(page: Page) -> list[str]:
    """What axe finds, one line each."""
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:160]}"
        for found in Axe().run(page).response["violations"]
    ]


def photograph(page: Page, name: str) -> None:
    """Keep a picture where PICTURES names a folder, for people to look at."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def wrong_with(
    portal: Portal, pages: dict[Role, dict[str, str]], role: Role, width: int, language: str
) -> Iterator[str]:
    """Each page's faults, one line each."""
    page = portal.signed_in(role, width, language)
    for name, address in pages[role].items():
        yield from (f"{name}: {fault}" for fault in _visited(page, address))
        photograph(page, f"{name}-{width}-{language}")
    page.context.close()


def _visited(page: Page, address: str) -> Iterator[str]:
    address, *links = address.split(" -> ")
    response = page.goto(address)
    for link in links:
        followed = page.locator(link).first.get_attribute("href")
        response = page.goto(str(followed))
    if response is None or response.status != 200:
        yield f"{page.url} does not answer"
        return
    if overflow(page) > 0:
        yield f"{overflow(page)} pixels too wide"
    yield from findings(page)


@pytest.mark.parametrize(("width", "language"), VIEWS)
@pytest.mark.parametrize("role", PAGES, ids=lambda role: role.value)
def test_pages_fit_and_are_accessible(
    portal: Portal, role: Role, width: int, language: str
) -> None:
    assert list(wrong_with(portal, PAGES, role, width, language)) == []


@pytest.mark.parametrize(("width", "language"), VIEWS[:4])
@pytest.mark.parametrize("role", MORE_PAGES, ids=lambda role: role.value)
def test_pages_of_the_working_day_fit_and_are_accessible(
    portal: Portal, role: Role, width: int, language: str
) -> None:
    assert list(wrong_with(portal, MORE_PAGES, role, width, language)) == []


def test_the_dashboard_says_the_same_without_scripts(portal: Portal) -> None:
    with_scripts = portal.signed_in(Role.BOARD)
    address = "/board/?books=DEMO&as_at=2021-12"
    with_scripts.goto(address)
    state = with_scripts.context.storage_state()
    without = portal.browser.new_context(
        base_url=portal.url, java_script_enabled=False, storage_state=state, locale="en"
    ).new_page()
    without.goto(address)
    for selector in ("h1", ".headline", "table"):
        assert (
            without.locator(selector).first.inner_text()
            == with_scripts.locator(selector).first.inner_text()
        )
    assert without.locator("figure svg").count() == with_scripts.locator("figure svg").count() > 0
