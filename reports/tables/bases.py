"""From figures to tables: the three bases, their bridge, years, reductions, what changed."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.formatting import (
    format_amount,
    format_date,
    format_number,
    format_usd,
    joined,
)
from interface.tables import Cell, Column, Row, Table
from reports.figures.base_words import COLUMN_LABELS
from reports.figures.bases import COLUMNS, BaseCell, BaseRow, Bases
from reports.figures.bridge import Bridge, BridgeLine
from reports.figures.outstanding import Outstanding, Owed, OwedCell
from reports.figures.reductions import GrossNet
from reports.figures.restatement import Change, Restatement
from reports.figures.years_for import ForCell, YearsFor
from reports.tables.board import columns, missing

DOLLARS = "US$"


def exact(usd: Decimal | None, href: str = "") -> Cell:
    """US dollars to the cent."""
    return missing() if usd is None else Cell(format_usd(usd), href)


def withheld() -> Cell:
    """What stands in the place of a sum that would give away a single donor."""
    return missing(_("not shown: too few donors"))


def bases_table(told: Bases, *, address: str = "") -> Table:
    """Funds in cash on the three bases, and the two that stand apart."""
    footnotes = [
        _("Agreed is counted in the year of signature, due in the year of the instalment, received "
          "in the year the money came. They are never added."),
        _("The regular budget is allotted, not agreed with donors: it is not in this table."),
    ]  # fmt: skip
    if told.withholds:
        footnotes.append(
            _("Not shown: a sum that fewer than three donors stand behind, or one of them with 85 "
              "per cent or more, and sums it could be worked out from.")
        )  # fmt: skip
    rows = [_base_row(row, f"{address}&fund={row.code}#bridge") for row in told.rows]
    return Table(
        identifier="bases-table",
        caption=_("Three bases of %(year)s, in cash") % {"year": told.question.year},
        columns=columns(_("Fund"), *(str(COLUMN_LABELS[kind]) for kind in COLUMNS)),
        rows=(*rows, _base_row(told.total, f"{address}#bridge")),
        unit_note=DOLLARS,
        footnotes=tuple(footnotes),
    )


def not_cash_table(told: Bases) -> Table | None:
    """What is not cash, apart; None where there is none."""
    if not told.not_cash:
        return None
    return Table(
        identifier="not-cash-table",
        caption=_("Not in cash in %(year)s, in no sum above") % {"year": told.question.year},
        columns=columns(_("Mode"), *(str(COLUMN_LABELS[kind]) for kind in COLUMNS)),
        rows=tuple(_base_row(row, "") for row in told.not_cash),
        unit_note=DOLLARS,
    )


def _base_row(row: BaseRow, href: str) -> Row:
    cells = tuple(_base_cell(cell) for cell in row.cells)
    return Row((Cell(row.name, href), *cells), is_total=row.is_total)


def _base_cell(cell: BaseCell) -> Cell:
    return withheld() if cell.amount_usd is None else exact(cell.amount_usd, cell.link)


def bridge_table(bridge: Bridge, name: str) -> Table:
    """Bases as totals, with the lines between them that add up to the difference."""
    footnotes = [
        _("Each part adds up to the cent. Lines about instalments are in agreed dollars; they lead "
          "to the entries they are worked out from."),
    ]  # fmt: skip
    if bridge.audited is None:
        footnotes.append(
            _("These books hold no audited revenue of %(year)s.") % {"year": bridge.year}
        )
    return Table(
        identifier="bridge-table",
        caption=_("From agreed to received in %(year)s: %(name)s")
        % {"year": bridge.year, "name": name},
        columns=columns(_("Line"), _("Amount")),
        rows=tuple(_bridge_row(one) for one in bridge.lines),
        unit_note=DOLLARS,
        footnotes=tuple(footnotes),
    )


def _bridge_row(one: BridgeLine) -> Row:
    cell = withheld() if one.amount_usd is None else exact(one.amount_usd, one.link)
    return Row((Cell(one.label), cell), is_total=one.is_basis)


def years_for_table(told: YearsFor) -> Table:
    """The year money is for, by the year it came in."""
    totals = Row((Cell(_("Together")), *map(_for_cell, told.totals), missing()), is_total=True)
    rows = [
        Row((Cell(str(row.year_for)), *map(_for_cell, row.cells), _for_cell(row.total)))
        for row in told.rows
    ]
    return Table(
        identifier="years-for-table",
        caption=_("The year money is for, by the year it came in"),
        columns=columns(
            _("For the year"),
            *(_("came in %(year)s") % {"year": year} for year in told.came),
            _("Together"),
        ),
        rows=(*rows, totals) if rows else (),
        unit_note=DOLLARS,
        footnotes=told.notes,
        empty=_("Nothing was received in this time."),
    )


def _for_cell(cell: ForCell) -> Cell:
    return exact(cell.amount_usd, cell.link)


def gross_net_table(found: Iterable[GrossNet], *, identifier: str = "gross-net-table") -> Table:
    """Gross, each reduction with its reason, and net."""
    rows: list[Row] = []
    for one in found:
        gross = _("%(kind)s, gross") % {"kind": one.label}
        rows.append(Row((Cell(gross), exact(one.gross_usd, one.gross_link))))
        rows += [Row((Cell(c.label), exact(c.amount_usd, c.link))) for c in one.changes]
        net = _("%(kind)s, net") % {"kind": one.label}
        rows.append(Row((Cell(net), exact(one.net_usd, one.net_link)), is_total=True))
    return Table(
        identifier=identifier,
        caption=_("Gross and net, in cash"),
        columns=columns(_("Line"), _("Amount")),
        rows=tuple(rows),
        unit_note=DOLLARS,
        footnotes=(_("Money transferred between grants is never income."),) if rows else (),
        empty=_("Nothing was agreed or received in this time."),
    )


def restated_table(told: Restatement) -> Table:
    """As it was told, what changed, as it stands, fund by fund and year by year."""
    rows = [
        Row(
            (
                Cell(_("%(fund)s, %(year)s") % {"fund": row.name, "year": row.year}
                     if row.is_cash else
                     _("%(fund)s, %(year)s, not in cash") % {"fund": row.name, "year": row.year}),
                exact(row.old_usd), exact(row.change_usd, row.link), exact(row.new_usd),
            )
        )
        for row in told.rows
    ]  # fmt: skip
    return Table(
        identifier="restated-table",
        caption=_("Totals since %(since)s") % {"since": told.since.label},
        columns=columns(_("Fund and year"), _("As told then"), _("Change"), _("As it stands now")),
        rows=tuple(rows),
        unit_note=DOLLARS,
        empty=_("No total of that time has changed."),
    )


def change_table(told: Restatement, changes: Iterable[Change]) -> Table:
    """Every change, with its posting, months, reason and who approved it."""
    labels = [_("Booked in"), _("Value month"), _("Fund"), _("Act and reason")]
    extra = [Column(_("Note")), Column(_("Approved by"))]
    return Table(
        identifier="changes-table",
        caption=_("Every change"),
        columns=(
            Column(_("Posting")), *map(Column, labels), *extra,
            Column(_("Amount"), is_numeric=True),
        ),
        rows=tuple(_change_row(told, one) for one in changes),
        unit_note=DOLLARS,
        empty=_("Nothing was posted since then for the time asked for."),
    )  # fmt: skip


def _change_row(told: Restatement, one: Change) -> Row:
    href = reverse("posting", args=[told.state.books, one.sequence])
    act = one.act if one.reason == "" else f"{one.act} · {one.reason}"
    persons = (Cell(one.note or "–"), Cell(one.approved_by or "–"))
    return Row(
        (
            Cell(format_number(one.sequence), href), Cell(str(one.booked)),
            Cell(str(one.value_month)), Cell(one.fund), Cell(act), *persons,
            Cell(changed_amount(one)),
        )
    )  # fmt: skip


def changed_amount(one: Change) -> str:
    """US dollars, and beside them what is not converted, in its currency."""
    said = [] if one.amount_usd is None else [format_usd(one.amount_usd)]
    said += [format_amount(cell.amount, cell.currency) for cell in one.not_converted]
    return joined(said, ";")


def owed_cells_table(
    cells: Iterable[OwedCell], total: OwedCell, identifier: str, caption: str, first: str
) -> Table:
    """A sum per fund, age or month, and the total they add up to."""
    rows = [Row((Cell(one.name), _owed_cell(one))) for one in cells]
    if rows:
        rows.append(Row((Cell(total.name), _owed_cell(total)), is_total=True))
    return Table(
        identifier=identifier, caption=caption, columns=columns(first, _("Outstanding")),
        rows=tuple(rows), unit_note=DOLLARS, empty=_("Nothing is outstanding."),
    )  # fmt: skip


def _owed_cell(cell: OwedCell) -> Cell:
    return withheld() if cell.amount_usd is None else exact(cell.amount_usd)


def owed_table(told: Outstanding, owed: Iterable[Owed]) -> Table:
    """Instalment by instalment, for staff: in its currency and at the rate in force today."""
    return Table(
        identifier="owed-table",
        caption=_("Instalment by instalment"),
        columns=(
            Column(_("Contribution")), Column(_("Donor")), Column(_("Fund")), Column(_("Due on")),
            Column(_("Overdue")), Column(_("In its currency"), is_numeric=True),
            Column(_("US$ at today's rate"), is_numeric=True),
        ),
        rows=tuple(_owed_row(told, one) for one in owed),
        empty=_("Nothing is outstanding."),
    )  # fmt: skip


def _owed_row(told: Outstanding, one: Owed) -> Row:
    contribution = reverse("contribution", args=[one.contribution.uuid])
    donor = f"{reverse('donor', args=[one.donor.code])}?books={told.state.books}"
    days = one.days_overdue
    late = ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "–"
    usd = one.amount_usd
    return Row(
        (
            Cell(one.contribution.number, contribution), Cell(one.donor.name, donor),
            Cell(one.fund),
            Cell(format_date(one.instalment.due_on, length="medium")), Cell(late),
            Cell(format_amount(one.amount, one.currency)),
            missing(_("not converted")) if usd is None else Cell(format_usd(usd)),
        )
    )  # fmt: skip
