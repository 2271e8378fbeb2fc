"""The one style sheet: both directions, readable colours, small."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
SHEET = (STATIC / "css" / "portal.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", SHEET)
}


def luminance(colour: str) -> float:
    def linear(pair: str) -> float:
        share = int(pair, 16) / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_no_property_names_a_side_of_the_screen():
    physical = (
        r"(?:^|[;{\s])(?:(?:margin|padding|border|scroll-margin)-)?(?:left|right|top|bottom)"
        r"(?:-\w+)*\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
        r"|(?:^|[;{\s])(?:min-|max-)?(?:width|height)\s*:"
    )
    assert re.findall(physical, SHEET, re.MULTILINE) == []


def test_the_sheet_is_small_and_fetches_nothing():
    assert len(gzip.compress(SHEET.encode())) < 20_000
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    assert (STATIC / "js" / "portal.js").stat().st_size < 15_000


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "ground"),
        ("ink", "paper"),
        ("ink", "look-wash"),
        ("ink", "wrong-wash"),
        ("muted", "ground"),
        ("muted", "paper"),
        ("muted", "sunk"),
        ("accent", "paper"),
        ("accent", "ground"),
        ("accent-ink", "accent"),
        ("wrong", "paper"),
        ("wrong", "ground"),
    ],
)
def test_text_stands_out_from_its_ground_by_four_and_a_half(text, ground, theme):
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["accent", "grey", "edge", "look", "wrong", "right"])
def test_marks_and_borders_of_controls_stand_out_by_three(mark, theme):
    assert contrast(TOKENS[mark][theme], TOKENS["paper"][theme]) >= 3


def test_every_way_of_reading_is_provided_for():
    for query in ("prefers-reduced-motion", "forced-colors", "print"):
        assert f"{query}" in SHEET
    assert ":focus-visible" in SHEET
    assert 'data-theme="dark"' in SHEET


def test_charts_are_never_sent_elsewhere():
    script = (STATIC / "js" / "portal.js").read_text()
    assert "showSendToCloud: false" in script
    assert 'plotlyServerURL: ""' in script
    assert "http://" not in script
    assert "https://" not in script


def test_the_explored_chart_offers_nothing_that_leads_off_or_loses_its_marks():
    script = (STATIC / "js" / "portal.js").read_text()
    removed = re.search(r"modeBarButtonsToRemove: \[([^\]]*)\]", script)
    assert removed
    for button in ("toImage", "sendDataToCloud", "editInChartStudio"):
        assert f'"{button}"' in removed[1]
    assert "displaylogo: false" in script
