"""The tags of the portal with tables by a template, cell by cell, and charts that are drawn before.

A template library: `serving_page.py` has Django load it in place of the portal's own.
"""

from typing import Any

from django import template

from interface.charts import Chart, render_svg
from interface.tables import Table
from interface.templatetags import interface as portal

register = template.Library()
register.tags.update(portal.register.tags)
register.filters.update(portal.register.filters)
_drawn: dict[int, tuple[Chart, str]] = {}  # by the chart, which is kept so that its id stays its


@register.inclusion_tag("plain/_table.html", takes_context=True)
def data_table(context: template.Context, table: Table, *, explains: bool = True) -> dict[str, Any]:
    return {"table": table, "explains": explains, "request": context.get("request")}


@register.inclusion_tag("interface/_chart.html")
def chart(
    chart: Chart, table: Table | None = None, explore: str = "", level: int = 2, files: str = ""
) -> dict[str, Any]:
    drawing = _drawn.setdefault(id(chart), (chart, render_svg(chart)))[1]
    portal_drawing, portal.render_svg = portal.render_svg, lambda _chart: drawing
    try:
        return dict(portal.chart(chart, table, explore, level, files))
    finally:
        portal.render_svg = portal_drawing
