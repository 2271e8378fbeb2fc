"""Every page in a real browser: axe, layout in the longest languages, focus, motion, forced colour.

The full products are marked `whole` and run in `make test-all`. CI opens each page once, in one of
the languages, and looks at it in every way there; languages, themes and widths turn, so that every
combination occurs on some page. Layout is looked at where it is narrowest.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from accounts.permissions import Role
from tests.browser import looking
from tests.browser.addresses import (
    MORE,
    NO_PAGE,
    NOT_IN_THE_DEMONSTRATION,
    Visit,
    pages,
)
from tests.browser.conftest import Furnished, Portal
from tests.pages.test_every_address import ADDRESSES

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ar", "zh-hans")
TURNS = ("fr", "ar", "ru", "zh-hans", "en")  # of CI, where each page is opened once
SCREENS = list(itertools.product(("light", "dark"), (390, 1440)))
LONGEST = ("ru", "fr")
WIDTHS = (320, 390, 1440)  # 320: a window of 1280 at 400 % zoom (WCAG 1.4.10)
# Sizes in pixels of components on the page of style, whatever the fonts of the machine: a control
# is as high as the sheet says, and what is smaller than 24 cannot be hit (WCAG 2.5.8).
SIZES = {
    ".button:not(.button-quiet)": 40, ".button-quiet": 36, "main select": 40,
    "main input[type=search]": 40, "main [type=checkbox]": 24, ".menu > summary": 36,
}  # fmt: skip
# Addresses that lead on to another page.
LEADS_ON = {"home", "my_donor", "verify_printed", "home of representative", "home of administrator"}


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def photograph(page: Page, name: str) -> None:
    """Keep a picture where PICTURES names a folder, for people to look at."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def opened(portal: Portal, visits: list[Visit], language: str) -> Iterator[tuple[Visit, Page, str]]:
    """Each page, ready to be looked at, or with the fault that it does not answer."""
    windows: dict[str, Page] = {}
    for visit in sorted(visits, key=lambda one: one.role):
        if visit.role not in windows:
            windows[visit.role] = (
                portal.signed_in(Role(visit.role), language=language) if visit.role
                else portal.visitor(language=language).new_page()
            )  # fmt: skip
        page = windows[visit.role]
        response = page.goto(visit.address)
        # A public page has the reader's language before its address.
        own = {f"{portal.url}{visit.address}", f"{portal.url}/{language}{visit.address}"}
        arrived = page.url in own or visit.name in LEADS_ON
        if response is None or response.status != 200 or not arrived:
            yield visit, page, f"does not answer: {page.url}"
            continue
        looking.load(page)
        yield visit, page, ""
    for page in windows.values():
        page.context.close()


def on(page: Page, theme: str, width: int) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 900})


# What is wrong with the page of a visit in that language.
Look = Callable[[Visit, Page, str], Iterator[str]]


def axe_on(*screens: tuple[str, int]) -> Look:
    """What axe finds on these screens."""

    def look(visit: Visit, page: Page, language: str) -> Iterator[str]:
        for theme, width in screens:
            on(page, theme, width)
            yield from (f"{theme} {width}: {one}" for one in looking.axe(page))
            photograph(page, f"{visit.name}-{width}-{language}-{theme}")

    return look


def layout(_visit: Visit, page: Page, _language: str) -> Iterator[str]:
    """Reflow, cut and covered text at every width, and with the reader's own text spacing."""
    for width in WIDTHS:
        on(page, "light", width)
        yield from (f"{width}: {one}" for one in looking.layout(page))
    yield from spaced(_visit, page, _language)


def reflow(_visit: Visit, page: Page, _language: str) -> Iterator[str]:
    """Cut and covered text at the narrowest width, where what does not fit shows first."""
    on(page, "light", WIDTHS[0])
    yield from (f"{WIDTHS[0]}: {one}" for one in looking.layout(page))


def spaced(_visit: Visit, page: Page, _language: str) -> Iterator[str]:
    """What is lost with the reader's own text spacing."""
    on(page, "light", 390)
    yield from (f"390: {one}" for one in looking.spaced(page))
    page.evaluate("document.adoptedStyleSheets = []")


def senses(_visit: Visit, page: Page, _language: str) -> Iterator[str]:
    """Focus, motion and forced colours. Last, for it leaves the focus somewhere."""
    on(page, "light", 1440)
    yield from looking.focus(page)
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    yield from looking.motion(page) + looking.forced(page)
    page.emulate_media(reduced_motion="no-preference", forced_colors="none")


def faults(
    portal: Portal, visits: list[Visit], language: str, looks: Callable[[Visit], list[Look]]
) -> list[str]:
    """Everything that is wrong with the pages in that language."""
    return [
        f"{visit.name}: {found}"
        for visit, page, fault in opened(portal, visits, language)
        for found in (
            [fault]
            if fault
            else itertools.chain.from_iterable(look(visit, page, language) for look in looks(visit))
        )
    ]


def share(visits: list[Visit], number: int, of: int) -> list[Visit]:
    return visits[number::of]


def test_what_is_no_page_and_what_is_a_main_page_are_addresses_that_exist() -> None:
    known = {name for name, _route in ADDRESSES}
    assert {*NO_PAGE, *NOT_IN_THE_DEMONSTRATION} <= known
    assert not set(pages()) & set(MORE)


@pytest.mark.parametrize("language", TURNS)
def test_each_page_is_sound_in_one_of_the_languages(furnished: Furnished, language: str) -> None:
    own = share(furnished.visits, TURNS.index(language), len(TURNS))
    screen = {visit: SCREENS[index % len(SCREENS)] for index, visit in enumerate(own)}

    def by_turns(visit: Visit) -> list[Look]:
        """What follows from the sheet that all pages share: spacing, focus, motion, colours."""
        number = own.index(visit)
        return [*([spaced] if number % 2 == 0 else []), *([senses] if number % 6 == 0 else [])]

    found = faults(
        furnished.portal,
        own,
        language,
        lambda visit: [axe_on(screen[visit]), reflow, *by_turns(visit)],
    )
    assert found == []


@pytest.mark.whole
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_passes_axe_in_every_combination(furnished: Furnished, language: str) -> None:
    assert faults(furnished.portal, furnished.visits, language, lambda _: [axe_on(*SCREENS)]) == []


@pytest.mark.whole
@pytest.mark.parametrize("language", [*LONGEST, "ar", "zh-hans"])
def test_every_page_fits_in_the_longest_languages_and_other_scripts(
    furnished: Furnished, language: str
) -> None:
    assert faults(furnished.portal, furnished.visits, language, lambda _visit: [layout]) == []


@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "ar"])
def test_focus_shows_nothing_moves_and_forced_colours_lose_nothing(
    furnished: Furnished, language: str
) -> None:
    assert faults(furnished.portal, furnished.visits, language, lambda _visit: [senses]) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_components_keep_their_sizes(furnished: Furnished, width: int) -> None:
    page = furnished.portal.signed_in(Role.ADMINISTRATOR, width)
    page.goto("/style/")
    for selector, least in SIZES.items():
        heights = page.locator(f"{selector}:visible").evaluate_all(
            "found => found.map((one) => Math.round(one.getBoundingClientRect().height))"
        )
        assert heights, selector
        assert (selector, min(heights)) == (selector, least)


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
