"""The looks of looking.js find what is wrong, and nothing where all is well."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import looking

pytestmark = pytest.mark.browser
FRAME = "<!doctype html><html lang=en><title>T</title><style>{}</style><main>{}</main>"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 600})
    yield context.new_page()
    context.close()


def shown(page: Page, style: str, main: str) -> Page:
    page.set_content(FRAME.format(style, main))
    looking.load(page)
    return page


@pytest.mark.parametrize(
    ("style", "main", "said"),
    [
        ("p { width: 500px }", "<p>Wide</p>", "px too wide"),
        ("p { overflow: hidden; width: 40px; white-space: nowrap }", "<p>Cut off here</p>",
         "cut at its side"),
        ("p { overflow: hidden; height: 8px }", "<p>Cut off here</p>", "cut below"),
        ("i { margin-inline-start: -30px }", "<p>Received<i>Expected</i></p>", "lies on"),
        ("h1 { margin-block-end: -50px }", "<h1>Received</h1><p>Expected</p>", "lies on"),
        ("", "<p>Received</p><p>Expected</p><button>Show</button>", ""),
    ],
)  # fmt: skip
def test_what_is_too_wide_cut_or_covered_is_found(
    page: Page, style: str, main: str, said: str
) -> None:
    found = looking.layout(shown(page, style, main))
    assert bool(found) == bool(said)
    assert all(said in one for one in found)


def test_wider_text_spacing_is_set_and_what_it_cuts_is_found(page: Page) -> None:
    tight = "p { overflow: hidden; white-space: nowrap; width: max-content; max-width: 125px }"
    shown(page, f"{tight} p {{ font: 16px monospace }}", "<p>Twelve words</p>")
    assert looking.layout(page) == []
    assert "with wider text spacing: cut at its side" in looking.spaced(page)[0]


def test_a_focus_that_does_not_show_or_is_covered_is_found(page: Page) -> None:
    plain = ":focus-visible { outline: 3px solid }"
    assert list(looking.focus(shown(page, plain, "<button>One</button><a href=x>Two</a>"))) == []
    bare = list(looking.focus(shown(page, "button { outline: none }", "<button>One</button>")))
    assert bare == ["no visible focus: <button> “One”"]
    lid = "div { position: fixed; inset: 0; background: white } button { outline: 3px solid }"
    covered = list(looking.focus(shown(page, lid, "<button>One</button><div></div>")))
    assert covered == ["the focus is covered: <button> “One”"]


def test_movement_and_marks_that_forced_colours_take_are_found(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    shown(page, ".button { border: 0; transition: color 1s }", "<button class=button>One</button>")
    assert looking.motion(page) == ["a transition: <button.button> “One”"]
    assert looking.forced(page) == ["no edge in forced colours: <button.button> “One”"]


def test_axe_runs_the_rule_on_targets_and_the_good_practices(page: Page) -> None:
    small = "button { height: 12px; width: 12px; padding: 0; margin: 0; border: 0; font-size: 6px }"
    found = looking.axe(shown(page, small, "<button>a</button><button>b</button>"))
    assert {one.partition(":")[0] for one in found} >= {"target-size", "page-has-heading-one"}
