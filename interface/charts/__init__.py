"""Charts drawn on the server as SVG: one module family for pages and PDFs.

Figures come in with their labels already formatted; nothing is computed here but places on paper.
"""

from interface.charts.drawing import is_empty, legend, render_svg
from interface.charts.figures import (
    Band,
    BarChart,
    Chart,
    Flow,
    FlowChart,
    FlowPlace,
    LineChart,
    Picture,
    RankBar,
    RankBars,
    Role,
    Series,
)
from interface.charts.framed import Imprint, render_framed

__all__ = [
    "Band",
    "BarChart",
    "Chart",
    "Flow",
    "FlowChart",
    "FlowPlace",
    "Imprint",
    "LineChart",
    "Picture",
    "RankBar",
    "RankBars",
    "Role",
    "Series",
    "is_empty",
    "legend",
    "render_framed",
    "render_svg",
]
