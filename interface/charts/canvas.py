"""The paper a chart is drawn on.

On a page, places along the line are percentages and everything else is in CSS pixels: the drawing
fills whatever width it gets while its text keeps its size, on a phone as on a wide screen. Colours
come from the style sheet by class. Standing alone (PDFs, files) the same drawing has a fixed width
and carries its colours, always the light ones, as presentation attributes.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from interface.charts.paint import PAINT
from interface.charts.text import isolated

# Text on pages is laid out to fit beside the margins of the narrowest screen, 320 pixels.
PAGE_ROOM = 280
STANDALONE_ROOM = 640

_MARGIN_STEP = 16
_MARGIN_STEPS = range(2, 9)

Attributes = dict[str, str | float | int]


@dataclass
class Canvas:
    """Collects the elements of one drawing, mirrored when the language runs right to left."""

    identifier: str
    direction: str = "ltr"
    standalone: bool = False
    margin_steps: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        """The pixels that text can count on, from edge to edge."""
        return STANDALONE_ROOM if self.standalone else PAGE_ROOM

    def leave_margin(self, pixels: float) -> float:
        """Keeps room for labels at the end of the line; gives the share left for the drawing.

        A page's style sheet makes the whole drawing narrower instead, by steps of 16 pixels, for
        only pixels stay the same there at every width.
        """
        if self.standalone:
            return 1 - min(pixels / self.room, 0.4)
        steps = math.ceil(pixels / _MARGIN_STEP)
        self.margin_steps = min(max(steps, _MARGIN_STEPS.start), _MARGIN_STEPS.stop - 1)
        return 1.0

    @property
    def drawing_room(self) -> int:
        """The pixels that bars and lines can count on, beside the margin."""
        return self.room - self.margin_steps * _MARGIN_STEP

    def along(self, share: float) -> str:
        """A place on the line: 0 is where reading starts, 1 where it ends."""
        mirrored = 1 - share if self.direction == "rtl" else share
        if self.standalone:
            return _number(mirrored * STANDALONE_ROOM)
        return _number(mirrored * 100) + "%"

    def bar(self, start: float, end: float, y: float, height: float, role: str, hint: str) -> None:
        """A bar between two places along the line; `hint` is read out and shown on pointing."""
        near, far = sorted((1 - start, 1 - end) if self.direction == "rtl" else (start, end))
        scale, unit = (STANDALONE_ROOM, "") if self.standalone else (100, "%")
        attributes: Attributes = {
            "x": _number(near * scale) + unit,
            "y": y,
            "width": _number((far - near) * scale) + unit,
            "height": height,
        }
        if role == "last-year":
            attributes["fill"] = f"url(#{self.identifier}-hatch)"
        self.element("rect", f"series-{role}", attributes, f"<title>{escape(hint)}</title>")

    def line(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        """A straight line between two (share, pixel) places."""
        attributes: Attributes = {
            "x1": self.along(start[0]),
            "y1": start[1],
            "x2": self.along(end[0]),
            "y2": end[1],
        }
        self.element("line", kind, attributes)

    def dot(self, share: float, y: float, kind: str, hint: str) -> None:
        """A point of a line."""
        attributes: Attributes = {"cx": self.along(share), "cy": y, "r": 3.5}
        self.element("circle", kind, attributes, f"<title>{escape(hint)}</title>")

    def text(
        self,
        text: str,
        share: float,
        y: float,
        kind: str,
        *,
        anchor: str = "start",
        shift: float = 0,
        full: str = "",
    ) -> None:
        """A label on the baseline `y`, `shift` pixels further on in reading direction.

        `full` is the whole text where the label shows only part of it.
        """
        is_mirrored = self.direction == "rtl"
        if is_mirrored:
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        attributes: Attributes = {"x": self.along(share), "y": y, "text-anchor": anchor}
        if shift:
            attributes["dx"] = -shift if is_mirrored else shift
        title = f"<title>{escape(full)}</title>" if full else ""
        self.element("text", kind, attributes, title + escape(isolated(text)))

    def area(self, corners: list[tuple[float, float]], height: float, kind: str) -> None:
        """A filled area between (share, pixel) corners."""
        mirrored = [((1 - x if self.direction == "rtl" else x) * 100, y) for x, y in corners]
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in mirrored)
        width = str(STANDALONE_ROOM) if self.standalone else "100%"
        self.parts.append(
            f'<svg width="{width}" height="{_number(height)}" viewBox="0 0 100 {_number(height)}" '
            'preserveAspectRatio="none">'
        )
        self.element("polygon", kind, {"points": points})
        self.parts.append("</svg>")

    def ribbons(
        self,
        shapes: Iterable[tuple[tuple[float, float], tuple[float, float], float, str]],
        height: float,
        kind: str,
    ) -> None:
        """Bent bands, each from one share to another, from one top to another, so thick; `kind`
        is their look, the last of a shape its hint.
        """
        width = str(STANDALONE_ROOM) if self.standalone else "100%"
        self.parts.append(
            f'<svg width="{width}" height="{_number(height)}" viewBox="0 0 100 {_number(height)}" '
            'preserveAspectRatio="none">'
        )
        for (start, end), (near, far), thick, hint in shapes:
            a, b = (((1 - x if self.direction == "rtl" else x) * 100) for x in (start, end))
            m = (a + b) / 2
            corners = ((a, near), (m, near), (m, far), (b, far))
            back = ((b, far + thick), (m, far + thick), (m, near + thick), (a, near + thick))
            there = [f"{_number(x)},{_number(y)}" for x, y in corners]
            again = [f"{_number(x)},{_number(y)}" for x, y in back]
            path = f"M{there[0]}C{' '.join(there[1:])}L{again[0]}C{' '.join(again[1:])}Z"
            self.element("path", kind, {"d": path}, f"<title>{escape(hint)}</title>")
        self.parts.append("</svg>")

    def element(self, name: str, kinds: str, attributes: Attributes, content: str = "") -> None:
        """Any element, with its classes on a page or their paint when standing alone."""
        looks: Attributes = {"class": kinds}
        if self.standalone:
            looks = {k: v for kind in kinds.split() for k, v in PAINT.get(kind, {}).items()}
        written = "".join(
            f' {key}="{escape(value) if isinstance(value, str) else _number(value)}"'
            for key, value in {**looks, **attributes}.items()
        )
        self.parts.append(
            f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"
        )

    def hatch(self) -> None:
        """The pattern of last year's bars."""
        self.parts.append(
            f'<defs><pattern id="{escape(self.identifier)}-hatch" width="5" height="5" '
            'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        )
        self.element("rect", "hatch-ground", {"width": 5, "height": 5})
        self.element("line", "hatch-line", {"x1": 0, "y1": 0, "x2": 0, "y2": 5})
        self.parts.append("</pattern></defs>")

    def finish(self, title: str, description: str, height: float) -> str:
        """The whole drawing, named and described for those who do not see it."""
        name = escape(self.identifier)
        margin = f" chart-margin-{self.margin_steps}" if self.margin_steps else ""
        size = f'width="100%" height="{_number(height)}" class="chart-drawing{margin}" tabindex="0"'
        if self.standalone:
            size = (
                f'width="{STANDALONE_ROOM}" height="{_number(height)}" '
                f'viewBox="0 0 {STANDALONE_ROOM} {_number(height)}"'
            )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" direction="ltr" '
            f'aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-desc">{escape(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


def _number(value: float) -> str:
    """Two decimals at most, and none that say nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
