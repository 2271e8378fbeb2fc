"""From the funding-dialogue pack to its tables, formatted for their reader."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from interface.formatting import Units, format_number
from interface.tables import Cell, Column, Row, Table
from reports.figures.compact import CompactLine
from reports.figures.dialogue import Dialogue
from reports.figures.funds import FundRow, Part
from reports.figures.spending import SpendingRegion
from reports.figures.sums import ZERO
from reports.figures.words import units_label
from reports.tables.board import columns, compared, missing, money, refusals, share


def income_table(told: Dialogue) -> Table:
    """Income of the year by fund against its target."""
    month = told.question.as_at
    target = told.target_name or _("no target set")
    return Table(
        identifier="dialogue-income",
        caption=_("January to %(month)s, against: %(target)s") % {"month": month, "target": target},
        columns=columns(
            _("Fund"), _("Actual"), _("Target"), _("Share of target"), _("Gap to target")
        ),
        rows=tuple(_income_row(told, row) for row in told.rows),
        unit_note=units_label(told.question.units),
        footnotes=tuple(refusals((row.name, row.progress.refused) for row in told.rows)),
    )


def gap_table(told: Dialogue) -> Table:
    """The funds behind their target."""
    units = told.question.units
    return Table(
        identifier="dialogue-gaps",
        caption=_("Behind the target of the year"),
        columns=columns(_("Fund"), _("Target"), _("Actual"), _("Gap to target")),
        rows=tuple(
            Row(
                (
                    Cell(row.name),
                    money(row.progress.target_usd, units),
                    money(row.progress.actual_usd, units, row.link, is_reported=True),
                    money(row.progress.gap_usd, units),
                ),
                is_total=row.part is Part.TOTAL,
            )
            for row in told.gaps
        ),
        unit_note=units_label(units),
        empty=_("No fund that can be compared is behind its target."),
    )


def _income_row(told: Dialogue, row: FundRow) -> Row:
    progress, units = row.progress, told.question.units
    cells = (
        Cell(row.name),
        money(progress.actual_usd, units, row.link, is_reported=True),
        money(progress.target_usd, units),
        compared(progress, share(progress.percent)),
        compared(progress, money(progress.gap_usd, units)),
    )
    return Row(cells, is_total=row.part is Part.TOTAL)


def years_table(told: Dialogue) -> Table:
    """Expenditure of each year beside its income."""
    units = told.question.units
    return Table(
        identifier="dialogue-years",
        caption=_("Expenditure beside income"),
        columns=columns(_("Year"), _("Expenditure, audited"), _income_heading(told)),
        rows=tuple(
            Row(
                (
                    Cell(str(one.year)),
                    money(one.spent_usd, units, _load_link(one.load), is_reported=True),
                    money(one.income_usd, units, one.income_link, is_reported=True),
                )
            )
            for one in told.spending.years
        ),
        unit_note=units_label(units),
        footnotes=tuple(_bases_of(told)),
    )


def regions_table(told: Dialogue) -> Table:
    """Expenditure by region and year, and the income of the year where the books allocate it."""
    units, spent = told.question.units, told.spending
    rows = [_region_row(told, row.name, row.spent, row) for row in spent.regions]
    total = _region_row(told, _("Total"), [one.spent_usd for one in spent.years], None)
    labels = [_("Spent %(year)s") % {"year": one.year} for one in spent.years]
    if spent.tells_income:
        labels.append(f"{_income_heading(told)} {told.year}")
    return Table(
        identifier="dialogue-regions",
        caption=_("Expenditure by region"),
        columns=columns(_("Region"), *labels),
        rows=(*rows, total),
        unit_note=units_label(units),
        footnotes=tuple(_region_notes(told)),
    )


def _region_row(
    told: Dialogue, name: str, spent: Sequence[Decimal | None], region: SpendingRegion | None
) -> Row:
    """A region, or the total where there is none."""
    units, every = told.question.units, told.spending.regions
    cells = [Cell(name), *(money(usd, units, is_reported=True) for usd in spent)]
    if told.spending.tells_income:
        usd = region.income_usd if region else sum((one.income_usd for one in every), ZERO)
        cells.append(money(usd, units, region.income_link if region else ""))
    return Row(tuple(cells), is_total=region is None)


def _region_notes(told: Dialogue) -> Iterable[str]:
    if not told.spending.tells_income:
        yield _("These books do not allocate income of %(year)s to regions.") % {"year": told.year}
    if told.question.units == "millions":
        yield _("Each figure is rounded by itself, so rounded rows may not add up exactly.")


def _income_heading(told: Dialogue) -> str:
    return _("Income, %(basis)s") % {"basis": told.provenance.basis.label}


def _bases_of(told: Dialogue) -> Iterable[str]:
    yield _(
        "Income of the books and audited expenditure do not share a basis: income is counted when "
        "it is received or recognised, expenditure when it is incurred. The one is not taken from "
        "the other."
    )
    last = told.spending.years[-1]
    if last.through.month < 12:
        yield _("Income of %(year)s is told up to the end of %(month)s.") % {
            "year": last.year, "month": last.through,
        }  # fmt: skip
    for one in told.spending.years:
        if one.source:
            yield f"{one.year}: {one.source}."


def _load_link(uuid: str) -> str:
    return reverse("expenditure", args=[uuid]) if uuid else ""


def compact_table(told: Dialogue) -> Table:
    """What the books say of the Funding Compact, with formula and components."""
    notes = [
        *(f"{one.name}: {one.formula}. {one.note}".strip() for one in told.compact),
        _(
            "Targets are those of the Funding Compact of 2019 (A/74/73/Add.1), as reported on "
            "21 March 2019. The report does not say whether the core share counts assessed money: "
            "both shares are shown."
        ),
    ]
    return Table(
        identifier="dialogue-compact",
        caption=_("Measures that the books can answer"),
        columns=(
            *columns(_("Measure"), _("Part"), _("Whole"), _("Share or number")),
            Column(_("Target of the compact")),
        ),
        rows=tuple(_compact_row(told, one) for one in told.compact),
        unit_note=units_label(told.question.units),
        footnotes=tuple(notes),
    )


def _compact_row(told: Dialogue, one: CompactLine) -> Row:
    units = told.question.units
    figure = share(one.percent) if one.count is None else _number(one)
    return Row(
        (
            Cell(one.name),
            _part(one.part_usd, units, one.part_link),
            _part(one.whole_usd, units, one.whole_link),
            figure,
            Cell(one.target) if one.target else missing(),
        )
    )


def _part(usd: Decimal | None, units: Units, link: str) -> Cell:
    return missing() if usd is None else money(usd, units, link)


def _number(one: CompactLine) -> Cell:
    return Cell(format_number(one.count), one.part_link)
