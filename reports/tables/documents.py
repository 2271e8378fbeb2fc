"""The tables of the history page and of the published figures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from income.periods import YearMonth
from interface.formatting import NO_BREAK_SPACE, format_date, joined
from interface.tables import Cell, Column, Row, Table
from reports.figures.casting import cast_note
from reports.figures.documents import PrintedList
from reports.figures.history import History
from reports.figures.printed import Printed
from reports.figures.words import units_label
from reports.tables.board import columns, missing, money, share


def history_table(history: History) -> Table:
    """Every year by fund, with the part of it that has a named donor."""
    units = history.question.units
    names = [name for _code, name in history.funds]
    return Table(
        identifier="history-table",
        caption=_("Income by fund and year: %(basis)s") % {"basis": history.provenance.basis.label},
        columns=columns(_("Year"), *names, _("Total"), _("Of named donors"), _("Share")),
        rows=tuple(
            Row(
                (
                    Cell(str(year.year), f"?{history.question.query(as_at=december(year.year))}"),
                    *(money(c.amount_usd, units, c.link, is_reported=True) for c in year.cells),
                    money(year.total_usd, units, year.link, is_reported=True),
                    money(year.named_usd, units, year.link if year.total_usd is None else ""),
                    share(year.named_percent),
                )
            )
            for year in history.years
        ),
        unit_note=units_label(units),
        footnotes=tuple(_history_footnotes(history)),
    )


def _history_footnotes(history: History) -> Iterable[str]:
    yield _("The share is of the year's total, with other revenue.")
    parts = [([cell.amount_usd for cell in year.cells], year.total_usd) for year in history.years]
    if note := cast_note(parts, history.question.units):
        yield note
    partial = [str(year.year) for year in history.years if year.total_usd is None]
    if partial:
        yield _("Only money of named donors is known for: %(years)s. No total was published.") % {
            "years": joined(partial)
        }


def december(year: int) -> YearMonth:
    return YearMonth(year, 12)


def printed_table(answer: PrintedList) -> Table:
    """Every printed figure beside the books, with the generated note."""
    return Table(
        identifier="printed-table",
        caption=_("Printed figures beside the books: %(books)s, %(basis)s")
        % {"books": answer.provenance.books_name, "basis": answer.provenance.basis.label},
        columns=(
            Column(_("Document")),
            Column(_("What it prints")),
            Column(_("As at")),
            Column(_("Printed"), is_numeric=True),
            Column(_("Books"), is_numeric=True),
            Column(_("Comparison")),
        ),
        rows=tuple(_printed_row(one) for one in answer.figures),
    )


def _unbroken_day(one: Printed) -> str:
    """The day of a printed figure on one line, or its year where only that is printed."""
    day = format_date(one.as_at, length="medium") if one.as_at else str(one.year)
    return day.replace(" ", NO_BREAK_SPACE)


def _printed_row(one: Printed) -> Row:
    subject = f"{one.subject}: {one.measure}" if one.subject else one.measure
    return Row(
        (
            Cell(one.place),
            Cell(f"{subject} ({one.basis})"),
            Cell(_unbroken_day(one)),
            Cell(one.printed_text),
            Cell(one.books_text, one.link) if one.books_text else missing(),
            Cell(_comparison(one)),
        )
    )


def _comparison(one: Printed) -> str:
    if one.agrees is None:
        return _("Not compared: %(reason)s.") % {"reason": one.note}
    if one.agrees:
        return _("The books give the same.")
    return _("Differs.")
