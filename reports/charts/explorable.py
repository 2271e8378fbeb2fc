"""The same charts for Plotly, which a reader asks for: JSON of data and layout.

Plotly draws; it computes nothing. Texts shown at a point are the labels of the drawn chart. Sizes
and colours of the page are added by the browser, in whichever theme it shows.
"""

import json
import textwrap
from typing import Any

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from interface.charts import Band, BarChart, Chart, LineChart, RankBars, Role
from interface.formatting import format_number
from reports.charts.board import in_millions, label
from reports.figures.history import History
from reports.figures.words import units_label

_LINES: dict[Role, dict[str, Any]] = {
    Role.ACTUAL: {"width": 3},
    Role.TARGET: {"width": 2, "dash": "dot"},
    Role.LAST_YEAR: {"width": 2, "dash": "dash"},
    Role.FORECAST: {"width": 1, "dash": "dashdot"},
}
# The same in both themes: between the accent and the ground.
_BAND_EDGE, _BAND_FILL = "rgb(64,139,160)", "rgba(64,139,160,0.25)"
# The page brings three colours; hatching tells the funds after the third from those before.
_FUND_PATTERNS = ("", "", "", "/", "x", ".")
_NAME_WIDTH = 26  # characters of a name before it breaks
_LEGEND = {"orientation": "h", "y": -0.2}
_PATTERNS = {Role.ACTUAL: "", Role.TARGET: ".", Role.LAST_YEAR: "/", Role.FORECAST: "x"}


def plotly_json(chart: Chart) -> str:
    """Data and layout of a chart, as Plotly reads them."""
    if isinstance(chart, LineChart):
        return _json(_lines(chart), _layout(chart))
    if isinstance(chart, BarChart):
        return _json(_bars(chart), {**_layout(chart), "barmode": "group"})
    return _json(_ranks(chart), _layout(chart))


def history_json(history: History) -> str:
    """All funds of all years in one picture, stacked; what was paid back stands below zero."""
    years = [str(year) for year in history.all_years]
    bars = []
    for place, (_code, name) in enumerate(history.funds):
        amounts = [year.cells[place].amount_usd for year in history.years]
        bars.append(
            go.Bar(
                name=name,
                x=years,
                y=[in_millions(usd) for usd in amounts],
                text=[label(usd) for usd in amounts],
                textposition="none",
                marker={"pattern": {"shape": _FUND_PATTERNS[place % len(_FUND_PATTERNS)]}},
                hovertemplate="%{x}: %{text}<extra>%{fullData.name}</extra>",
            )
        )
    layout = {
        "barmode": "relative",
        "xaxis": {"type": "category"},
        "yaxis": {"title": {"text": units_label("millions")}},
        "legend": _LEGEND,
    }
    return _json(bars, layout)


def _json(traces: list[Any], layout: dict[str, Any]) -> str:
    # No title: the chart's heading stands above it on the page, and the tools stand here.
    margin = {"t": 40, "r": 56}
    figure = go.Figure(traces, {"template": "none", "margin": margin, **layout})
    # Plotly writes its numbers itself, Decimals among them; keys in a fixed order.
    return json.dumps(json.loads(figure.to_json()), sort_keys=True)


def _layout(chart: Chart) -> dict[str, Any]:
    """Lines run along the months; bars lie one under another, as in the drawing."""
    names: dict[str, Any] = {"type": "category", "automargin": True}
    values = {"title": {"text": chart.units}, "automargin": True}
    if isinstance(chart, LineChart):
        return {"xaxis": names, "yaxis": values, "legend": _LEGEND}
    return {"xaxis": values, "yaxis": {**names, "autorange": "reversed"}, "legend": _LEGEND}


def _lines(chart: LineChart) -> list[Any]:
    return [
        go.Scatter(
            name=_wrapped(one.name),
            x=chart.months,
            y=one.values,
            text=one.labels,
            mode="lines+markers" if one.role is Role.ACTUAL else "lines",
            line=_LINES[one.role],
            hovertemplate="%{x}: %{text}<extra>%{fullData.name}</extra>",
        )
        for one in chart.series
    ] + (_band(chart.months, chart.band) if chart.band else [])


def _band(months: tuple[str, ...], band: Band) -> list[Any]:
    """The forecast's two edges, filled between; the low one first, for Plotly fills backwards."""
    edges = [
        (_("%(name)s, low") % {"name": band.name}, band.low, None),
        (_("%(name)s, high") % {"name": band.name}, band.high, "tonexty"),
    ]
    return [
        go.Scatter(
            name=name,
            x=months,
            y=values,
            text=[format_number(value, digits=1) for value in values],
            mode="lines",
            line={**_LINES[Role.FORECAST], "color": _BAND_EDGE},
            fill=fill,
            fillcolor=_BAND_FILL,
            hovertemplate="%{x}: %{text}<extra>%{fullData.name}</extra>",
        )
        for name, values, fill in edges
    ]


def _bars(chart: BarChart) -> list[Any]:
    return [
        go.Bar(
            name=one.name,
            x=one.values,
            y=[_wrapped(name) for name in chart.categories],
            text=one.labels,
            textposition="outside",
            cliponaxis=False,
            orientation="h",
            marker={"pattern": {"shape": _PATTERNS[one.role]}},
            hovertemplate="%{y}: %{text}<extra>%{fullData.name}</extra>",
        )
        for one in chart.series
    ]


def _ranks(chart: RankBars) -> list[Any]:
    return [
        go.Bar(
            x=[bar.value for bar in chart.bars],
            y=[_wrapped(bar.name) for bar in chart.bars],
            text=[bar.label for bar in chart.bars],
            orientation="h",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    ]


def _wrapped(name: str) -> str:
    """A long name in several lines: the bars beside it keep their room, a legend its end."""
    return "<br>".join(textwrap.wrap(name, _NAME_WIDTH))
