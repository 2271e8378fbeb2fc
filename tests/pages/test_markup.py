"""Every page's markup, as a screen reader meets it: headings, landmarks, names, tables, live parts.

Read from the HTML of every address, so that it costs no browser; what only a browser can tell is in
tests/browser.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from accounts.models import User
from accounts.permissions import Role
from tests.browser.addresses import FILE, NO_PAGE
from tests.pages.test_every_address import ADDRESSES, MAY_GET, SIGNED_OUT, cast, filled, parts

__all__ = ["cast", "parts"]

CONTROLS = (
    "//input[not(@type='hidden' or @type='submit' or @type='button')] | //select | //textarea"
)
POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "list")
LIVE = "ancestor-or-self::*[@aria-live='polite' or @role='status' or @role='alert']"


# Addresses that answer somebody with a whole page.
PAGES = [
    (name, route) for name, route in ADDRESSES
    if MAY_GET[name] and name not in NO_PAGE and not FILE.search(route)
]  # fmt: skip
# Those whose pages are most unlike the others' come first; two of those who may are enough.
LOOKERS = (
    SIGNED_OUT,
    Role.REPRESENTATIVE,
    Role.OFFICER,
    Role.ADMINISTRATOR,
    Role.REVIEWER,
    Role.BOARD,
)
ENOUGH = 2
# These lead on to another page.
LEADS_ON = {"invitation_accept", "my_donor", "verify_printed"}
# These want a row in a state that the fixtures here are not in: the browser's tests visit them.
ELSEWHERE = LEADS_ON | {"correction_new", "import_names", "import_undo", "letter_reminder"}


def text_of(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def said(element: HtmlElement) -> str:
    """The element's opening tag, for the list of faults."""
    return html.tostring(element, encoding="unicode").partition(">")[0][:140]


def headings(page: HtmlElement) -> Iterator[str]:
    levels = [int(one.tag[1]) for one in page.xpath("//main//*[self::h1 or self::h2 or self::h3 "
              "or self::h4]")]  # fmt: skip
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of the first level"
    for above, level in zip([0, *levels], levels, strict=False):
        if level > above + 1:
            yield f"a heading of level {level} follows one of level {above}"


def landmarks(page: HtmlElement) -> Iterator[str]:
    for one in ("body/header", "body/main", "body/footer"):
        if len(page.xpath(f"/html/{one}")) != 1:
            yield f"not one {one}"
    names = Counter(nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.iter("nav"))
    yield from (f"{count} navigations named {name}" for name, count in names.items() if count > 1)
    for one in page.xpath("//*[@role='region' or self::nav or self::section[@role]]"):
        if not (one.get("aria-label") or one.get("aria-labelledby")):
            yield f"without a name: {said(one)}"
    if page.xpath("/html/body/*[not(self::script)][1]")[0].get("href") != "#main":
        yield "the first thing is no link to the content"


def names(page: HtmlElement) -> Iterator[str]:
    labelled = {label.get("for") for label in page.iter("label")}
    for control in page.xpath(CONTROLS):
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.get("id") in labelled or control.xpath("ancestor::label")):
            yield f"no label: {said(control)}"
    for one in page.xpath("//a[@href] | //button | //summary"):
        if not (text_of(one) or one.get("aria-label") or one.get("value")):
            yield f"no name: {said(one)}"
    for group in page.iter("fieldset"):
        if not text_of(group.find("legend") if group.find("legend") is not None else group):
            yield f"a group without a legend: {said(group)}"
    yield from (f"no alternative: {said(one)}" for one in page.xpath("//img[not(@alt)]"))


def pointers(page: HtmlElement) -> Iterator[str]:
    known = Counter(page.xpath("//@id"))
    yield from (f"{count} elements with the id {one}" for one, count in known.items() if count > 1)
    for attribute in POINTERS:
        for value in page.xpath(f"//@{attribute}"):
            yield from (f"{attribute} points nowhere: {one}" for one in value.split()
                        if one not in known)  # fmt: skip
    for link in page.xpath("//a[starts-with(@href, '#')]/@href"):
        if len(link) > 1 and link[1:] not in known:
            yield f"a link leads nowhere: {link}"


def tables(page: HtmlElement) -> Iterator[str]:
    for table in page.iter("table"):
        caption = table.find("caption")
        if caption is None or not text_of(caption):
            yield f"a table without a caption: {said(table)}"
        yield from (f"no scope: {said(one)}" for one in table.iter("th") if not one.get("scope"))
        if not table.xpath(".//th"):
            yield f"a table without headers: {said(table)}"


