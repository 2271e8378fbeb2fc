"""The tables that measure a strategy: core share, governments, the period's targets."""

from django.urls import reverse
from django.utils.translation import gettext as _

from interface.formatting import Units, format_number
from interface.tables import Cell, Row, Table
from reports.figures.casting import cast_note, gap_lines
from reports.figures.dashboard import Dashboard
from reports.figures.period import PeriodSet
from reports.figures.words import units_label
from reports.tables.board import columns, compared, counted, missing, money, refusals, share


def core_table(dashboard: Dashboard) -> Table:
    """The core share, both ways, with what it is made of."""
    units = dashboard.question.units
    return Table(
        identifier="core-table",
        caption=_("Core share"),
        columns=columns(_("Share"), _("Core"), _("Of"), _("Per cent")),
        rows=tuple(
            Row(
                (
                    Cell(f"{one.name} ({one.formula})"),
                    money(one.core_usd, units, one.core_link, is_reported=True),
                    money(one.whole_usd, units, one.whole_link, is_reported=True),
                    share(one.percent),
                )
            )
            for one in dashboard.core
        ),
        unit_note=units_label(units),
    )


def governments_table(dashboard: Dashboard) -> Table:
    """Governments that give core money, in the year and in the strategy period."""
    units = dashboard.question.units
    rows = []
    for one in dashboard.governments:
        years = (
            str(one.to_year) if one.from_year == one.to_year else f"{one.from_year}–{one.to_year}"
        )
        hoped_for = missing() if one.hoped_for is None else Cell(format_number(one.hoped_for))
        rows.append(
            Row(
                (
                    Cell(years), counted(one.count, one.link), hoped_for,
                    share(one.percent, 0), money(one.unattributed_usd, units),
                )
            )
        )  # fmt: skip
    return Table(
        identifier="governments-table",
        caption=_("Governments giving Foundation non-earmarked money"),
        columns=columns(
            _("Years"), _("Governments"), _("Hoped for"), _("Share"),
            _("Not attributed, %(units)s") % {"units": units_label(units)},
        ),
        rows=tuple(rows),
        footnotes=(_("Member States whose money, net of what was paid back, is above zero."),),
    )  # fmt: skip


def period_table(one: PeriodSet, units: Units) -> Table:
    """One target set of the strategy period, beside what came in so far."""
    notes = [f"{row.name}: {note}" for row in one.rows for note in row.notes]
    compared_rows = [row.progress for row in one.rows if row.progress.is_comparable]
    notes.append(
        cast_note(gap_lines((each.actual_usd, each.target_usd) for each in compared_rows), units)
    )
    return Table(
        identifier=f"period-{one.code}",
        caption=one.name,
        columns=columns(_("Target"), _("So far"), _("Target"), _("Share"), _("Gap to target")),
        rows=tuple(
            Row(
                (
                    Cell(row.name),
                    money(row.progress.actual_usd, units, row.link, is_reported=True),
                    money(row.progress.target_usd, units, f"{reverse('target_list')}#{one.code}"),
                    compared(row.progress, share(row.progress.percent)),
                    compared(row.progress, money(row.progress.gap_usd, units)),
                )
            )
            for row in one.rows
        ),
        unit_note=units_label(units),
        footnotes=(
            *refusals((row.name, row.progress.refused) for row in one.rows),
            *filter(None, notes),
        ),
    )
