"""A crawler that is signed out walks every public page and file, in six languages.

It begins at the front page and the map of the site, follows every link, and reads every body: no
link is broken, none leads behind the sign-in but to it, and no private word stands anywhere.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Ledger
from interface.terms import terms
from reports.management.commands import set_up_demonstration
from reports.models import MonthlyUpdate
from reports.open.policy import set_open
from tests import board_factories, factories
from tests.pages.private_rows import columns, marked_rows, stored_values
from tests.reports.open.open_cases import (
    EVERYTHING,
    FILES,
    LATE,
    UNNAMED_NAME,
    come_late,
    gift,
    opened,
    update,
)
from tests.reports.update_cases import APRIL

__all__ = ["opened", "update"]
CODES = [code for code, _name in settings.LANGUAGES]
HOST = "http://testserver"
SIGN_IN = "/sign-in/"
LINKS = {"a": "href", "link": "href", "img": "src", "script": "src", "form": "action"}
# The switch of the language and the verification of a file are forms that everybody may send.
FORMS = {"/language/", *(f"/{code}/verify/" for code in CODES)}


class Reader(HTMLParser):
    """Collects where a page leads, and where its forms send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.forms: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        address = said.get(LINKS.get(tag, "")) if tag in LINKS else None
        if address is None:
            return
        is_sent = tag == "form" and said.get("method") == "post"
        (self.forms if is_sent else self.links).add(address)


