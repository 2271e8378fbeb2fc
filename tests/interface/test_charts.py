"""Charts as SVG: right places, safe text, nothing by colour alone, the same bytes every time."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from interface.charts import (
    Band,
    BarChart,
    Imprint,
    LineChart,
    RankBar,
    RankBars,
    Role,
    Series,
    legend,
    render_framed,
    render_svg,
)
from interface.charts.paint import ACCENT, BAND, GREY, INK, MUTED, PAPER, RULE
from interface.charts.scale import round_scale, tight_scale
from interface.charts.text import isolated, shorten, width_of, wrap

SVG = "{http://www.w3.org/2000/svg}"
STYLE_SHEET = Path(__file__).parents[2] / "static" / "css" / "portal.css"


def series(role: Role, *values: str | None) -> Series:
    numbers = tuple(None if value is None else Decimal(value) for value in values)
    return Series(role, role.value, numbers, tuple(value or "not reported" for value in values))


def bars(*all_series: Series, categories: tuple[str, ...] = ("Core",)) -> BarChart:
    return BarChart("funds", "By fund", "Core leads.", "US$ million", categories, all_series)


def ranks(*values: str, name: str = "Donor") -> RankBars:
    places = tuple(RankBar(f"{name} {i}", Decimal(v), v) for i, v in enumerate(values))
    return RankBars("donors", "Donors", "The first leads.", "US$ million", places)


def lines(*all_series: Series, band: Band | None = None) -> LineChart:
    months = tuple(f"M{month}" for month in range(1, 13))
    return LineChart("year", "The year", "It grew.", "US$ million", months, all_series, band)


def drawn(chart, **options) -> ElementTree.Element:
    return ElementTree.fromstring(render_svg(chart, language="en", **options))  # noqa: S314


def boxes(root: ElementTree.Element, kind: str) -> list[tuple[str, str]]:
    found = root.iter(f"{SVG}rect")
    return [(r.attrib["x"], r.attrib["width"]) for r in found if r.get("class") == kind]


def words(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_values():
    root = drawn(bars(series(Role.ACTUAL, "50"), series(Role.TARGET, "200")))
    assert boxes(root, "series-actual") == [("0%", "25%")]
    assert boxes(root, "series-target") == [("0%", "100%")]


def test_a_right_to_left_chart_is_the_mirror_image():
    root = drawn(bars(series(Role.ACTUAL, "50"), series(Role.TARGET, "200")), direction="rtl")
    assert boxes(root, "series-actual") == [("75%", "25%")]
    label = next(t for t in root.iter(f"{SVG}text") if "".join(t.itertext()) == "50")
    assert (label.get("x"), label.get("dx"), label.get("text-anchor")) == ("75%", "-6", "end")


def test_the_direction_follows_the_language():
    svg = render_svg(bars(series(Role.ACTUAL, "50"), series(Role.TARGET, "200")), language="ar")
    assert 'x="75%"' in svg


def test_a_negative_bar_lies_on_the_other_side_of_the_axis():
    root = drawn(ranks("30", "-10"))
    assert boxes(root, "series-actual") == [("25%", "75%"), ("0%", "25%")]
    axis = next(line for line in root.iter(f"{SVG}line") if line.get("class") == "chart-axis")
    assert axis.get("x1") == "25%"


def test_what_is_not_reported_is_said_and_not_drawn():
    root = drawn(bars(series(Role.ACTUAL, "5"), series(Role.LAST_YEAR, None)))
    assert "not reported" in words(root)
    assert boxes(root, "series-last-year") == []


def test_zeros_everywhere_are_an_axis_with_labels():
    root = drawn(bars(series(Role.ACTUAL, "0"), series(Role.TARGET, "0")))
    assert words(root) == ["Core", "0", "0"]
    assert boxes(root, "series-actual") == []


@pytest.mark.parametrize("chart", [bars(categories=()), ranks(), lines()])
def test_a_chart_without_figures_says_so(chart):
    assert words(drawn(chart)) == ["There are no figures to draw."]


def test_every_chart_is_an_image_with_a_name_and_a_description():
    root = drawn(ranks("3"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "donors-title donors-desc"
    assert root.find(f"{SVG}title").text == "Donors"
    assert root.find(f"{SVG}desc").text == "The first leads."


def test_text_cannot_break_out_of_the_drawing():
    chart = ranks("3", name='<script>alert("x")</script> & Co')
    svg = render_svg(chart, language="en")
    assert "<script" not in svg
    assert words(drawn(chart))[0].startswith('<script>alert("x")</script>')


def test_pages_get_classes_and_no_style_of_any_kind():
    chart = lines(series(Role.ACTUAL, *["1"] * 12), series(Role.TARGET, *["2"] * 12))
    svg = render_svg(chart, language="en")
    assert "style" not in svg
    assert "stroke=" not in svg
    assert "class=" in svg


def test_a_drawing_that_stands_alone_carries_its_colours_and_its_key():
    root = drawn(bars(series(Role.ACTUAL, "50"), series(Role.TARGET, "200")), standalone=True)
    assert root.get("viewBox", "").startswith("0 0 640 ")
    assert "class" not in ElementTree.tostring(root, encoding="unicode")
    assert words(root)[:2] == ["actual", "target"]
    assert ACCENT in {rect.get("fill") for rect in root.iter(f"{SVG}rect")}


def test_the_same_figures_give_the_same_bytes():
    chart = lines(series(Role.ACTUAL, *"123456789", None, None, None))
    assert render_svg(chart, language="en") == render_svg(chart, language="en")


def test_roles_differ_by_more_than_colour():
    chart = lines(series(Role.ACTUAL, *["1"] * 12), series(Role.LAST_YEAR, *["2"] * 12))
    sheet = STYLE_SHEET.read_text()
    assert re.search(r"\.line-last-year \{[^}]*stroke-dasharray", sheet)
    assert not re.search(r"\.line-actual \{[^}]*stroke-dasharray", sheet)
    assert [name for _, name in legend(chart)] == ["actual", "last-year"]


def test_last_years_bars_are_hatched():
    root = drawn(bars(series(Role.LAST_YEAR, "5")))
    rect = next(r for r in root.iter(f"{SVG}rect") if r.get("class") == "series-last-year")
    assert rect.get("fill") == "url(#funds-hatch)"
    assert root.find(f".//{SVG}pattern").get("id") == "funds-hatch"


def test_a_line_never_bridges_a_month_without_figures():
    actual = series(Role.ACTUAL, "1", "2", None, "4", "5", *[None] * 7)
    found = [x for x in drawn(lines(actual)).iter(f"{SVG}line") if x.get("class") == "line-actual"]
    assert [(x.get("x1"), x.get("x2")) for x in found] == [
        ("4.17%", "12.5%"),
        ("29.17%", "37.5%"),
    ]


def test_labels_of_lines_that_end_together_stand_apart():
    root = drawn(lines(series(Role.TARGET, *["100"] * 12), series(Role.LAST_YEAR, *["99"] * 12)))
    places = [float(t.get("y")) for t in root.iter(f"{SVG}text") if t.get("dx") == "8"]
    assert abs(places[0] - places[1]) >= 17


def test_a_forecast_is_a_band_between_its_edges():
    none = (None,) * 10
    band = Band("Forecast", (*none, Decimal(1), Decimal(2)), (*none, Decimal(3), Decimal(4)))
    root = drawn(lines(series(Role.ACTUAL, *["4"] * 12), band=band))
    assert len(root.find(f".//{SVG}polygon").get("points").split()) == 4
    assert [name for _, name in legend(lines(series(Role.ACTUAL, *["4"] * 12), band=band))] == [
        "actual",
        "Forecast",
    ]


def test_series_that_do_not_fit_their_categories_are_refused():
    with pytest.raises(ValueError, match="2 values for 1 places"):
        bars(series(Role.ACTUAL, "1", "2"))
    with pytest.raises(ValueError, match="every value needs its label"):
        Series(Role.ACTUAL, "actual", (Decimal(1),), ())


def test_scales_have_round_ends_and_contain_zero():
    scale = round_scale([Decimal("220.8"), Decimal("-12")])
    assert (scale.low, scale.high, scale.step) == (-100, 300, 100)
    assert scale.marks() == [-100, 0, 100, 200, 300]
    assert tight_scale([Decimal(3), None]).share(Decimal(3)) == 1


def test_long_names_take_two_lines_and_are_then_shortened():
    assert wrap("United Kingdom of Great Britain", 14, 150) == [
        "United Kingdom of",
        "Great Britain",
    ]
    long = wrap("A very long name that goes on and on and on and on without an end", 14, 150)
    assert len(long) == 2
    assert long[1].endswith("…")
    assert all(width_of(line, 14) <= 150 for line in long)
    assert shorten("联合国人居署", 10, 35) == "联合…"


def test_a_shortened_name_keeps_its_whole_text_as_a_title():
    name = "The extraordinarily long name of a fund of funds that finances funds for everybody"
    title = drawn(ranks("1", name=name)).find(f".//{SVG}text/{SVG}title")
    assert title.text == f"{name} 0"


def test_right_to_left_names_are_shut_in():
    assert isolated("مصر (2021)") == "\u2068مصر (2021)\u2069"
    assert isolated("Egypt") == "Egypt"


def test_the_colours_of_pdfs_are_the_light_colours_of_the_style_sheet():
    tokens = dict(re.findall(r"--(\w+): light-dark\((#\w{6}),", STYLE_SHEET.read_text()))
    names = ("ink", "muted", "paper", "rule", "accent", "grey", "band")
    assert [tokens[name] for name in names] == [INK, MUTED, PAPER, RULE, ACCENT, GREY, BAND]


def test_a_drawing_on_a_page_takes_the_focus_of_the_keyboard_and_a_file_does_not():
    chart = ranks("3")
    assert drawn(chart).get("tabindex") == "0"
    assert drawn(chart, standalone=True).get("tabindex") is None


def test_a_band_says_its_name_and_how_far_it_reaches_beside_its_end():
    none = (None,) * 10
    band = Band("forecast", (*none, Decimal(1), Decimal(2)), (*none, Decimal(3), Decimal(4)))
    said = words(drawn(lines(series(Role.ACTUAL, "1", *[None] * 11), band=band)))
    assert said.index("2.0–4.0") - said.index("forecast") in (1, -1)


def test_a_band_that_does_not_reach_the_end_is_named_by_the_key_alone():
    band = Band("forecast", (Decimal(1), *[None] * 11), (Decimal(3), *[None] * 11))
    assert "forecast" not in words(drawn(lines(series(Role.ACTUAL, *["4"] * 12), band=band)))


def test_lines_of_the_same_part_are_told_apart_by_their_names():
    def year(name: str, value: str) -> Series:
        one = series(Role.LAST_YEAR, *[value] * 12)
        return Series(one.role, name, one.values, one.labels)

    chart = lines(series(Role.ACTUAL, *["9"] * 12), year("2020", "4"), year("2019", "2"))
    assert {"9", "2020: 4", "2019: 2"} <= set(words(drawn(chart)))
    assert "4" in words(drawn(lines(year("2020", "4"))))


def test_a_framed_drawing_keeps_its_marks_within_its_own_colours():
    imprint = Imprint("DEMONSTRATION", ("Books · 31 December 2021", "State 417"))
    root = ElementTree.fromstring(render_framed(ranks("3"), imprint, language="en"))  # noqa: S314
    assert "class" not in ElementTree.tostring(root, encoding="unicode")
    assert words(root) == [
        "DEMONSTRATION", "Donors", "US$ million", "The first leads.", "Donor 0", "3",
        "Books · 31 December 2021", "State 417",
    ]  # fmt: skip
    assert (root.get("width"), root.get("aria-labelledby")) == ("688", "donors-title donors-desc")


def test_a_framed_drawing_runs_from_the_right_where_the_language_does():
    svg = render_framed(ranks("3"), Imprint("علامة"), language="ar")
    assert 'x="640"' in svg
    assert 'text-anchor="end"' in svg
