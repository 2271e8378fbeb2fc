"""The public pages: which there are, what each needs, and their addresses in every language."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _

from reports.navigation import Place
from reports.open.cells import read_cells
from reports.open.giving import given_list
from reports.open.policy import PAGES, open_parts
from reports.open.responses import Opened
from reports.open.state import published


@dataclass(frozen=True)
class OpenPage:
    """A page of the public menu; open where any part of `needs` is."""

    name: str
    label: str | Promise
    needs: tuple[str, ...]


MENU = (
    OpenPage("open_income", _("Income"), ("funds", "regions")),
    OpenPage("open_donors", _("Donors"), ("donors",)),
    OpenPage("open_flows", _("Flows"), ("flows",)),
    OpenPage("open_scorecard", _("Scorecard"), ("scorecard",)),
    OpenPage("open_updates", _("Monthly updates"), ("updates",)),
    OpenPage("open_methods", _("Methods"), (PAGES,)),
    OpenPage("open_downloads", _("Downloads"), ("data", "iati", "ceb")),
)
NEEDS = {page.name: page.needs for page in MENU} | {"open_donor": ("donors",)}
# Public pages that are open whatever the agency shows.
ALWAYS = ("front", "terms", "accessibility", "verify")


@dataclass(frozen=True)
class Address:
    """One public page, without its language: the name of its address, its parts, its question."""

    name: str
    parts: tuple[str, ...] = ()
    year: int | None = None

    def in_language(self, code: str) -> str:
        """The path in a language, with its question."""
        with override(code):
            path = reverse(self.name, args=self.parts)
        return f"{path}?{urlencode({'year': self.year})}" if self.year else path


def menu(request: HttpRequest) -> tuple[Place, ...]:
    """What is open, for the head of a public page; nothing on pages without a language."""
    match = request.resolver_match
    if match is None or not get_language_from_path(request.path_info):
        return ()
    here = "open_donors" if match.url_name == "open_donor" else match.url_name
    return tuple(
        Place(str(page.label), reverse(page.name), "page" if page.name == here else "")
        for page in open_pages()
    )


def open_pages() -> tuple[OpenPage, ...]:
    """The pages of the menu that everybody may open now."""
    parts = open_parts()
    if not parts or published() is None:
        return ()
    return tuple(page for page in MENU if parts & set(page.needs))


def addresses(opened: Opened | None) -> Iterator[Address]:
    """Every public page that is open; those of the portal itself always are."""
    yield from (Address(name) for name in ALWAYS)
    if opened is None:
        return
    yield from (Address(one.name) for one in MENU if opened.parts & set(one.needs))
    cells = read_cells(opened.published)
    if opened.has("donors"):
        named = given_list(cells).found("", by_amount=False)
        yield from (Address("open_donor", (one.donor.code,)) for one in named)
    for name in ("open_income", "open_flows"):
        if opened.parts & set(NEEDS[name]):
            earlier = [year for year in cells.years if year != opened.published.as_at.year]
            yield from (Address(name, year=year) for year in earlier)


@dataclass(frozen=True)
class Alternates:
    """One page in every language, whole addresses, for its head. `links` are (code, path)."""

    canonical: str
    each: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]


def alternates(request: HttpRequest, address: Address, query: str = "") -> Alternates:
    """`query` is kept in the links of the language switch, which machines do not read."""
    paths = [(code, address.in_language(code)) for code, _name in settings.LANGUAGES]
    whole = tuple((code, request.build_absolute_uri(path)) for code, path in paths)
    links = tuple(
        (code, f"{path.partition('?')[0]}{query and '?' + query}") for code, path in paths
    )
    here = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    return Alternates(dict(whole)[here], whole, links)
