"""The tables of the public pages: those of the Board without what leads behind the sign-in."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from interface.formatting import NOT_REPORTED
from interface.paging import Page
from interface.tables import Cell, Column, Row, Table
from reports.figures.dashboard import Dashboard
from reports.figures.sums import INCOME_FUNDS, SPLIT_FUNDS, UNSPLIT, ZERO
from reports.figures.words import units_label
from reports.open.cells import Cells
from reports.open.flows import Flows
from reports.open.giving import DonorYears, Given, GivenList
from reports.tables import board
from reports.tables.bases import exact
from reports.tables.board import columns, missing

PACE_COLUMN = 4


def fund_table(income: Dashboard) -> Table:
    """Funds against targets, without the column of the pace."""
    return without(unlinked(board.fund_table(income)), PACE_COLUMN)


def unlinked(table: Table) -> Table:
    """The same table, no cell of which leads anywhere."""
    rows = tuple(
        replace(row, cells=tuple(replace(cell, href="", remark=None) for cell in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def without(table: Table, place: int) -> Table:
    """The table without one of its columns."""
    left, right = slice(place), slice(place + 1, None)
    rows = tuple(replace(row, cells=row.cells[left] + row.cells[right]) for row in table.rows)
    return replace(table, columns=table.columns[left] + table.columns[right], rows=rows)


def year_table(cells: Cells, names: dict[str, str], chosen: int) -> Table:
    """Year by year and fund by fund, each year leading to its page."""
    sums: dict[tuple[int, str], Decimal] = {}
    for cell in cells.every:
        key = cell.year, cell.fund
        sums[key] = sums.get(key, ZERO) + cell.amount_usd
    funds = [fund for fund in INCOME_FUNDS if any(of == fund for _year, of in sums)]
    return Table(
        identifier="years-table",
        caption=_("Year by year, exactly"),
        columns=columns(_("Year"), *(names.get(fund, fund) for fund in funds), _("Total")),
        rows=tuple(
            Row(
                (
                    Cell(_until(cells, year), f"?year={year}" if year != chosen else ""),
                    *(_of_year(sums, year, fund) for fund in funds),
                    exact(sum((sums.get((year, fund), ZERO) for fund in funds), ZERO)),
                )
            )
            for year in cells.years
        ),
        unit_note=units_label("exact"),
        footnotes=(_("Totals are with other revenue, where there is any."),)
        if "OTHER" in funds
        else (),
    )


def _of_year(sums: dict[tuple[int, str], Decimal], year: int, fund: str) -> Cell:
    """An amount, or why there is none: a year may tell earmarked money together only."""
    usd = sums.get((year, fund), ZERO)
    if not usd and fund in SPLIT_FUNDS and sums.get((year, UNSPLIT)):
        return missing(str(NOT_REPORTED))
    return _or_dash(usd)


def _until(cells: Cells, year: int) -> str:
    """The year; one that is not over says up to which month."""
    as_at = cells.published.as_at
    if year != as_at.year or as_at.month == 12:
        return str(year)
    return _("%(year)s, to %(month)s") % {"year": year, "month": as_at}


def donor_table(given: GivenList, page: Page[Given], sorts: dict[str, str], chosen: str) -> Table:
    """Donors by name with what came; `sorts` are the addresses that sort by a column."""
    heads = (
        Column(_("Donor"), sort_href=sorts["name"],
               sorted="ascending" if chosen == "name" else ""),
        Column(_("Contributor type")),
        Column(_("In %(year)s") % {"year": given.year}, is_numeric=True),
        Column(_("Since %(year)s") % {"year": given.first_year}, is_numeric=True,
               sort_href=sorts["amount"], sorted="descending" if chosen == "amount" else ""),
    )  # fmt: skip
    return Table(
        identifier="open-donors-table",
        caption=_("Received from named donors"),
        columns=heads,
        rows=tuple(
            Row(
                (
                    Cell(one.donor.name, f"{one.donor.code}/"),
                    Cell(str(one.donor.contributor_type)),
                    exact(one.year_usd),
                    exact(one.all_usd),
                )
            )
            for one in page.items
        ),
        unit_note=units_label("exact"),
        empty=_("No donor is called that."),
    )


def together_table(given: GivenList) -> Table:
    """Named donors, those who stay unnamed, and what nobody is named for: they add up."""
    named = [(one.year_usd, one.all_usd) for one in given.donors]
    lines = [
        (_("Named donors"), (sum((y for y, _a in named), ZERO), sum((a for _y, a in named), ZERO))),
        (_("Donors that wish to stay unnamed"), given.unnamed),
        (_("Not attributed to a donor"), given.nobodys),
    ]
    total = Row((Cell(_("Total")), exact(given.year_usd), exact(given.all_usd)), is_total=True)
    return Table(
        identifier="together-table",
        caption=_("Everything received"),
        columns=columns(
            _("Donors"), _("In %(year)s") % {"year": given.year},
            _("Since %(year)s") % {"year": given.first_year},
        ),
        rows=(*(Row((Cell(name), *map(exact, usd))) for name, usd in lines if any(usd)), total),
        unit_note=units_label("exact"),
        footnotes=(_("All funds that donors give to, with other revenue, in cash."),),
    )  # fmt: skip


def donor_years_table(donor: DonorYears, names: dict[str, str]) -> Table:
    """One donor's money by year and fund."""
    rows = [
        Row((Cell(str(year)), *(_or_dash(donor.of(year, fund)) for fund in donor.funds),
             exact(donor.of(year))))
        for year in donor.years
    ]  # fmt: skip
    total = (*(exact(donor.of(None, fund)) for fund in donor.funds), exact(donor.of()))
    return Table(
        identifier="donor-years-table",
        caption=_("Received by fund and year"),
        columns=columns(_("Year"), *(names.get(one, one) for one in donor.funds), _("Total")),
        rows=(*rows, Row((Cell(_("Total")), *total), is_total=True)),
        unit_note=units_label("exact"),
    )


def flow_table(found: Flows) -> Table:
    """Every way of the money, exactly."""
    rows = tuple(
        Row((Cell(row.group.name), Cell(row.fund.name), Cell(row.region.name),
             exact(row.amount_usd)))
        for row in found.rows
    )  # fmt: skip
    total = Row((Cell(_("Total")), missing(""), missing(""), exact(found.total_usd)), is_total=True)
    return Table(
        identifier="flows-table",
        caption=_("From donor group through fund to region, %(year)s") % {"year": found.year},
        columns=(
            Column(_("Donor group")), Column(_("Fund")), Column(_("Region")),
            Column(_("Amount"), is_numeric=True),
        ),
        rows=(*rows, total) if rows else (),
        unit_note=units_label("exact"),
    )  # fmt: skip


def _or_dash(usd: Decimal) -> Cell:
    return exact(usd) if usd else missing()
