"""What pages weigh on the line: HTML, style sheet, scripts, and how long browsers keep files."""

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.demonstration import set_up
from bench.told import Goal, Table, Told

PACKED = 6  # the level of gzip that servers take for what is made on demand
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")
PAGE_GOAL, SHEET_GOAL, SCRIPT_GOAL, BEFORE_GOAL = 60.0, 20.0, 15.0, 60.0  # kB, compressed
HEAVIEST = 10
CANDIDATES = {"small": 12, "large": 60}  # pages that are weighed in every language
TO_ONE_SORT = {"small": 1, "large": 3}  # addresses: rows differ in what hangs on them
LINK = re.compile(r'href="(/[^"#]*)')
SCRIPT = re.compile(r'<script\s[^>]*src="/static/([^"]+)"')
OWN = "js/"
KEPT = "immutable"


@dataclass(frozen=True)
class Page:
    """A page as one reader gets it: bytes as written, and packed."""

    role: str
    address: str
    language: str
    raw: int
    packed: int
    scripts: tuple[str, ...]


def kilo(size: float) -> float:
    return size / 1000


def measure(size: str) -> Told:
    """The heaviest of all pages that links lead to from each role's first page."""
    told = Told("What pages weigh")
    with set_up() as folder:
        _take(folder)
        pages = list(_crawled(size))
        ranked = _heaviest(pages)[: CANDIDATES[size]]
        in_all = [
            _weighed(_reader(page.role), page.role, page.address, language)
            for page in ranked
            for language in LANGUAGES
        ]
        heaviest = _heaviest(in_all)[:HEAVIEST]
        told.tables += [_page_table(heaviest), _file_table(pages)]
        told.goals += _goals(heaviest, pages, _cache_control())
    told.notes.append(
        f"{len(pages)} pages of the demonstration, found by following links from the first "
        f"page of each role; the {len(ranked)} heaviest in English were weighed in six languages. "
        f"HTML is packed with gzip at level {PACKED}; files lie packed beside their sources."
    )
    return told


def _take(folder: Path) -> None:
    """Django in this process, with the demonstration's data."""
    os.environ.update(
        PORTAL_MODE="demo", PORTAL_DATA_DIR=str(folder / "var"),
        DJANGO_SETTINGS_MODULE="habitat_portal.settings",
    )  # fmt: skip
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_BOOKS", "DEBUG"):
        os.environ.pop(name, None)
    import django  # it reads what stands above

    django.setup()


