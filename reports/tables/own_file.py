"""What a donor's representatives see of their file, as tables: they place, and compute nothing."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from donors.models import DonorDocument, Engagement
from income.models import ReportDue
from income.vocabulary import Kind
from interface.formatting import format_amount, format_date, format_number
from interface.tables import Cell, Column, Row, Table
from reports.figures.donor_purposes import ForRow, ForTable
from reports.figures.own_file import OwnFile
from reports.figures.relation import Owed
from reports.figures.words import units_label
from reports.models import FigureQuestion
from reports.tables.donor import figure_cell
from reports.tables.relation import MISSING

NOTHING_STATED = Cell("–", is_missing=True)


def _day(on: object) -> Cell:
    return Cell(format_date(on, length="medium")) if on else MISSING  # type: ignore[arg-type]


def due_table(file: OwnFile) -> Table:
    """Instalments that are not settled, by the day they fall due."""
    return Table(
        identifier="own-due",
        caption=_("What is still due, with its dates"),
        unit_note=_("each in its own currency"),
        columns=(
            Column(_("Due on")), Column(_("State")), Column(_("Agreement")),
            Column(_("Outstanding"), is_numeric=True),
            Column(_("Under a condition"), is_numeric=True),
        ),
        rows=tuple(_due_row(one) for one in file.owed),
        empty=_("Nothing is outstanding or still to fall due in these books."),
    )  # fmt: skip


def _due_row(one: Owed) -> Row:
    promised, conditional = one.contribution, one.state.conditional
    page = reverse("contribution", args=[promised.uuid])
    state = _("overdue") if one.is_overdue else _("next") if one.is_next else _("later")
    return Row((
        _day(one.due_on), Cell(state),
        Cell(f"{promised.number} · {promised.title}", href=page),
        Cell(format_amount(one.state.outstanding, promised.currency_id), href=page),
        Cell(format_amount(conditional, promised.currency_id), href=page)
        if conditional else MISSING,
    ))  # fmt: skip


def reports_due_table(file: OwnFile) -> Table:
    """Reports that the agency owes the donor."""
    return Table(
        identifier="own-reports-due",
        caption=_("Reports due to us"),
        columns=(
            Column(_("Due on")), Column(_("State")), Column(_("Report")), Column(_("Period")),
            Column(_("Agreement")),
        ),
        rows=tuple(
            Row((
                _day(one.due_on),
                Cell(_("overdue") if one.due_on < file.today else _("to come")),
                *_report(one),
            ))
            for one in file.reports_due
        ),
        empty=_("No report is due."),
    )  # fmt: skip


def reports_delivered_table(file: OwnFile) -> Table:
    """Reports that were delivered, with the file where it is kept."""
    return Table(
        identifier="own-reports-delivered",
        caption=_("Reports delivered to us"),
        columns=(
            Column(_("Delivered on")), Column(_("Due on")), Column(_("Report")),
            Column(_("Period")), Column(_("Agreement")), Column(_("Document")),
        ),
        rows=tuple(
            Row((_day(one.submitted_on), _day(one.due_on), *_report(one),
                 _document(one.document, file)))
            for one in file.reports_delivered
        ),
        empty=_("No report was delivered yet."),
    )  # fmt: skip


def _report(one: ReportDue) -> tuple[Cell, ...]:
    first, last = (format_date(day, length="medium") for day in (one.from_on, one.until_on))
    promised = one.contribution
    return (
        Cell(one.get_kind_display()), Cell(f"{first} – {last}"),
        Cell(f"{promised.number} · {promised.title}",
             href=reverse("contribution", args=[promised.uuid])),
    )  # fmt: skip


def _document(one: DonorDocument | None, file: OwnFile) -> Cell:
    if one is None or not file.has(one):
        return NOTHING_STATED
    return Cell(one.title, href=reverse("my_document", args=[one.uuid]))


def letter_table(file: OwnFile) -> Table:
    """Letters to and from the donor."""
    return Table(
        identifier="own-letters",
        caption=_("Letters"),
        columns=(Column(_("Day")), Column(_("From")), Column(_("Letter"))),
        rows=tuple(
            Row((_day(one.happened_on), Cell(_sender(one)), _document(one.document, file)))
            for one in file.letters
            if file.has(one.document)
        ),
        empty=_(
            "No letter is filed yet. Ask your partnerships officer at UN-Habitat for one that you "
            "miss."
        ),
    )


def _sender(one: Engagement) -> str:
    return _("from us") if one.is_from_donor else _("from UN-Habitat")


def addressee_table(file: OwnFile) -> Table:
    """To whom the agency's letters go."""
    return Table(
        identifier="own-addressees",
        caption=_("Whom UN-Habitat writes to"),
        columns=(
            Column(_("Post or title")), Column(_("Name")), Column(_("E-mail address")),
            Column(_("Telephone")),
        ),
        rows=tuple(
            Row((Cell(one.title), Cell(one.name), Cell(one.email), Cell(one.phone)))
            for one in file.addressees
        ),
        empty=_(
            "No addressee is known. Tell your partnerships officer at UN-Habitat where letters go."
        ),
    )  # fmt: skip


