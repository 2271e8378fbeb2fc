"""Bars: categories with several series, and rankings. Names stand above their bars."""

from decimal import Decimal

from interface.charts.canvas import Canvas
from interface.charts.figures import BarChart, RankBars, Role
from interface.charts.keys import draw_key
from interface.charts.scale import Scale, tight_scale
from interface.charts.text import width_of, wrap

_NAME_SIZE = 14
_NAME_LINE = 19
_HEIGHTS = {Role.ACTUAL: 16, Role.TARGET: 14, Role.LAST_YEAR: 10, Role.FORECAST: 14}
_ROW = 20
_RANK_HEIGHT = 12
_BETWEEN = 16
_LABEL_GAP = 6


class _Ground:
    """Where bars may stand: what is left beside the labels, with zero somewhere in it."""

    def __init__(self, canvas: Canvas, scale: Scale, labels: list[str]) -> None:
        widest = max((width_of(label, 14) for label in labels), default=0)
        self.end = canvas.leave_margin(widest + _LABEL_GAP)
        self.scale = scale

    def share(self, value: Decimal) -> float:
        return self.scale.share(value) * self.end


def draw_bars(canvas: Canvas, chart: BarChart) -> float:
    """Draws each category with its bars; gives the height of the drawing."""
    values = [value for series in chart.series for value in series.values]
    labels = [label for series in chart.series for label in series.labels]
    ground = _Ground(canvas, tight_scale(values), labels)
    canvas.hatch()
    y = draw_key(canvas, chart)
    for place, category in enumerate(chart.categories):
        y = _draw_name(canvas, category, y)
        top = y
        for series in chart.series:
            hint = f"{category} · {series.name}: {series.labels[place]}"
            value, label = series.values[place], series.labels[place]
            _draw_bar(canvas, ground, value, label, series.role, y, hint)
            y += _ROW
        zero = ground.share(Decimal(0))
        canvas.line((zero, top - 2), (zero, y), "chart-axis")
        y += _BETWEEN
    return y - _BETWEEN + 2


def draw_ranks(canvas: Canvas, chart: RankBars) -> float:
    """Draws each place of the ranking; gives the height of the drawing."""
    scale = tight_scale(bar.value for bar in chart.bars)
    ground = _Ground(canvas, scale, [bar.label for bar in chart.bars])
    y = 0.0
    for bar in chart.bars:
        y = _draw_name(canvas, bar.name, y, "chart-label")
        hint = f"{bar.name}: {bar.label}"
        _draw_bar(canvas, ground, bar.value, bar.label, Role.ACTUAL, y, hint, _RANK_HEIGHT)
        zero = ground.share(Decimal(0))
        canvas.line((zero, y - 1), (zero, y + _RANK_HEIGHT + 1), "chart-axis")
        y += _RANK_HEIGHT + 10
    return y - 4


def _draw_name(canvas: Canvas, name: str, y: float, kind: str = "chart-name") -> float:
    lines = wrap(name, _NAME_SIZE, canvas.room)
    is_whole = "".join("".join(lines).split()) == "".join(name.split())
    for place, line in enumerate(lines):
        full = "" if is_whole or place else name
        canvas.text(line, 0, y + 14 + place * _NAME_LINE, kind, full=full)
    return y + len(lines) * _NAME_LINE + 2


def _draw_bar(
    canvas: Canvas,
    ground: _Ground,
    value: Decimal | None,
    label: str,
    role: Role,
    y: float,
    hint: str,
    height: float = 0,
) -> None:
    height = height or _HEIGHTS[role]
    zero = ground.share(Decimal(0))
    end = zero if value is None else ground.share(value)
    if value:
        canvas.bar(zero, end, y, height, role.value, hint)
    # A label always stands where reading goes on, on the side that a negative bar leaves free.
    is_actual = role is Role.ACTUAL and value is not None
    kind = "chart-strong" if is_actual else "chart-label"
    canvas.text(label, max(zero, end), y + height / 2 + 4.5, kind, shift=_LABEL_GAP)
