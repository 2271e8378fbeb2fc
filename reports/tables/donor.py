"""A donor's figures as tables, key figures and a chart: they place, and compute nothing."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from income.periods import YearMonth
from income.vocabulary import Kind
from interface.charts import RankBar, RankBars
from interface.formatting import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    Units,
    format_amount,
    format_date,
    format_number,
    format_rate,
    format_usd,
)
from interface.tables import Cell, Column, KeyFigure, Row, Table
from reports.figures import links
from reports.figures.giving import GivenRow, GivenTable, Giving
from reports.figures.profile import Profile
from reports.figures.statement import Figure, Receipt, Statement, TenYears
from reports.figures.words import MILLION, amounts, dollars, units_label

DUE = "#due"  # on the donor's page: the instalments that it is the sum of


def kind_label(kind: str) -> str:
    """What a column of the kind is called."""
    labels = {
        Kind.PLEDGE: _("Pledged"),
        Kind.AGREEMENT: _("Agreed"),
        Kind.DUE: _("Due in the year"),
        Kind.RECEIPT: _("Received"),
        Kind.AUDITED_REVENUE: _("Audited revenue"),
    }
    return labels[Kind(kind)]


def figure_cell(figure: Figure) -> Cell:
    """US dollars to the cent, with the entries behind them."""
    if figure.amount_usd is None:
        return Cell(str(NOT_REPORTED), is_missing=True)
    return Cell(format_usd(figure.amount_usd), href=figure.href)


def key_figures(relation: Giving) -> list[KeyFigure]:
    """The few figures a donor's page opens with."""
    found = [
        KeyFigure(
            kind_label(table.kind),
            format_usd(table.total.total.amount_usd or Decimal(0)),
            note=_("US$, %(first)s to %(last)s") % {"first": table.first, "last": table.last},
            href=table.total.total.href,
        )
        for table in relation.tables
    ]
    if relation.balances:
        found.append(_still_due(relation))
    if relation.last_received_on:
        on, month = relation.last_received_on, YearMonth.of(relation.last_received_on)
        href = links.entries(
            relation.ledger.code, [Kind.RECEIPT], [], month, month, donor=relation.donor.code
        )
        found.append(KeyFigure(_("Last receipt"), format_date(on), note=_("value date"), href=href))
    return found


def _still_due(relation: Giving) -> KeyFigure:
    left_out = relation.not_converted_today
    if left_out and not relation.still_due_usd:
        note = _("%(amounts)s: no exchange rate is in force today")
        return KeyFigure(
            _("Still due"),
            _("not converted"),
            note=note % {"amounts": amounts(None, left_out)},
            href=DUE,
        )
    note = _("US$, of what has fallen due by today")
    if left_out:
        note = _("US$, and %(amounts)s without an exchange rate") % {
            "amounts": amounts(None, left_out)
        }
    return KeyFigure(_("Still due"), format_usd(relation.still_due_usd), note=note, href=DUE)


def given_table(given: GivenTable) -> Table:
    """What was given by year and fund."""
    funds = tuple(Column(name, is_numeric=True) for _code, name in given.funds)
    captions = {
        Kind.RECEIPT: _("Received, by fund and year"),
        Kind.AUDITED_REVENUE: _("Audited revenue, by fund and year"),
    }
    total = _given_row(_("Total"), given.total, is_total=True)
    return Table(
        identifier=f"given-{given.kind}",
        caption=captions[Kind(given.kind)],
        unit_note=units_label("exact"),
        columns=(Column(_("Year")), *funds, Column(_("All funds"), is_numeric=True)),
        rows=(*(_given_row(str(row.year), row) for row in given.rows), total),
    )


def _given_row(label: str, row: GivenRow, *, is_total: bool = False) -> Row:
    figures = [figure_cell(figure) for figure in (*row.by_fund, row.total)]
    return Row((Cell(label), *figures), is_total=is_total)


def year_table(told: Statement) -> Table:
    """The year by fund, a column for each kind; kinds are never added."""
    labels = {kind: kind_label(kind) for kind in told.kinds}
    if Kind.DUE in labels and not told.period.is_year:
        labels[Kind.DUE] = _("Due in the time")
    elif Kind.DUE in labels and told.ends_within_the_year:
        labels[Kind.DUE] = _("Due in the whole year")
    columns = tuple(Column(label, is_numeric=True) for label in labels.values())
    total = Row((Cell(_("All funds")), *map(figure_cell, told.totals)), is_total=True)
    lines = [Row((Cell(line.name), *map(figure_cell, line.figures))) for line in told.lines]
    return Table(
        identifier="year",
        caption=_of(told, _("%(year)s by fund"), _("By fund, %(period)s")),
        unit_note=units_label("exact"),
        columns=(Column(_("Fund")), *columns),
        rows=(*lines, total) if lines else (),
        empty=_of(
            told,
            _("These books state nothing of %(year)s."),
            _("These books state nothing of this time: %(period)s."),
        ),
    )


