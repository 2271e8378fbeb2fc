"""Tables of who gave more, less or nothing yet, and of the ten largest donors together."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.formatting import Units, format_number
from interface.tables import Cell, Row, Table
from reports.figures.casting import cast_note
from reports.figures.concentration import Concentration, TenLargest
from reports.figures.movements import Movement, MovementGroup, Movements, Mover
from reports.figures.voluntary import Amount
from reports.figures.words import units_label
from reports.tables.blocks import amount_cell
from reports.tables.board import columns, missing, money, share

MOST_LISTED = 40
LAST_MONTH = 12


def movers_identifier(group: MovementGroup) -> str:
    """What the table of a group is called on the page."""
    return f"movers-{group.movement.value}-table"


def movements_table(told: Movements, units: Units) -> Table:
    """How many donors moved which way, and how much money they stand for."""
    year, left = told.span[1].year, told.unattributed
    rows = [_group_row(group, units) for group in told.groups]
    if left.now.usd or left.before.usd:
        rows.append(_mover_row(left, units, _("Not attributed to a donor"), missing()))
    count = Cell(format_number(sum(group.count for group in told.groups)))
    rows.append(_mover_row(told.total, units, _("All voluntary money"), count, is_total=True))
    parts = [(one.now_usd, one.before_usd, one.change_usd) for one in told.groups]
    return Table(
        identifier="movements-table",
        caption=_("January to %(month)s, beside %(year)s at the same date")
        % {"month": told.span[1], "year": year - 1},
        columns=columns(_("Donors"), _("How many"), str(year), str(year - 1), _("Change")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=(*_movement_notes(told), *_cast([*parts, _three(left)], told.total, units)),
    )


def _movement_notes(told: Movements) -> Iterable[str]:
    for group in told.groups:
        yield _("%(name)s: %(meaning)s.") % {
            "name": group.movement.label,
            "meaning": group.movement.meaning,
        }
    if told.span[1].month < LAST_MONTH and told.group(Movement.LAPSED).count:
        yield _("Who has lapsed so far may still give this year.")
    if told.begins:
        yield _("These books begin in %(month)s: who gave before is not known to them.") % {
            "month": told.begins
        }


def _three(mover: Mover) -> tuple[Decimal, Decimal, Decimal]:
    return mover.now.usd, mover.before.usd, mover.change_usd


def _cast(parts: Iterable[tuple[Decimal, ...]], total: Mover, units: Units) -> tuple[str, ...]:
    """The note of a table of both years and the change, where it does not cast."""
    columns_of = zip(zip(*parts, strict=True), _three(total), strict=True)
    note = cast_note(columns_of, units)
    return (note,) if note else ()


def _group_row(group: MovementGroup, units: Units) -> Row:
    anchor = f"#{movers_identifier(group)}-caption"
    return Row(
        (
            Cell(group.movement.label), Cell(format_number(group.count), anchor),
            money(group.now_usd, units, anchor), money(group.before_usd, units, anchor),
            money(group.change_usd, units),
        )
    )  # fmt: skip


def _mover_row(mover: Mover, units: Units, name: str, *count: Cell, is_total: bool = False) -> Row:
    return Row(
        (
            Cell(name), *count, amount_cell(mover.now, units), amount_cell(mover.before, units),
            money(mover.change_usd, units),
        ),
        is_total=is_total,
    )  # fmt: skip


def movers_table(group: MovementGroup, told: Movements, units: Units) -> Table:
    """The donors of one group; the smallest changes of a long list stand together."""
    year = told.span[1].year
    shown, rest = group.movers[:MOST_LISTED], group.movers[MOST_LISTED:]
    rows = [_mover_row(one, units, one.name) for one in shown]
    if rest:
        sums = [sum((getattr(one, side).usd for one in rest), start=Decimal(0))
                for side in ("now", "before")]  # fmt: skip
        name = ngettext("%(count)d other donor", "%(count)d other donors", len(rest))
        together = Mover("", "", *(Amount(usd) for usd in sums))
        rows.append(_mover_row(together, units, name % {"count": len(rest)}))
    total = Mover("", "", Amount(group.now_usd), Amount(group.before_usd))
    rows.append(_mover_row(total, units, _("Total"), is_total=True))
    notes = _cast([_three(one) for one in group.movers], total, units)
    return Table(
        identifier=movers_identifier(group),
        caption=group.movement.label,
        columns=columns(_("Donor"), str(year), str(year - 1), _("Change")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=(*notes, _("The others stand one by one in the file.")) if rest else notes,
    )


def concentration_table(told: Concentration, units: Units) -> Table:
    """The share of the ten largest, this year and last, with what it is made of."""
    sides = (told.now, told.before)
    years = [str(side.span[1].year) for side in sides]
    rows = [
        (_("All voluntary money"), [_reported(one, one.total, units) for one in sides]),
        (_("Of this, not attributed to a donor"),
         [_reported(one, one.unattributed, units) for one in sides]),
        (_("The ten largest donors"), [_ten_cell(one, units) for one in sides]),
        (_("Share of the ten largest"), [share(one.percent) for one in sides]),
    ]  # fmt: skip
    return Table(
        identifier="concentration-table",
        caption=_("The ten largest donors together, of all voluntary money"),
        columns=columns(_("January to the same month"), *years),
        rows=tuple(Row((Cell(name), *cells)) for name, cells in rows),
        unit_note=units_label(units),
        footnotes=tuple(_concentration_notes(told)),
    )


def _concentration_notes(told: Concentration) -> Iterable[str]:
    for one in (told.now, told.before):
        if one.refused:
            said = {"year": one.span[1].year, "reason": one.refused}
            yield _("No share for %(year)s: %(reason)s") % said
    if told.now.unattributed.usd:
        yield _(
            "Money that is not attributed to a donor is not ranked: the true share can be higher."
        )


def _reported(ten: TenLargest, amount: Amount, units: Units) -> Cell:
    """The amount, or "not reported" where the books do not know all of that year's money."""
    return amount_cell(amount, units) if ten.is_reported else money(None, units, is_reported=True)


def _ten_cell(ten: TenLargest, units: Units) -> Cell:
    """Their sum, which leads to the list of them."""
    href = f"#{ten_identifier(ten)}-caption" if ten.donors else ""
    return _reported(ten, Amount(ten.usd, href), units)


def ten_identifier(ten: TenLargest) -> str:
    """What the table of a year's ten largest is called on the page."""
    return f"ten-{ten.span[1].year}-table"


def ten_table(ten: TenLargest, units: Units) -> Table:
    """The ten largest donors of a year up to the month, and their sum."""
    rows = [
        Row((Cell(f"{place}. {one.name}"), amount_cell(one.amount, units)))
        for place, one in enumerate(ten.donors, 1)
    ]
    rows.append(Row((Cell(_("Together")), money(ten.usd, units)), is_total=True))
    note = cast_note([([one.amount.usd for one in ten.donors], ten.usd)], units)
    return Table(
        identifier=ten_identifier(ten),
        caption=_("The ten largest donors of voluntary money, January to %(month)s")
        % {"month": ten.span[1]},
        columns=columns(_("Donor"), _("Amount")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, [note])),
    )
