"""Lines over the months of a year: actual, target, last year, and a forecast's band."""

from decimal import Decimal
from itertools import pairwise

from interface.charts.canvas import Canvas
from interface.charts.figures import Band, LineChart, Role, Series
from interface.charts.keys import draw_key, line_kinds
from interface.charts.scale import Scale, round_scale
from interface.charts.text import width_of
from interface.formatting import format_number

_HEIGHT = 232
_TOP = 22
_LABEL_GAP = 8
_BETWEEN_LABELS = 17
_WIDE_ROOM = 560

Place = tuple[float, float]


class _Ground:
    """Where lines may stand: months along, values upwards, labels of the ends beside them."""

    def __init__(self, canvas: Canvas, chart: LineChart, scale: Scale, top: float) -> None:
        widest = max((width_of(_last_label(series), 14) for series in chart.series), default=0)
        self.end = canvas.leave_margin(widest + _LABEL_GAP / 2)
        self.count = max(len(chart.months), 1)
        self.scale = scale
        self.top = top + _TOP
        self.bottom = self.top + _HEIGHT

    def along(self, month: int) -> float:
        return (month + 0.5) / self.count * self.end

    def height(self, value: Decimal) -> float:
        return self.bottom - self.scale.share(value) * _HEIGHT

    def place(self, month: int, value: Decimal) -> Place:
        return self.along(month), self.height(value)


def draw_lines(canvas: Canvas, chart: LineChart, language: str) -> float:
    """Draws the grid, the band, the lines and the labels of their ends; gives the height."""
    values = [value for series in chart.series for value in series.values]
    if chart.band:
        values += [*chart.band.low, *chart.band.high]
    ground = _Ground(canvas, chart, round_scale(values), draw_key(canvas, chart))
    _draw_grid(canvas, ground, language)
    if chart.band:
        _draw_band(canvas, ground, chart.band)
    for series in sorted(chart.series, key=lambda one: one.role is Role.ACTUAL):
        _draw_line(canvas, ground, series, chart.months)
    _draw_end_labels(canvas, ground, chart.series)
    _draw_months(canvas, ground, chart.months)
    return ground.bottom + 28


def _draw_grid(canvas: Canvas, ground: _Ground, language: str) -> None:
    digits = max(0, -int(ground.scale.step.normalize().as_tuple().exponent))
    for mark in ground.scale.marks():
        y = ground.height(mark)
        canvas.line((0, y), (ground.end, y), "chart-grid" if mark else "chart-axis")
        label = format_number(mark, language, digits=digits)
        canvas.text(label, 0, y - 4, "chart-faint chart-halo")


def _draw_band(canvas: Canvas, ground: _Ground, band: Band) -> None:
    pairs = enumerate(zip(band.low, band.high, strict=True))
    known = [(m, low, high) for m, (low, high) in pairs if low is not None and high is not None]
    lower = [ground.place(month, low) for month, low, _ in known]
    upper = [ground.place(month, high) for month, _, high in known]
    canvas.area([*lower, *reversed(upper)], ground.bottom, "band-forecast")
    for edge in (lower, upper):
        _draw_path(canvas, edge, "line-forecast")


def _draw_line(canvas: Canvas, ground: _Ground, series: Series, months: tuple[str, ...]) -> None:
    for kind in line_kinds(series.role):
        for run in _runs(series):
            _draw_path(canvas, [ground.place(month, value) for month, value in run], kind)
    if series.role is not Role.ACTUAL:
        return
    for month, value in enumerate(series.values):
        if value is not None:
            hint = f"{months[month]} · {series.name}: {series.labels[month]}"
            canvas.dot(*ground.place(month, value), "dot-actual", hint)


def _draw_path(canvas: Canvas, places: list[Place], kind: str) -> None:
    for start, end in pairwise(places):
        canvas.line(start, end, kind)


def _runs(series: Series) -> list[list[tuple[int, Decimal]]]:
    """The stretches of months without a gap: a line never bridges what is not reported."""
    runs: list[list[tuple[int, Decimal]]] = [[]]
    for month, value in enumerate(series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((month, value))
    return runs


def _draw_end_labels(canvas: Canvas, ground: _Ground, series: tuple[Series, ...]) -> None:
    """Each line's last value: beside its end, or above it where the line stops before the year."""
    at_side: list[tuple[float, Series]] = []
    for one in series:
        month = _last_month(one)
        value = one.values[month] if month >= 0 else None
        if value is None:
            continue
        share, y = ground.place(month, value)
        if month == ground.count - 1:
            at_side.append((y, one))
        else:
            canvas.text(
                one.labels[month], share, y - 10, f"{_weight(one)} chart-halo", anchor="middle"
            )
    for y, one in _spread(at_side, ground.bottom):
        share = ground.along(ground.count - 1)
        canvas.text(_last_label(one), share, y + 4.5, _weight(one), shift=_LABEL_GAP)


def _spread(labels: list[tuple[float, Series]], bottom: float) -> list[tuple[float, Series]]:
    """The same labels, pushed apart until none covers another."""
    placed: list[tuple[float, Series]] = []
    limit = bottom
    for y, series in sorted(labels, key=lambda label: -label[0]):
        y = min(y, limit)
        placed.append((y, series))
        limit = y - _BETWEEN_LABELS
    return placed


def _draw_months(canvas: Canvas, ground: _Ground, months: tuple[str, ...]) -> None:
    """Every month where there is room, otherwise every third; the style sheet hides the rest."""
    widest = max((width_of(month, 12) for month in months), default=0) + 4
    pitch = ground.end / ground.count
    wide_room = canvas.drawing_room if canvas.standalone else _WIDE_ROOM
    for place, month in enumerate(months):
        kind = "chart-faint"
        if place % 3 and widest > pitch * wide_room:
            continue
        if place % 3 and not canvas.standalone and widest > pitch * canvas.drawing_room:
            kind += " chart-minor"
        canvas.text(month, ground.along(place), ground.bottom + 20, kind, anchor="middle")


def _last_month(series: Series) -> int:
    return max(
        (month for month, value in enumerate(series.values) if value is not None), default=-1
    )


def _last_label(series: Series) -> str:
    month = _last_month(series)
    return series.labels[month] if month >= 0 else ""


def _weight(series: Series) -> str:
    return "chart-strong" if series.role is Role.ACTUAL else "chart-label"
