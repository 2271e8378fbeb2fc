"""The tables of an update's page."""

from django.utils.translation import gettext as _

from interface.tables import Cell, Column, Row, Table
from reports.pdf.statement import TableData
from reports.tables.bases import exact
from reports.tables.board import columns, missing
from reports.updates.comparing import ToldRow, UpdateTold
from reports.updates.document import since_table
from reports.updates.since_last import SinceLast


def told_table(found: UpdateTold) -> Table:
    """As published, asked again as known then, and today, to the cent."""
    update = found.update
    return Table(
        identifier="told-table",
        caption=_("January to %(month)s: as it was told, and today") % {"month": update.as_at},
        columns=columns(
            _("Fund"), _("As it was told"), _("As known then, asked again"), _("Today"),
            _("Difference"),
        ),
        rows=tuple(Row(_told_cells(row), is_total=row.is_total) for row in found.rows),
        unit_note=_("US$"),
        empty=_("This update stores no figures of funds."),
    )  # fmt: skip


def _told_cells(row: ToldRow) -> tuple[Cell, ...]:
    amounts = (row.published_usd, row.again_usd, row.today_usd)
    told = (missing(_("not reported")) if usd is None else exact(usd) for usd in amounts)
    return (Cell(row.name), *told, exact(row.difference_usd))


def since_page_table(since: SinceLast) -> Table:
    """What changed since the update before, as the document prints it."""
    return as_table(since_table(since), "since-table")


def as_table(data: TableData, identifier: str) -> Table:
    """The table of a document as one of the page."""
    rows = [(row, False) for row in data.rows]
    rows += [(data.total_row, True)] if data.total_row is not None else []
    return Table(
        identifier=identifier,
        caption=data.title,
        columns=tuple(Column(one, at in data.figures) for at, one in enumerate(data.headers)),
        rows=tuple(Row(tuple(map(Cell, cells)), is_total) for cells, is_total in rows),
        footnotes=(data.note,) if data.note else (),
    )
