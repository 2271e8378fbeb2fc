"""A drawing that leaves the portal: with its title, sentence, unit and where it comes from.

What is copied into a presentation takes its marks along, so they stand inside the picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from interface.charts.canvas import STANDALONE_ROOM, Canvas
from interface.charts.drawing import draw
from interface.charts.figures import Chart
from interface.charts.text import wrap
from interface.formatting import current_language, is_right_to_left

_RIGHT_TO_LEFT_MARK = "\u200f"
EDGE = 24
WIDTH = STANDALONE_ROOM + 2 * EDGE
_BETWEEN = 14
_MOST_LINES = 8
_LINE_OF = {"chart-title": 25, "chart-label": 19, "chart-faint": 17, "chart-mark": 20}
_SIZE_OF = {"chart-title": 18, "chart-label": 13, "chart-faint": 12, "chart-mark": 13}


@dataclass(frozen=True)
class Imprint:
    """What stands around a drawing: `mark` above it (empty for none), `lines` below it."""

    mark: str = ""
    lines: tuple[str, ...] = ()


def render_framed(chart: Chart, imprint: Imprint, *, language: str | None = None) -> SafeString:
    """The whole picture as SVG, 688 wide, in its own colours, mirrored where the language is."""
    language = language or current_language()
    canvas = Canvas(chart.identifier, "rtl" if is_right_to_left(language) else "ltr", True)
    y = _head(canvas, chart, imprint.mark)
    canvas.parts.append(f'<g transform="translate(0 {y})">')
    y += draw(canvas, chart, language) + _BETWEEN
    canvas.parts.append("</g>")
    y = _texts(canvas, imprint.lines, "chart-faint", y)
    # Every text and attribute was escaped by the canvas.
    return mark_safe(_sheet(canvas, chart, y + EDGE))  # noqa: S308


def _head(canvas: Canvas, chart: Chart, mark: str) -> float:
    """Draws what stands above the drawing; gives the place where the drawing begins."""
    y = _texts(canvas, [mark] if mark else [], "chart-mark", EDGE)
    y = _texts(canvas, [chart.title], "chart-title", y)
    y = _texts(canvas, [chart.units], "chart-faint", y)
    return _texts(canvas, [chart.description], "chart-label", y) + _BETWEEN


def _texts(canvas: Canvas, texts: Iterable[str], kind: str, y: float) -> float:
    # A line that opens with a foreign name still runs as its language does.
    start = _RIGHT_TO_LEFT_MARK if canvas.direction == "rtl" else ""
    for text in texts:
        for line in wrap(text, _SIZE_OF[kind], STANDALONE_ROOM, _MOST_LINES):
            canvas.text(start + line, 0, y + _SIZE_OF[kind], kind)
            y += _LINE_OF[kind]
    return y


def _sheet(canvas: Canvas, chart: Chart, height: float) -> str:
    canvas_parts, canvas.parts = canvas.parts, []
    canvas.element("rect", "hatch-ground", {"x": 0, "y": 0, "width": WIDTH, "height": height})
    paper = "".join(canvas.parts)
    name = escape(chart.identifier)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
        f'viewBox="0 0 {WIDTH} {height:g}" role="img" direction="ltr" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>'
        f'{paper}<g transform="translate({EDGE} 0)">{"".join(canvas_parts)}</g></svg>'
    )
