"""The charts of a page by name: what an address of a chart may ask for.

A chart stands beside the table that says the same exactly; None where the page has no such table.
"""

from dataclasses import dataclass

from interface.charts import Chart
from interface.tables import Table
from reports.charts import board as charts
from reports.charts.blocks import charts_of_blocks
from reports.figures.dashboard import Dashboard
from reports.figures.history import History
from reports.figures.notes import asked_for
from reports.figures.provenance import Provenance
from reports.figures.question import Question
from reports.tables import board as tables
from reports.tables.blocks import programme_table
from reports.views.blocks_context import purpose_tables

Charts = dict[str, tuple[Chart, Table | None]]


@dataclass(frozen=True)
class Told:
    """Where a chart comes from, and what was asked for that makes it another than the page's."""

    provenance: Provenance
    asked: tuple[str, ...] = ()

    @classmethod
    def of(cls, question: Question, provenance: Provenance) -> "Told":
        return cls(provenance, tuple(asked_for(question)))


def charts_of(dashboard: Dashboard) -> Charts:
    """The dashboard's: funds, cumulative (with a line only), donors-<fund>, regions."""
    units, line = dashboard.question.units, dashboard.line
    found: Charts = {"funds": (charts.fund_chart(dashboard), tables.fund_table(dashboard))}
    if line:
        found["cumulative"] = (charts.line_chart(line), tables.line_table(line, units))
    for one in dashboard.rankings:
        found[f"donors-{one.fund}"] = (
            charts.ranking_chart(one),
            tables.ranking_table(one, units),
        )
    regions = dashboard.regions
    found["regions"] = (charts.region_chart(regions), tables.region_table(regions, units))
    return found | of_blocks(dashboard)


def of_blocks(dashboard: Dashboard) -> Charts:
    """Earmarking, instruments, areas and programmes, as far as they are there."""
    blocks, units = dashboard.blocks, dashboard.question.units
    made = purpose_tables(blocks.purposes, units) if blocks.purposes else {}
    if blocks.programmes:
        made["programmes"] = programme_table(blocks.programmes, units)
    drawn = charts_of_blocks(blocks)
    return {name: (drawn[name], table) for name, table in made.items()}


def charts_of_history(history: History) -> Charts:
    """Those of the years: history-<fund> and history-TOTAL, and history-donors-<fund>."""
    units = history.question.units
    found: Charts = {one.identifier: (one, None) for one in charts.history_charts(history)}
    for one in history.rankings:
        found[f"history-donors-{one.fund}"] = (
            charts.ranking_chart(one),
            tables.ranking_table(one, units),
        )
    return found
