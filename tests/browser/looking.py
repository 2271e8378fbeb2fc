"""What a page is looked at for in the browser, each fault one line."""

import json
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Every rule but those that axe itself calls experimental; target-size (WCAG 2.2 AA) is off in what
# axe chooses by itself.
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
AXE_SCRIPT = Axe().axe_script
SCRIPT = Path(__file__).with_name("looking.js").read_text("utf-8")
# WCAG 1.4.12: what a reader may set without losing anything.
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""


def load(page: Page) -> None:
    """Bring axe and our own looks onto the page, once for all looks at it."""
    page.evaluate(f"() => {{ {AXE_SCRIPT}; {SCRIPT} }}")


def axe(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = page.evaluate(f"axe.run({json.dumps(AXE)}).then((result) => result.violations)")
    return [
        f"{one['id']}: {' '.join(node['html'][:200].split())} – {node['failureSummary'][:200]!r}"
        for one in found
        for node in one["nodes"][:2]
    ]


def layout(page: Page) -> list[str]:
    """Wider than the window, cut text, boxes that lie on each other."""
    return [str(fault) for fault in page.evaluate("looking.layout()")]


def spaced(page: Page) -> list[str]:
    """What is lost when a reader sets wider spacing; the page keeps it."""
    page.evaluate(SPACED)
    return [f"with wider text spacing: {fault}" for fault in page.evaluate("looking.lost()")]


def focus(page: Page) -> Iterator[str]:
    """Whatever takes the focus shows it, and nothing lies over all of it."""
    page.keyboard.press("Tab")  # from here on the browser shows where the focus is
    yield from (str(fault) for fault in page.evaluate("looking.focus()"))


def motion(page: Page) -> list[str]:
    """What still moves for a reader who asked for less of it."""
    return [str(fault) for fault in page.evaluate("looking.motion()")]


def forced(page: Page) -> list[str]:
    """What forced colours take away: the edge of a control, a mark that colour alone made."""
    return [str(fault) for fault in page.evaluate("looking.forced()")]