def charts(page: HtmlElement) -> Iterator[str]:
    for figure in page.xpath("//figure[contains(@class, 'chart')]"):
        title = " ".join(figure.xpath(".//*[contains(@class, 'chart-title')]//text()")).strip()
        if not figure.xpath("string(.//*[@class='chart-sentence'])").strip():
            yield f"no sentence beside the chart {title!r}"
        for drawing in figure.xpath(".//svg[contains(@class, 'chart-drawing')]"):
            if drawing.get("role") != "img" or not drawing.xpath("@aria-label | @aria-labelledby"):
                yield f"a drawing without a name in {title!r}"
        if not (figure.xpath(".//table") or page.xpath("//main//table")):
            yield f"no table for the chart {title!r}"


def live_regions(page: HtmlElement) -> Iterator[str]:
    """What HTMX changes is told: by a region of its own, else by portal.js in #announcements."""
    for target in page.xpath("//@hx-target"):
        if not page.xpath(f"//*[@id='{target[1:]}']"):
            yield f"HTMX has no place {target}"
    for one in page.xpath("//*[@hx-get and not(@hx-target)]"):
        if not one.xpath(LIVE):
            yield f"nothing tells of a change: {said(one)}"
    if not page.xpath("//*[@id='announcements'][@role='status']"):
        yield "no place for announcements"


def summary(page: HtmlElement) -> Iterator[str]:
    """Of a form that came back: it takes the focus, and leads to fields that say what is wrong."""
    box = page.xpath("//*[contains(@class, 'error-summary')]")
    if len(box) != 1:
        yield f"{len(box)} summaries of errors"
        return
    if box[0].get("role") != "alert" or box[0].get("tabindex") != "-1":
        yield "the summary cannot take the focus"
    for link in box[0].xpath(".//a/@href"):
        field = page.xpath(f"//*[@id='{link[1:]}']")
        described = " ".join(field[0].xpath("descendant-or-self::*/@aria-describedby | "
                             "ancestor::fieldset/@aria-describedby")) if field else ""  # fmt: skip
        if not field:
            yield f"the summary leads nowhere: {link}"
        elif not any("error" in one for one in described.split()):
            yield f"the error is not tied to {link}"


LOOKS = (headings, landmarks, names, pointers, tables, charts, live_regions)


def faults(text: str, *looks: Callable[[HtmlElement], Iterator[str]]) -> list[str]:
    page = html.document_fromstring(text)
    found = [fault for look in looks for fault in look(page)]
    if not text_of(page.find(".//title")).partition(" – ")[0]:
        found.append("no title")
    if page.get("lang") != "en" or page.get("dir") != "ltr":
        found.append("no language or direction")
    return found


def emptied(text: str) -> dict[str, str]:
    """What a browser sends of the page's largest form when nothing is filled in."""
    forms = html.document_fromstring(text).xpath("//main//form[@method='post']")
    if not forms:
        return {}
    form = max(forms, key=lambda one: len(one.form_values()))
    hidden = set(form.xpath(".//input[@type='hidden']/@name"))
    values = {name: value if name in hidden else "" for name, value in form.form_values()}
    return values | {"sent": "yes"}


@pytest.mark.parametrize(("name", "route"), PAGES, ids=[name for name, _route in PAGES])
def test_a_page_is_marked_up_for_everyone_and_so_is_its_form_when_it_comes_back(
    name: str, route: str, parts: dict[str, str], cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    address = filled(name, route, parts)
    opened = 0
    for who in LOOKERS:
        if who not in MAY_GET[name] or opened == ENOUGH:
            continue
        client = Client() if who == SIGNED_OUT else client_of(cast[who])
        shown = client.get(address)
        is_page = shown.headers.get("Content-Type", "").startswith("text/html")
        if shown.status_code != 200 or not is_page or not shown.text.startswith("<!doctype html>"):
            continue
        opened += 1
        assert faults(shown.text, *LOOKS) == [], (who, address)
        sent = client.post(address, fields) if (fields := emptied(shown.text)) else shown
        if sent.status_code == 422:
            assert faults(sent.text, *LOOKS, summary) == [], (who, address, "sent empty")
    assert opened or name in ELSEWHERE, "nobody could open it: the fixtures lack its row"
