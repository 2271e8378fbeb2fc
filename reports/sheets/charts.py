"""One chart as a file to count with: exactly its series, one row per category, month or place.

Charts are drawn in millions without rounding, so US dollars come out of them to the cent.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from interface.charts import Chart, LineChart, RankBars, Series
from interface.formatting import is_right_to_left
from interface.sheets import csv_bytes
from interface.tables import Table
from interface.workbooks import xlsx_bytes
from reports.charts.registry import Told
from reports.figures.words import MILLION, units_label

Line = Sequence[object]
_CENT = Decimal("0.01")
# Workbooks want a date of their own; the figures' is inside, so all have the same.
_NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001


def chart_csv(chart: Chart, table: Table | None, told: Told) -> bytes:
    """The chart's figures as CSV, with what they are on top."""
    marks = _marks(chart, table, told)
    return csv_bytes(_header(chart, table), _rows(chart), preamble=[*marks, ()])


def chart_xlsx(chart: Chart, table: Table | None, told: Told) -> bytes:
    """The same as a workbook."""
    return xlsx_bytes(
        chart.title, _header(chart, table), _rows(chart), preamble=_marks(chart, table, told),
        is_right_to_left=is_right_to_left(), made_at=_NO_DAY,
    )  # fmt: skip


def _marks(chart: Chart, table: Table | None, told: Told) -> list[Line]:
    marks: list[Line] = []
    source = told.provenance
    if source.is_demonstration:
        marks.append((_("DEMONSTRATION BOOKS – not UN-Habitat's figures"),))
    marks += [
        (chart.title,),
        (chart.description,),
        (_("Unit"), _unit(chart)),
        (_("Books"), f"{source.books} – {source.books_name}"),
        (_("Basis"), source.basis.label),
        (_("As at"), source.as_at.slug),
        (_("Status"), source.status),
        (_("State of the books"), source.sequence, source.hash),
    ]
    marks += [(_("Note"), note) for note in told.asked]
    marks += [(_("Document"), document) for document in source.sources]
    return marks + [(_("Note"), note) for note in (table.footnotes if table else ())]


def _is_money(chart: Chart) -> bool:
    return chart.units == units_label("millions")


def _unit(chart: Chart) -> str:
    return units_label("exact") if _is_money(chart) else chart.units


def _header(chart: Chart, table: Table | None) -> Line:
    first = table.columns[0].label if table else _("Year")
    if isinstance(chart, RankBars):
        return (first, _("Amount") if _is_money(chart) else chart.units, _("As drawn"))
    band = chart.band if isinstance(chart, LineChart) else None
    names = [one.name for one in chart.series]
    if band:
        names += [
            _("%(name)s, low") % {"name": band.name},
            _("%(name)s, high") % {"name": band.name},
        ]
    return (first, *names)


def _rows(chart: Chart) -> Iterator[Line]:
    is_money = _is_money(chart)
    if isinstance(chart, RankBars):
        for bar in chart.bars:
            yield bar.name, _exact(bar.value, is_money), bar.label
        return
    band = chart.band if isinstance(chart, LineChart) else None
    edges = [band.low, band.high] if band else []
    is_line = isinstance(chart, LineChart)
    names = chart.months if isinstance(chart, LineChart) else chart.categories
    for place, name in enumerate(names):
        told = [_told(one, place, is_money, is_line) for one in chart.series]
        reach = [
            None if value is None else _exact(value, is_money)
            for value in (edge[place] for edge in edges)
        ]
        yield (name, *told, *reach)


def _told(series: Series, place: int, is_money: bool, is_line: bool) -> Decimal | str | None:
    """The value, or the words that say why there is none; nothing for months still to come."""
    value = series.values[place]
    if value is not None:
        return _exact(value, is_money)
    is_to_come = is_line and not any(one is not None for one in series.values[place:])
    return None if is_to_come else series.labels[place]


def _exact(value: Decimal, is_money: bool) -> Decimal:
    return (value * MILLION).quantize(_CENT, rounding=ROUND_HALF_UP) if is_money else value
