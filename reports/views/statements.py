"""The donor statement as a PDF: for staff, and for those who speak for the donor."""

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import requires, signed_in
from accounts.permissions import Permission
from income.views.books import chosen_books
from income.vocabulary import Kind
from interface.charts import render_svg
from interface.errors import PortalError
from interface.formatting import (
    NOT_APPLICABLE,
    current_language,
    format_amount,
    format_date,
    format_number,
    format_usd,
    is_right_to_left,
)
from interface.tables import Table
from reports.figures.statement import Receipt, Statement, TenYears, YearGiven, statement
from reports.figures.words import units_label
from reports.pdf.statement import (
    StatementDocument,
    TableData,
    grouped_hash,
    render_statement,
)
from reports.services import record_download
from reports.tables import donor as tables
from reports.views.donor import own_donors, refused, sensible_year


@requires(Permission.VIEW_DONORS, Permission.VIEW_OWN_DONORS)
@require_GET
def statement_pdf(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """One donor's year as a file, in the reader's language; every download is recorded."""
    user, language = signed_in(request), current_language()
    found = get_object_or_404(own_donors(user), code=code)
    books = chosen_books(request)
    try:
        told = statement(books, found, sensible_year(year), timezone.localdate())
        content = render_statement(document(told, language), timestamp=state_of_books(told))
    except PortalError as error:
        return refused(request, found, error)
    record_download(told, books, content, language=language, by=user)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(told, language)}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(told: Statement, language: str) -> str:
    """What the file is called: whose, which year, from which books, in which language."""
    mark = "DEMONSTRATION-" if told.provenance.is_demonstration else ""
    return f"{mark}statement-{told.donor.code}-{told.year}-{told.provenance.books}-{language}.pdf"


def state_of_books(told: Statement) -> datetime.datetime:
    """When the books last moved: the same books give the same bytes."""
    midnight = datetime.datetime.combine(told.on, datetime.time(), tzinfo=datetime.UTC)
    return told.moved_at or midnight


def document(told: Statement, language: str) -> StatementDocument:
    """The statement worded and formatted in the language, which is the active one."""
    drawn = [p for p in told.pictures if any(year.given.amount_usd for year in p.years)]
    chart = tables.ten_year_chart(told, drawn[0]) if drawn else None
    source = told.provenance
    return StatementDocument(
        title=_("Donor statement %(year)s") % {"year": told.year},
        subtitle=_("Contributions to the United Nations Human Settlements Programme (UN-Habitat)"),
        donor_name=told.donor.name,
        year=str(told.year),
        facts=_facts(told),
        sentence=told.headline,
        fund_table=_fund_table(told),
        receipts=_receipts(told),
        years_table=_years(told),
        chart_svg=str(render_svg(chart, language=language, standalone=True)) if chart else None,
        chart_alt=f"{chart.title} ({chart.units}). {chart.description}" if chart else "",
        notes=told.notes,
        seal=[
            (_("Books"), f"{source.books_name} ({source.books})"),
            (_("State of the books"), format_number(source.sequence)),
            (_("Seal"), grouped_hash(source.hash)),
        ],
        disclaimer=_(
            "This is not a certified financial statement. It shows what the books named above hold "
            "in the state named above; the certified statements of UN-Habitat prevail."
        ),
        demonstration=_("DEMONSTRATION BOOKS – not UN-Habitat's figures")
        if source.is_demonstration
        else None,
        labels={
            "page_of": _("Page {page} of {pages}"),
            "notes": _("Notes"),
            "seal": _("Where these figures come from"),
        },
        language=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
    )


def _facts(told: Statement) -> list[tuple[str, str]]:
    moved = state_of_books(told).astimezone(datetime.UTC)
    is_received = told.lists_receipts
    return [
        (_("Year"), str(told.year)),
        (_("As at"), format_date(told.on)),
        (_("Books"), told.provenance.books_name),
        (
            _("Basis"),
            _("pledged, agreed, due and received") if is_received else _("audited revenue"),
        ),
        (_("Status"), told.provenance.status),
        (
            _("Books as they stood on"),
            _("%(day)s, %(time)s UTC")
            % {"day": format_date(moved.date()), "time": moved.strftime("%H:%M")},
        ),
    ]


def _fund_table(told: Statement) -> TableData:
    note = _("What was pledged, agreed, due and received is shown side by side and never added.")
    return _as_data(tables.year_table(told), note=note if told.lists_receipts else "")


def _as_data(table: Table, *, note: str = "") -> TableData:
    """A table of the page as one of the document: the same texts, without the links."""
    rows = [[cell.text for cell in row.cells] for row in table.rows if not row.is_total]
    totals = [[cell.text for cell in row.cells] for row in table.rows if row.is_total]
    return TableData(
        title=f"{table.caption}, {table.unit_note}" if table.unit_note else table.caption,
        headers=[column.label for column in table.columns],
        rows=rows,
        total_row=totals[0] if totals else None,
        note=note,
        empty=table.empty or _("There is nothing to show."),
        figures=[at for at, column in enumerate(table.columns) if column.is_numeric],
    )


def _receipts(told: Statement) -> TableData:
    headers = [_("Date"), _("Fund"), _("Reference and purpose"), _("Amount"), _("Rate")]
    total = told.total(Kind.RECEIPT) if told.receipts else None
    return TableData(
        title=_("Receipts of %(year)s") % {"year": told.year},
        headers=[*headers, units_label("exact")],
        rows=[_receipt_row(receipt) for receipt in told.receipts],
        total_row=[_("Total"), "", "", "", "", format_usd(total.amount_usd)] if total else None,
        note=_("Rates are units of the currency per US dollar."),
        empty=tables.no_receipts(told),
        figures=[3, 5],
    )


def _receipt_row(receipt: Receipt) -> list[str]:
    return [
        format_date(receipt.received_on, length="medium"),
        receipt.fund_name,
        " · ".join(filter(None, [receipt.reference, receipt.purpose])) or NOT_APPLICABLE,
        format_amount(receipt.amount, receipt.currency),
        tables.rate_text(receipt),
        format_usd(receipt.amount_usd, none=_("not converted")),
    ]


def _years(told: Statement) -> TableData:
    """Ten years, with a column for each kind of giving that the books hold."""
    columns = [[_year_text(picture, one) for one in picture.years] for picture in told.pictures]
    years = [str(one.year) for one in told.pictures[0].years]
    return TableData(
        title=_("Ten years, %(unit)s") % {"unit": units_label("exact")},
        headers=[_("Year"), *(picture.label for picture in told.pictures)],
        rows=[list(row) for row in zip(years, *columns, strict=True)],
        note=" ".join(filter(None, map(_where_receipts_begin, told.pictures))),
        figures=list(range(1, len(columns) + 1)),
    )


def _year_text(picture: TenYears, one: YearGiven) -> str:
    """A year before the first receipt of the books has no figure; it is not a missing report."""
    if picture.kind == Kind.RECEIPT:
        return format_usd(one.given.amount_usd)
    return tables.figure_cell(one.given).text


def _where_receipts_begin(picture: TenYears) -> str:
    held = [one.year for one in picture.years if one.given.amount_usd is not None]
    if picture.kind != Kind.RECEIPT or not held or held[0] == picture.years[0].year:
        return ""
    return _("Receipts are in these books from %(year)s on.") % {"year": held[0]}
