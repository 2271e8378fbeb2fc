"""What an officer's and a reviewer's hands do: fill in by label, submit, approve, read a table."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

QUEUE = "/income/drafts/?state=submitted"
SENT = re.compile("Another person now reviews|Submitted again")


def box(page: Page, label: str) -> Locator:
    """The field of the main form with exactly this label, "(optional)" aside."""
    wanted = re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$")
    return page.locator("main").get_by_label(wanted)


def fill_in(page: Page, fields: Mapping[str, str | bool]) -> None:
    """Fill in the fields by their labels: text, day, list, mark or choice."""
    for label, value in fields.items():
        _fill_one(box(page, label), value)


def _fill_one(field: Locator, value: str | bool) -> None:
    if isinstance(value, bool):
        field.set_checked(value)
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


def open_more(page: Page, *summaries: str) -> None:
    """Open the parts of the form that few need."""
    for summary in summaries:
        page.locator("main summary", has_text=summary).click()


def press(page: Page, name: str) -> None:
    """Press the one button, or follow the one link, of this exact name in the page's main part."""
    main = page.locator("main")
    wanted = re.compile(rf"^\s*{re.escape(name)}\s*$")
    main.get_by_role("button", name=wanted).or_(main.get_by_role("link", name=wanted)).click()


def submit(page: Page) -> str:
    """Send the form to review; the path of the draft."""
    press(page, "Submit for review")
    expect(page.locator("main")).to_contain_text(SENT)
    return urlsplit(page.url).path


def open_from_queue(reviewer: Page, draft: str) -> None:
    """The reviewer's way to a draft: the list of what waits, and the line of the draft."""
    reviewer.goto(QUEUE)
    reviewer.locator(f'main a[href="{draft}"]').click()


def approve(reviewer: Page, draft: str) -> int:
    """Approve what waits; the number of the posting."""
    open_from_queue(reviewer, draft)
    press(reviewer, "Approve and post")
    expect(reviewer.locator("main")).to_contain_text("Posted as number")
    return int(reviewer.url.rstrip("/").rpartition("/")[2])


def submit_and_approve(officer: Page, reviewer: Page) -> int:
    """Submit what the officer's page holds and have it approved; the number of the posting."""
    return approve(reviewer, submit(officer))


def line(page: Page, table: str, heading: str) -> Locator:
    """The cells after the heading of one row; `table` is the identifier of the caption."""
    rows = page.locator(f"table:has(#{table}) tr")
    return rows.filter(has=page.locator("th", has_text=heading)).first.locator("td")


def expect_line(page: Page, table: str, heading: str, *cells: str) -> None:
    """The row's cells say exactly this."""
    expect(line(page, table, heading)).to_have_text(list(cells))


def fact(page: Page, name: str) -> Locator:
    """What a list of facts says about something."""
    return page.locator("main dl.facts dt", has_text=re.compile(rf"^{re.escape(name)}$")).locator(
        "xpath=following-sibling::dd[1]"
    )


def sign_agreement(officer: Page, reviewer: Page, fields: Mapping[str, str | bool]) -> str:
    """Enter a signed agreement and have it approved; the path of its page."""
    officer.goto("/income/contributions/new/")
    fill_in(officer, fields)
    submit_and_approve(officer, reviewer)
    return find_contribution(officer, str(fields["Purpose"]))


def find_contribution(officer: Page, title: str) -> str:
    """Search the list of contributions and open the one found; the path of its page."""
    officer.goto("/income/contributions/")
    fill_in(officer, {"Search": title})
    press(officer, "Show")
    officer.locator("main tbody tr", has_text=title).get_by_role("link").first.click()
    expect(officer.locator("h1")).to_have_text(title)
    return urlsplit(officer.url).path