def _reader(role: str) -> Any:
    """A browser of the demonstration's person with that role; empty: of nobody."""
    from django.test import Client

    from accounts.demonstration import EMAILS
    from accounts.models import User
    from accounts.permissions import Role

    browser = Client(headers={"host": "127.0.0.1"})
    if role:
        browser.force_login(
            User.objects.get(email=EMAILS[Role(role)]),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    return browser


def _crawled(size: str) -> Iterator[Page]:
    """Every sort of page in English; in a large run some of each sort, for each role that may."""
    from accounts.demonstration import EMAILS

    sorts = Counter[str]()
    for role in ("", *EMAILS):
        browser = _reader(role)
        waiting, seen = ["/"], {"/"}
        if size == "large":
            sorts.clear()
        while waiting:
            address = waiting.pop(0)
            page, links = _opened(browser, role, address)
            if page:
                yield page
            for link in links:
                sort = _sort_of(link)
                if link in seen or not sort or sorts[sort] >= TO_ONE_SORT[size]:
                    continue
                seen.add(link)
                sorts[sort] += 1
                waiting.append(link)


def _sort_of(address: str) -> str:
    """The name of the address; empty for what is no page or changes something."""
    from django.urls import Resolver404, resolve

    try:
        name = resolve(address.partition("?")[0]).url_name or ""
    except Resolver404:
        return ""
    is_file = re.search(r"\.\w+$", address.partition("?")[0])
    return "" if is_file or name in ("set_language", "account_logout") else name


def _opened(browser: Any, role: str, address: str) -> tuple[Page | None, list[str]]:
    response = browser.get(address, follow=True, headers={"accept-language": "en"})
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return None, []
    content = response.getvalue()
    text = content.decode().replace("&amp;", "&")
    arrived = response.request["PATH_INFO"]
    if query := response.request["QUERY_STRING"]:
        arrived = f"{arrived}?{query}"
    return _page(role, arrived, "en", content), LINK.findall(text)


def _weighed(browser: Any, role: str, address: str, language: str) -> Page:
    """The same page in another language, which a cookie names and a public address has in it."""
    from django.conf import settings

    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    asked = re.sub(r"^/en/", f"/{language}/", address)
    response = browser.get(asked, follow=True, headers={"accept-language": language})
    content = response.getvalue()
    if response.status_code != 200 or f'<html lang="{language}"'.encode() not in content:
        raise RuntimeError(f"{asked} does not answer in {language}: {response.status_code}")
    return _page(role, asked, language, content)


def _page(role: str, address: str, language: str, content: bytes) -> Page:
    scripts = tuple(re.sub(r"\.[0-9a-f]{12}\.", ".", name) for name in SCRIPT.findall(str(content)))
    return Page(role, address, language, len(content), _packed(content), scripts)


def _packed(content: bytes) -> int:
    return len(gzip.compress(content, PACKED))


def _heaviest(pages: Iterable[Page]) -> list[Page]:
    """Each sort of page once, as it is heaviest; the heaviest first."""
    found: dict[str, Page] = {}
    for page in sorted(pages, key=lambda page: -page.packed):
        found.setdefault(_sort_of(page.address), page)
    return list(found.values())


def _lies_packed(name: str) -> int:
    """Bytes of a file as it is sent."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage

    path = Path(settings.STATIC_ROOT) / staticfiles_storage.stored_name(name)
    packed = path.with_name(f"{path.name}.gz")
    return (packed if packed.exists() else path).stat().st_size


def _cache_control() -> str:
    from django.templatetags.static import static

    response = _reader("").get(static("css/portal.css"), headers={"accept-encoding": "gzip"})
    response.close()
    return f"{response.headers['Cache-Control']}; {response.headers.get('Content-Encoding')}"


def _page_table(heaviest: list[Page]) -> Table:
    rows = [
        (page.address, page.role or "public", page.language,
         f"{kilo(page.raw):,.0f}", f"{kilo(page.packed):.1f}")
        for page in heaviest
    ]  # fmt: skip
    return Table("The ten heaviest pages, each in its heaviest language",
                 ["page", "role", "language", "kB", "kB compressed"], rows)  # fmt: skip


def _scripts(pages: list[Page]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The own scripts of the page with most of them, and all scripts of that page."""
    most = max(pages, key=lambda page: sum(map(_lies_packed, page.scripts)))
    return tuple(name for name in most.scripts if name.startswith(OWN)), most.scripts


def _file_table(pages: list[Page]) -> Table:
    names = sorted({name for page in pages for name in page.scripts})
    sizes = [(name, _lies_packed(name)) for name in ("css/portal.css", *names)]
    later = "plotly/plotly.min.js"
    rows = [(name, f"{kilo(size):.1f}") for name, size in sizes]
    rows.append((f"{later}, when a chart is explored", f"{kilo(_lies_packed(later)):,.0f}"))
    return Table("Files that pages ask for", ["file", "kB compressed"], rows)


def _goals(heaviest: list[Page], pages: list[Page], kept: str) -> list[Goal]:
    own, every = _scripts(pages)
    return [
        Goal("the heaviest page", kilo(heaviest[0].packed), PAGE_GOAL, unit="kB"),
        Goal("the one style sheet", kilo(_lies_packed("css/portal.css")), SHEET_GOAL, unit="kB"),
        Goal("own scripts of the page with most", kilo(sum(map(_lies_packed, own))), SCRIPT_GOAL,
             unit="kB"),
        Goal("all scripts of that page", kilo(sum(map(_lies_packed, every))), BEFORE_GOAL,
             unit="kB"),
        Goal(f"a static file is packed and kept for good ({kept})",
             float(KEPT in kept and kept.endswith("gzip")), 1.0, at_least=True),
    ]  # fmt: skip
