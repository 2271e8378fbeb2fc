"""From a chart's figures to its drawing."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

from interface.charts.bars import draw_bars, draw_ranks
from interface.charts.canvas import Canvas
from interface.charts.figures import BarChart, FlowChart, LineChart, Picture
from interface.charts.flows import draw_flows
from interface.charts.keys import entries, mark
from interface.charts.lines import draw_lines
from interface.formatting import current_language, is_right_to_left


def render_svg(
    chart: Picture,
    *,
    language: str | None = None,
    direction: str | None = None,
    standalone: bool = False,
) -> SafeString:
    """The chart as an SVG element, the same bytes for the same figures.

    `direction` ("ltr" or "rtl") follows the language when left out. With `standalone` the drawing
    is 640 wide, has its key inside and carries its colours, for PDFs and files.
    """
    language = language or current_language()
    direction = direction or ("rtl" if is_right_to_left(language) else "ltr")
    canvas = Canvas(chart.identifier, direction, standalone)
    height = draw(canvas, chart, language)
    # Every text and attribute was escaped by the canvas.
    return mark_safe(canvas.finish(chart.title, chart.description, height))  # noqa: S308


def legend(chart: Picture) -> list[tuple[SafeString, str]]:
    """The key of a chart on a page: for each series its mark and its name."""
    is_line = isinstance(chart, LineChart)
    return [
        (mark_safe(mark(role, is_line, f"{chart.identifier}-key-{place}")), name)  # noqa: S308
        for place, (role, name) in enumerate(entries(chart))
    ]


def draw(canvas: Canvas, chart: Picture, language: str) -> float:
    """Draws the chart on the canvas; gives the height it took."""
    if is_empty(chart):
        with override(language):
            canvas.text(gettext("There are no figures to draw."), 0, 24, "chart-label")
        return 40
    if isinstance(chart, BarChart):
        return draw_bars(canvas, chart)
    if isinstance(chart, LineChart):
        return draw_lines(canvas, chart, language)
    if isinstance(chart, FlowChart):
        return draw_flows(canvas, chart)
    return draw_ranks(canvas, chart)


def is_empty(chart: Picture) -> bool:
    """Whether there is nothing to draw."""
    if isinstance(chart, BarChart):
        return not (chart.categories and chart.series)
    if isinstance(chart, LineChart):
        return not (chart.months and chart.series)
    if isinstance(chart, FlowChart):
        return not any(flow.value > 0 for flow in chart.flows)
    return not chart.bars