def receipt_table(told: Statement) -> Table:
    """Every receipt of the year, with the rate it was converted at, its entry and its file."""
    return Table(
        identifier="receipts",
        caption=receipts_of(told),
        columns=(
            Column(_("Date")),
            Column(_("Fund")),
            Column(_("Purpose")),
            Column(_("Reference")),
            Column(_("Amount"), is_numeric=True),
            Column(_("Rate")),
            Column(units_label("exact"), is_numeric=True),
            Column(_("Acknowledgement")),
        ),
        rows=tuple(_receipt_row(receipt, told) for receipt in told.receipts),
        empty=no_receipts(told),
    )


def no_receipts(told: Statement) -> str:
    """What stands where a year's receipts would: why there are none."""
    if not told.lists_receipts:
        return _("These books hold audited revenue by year and list no single receipts.")
    if told.provenance.is_before_the_books:
        return told.headline
    return _of(told, _("Nothing was received in %(year)s."), _("Nothing was received: %(period)s."))


def receipts_of(told: Statement) -> str:
    """The heading of the receipts."""
    return _of(told, _("Receipts of %(year)s"), _("Receipts, %(period)s"))


def _of(told: Statement, of_year: str, of_period: str) -> str:
    """The sentence for a calendar year, or the one for another time."""
    if told.period.is_year:
        return of_year % {"year": told.year}
    return of_period % {"period": told.period}


def _receipt_row(receipt: Receipt, told: Statement) -> Row:
    books, donor, month = told.provenance.books, told.donor.code, YearMonth.of(receipt.received_on)
    posting = {"after": receipt.sequence - 1, "until": receipt.sequence, "line": receipt.line}
    entry = links.entries(
        books, [Kind.RECEIPT], [receipt.fund], month, month, donor=donor,
        narrow={name: str(number) for name, number in posting.items()},
    )  # fmt: skip
    file = reverse("acknowledgement_pdf", args=[donor, receipt.sequence, receipt.line])
    return Row(
        (
            Cell(format_date(receipt.received_on, length="medium")),
            Cell(receipt.fund_name),
            Cell(receipt.purpose),
            Cell(receipt.reference),
            Cell(format_amount(receipt.amount, receipt.currency), href=entry),
            Cell(rate_text(receipt)),
            Cell(format_usd(receipt.amount_usd, none=_("not converted")), href=entry),
            Cell(f"PDF {receipt.sequence}/{receipt.line}", href=f"{file}?books={books}")
            if receipt.amount > 0
            else Cell(NOT_APPLICABLE, is_missing=True),
        )
    )


def rate_text(receipt: Receipt) -> str:
    """The rate, its type and its date; a dash where none was needed or in force."""
    if receipt.rate is None or receipt.currency == "USD":
        return NOT_APPLICABLE
    return _("%(rate)s, %(type)s, %(day)s") % {
        "rate": format_rate(receipt.rate),
        "type": receipt.rate_label,
        "day": format_date(receipt.rate_on, length="medium"),
    }


def ten_year_chart(told: Statement | Profile, picture: TenYears) -> RankBars:
    """What was given in the year and the nine before it, from the first that is reported."""
    given = [(one.year, one.given.amount_usd) for one in picture.years]
    while len(given) > 1 and given[0][1] is None:
        given.pop(0)
    is_large = any(abs(usd) >= MILLION for _year, usd in given if usd is not None)
    units: Units = "millions" if is_large else "exact"
    return RankBars(
        identifier=f"ten-years-{picture.kind}",
        title=_("%(label)s, %(first)s to %(last)s")
        % {"label": picture.label, "first": given[0][0], "last": told.year},
        description=_ten_year_sentence(picture),
        units=units_label(units),
        bars=tuple(
            RankBar(
                str(year),
                (usd or Decimal(0)) / (MILLION if is_large else 1),
                _bar_label(usd, units),
            )
            for year, usd in given
        ),
    )


def _bar_label(usd: Decimal | None, units: Units) -> str:
    """Small amounts among millions keep two decimals, so that none reads as nothing."""
    if usd and units == "millions" and abs(usd) < MILLION:
        return format_number(usd / MILLION, digits=2)
    return format_usd(usd, units=units, none=NOT_REPORTED)


def _ten_year_sentence(picture: TenYears) -> str:
    reported = [one for one in picture.years if one.given.amount_usd is not None]
    if not reported:
        return _("Nothing is reported for these years.")
    largest = max(reported, key=lambda one: (one.given.amount_usd, one.year))
    return _("Reported: %(count)s of ten years; the largest is %(year)s with %(amount)s.") % {
        "count": len(reported),
        "year": largest.year,
        "amount": dollars(largest.given.amount_usd or Decimal(0), "exact"),
    }


def ten_year_table(picture: TenYears) -> Table:
    """The figures of the picture."""
    return Table(
        identifier=f"ten-years-{picture.kind}-table",
        caption=picture.label,
        unit_note=units_label("exact"),
        columns=(Column(_("Year")), Column(picture.label, is_numeric=True)),
        rows=tuple(Row((Cell(str(one.year)), figure_cell(one.given))) for one in picture.years),
    )
