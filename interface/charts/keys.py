"""The key of a chart: one mark per series, drawn as the series itself is drawn."""

from interface.charts.canvas import Canvas
from interface.charts.figures import FlowChart, LineChart, Picture, RankBars, Role
from interface.charts.text import width_of

KEY_HEIGHT = 24
_MARK_WIDTH = 26
_SIZE = 13


def entries(chart: Picture) -> list[tuple[Role, str]]:
    """The role and name of each series, the forecast's band last; rankings and flows need none."""
    if isinstance(chart, RankBars | FlowChart):
        return []
    named = [(series.role, series.name) for series in chart.series]
    if isinstance(chart, LineChart) and chart.band:
        named.append((Role.FORECAST, chart.band.name))
    return named


def mark(role: Role, is_line: bool, identifier: str) -> str:
    """A small drawing of the series' look, for the list beside a chart on a page."""
    canvas = Canvas(identifier)
    if role is Role.LAST_YEAR and not is_line:
        canvas.hatch()
    _draw_mark(canvas, role, is_line, 1)
    return (
        f'<svg class="chart-key-mark" width="{_MARK_WIDTH}" height="14" aria-hidden="true" '
        f'focusable="false">{"".join(canvas.parts)}</svg>'
    )


def draw_key(canvas: Canvas, chart: Picture) -> float:
    """Draws the key at the head of a drawing that stands alone; gives the height it took."""
    share, row = 0.0, 0
    named = entries(chart) if canvas.standalone else []
    for role, name in named:
        taken = (_MARK_WIDTH + 8 + width_of(name, _SIZE) + 16) / canvas.room
        if share and share + taken > 1:
            share, row = 0.0, row + 1
        middle = row * KEY_HEIGHT + 8
        _place_mark(canvas, role, isinstance(chart, LineChart), share, middle)
        start = share + (_MARK_WIDTH + 8) / canvas.room
        canvas.text(name, start, middle + 5, "chart-label")
        share += taken
    return (row + 1) * KEY_HEIGHT + 8 if named else 0


def _place_mark(canvas: Canvas, role: Role, is_line: bool, share: float, middle: float) -> None:
    start, end = share + 1 / canvas.room, share + (_MARK_WIDTH - 1) / canvas.room
    if role is Role.FORECAST or not is_line:
        canvas.bar(start, end, middle - 6, 12, role.value, "")
        return
    for kind in line_kinds(role):
        canvas.line((start, middle), (end, middle), kind)


def _draw_mark(canvas: Canvas, role: Role, is_line: bool, start: float) -> None:
    if role is Role.FORECAST or not is_line:
        fill = {"fill": f"url(#{canvas.identifier}-hatch)"} if role is Role.LAST_YEAR else {}
        box = {"x": start, "y": 1, "width": _MARK_WIDTH - 2, "height": 12}
        canvas.element("rect", f"series-{role.value}", {**box, **fill})
        return
    for kind in line_kinds(role):
        ends = {"x1": start + 2, "y1": 7, "x2": _MARK_WIDTH - 3, "y2": 7}
        canvas.element("line", kind, {**ends})


def line_kinds(role: Role) -> tuple[str, ...]:
    """The strokes that make up a series' line: a target is an outline, so it has two."""
    if role is Role.TARGET:
        return ("line-target-edge", "line-target-core")
    return (f"line-{role.value}",)
