"""One sheet serves left-to-right and right-to-left: no physical side is named in a style."""

import re

from tests.house import project

SIDE = r"(?:left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"""(?<![\w-])(?:
        (?:(?:scroll-)?(?:margin|padding)|border)-{SIDE}(?:-(?:color|style|width))?\s*:
      | border-(?:top|bottom)-(?:left|right)-radius\s*:
      | {SIDE}\s*:
      | (?:text-align|float|clear)\s*:\s*(?:left|right)\b
    )""",
    re.VERBOSE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def without_comments(text):
    """The sheet with its comments blanked, lines kept."""
    return COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)


def physical_words(text):
    return [
        (without_comments(text).count("\n", 0, match.start()) + 1, match[0])
        for match in PHYSICAL.finditer(without_comments(text))
    ]


def test_style_sheets_name_no_physical_side():
    found = [
        f"{project.name_of(sheet)}:{line} {word}"
        for sheet in project.style_sheets()
        for line, word in physical_words(sheet.read_text("utf-8"))
    ]
    assert found == []


def test_templates_carry_no_style_of_their_own():
    pages = [file for file in project.templates() if file.suffix == ".html"]
    found = [
        project.name_of(page)
        for page in pages
        if re.search(r"<style(?![^>]*plotly\.js-style-global)|\sstyle\s*=", page.read_text("utf-8"))
    ]
    assert found == []


def test_the_search_for_physical_words_finds_them_and_nothing_else():
    sheet = """
    /* left: 0 */
    a { margin-left: 1px; inset-inline-start: 0; border-top-left-radius: 2px }
    b { text-align: right; text-align: end; margin-inline-start: 0; left: 0 }
    """
    assert physical_words(sheet) == [
        (3, "margin-left:"),
        (3, "border-top-left-radius:"),
        (4, "text-align: right"),
        (4, "left:"),
    ]
