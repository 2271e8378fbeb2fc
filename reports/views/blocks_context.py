"""What the template of the blocks needs: tables in the question's units, and charts."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from interface.charts import Chart, RankBars
from interface.formatting import Units
from interface.tables import Table
from reports.charts.blocks import charts_of_blocks
from reports.figures.blocks import Blocks
from reports.figures.purposes import Purposes
from reports.figures.question import Question
from reports.tables import blocks as tables_blocks
from reports.tables import movers as tables_movers


def blocks_context(
    blocks: Blocks, question: Question, data: Callable[[str], str]
) -> dict[str, Any]:
    """For `reports/_blocks.html`; one name, `blocks`. `data` gives the address of a chart."""
    units = question.units
    moved, ten = blocks.movements, blocks.concentration
    return {
        "blocks": {
            "refusals": blocks.refusals,
            "months": tables_blocks.months_table(blocks.months, units) if blocks.months else None,
            "movements": tables_movers.movements_table(moved, units) if moved else None,
            "movers": [tables_movers.movers_table(group, moved, units) for group in moved.groups]
            if moved else [],
            "concentration": tables_movers.concentration_table(ten, units),
            "ten": [tables_movers.ten_table(one, units) for one in (ten.now, ten.before)
                    if one.donors],
            "purposes": _purposes(blocks, units, data),
            "programmes": _programmes(blocks, units, data),
            "owed": tables_blocks.owed_table(blocks.owed, units) if blocks.owed else None,
        }
    }  # fmt: skip


def _purposes(
    blocks: Blocks, units: Units, data: Callable[[str], str]
) -> list[tuple[Chart, Table, str]]:
    """Each chart with its table and its address."""
    if blocks.purposes is None:
        return []
    drawn, made = charts_of_blocks(blocks), purpose_tables(blocks.purposes, units)
    return [
        (drawn[name], table, "" if told_nothing(drawn[name]) else data(name))
        for name, table in made.items()
    ]


def purpose_tables(told: Purposes, units: Units) -> dict[str, Table]:
    """The three tables by the name of their chart."""
    made = {
        "earmarking": (told.earmarking, _("How firmly the money is tied"), _("Step")),
        "instruments": (told.instruments, _("Instruments"), _("Instrument")),
        "areas": (told.areas, _("Countries and areas"), _("Country or area")),
    }
    return {
        name: tables_blocks.purpose_table(table, name, caption, first, units)
        for name, (table, caption, first) in made.items()
    }


def _programmes(
    blocks: Blocks, units: Units, data: Callable[[str], str]
) -> tuple[Chart, Table, str] | None:
    if blocks.programmes is None:
        return None
    table = tables_blocks.programme_table(blocks.programmes, units)
    drawn = charts_of_blocks(blocks)["programmes"]
    return drawn, table, "" if told_nothing(drawn) else data("programmes")


def told_nothing(chart: Chart) -> bool:
    """Whether there is nothing in the picture to explore or to keep."""
    return not (chart.bars if isinstance(chart, RankBars) else chart.series)
