"""The light colours as presentation attributes, for drawings that stand without a style sheet.

They repeat the tokens of static/css/portal.css; a test compares the two.
"""

INK = "#17222d"
MUTED = "#56626e"
PAPER = "#ffffff"
RULE = "#d5dbe0"
ACCENT = "#006079"
GREY = "#77838e"
BAND = "#cfe3ea"

FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans SC, sans-serif"

_TEXT = {"font-family": FONTS, "fill": INK}

PAINT: dict[str, dict[str, str]] = {
    "series-actual": {"fill": ACCENT},
    "series-target": {"fill": PAPER, "stroke": INK, "stroke-width": "1.5"},
    "series-last-year": {"stroke": GREY, "stroke-width": "1"},
    "series-forecast": {"fill": BAND, "stroke": ACCENT, "stroke-dasharray": "3 2"},
    "hatch-ground": {"fill": PAPER},
    "hatch-line": {"stroke": GREY, "stroke-width": "3"},
    "line-actual": {"stroke": ACCENT, "stroke-width": "3", "stroke-linecap": "round"},
    "line-target-edge": {"stroke": INK, "stroke-width": "5", "stroke-linecap": "round"},
    "line-target-core": {"stroke": PAPER, "stroke-width": "2.4", "stroke-linecap": "round"},
    "line-last-year": {"stroke": GREY, "stroke-width": "2", "stroke-dasharray": "5 4"},
    "line-forecast": {"stroke": ACCENT, "stroke-width": "1.5", "stroke-dasharray": "2 3"},
    "dot-actual": {"fill": ACCENT, "stroke": PAPER, "stroke-width": "1"},
    "band-forecast": {"fill": BAND},
    "flow": {"fill": ACCENT, "fill-opacity": "0.24"},
    "chart-axis": {"stroke": INK, "stroke-width": "1"},
    "chart-grid": {"stroke": RULE, "stroke-width": "1"},
    "chart-title": {**_TEXT, "font-size": "18", "font-weight": "700"},
    "chart-mark": {**_TEXT, "font-size": "13", "font-weight": "700"},
    "chart-name": {**_TEXT, "font-size": "14", "font-weight": "600"},
    "chart-label": {**_TEXT, "font-size": "13"},
    "chart-strong": {**_TEXT, "font-size": "14", "font-weight": "700"},
    "chart-faint": {**_TEXT, "font-size": "12", "fill": MUTED},
    "chart-halo": {"stroke": PAPER, "stroke-width": "4", "paint-order": "stroke"},
}