@dataclass
class Walk:
    """What the crawler saw: the body of every address, and what was wrong."""

    browser: Client = field(default_factory=Client)
    bodies: dict[str, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def from_(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            address = waiting.pop()
            if address not in self.bodies:
                waiting += sorted(self._visit(address))

    def _visit(self, address: str) -> set[str]:
        response = self.browser.get(address)
        body = response.getvalue() if response.status_code == 200 else b""
        self.bodies[address] = body
        if response.status_code == 302:  # to the reader's language, or to whom a donor became
            return self._followed(address, {response.headers["Location"]})
        if response.status_code != 200:
            self.wrong.append(f"{address}: {response.status_code}")
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return set()
        page = Reader(body.decode())
        self.wrong += [f"{address} sends to {form}" for form in page.forms - FORMS]
        return self._followed(address, page.links)

    def _followed(self, address: str, links: set[str]) -> set[str]:
        found = set()
        for link in links:
            whole = urlsplit(urljoin(HOST + address, unescape(link)))
            if whole.scheme not in ("http", "https") or whole.netloc != "testserver":
                continue
            path = whole.path + (f"?{whole.query}" if whole.query else "")
            if whole.path == SIGN_IN:
                continue
            if whole.path.startswith("/static/"):
                self._ask_static(address, whole.path)
            elif whole.path.startswith((*(f"/{code}/" for code in CODES), "/data/")):
                found.add(path)
            elif not self._leads_to_a_language(path):
                self.wrong.append(f"{address} leads to {path}")
        return found

    def _leads_to_a_language(self, path: str) -> bool:
        """Whether an address without a language leads to the reader's."""
        response = self.browser.get(path)
        there = response.headers.get("Location", "")
        return response.status_code == 302 and there == f"/en{path}"

    def _ask_static(self, address: str, path: str) -> None:
        if finders.find(path.removeprefix("/static/")) is None:
            self.wrong.append(f"{address} wants {path}, which is not there")

    @property
    def texts(self) -> dict[str, str]:
        """What every body says, small letters; of a workbook, what is in it."""
        return {address: _text(body) for address, body in self.bodies.items()}


def _text(body: bytes) -> str:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace")).replace("\u00a0", " ").lower()


def walked() -> Walk:
    """From the front page in every language, and from every place of the map."""
    walk = Walk()
    root = ElementTree.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314  our own
    places = [(one[0].text or "").removeprefix(HOST) for one in root]
    walk.from_(*(f"/{code}/" for code in CODES), *places, "/robots.txt", "/sitemap.xml")
    return walk


def leaks(walk: Walk, words: set[str]) -> list[str]:
    texts = walk.texts
    return [
        f"{word} at {address}"
        for word in sorted(words)
        for address, text in texts.items()
        if word.lower() in text
    ]


def a_publication(books: Ledger, kind: str, *names: str) -> None:
    """Published files of a standard, of a few bytes."""
    one, other = factories.user(), factories.user(role=Role.REVIEWER)
    update = MonthlyUpdate.objects.filter(ledger=books).first() if kind == "iati" else None
    made = board_factories.publication(
        ledger=books, kind=kind, update=update, prepared_by=one, published_by=other, is_cast=True,
        state="published", published_at=update.published_at if update else "2021-04-15T09:00Z",
    )  # fmt: skip
    for name in names:
        kind_of = "application/xml" if name.endswith(".xml") else "text/csv"
        board_factories.publication_file(
            publication=made, name=name, content=b"<a/>", content_type=kind_of
        )


def test_the_crawler_finds_no_broken_link_and_no_private_word(
    opened: MonthlyUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = opened.ledger
    a_publication(books, "iati", "activities.xml", "organisation.xml")
    a_publication(books, "ceb", "revenue-by-contributor.csv")
    words = {*marked_rows(), "privref", "privnote", UNNAMED_NAME, LATE, "999999.99"}
    come_late(monkeypatch, books)
    late = gift("5.00", "2021-03-30", Donor.objects.get(code="SWE"))
    factories.posting(books, late, reference="privref", note="privnote", booked_month=APRIL)
    walk = walked()
    assert walk.wrong == []
    assert leaks(walk, words) == []
    for code in CODES:
        for page in ("donors/SWE/", "flows/?year=2020", "income/", "downloads/", "terms/"):
            assert f"/{code}/{page}" in walk.bodies
    assert {f"/data/{name}.{form}" for name in FILES for form in ("csv", "xlsx")} <= set(
        walk.bodies
    )
    assert {"/data/iati/activities.xml", "/data/ceb/2021/revenue-by-contributor.csv"} <= set(
        walk.bodies
    )


def test_the_crawler_sees_a_private_word_where_one_stands(opened: MonthlyUpdate) -> None:
    """The test above can fail: a name that is public is found on the pages that tell it."""
    walk = Walk()
    walk._visit("/en/donors/SWE/")
    assert "Sweden at /en/donors/SWE/" in leaks(walk, {"Sweden"})
    page = Reader('<a href="/donors/SWE/">x</a><form method="post" action="/visibility/set/">')
    assert (page.links, page.forms) == ({"/donors/SWE/"}, {"/visibility/set/"})
    assert walk._followed("/en/", page.links) == set()
    assert walk.wrong == ["/en/ leads to /donors/SWE/"]


def test_every_private_column_has_a_word_to_look_for(opened: MonthlyUpdate) -> None:
    words = marked_rows()
    assert len(words) == len(set(words)) == sum(map(len, columns().values())) > 50


def test_with_nothing_open_the_crawler_finds_the_portal_itself_alone(
    update: MonthlyUpdate,
) -> None:
    walk = walked()
    assert walk.wrong == []
    pages = {"", "terms/", "accessibility/", "verify/"}
    assert set(walk.bodies) - {"/robots.txt", "/sitemap.xml"} == {
        f"/{code}/{page}" for code in CODES for page in pages
    }


@pytest.mark.whole
def test_the_crawler_walks_the_whole_demonstration(
    settings, monkeypatch: pytest.MonkeyPatch, reference: None, administrator: User
) -> None:
    settings.PORTAL_BOOKS = "DEMO"
    monkeypatch.setattr(set_up_demonstration, "_prepare_fonts", lambda: "ready")
    call_command("set_up_demonstration", verbosity=0)
    set_open(EVERYTHING, by=administrator)
    public = {one.name_en.lower() for one in terms().values()}
    words = {text for text in stored_values() if text.lower() not in public}
    # Codes and amounts of forms stand on public pages as well, and say nothing by themselves.
    words = {text for text in words if not re.fullmatch(r"[a-z_0-9.]+", text)}
    assert len(words) > 300
    walk = walked()
    assert walk.wrong == []
    assert len(walk.bodies) > 600
    assert leaks(walk, words) == []
