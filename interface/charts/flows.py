"""Flows: columns of places, and between them ribbons as wide as what goes from one to the next.

Every place has a slot as high as its label, so labels never meet. A page carries each label twice,
broken for a telephone and whole for a wide screen; the style sheet shows one of the two.
"""

from collections import defaultdict
from decimal import Decimal

from interface.charts.canvas import Canvas
from interface.charts.figures import FlowChart, FlowPlace
from interface.charts.text import wrap

_TALL = 320  # pixels of the fullest column's places together
_SIZE, _LINE, _GAP = 13, 17, 12
_NARROW_ROOM = 98  # a third of the narrowest page
_WIDE_ROOM = 190
_BAR = 0.012  # share of the line
_LABEL_GAP = 8


class _Laid:
    """Where each place stands: the top of its slot, the height of its bar, its column's share."""

    def __init__(self, canvas: Canvas, chart: FlowChart) -> None:
        self.ways = [flow for flow in chart.flows if flow.value > 0]
        self.scale = _TALL / float(max(map(self._sum, chart.columns)) or 1)
        self.tops: dict[str, float] = {}
        self.heights: dict[str, float] = {}
        self.starts: dict[str, float] = {}
        self.height = 0.0
        step = (1 - _BAR) / max(len(chart.columns) - 1, 1)
        for number, column in enumerate(chart.columns):
            # The middle stands a little nearer to the beginning: the last labels lead backwards.
            start = number * step - (0.1 if 0 < number < len(chart.columns) - 1 else 0)
            self._lay(canvas, column, start)

    def _lay(self, canvas: Canvas, column: tuple[FlowPlace, ...], start: float) -> None:
        y = 0.0
        for place in column:
            self.starts[place.code] = start
            self.tops[place.code] = y
            self.heights[place.code] = max(float(self.value(place.code)) * self.scale, 1)
            label = _LINE * (len(_lines(place, canvas.standalone)) + 1)
            y += max(self.heights[place.code], label) + _GAP
        self.height = max(self.height, y - _GAP)

    def value(self, code: str) -> Decimal:
        """What goes through the place: what comes in or what goes out, whichever is more."""
        came = sum((flow.value for flow in self.ways if flow.target == code), Decimal(0))
        went = sum((flow.value for flow in self.ways if flow.source == code), Decimal(0))
        return max(came, went)

    def _sum(self, column: tuple[FlowPlace, ...]) -> Decimal:
        return sum((self.value(place.code) for place in column), Decimal(0))


def draw_flows(canvas: Canvas, chart: FlowChart) -> float:
    """Draws ribbons, bars and labels; gives the height of the drawing."""
    laid = _Laid(canvas, chart)
    _draw_ribbons(canvas, chart, laid)
    last = len(chart.columns) - 1
    for number, column in enumerate(chart.columns):
        for place in column:
            start, top = laid.starts[place.code], laid.tops[place.code]
            hint = f"{place.name}: {place.label}"
            height = laid.heights[place.code]
            canvas.bar(start, start + _BAR, top, height, "actual", hint)
            _draw_label(canvas, place, start, top, is_last=number == last)
    return laid.height + 4


def _draw_ribbons(canvas: Canvas, chart: FlowChart, laid: _Laid) -> None:
    left: dict[str, float] = defaultdict(float)
    reached: dict[str, float] = defaultdict(float)
    order = {
        place.code: (number, at)
        for number, column in enumerate(chart.columns)
        for at, place in enumerate(column)
    }
    ways = sorted(laid.ways, key=lambda flow: (order[flow.source], order[flow.target]))
    shapes = []
    for flow in ways:
        thick = float(flow.value) * laid.scale
        near = laid.tops[flow.source] + left[flow.source]
        far = laid.tops[flow.target] + reached[flow.target]
        left[flow.source] += thick
        reached[flow.target] += thick
        span = laid.starts[flow.source] + _BAR, laid.starts[flow.target]
        shapes.append((span, (near, far), thick, flow.label))
    canvas.ribbons(shapes, laid.height, "flow")


def _draw_label(
    canvas: Canvas, place: FlowPlace, start: float, top: float, *, is_last: bool
) -> None:
    anchor = "end" if is_last else "start"
    share = start if is_last else start + _BAR
    shift = -_LABEL_GAP if is_last else _LABEL_GAP
    kinds = {"chart-whole": [place.name]} if not canvas.standalone else {}
    kinds["chart-broken" if not canvas.standalone else ""] = _lines(place, canvas.standalone)
    for kind, lines in kinds.items():
        rows = [(line, "chart-label") for line in lines] + [(place.label, "chart-strong")]
        for number, (text, looks) in enumerate(rows):
            canvas.text(
                text, share, top + _SIZE + number * _LINE, f"{looks} chart-halo {kind}".strip(),
                anchor=anchor, shift=shift, full=place.name if text.endswith("…") else "",
            )  # fmt: skip


def _lines(place: FlowPlace, is_wide: bool) -> list[str]:
    return wrap(place.name, _SIZE, _WIDE_ROOM if is_wide else _NARROW_ROOM, 3)
