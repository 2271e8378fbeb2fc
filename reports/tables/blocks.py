"""From the blocks below the dashboard's first tables to tables, formatted for their reader."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from interface.formatting import Units, format_amount, format_date, format_number
from interface.tables import Cell, Row, Table
from reports.figures.casting import cast_note
from reports.figures.month_matrix import MonthMatrix
from reports.figures.owed_months import OwedMonths
from reports.figures.programmes import ProgrammeTable
from reports.figures.purposes import PurposeTable
from reports.figures.voluntary import Amount
from reports.figures.words import units_label
from reports.tables.bases import withheld
from reports.tables.board import columns, missing, money, share

HUNDRED = Decimal(100)


def amount_cell(amount: Amount, units: Units) -> Cell:
    """The amount, leading to its entries."""
    return money(amount.usd, units, amount.link)


def _notes(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)


def months_table(matrix: MonthMatrix, units: Units) -> Table:
    """Months down, funds across."""
    rows = [
        Row((Cell(row.name), *(amount_cell(one, units) for one in (*row.cells, row.total))))
        for row in matrix.rows
    ]
    sums = (*matrix.totals, matrix.total)
    rows.append(Row((Cell(_("Total")), *(amount_cell(one, units) for one in sums)), is_total=True))
    down = [
        ([row.cells[place].usd for row in matrix.rows], total.usd)
        for place, total in enumerate(matrix.totals)
    ]
    across = [([one.usd for one in row.cells], row.total.usd) for row in matrix.rows]
    last = ([one.usd for one in matrix.totals], matrix.total.usd)
    return Table(
        identifier="months-table",
        caption=_("By month and fund"),
        columns=columns(_("Month"), *(name for _code, name in matrix.funds), _("Total")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=_notes(
            cast_note([*down, *across, last], units),
            _("Without other revenue, which stands outside the total."),
        ),
    )


def purpose_table(told: PurposeTable, name: str, caption: str, first: str, units: Units) -> Table:
    """Parts of the voluntary money with percentages that add up to 100."""
    rows = [
        Row((Cell(row.name), amount_cell(row.amount, units), share(row.percent)))
        for row in told.rows
    ]
    whole = missing() if told.refused else share(HUNDRED)
    rows.append(Row((Cell(_("Total")), amount_cell(told.total, units), whole), is_total=True))
    method = _("Percentages are of all voluntary money, by the method of largest remainder.")
    return Table(
        identifier=f"{name}-table",
        caption=caption,
        columns=columns(first, _("Amount"), _("Share")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=_notes(
            told.refused or method,
            cast_note([([row.amount.usd for row in told.rows], told.total.usd)], units),
        ),
    )


def programme_table(told: ProgrammeTable, units: Units) -> Table:
    """Programmes beside their goals; what is for none of them stands apart."""
    rows = [
        Row((Cell(row.name), amount_cell(row.amount, units), money(row.goal_usd, units),
             share(row.percent), Cell(format_number(row.partners), row.amount.link)))
        for row in told.rows
    ]  # fmt: skip
    without = (Cell(_("Without a programme")), amount_cell(told.without, units))
    total = (Cell(_("All voluntary money")), amount_cell(told.total, units))
    blank = (missing(), missing(), missing())
    rows += [Row((*without, *blank)), Row((*total, *blank), is_total=True)]
    parts = [*(row.amount.usd for row in told.rows), told.without.usd]
    return Table(
        identifier="programmes-table",
        caption=_("%(first)s to %(last)s, against what the strategy hopes for by its end")
        % {"first": told.span[0], "last": told.span[1]},
        columns=columns(
            _("Programme"), _("Came in"), _("Goal"), _("Share of the goal"), _("Donors")
        ),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=_notes(
            told.refused,
            _("These books begin in %(month)s: what came in before is not in these figures.")
            % {"month": told.begins_late} if told.begins_late else "",
            cast_note([(parts, told.total.usd)], units),
        ),
    )  # fmt: skip


def owed_table(told: OwedMonths, units: Units) -> Table:
    """Overdue as one figure, then month by month; what is withheld says so."""
    cells = [cell for cell in told.cells if cell.amount_usd is None or cell.amount_usd]
    rows = [Row((Cell(cell.name), _owed(cell.amount_usd, units))) for cell in cells]
    href = f"{reverse('outstanding')}?books={told.provenance.books}"
    total = _owed(told.total.amount_usd, units, href)
    rows.append(Row((Cell(told.total.name), total), is_total=True))
    known = () if told.withholds else [
        ([cell.amount_usd for cell in told.cells], told.total.amount_usd)
    ]  # fmt: skip
    return Table(
        identifier="owed-table",
        caption=_("Agreed and not received, by the month it falls due"),
        columns=columns(_("Due in"), _("Outstanding")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=_notes(*_owed_notes(told), cast_note(known, units)),
    )


def _owed(usd: Decimal | None, units: Units, href: str = "") -> Cell:
    return withheld() if usd is None else money(usd, units, href)


def _owed_notes(told: OwedMonths) -> Iterable[str]:
    yield _("As the books stand on %(day)s, at the rates in force then. Months not named hold "
            "nothing.") % {"day": format_date(told.on)}  # fmt: skip
    if told.withholds:
        yield _("Not shown: a sum that fewer than three donors stand behind, or one of them with "
                "85 per cent or more, and sums it could be worked out from.")  # fmt: skip
    for left in told.not_converted:
        yield _("Not converted for want of a rate, in no figure: %(amount)s.") % {
            "amount": format_amount(left.amount, left.currency)
        }