def document_table(file: OwnFile) -> Table:
    """Agreements, letters and delivered reports."""
    return Table(
        identifier="own-documents-table",
        caption=_("Documents"),
        columns=(
            Column(_("Date")), Column(_("Kind")), Column(_("Title")), Column(_("File")),
            Column(_("Size, KB")),
        ),
        rows=tuple(
            Row((
                _day(one.dated_on), Cell(one.get_kind_display()), _document(one, file),
                Cell(one.file_name), Cell(format_number(-(-one.byte_count // 1024))),
            ))
            for one in file.documents
        ),
        empty=_(
            "No document is filed yet. Ask your partnerships officer at UN-Habitat for one that "
            "you miss."
        ),
    )  # fmt: skip


def purpose_table(one: ForTable) -> Table:
    """What the donor's money was for, in the year and in all years."""
    words = {
        "programme": (_("By programme"), _("Programme")), "region": (_("By region"), _("Region")),
        "area": (_("By country or area"), _("Country or area")),
        "instrument": (_("By instrument"), _("Instrument")),
    }  # fmt: skip
    caption, column = words[one.dimension]
    if one.kind == Kind.AUDITED_REVENUE:
        caption = _("%(caption)s, audited revenue") % {"caption": caption}
    whole = _("%(first)s to %(last)s") % {"first": one.first, "last": one.last}
    return Table(
        identifier=f"for-{one.dimension}-{one.kind}",
        caption=caption,
        unit_note=units_label("exact"),
        columns=(
            Column(column), Column(str(one.year), is_numeric=True), Column(whole, is_numeric=True)
        ),
        rows=(
            *(_purpose_row(row, row.name or _("Not stated")) for row in one.rows),
            _purpose_row(one.total, _("Total"), is_total=True),
        ),
    )  # fmt: skip


def _purpose_row(row: ForRow, name: str, *, is_total: bool = False) -> Row:
    return Row((Cell(name), figure_cell(row.year), figure_cell(row.whole)), is_total=is_total)


def question_table(questions: Iterable[FigureQuestion]) -> Table:
    """What the donor's people said about figures, and what was answered."""
    return Table(
        identifier="own-questions",
        caption=_("Figures that somebody asked about"),
        columns=(
            Column(_("Asked on")), Column(_("Figure")), Column(_("Shown")), Column(_("Question")),
            Column(_("Answer")),
        ),
        rows=tuple(
            Row((
                _day(one.asked_at),
                Cell(one.figure, href=reverse("question", args=[one.uuid])),
                Cell(one.shown), Cell(one.text), Cell(one.answer or _("not answered yet")),
            ))
            for one in questions
        ),
        empty=_("Nobody asked about a figure."),
    )  # fmt: skip
