"""Charts drawn on the server as SVG: one module family for pages and PDFs.

Figures come in with their labels already formatted; nothing is computed here but places on paper.
"""

from interface.charts.drawing import legend, render_svg
from interface.charts.figures import (
    Band,
    BarChart,
    Chart,
    LineChart,
    RankBar,
    RankBars,
    Role,
    Series,
)

__all__ = [
    "Band",
    "BarChart",
    "Chart",
    "LineChart",
    "RankBar",
    "RankBars",
    "Role",
    "Series",
    "legend",
    "render_svg",
]
