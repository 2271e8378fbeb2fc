"""Lines over the months of a year: actual, target, last year, and a forecast's band."""

from decimal import Decimal
from itertools import pairwise

from interface.charts.canvas import Canvas
from interface.charts.figures import Band, LineChart, Role, Series
from interface.charts.keys import draw_key, line_kinds
from interface.charts.scale import Scale, round_scale
from interface.charts.text import shorten, width_of
from interface.formatting import format_number

_HEIGHT = 232
_TOP = 22
_LABEL_GAP = 8
_BETWEEN_LABELS = 17
_WIDE_ROOM = 560

_SIDE_ROOM = 120  # of the widest margin, less the gap

Place = tuple[float, float]
Label = tuple[float, str, str]  # height, text, class


class _Ground:
    """Where lines may stand: months along, values upwards, labels of the ends beside them."""

    def __init__(self, canvas: Canvas, chart: LineChart, scale: Scale, top: float) -> None:
        texts = [_last_label(series, chart) for series in chart.series] + _band_texts(chart)
        widest = max((width_of(text, 14) for text in texts), default=0)
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
    _draw_end_labels(canvas, ground, chart)
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


def _draw_end_labels(canvas: Canvas, ground: _Ground, chart: LineChart) -> None:
    """Each line's last value: beside its end, or above it where the line stops before the year."""
    at_side = _band_labels(ground, chart)
    for one in chart.series:
        month = _last_month(one)
        value = one.values[month] if month >= 0 else None
        if value is None:
            continue
        share, y = ground.place(month, value)
        text, kind = _last_label(one, chart), _weight(one)
        if month == ground.count - 1:
            at_side.append((y, text, kind))
        else:
            canvas.text(text, share, y - 10, f"{kind} chart-halo", anchor="middle")
    for y, text, kind in _spread(at_side, ground.bottom):
        share = ground.along(ground.count - 1)
        canvas.text(text, share, y + 4.5, f"{kind} chart-halo", shift=_LABEL_GAP)


def _band_labels(ground: _Ground, chart: LineChart) -> list[Label]:
    """The band's name and what it reaches to, beside the middle of its end."""
    texts = _band_texts(chart)
    edges = _band_end(chart)
    if not texts or edges is None:
        return []
    middle = ground.height((edges[0] + edges[1]) / 2)
    kinds = ("chart-faint", "chart-label")
    return [
        (middle + _BETWEEN_LABELS * (place - 0.5), text, kind)
        for place, (text, kind) in enumerate(zip(texts, kinds, strict=True))
    ]


def _band_texts(chart: LineChart) -> list[str]:
    """What stands beside the band: its name, shortened to the room there is, and its reach."""
    edges = _band_end(chart)
    if chart.band is None or edges is None:
        return []
    low, high = (format_number(edge, digits=1) for edge in edges)
    reach = low if low == high else f"{low}–{high}"
    return [shorten(chart.band.name, 13, _SIDE_ROOM), reach]


def _band_end(chart: LineChart) -> tuple[Decimal, Decimal] | None:
    """The band's edges in the last month; None where it does not reach it."""
    low, high = (chart.band.low[-1], chart.band.high[-1]) if chart.band else (None, None)
    return None if low is None or high is None else (low, high)


def _spread(labels: list[Label], bottom: float) -> list[Label]:
    """The same labels, pushed apart until none covers another."""
    placed: list[Label] = []
    limit = bottom
    for y, text, kind in sorted(labels, key=lambda label: -label[0]):
        y = min(y, limit)
        placed.append((y, text, kind))
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


def _last_label(series: Series, chart: LineChart) -> str:
    """The last value; with the name of the line where several play the same part."""
    month = _last_month(series)
    if month < 0:
        return ""
    label = series.labels[month]
    is_alone = sum(one.role is series.role for one in chart.series) == 1
    if is_alone or series.name in label:
        return label
    named = f"{series.name}: {label}"
    return named if width_of(named, 14) <= _SIDE_ROOM else label


def _weight(series: Series) -> str:
    return "chart-strong" if series.role is Role.ACTUAL else "chart-label"
