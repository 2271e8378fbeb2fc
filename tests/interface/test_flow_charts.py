"""Flows as SVG: ribbons as wide as the money, labels that never meet, both directions."""

import itertools
from collections import defaultdict
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from interface.charts import Flow, FlowChart, FlowPlace, is_empty, legend, render_svg
from interface.charts.flows import _LINE, _NARROW_ROOM, _TALL
from interface.charts.text import width_of

SVG = "{http://www.w3.org/2000/svg}"
LONG = "A contributor type with quite a long name"


def place(code: str, name: str = "") -> FlowPlace:
    return FlowPlace(code, name or code, "1.0")


def chart(*flows: Flow, groups: int = 2) -> FlowChart:
    left = tuple(place(f"g{number}", f"{LONG} {number}") for number in range(groups))
    columns = (left, (place("f"),), (place("r1"), place("r2")))
    return FlowChart("flows", "Flows", "They flow.", "US$ million", columns, flows)


def way(source: str, target: str, value: str) -> Flow:
    return Flow(source, target, Decimal(value), f"{source} to {target}: {value}")


WAYS = (way("g0", "f", "75"), way("g1", "f", "25"), way("f", "r1", "60"), way("f", "r2", "40"))


def drawn(one: FlowChart, **options: Any) -> ElementTree.Element:
    return ElementTree.fromstring(render_svg(one, language="en", **options))  # noqa: S314


def bars(root: ElementTree.Element) -> list[tuple[float, float]]:
    found = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "series-actual"]
    return [(float(one.attrib["y"]), float(one.attrib["height"])) for one in found]


def test_bars_are_as_high_as_what_goes_through_their_place() -> None:
    heights = [height for _y, height in bars(drawn(chart(*WAYS)))]
    assert heights == pytest.approx([_TALL * share for share in (0.75, 0.25, 1, 0.6, 0.4)])


def test_ribbons_leave_a_place_one_under_another_and_fill_it() -> None:
    ribbons = [one.attrib["d"] for one in drawn(chart(*WAYS)).iter(f"{SVG}path")]
    assert len(ribbons) == 4
    starts = [float(one[1:].split("C")[0].split(",")[1]) for one in ribbons]
    assert starts[2:] == pytest.approx([0, _TALL * 0.6])  # both leave the middle


def test_a_ribbon_says_what_it_is() -> None:
    titles = [one.findtext(f"{SVG}title") for one in drawn(chart(*WAYS)).iter(f"{SVG}path")]
    assert titles == [flow.label for flow in WAYS]


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_two_labels_of_a_column_stand_on_each_other(direction: str, *, standalone: bool) -> None:
    tiny = [way(f"g{number}", "f", "0.01") for number in range(9)]
    root = drawn(
        chart(*tiny, way("f", "r1", "0.09"), groups=9), standalone=standalone, direction=direction
    )
    lines: dict[tuple[str, str], list[float]] = defaultdict(list)
    for text in root.iter(f"{SVG}text"):
        kind = "whole" if "chart-whole" in (text.get("class") or "") else "broken"
        lines[kind, text.attrib["x"]].append(float(text.attrib["y"]))
    assert len(lines) >= 3
    for rows in lines.values():
        ordered = sorted(rows)
        assert all(b - a >= _LINE for a, b in itertools.pairwise(ordered))


def test_labels_of_a_page_fit_a_third_of_a_telephone() -> None:
    texts = drawn(chart(*WAYS)).iter(f"{SVG}text")
    broken = ["".join(one.itertext()) for one in texts if "chart-broken" in one.attrib["class"]]
    assert broken
    assert all(width_of(line, 13) <= _NARROW_ROOM for line in broken)


def test_a_right_to_left_picture_is_the_mirror_image() -> None:
    root = drawn(chart(*WAYS), direction="rtl")
    first = next(one for one in root.iter(f"{SVG}rect") if one.get("class") == "series-actual")
    assert first.attrib["x"] == "98.8%"
    label = next(root.iter(f"{SVG}text"))
    assert (label.get("dx"), label.get("text-anchor")) == ("-8", "end")


def test_what_is_below_zero_is_not_drawn_and_nothing_is_no_picture() -> None:
    root = drawn(chart(*WAYS, way("g0", "f", "-5")))
    assert len(list(root.iter(f"{SVG}path"))) == 4
    assert is_empty(chart(way("g0", "f", "-5")))
    assert legend(chart(*WAYS)) == []


def test_standing_alone_it_carries_its_colours() -> None:
    root = drawn(chart(*WAYS), standalone=True)
    assert next(root.iter(f"{SVG}path")).get("fill-opacity") == "0.24"
    assert "class" not in ElementTree.tostring(root, encoding="unicode")
