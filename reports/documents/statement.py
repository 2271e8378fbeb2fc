"""The donor statement: what a donor promised and gave in a year or another time."""

import datetime
from dataclasses import asdict, replace

from django.utils import translation
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Ledger
from income.periods import YearMonth
from income.vocabulary import Kind
from interface.formatting import (
    NOT_APPLICABLE,
    currency_name,
    format_amount,
    format_date,
    format_usd,
)
from reports.documents.parts import as_data, drawn, file_stem, frame, subtitle
from reports.figures import notes as board_notes
from reports.figures.asked_period import AskedPeriod
from reports.figures.provenance import Known
from reports.figures.receipts import Receipt
from reports.figures.statement import Statement, period_statement
from reports.figures.sums import months
from reports.figures.ten_years import TenYears, YearGiven
from reports.figures.words import units_label
from reports.models import ReportType
from reports.pdf.statement import TEMPLATE, StatementDocument, TableData
from reports.sealing.documents import SealedDocument
from reports.tables import donor as tables


def statement_document(
    ledger: Ledger, donor: Donor, from_on: datetime.date, until_on: datetime.date, language: str,
    *, today: datetime.date, known: Known | None = None,
) -> SealedDocument:  # fmt: skip
    """The statement of the days `from_on` to `until_on`, in US dollars and each receipt's currency.

    `known` asks for an earlier state of the books. Raises BooksMoving.
    """
    period = AskedPeriod(from_on, until_on)
    with translation.override(language):
        told = period_statement(ledger, donor, period, today, known)
        data = asdict(document(told, ledger, language))
    return SealedDocument(
        type=ReportType.STATEMENT, ledger=ledger, donor=donor, subject="", from_on=from_on,
        until_on=until_on, language=language, as_at_on=told.on, known=known,
        sequence=told.provenance.sequence, hash=told.provenance.hash, template=TEMPLATE, data=data,
        file_stem=file_stem(ReportType.STATEMENT, ledger, donor, period, "", language),
    )  # fmt: skip


def document(told: Statement, ledger: Ledger, language: str) -> StatementDocument:
    """The statement worded and formatted in the language, which is the active one."""
    pictures = [p for p in told.pictures if any(year.given.amount_usd for year in p.years)]
    chart = drawn(tables.ten_year_chart(told, pictures[0]), language) if pictures else None
    return StatementDocument(
        title=title(told.period),
        subtitle=subtitle(),
        donor_name=told.donor.name,
        facts=_facts(told),
        sentence=told.headline,
        fund_table=_fund_table(told),
        receipts=_receipts(told),
        years_table=_years(told),
        chart_svg=chart.svg if chart else None,
        chart_alt=chart.alt if chart else "",
        chart_title=chart.title if chart else "",
        notes=_notes(told),
        **frame(ledger, language),
    )


def title(period: AskedPeriod) -> str:
    """What the statement of the period is called."""
    if period.is_year:
        return _("Donor statement %(year)s") % {"year": period}
    return _("Donor statement, %(period)s") % {"period": period}


def _facts(told: Statement) -> list[tuple[str, str]]:
    return [
        (_("Year") if told.period.is_year else _("Period"), str(told.period)),
        (
            _("Basis"),
            _("pledged, agreed, due and received") if told.lists_receipts else _("audited revenue"),
        ),
        (_("Status"), told.provenance.status),
        (
            _("Currency"),
            _("US dollars, and each receipt in its own currency")
            if told.lists_receipts
            else currency_name("USD"),
        ),
    ]


def _notes(told: Statement) -> list[str]:
    """The page's, but for the open months: those still to come are named as well.

    So the same books give the same statement, whatever the month it is made in.
    """
    source = told.provenance
    if not source.open_months:
        return list(told.notes)
    coming = months(YearMonth.of(told.on).next, YearMonth.of(told.period.until_on))
    whole = replace(source, open_months=(*source.open_months, *coming))
    provisional, instead = board_notes.provisional(source), board_notes.provisional(whole)
    return [instead if note == provisional else note for note in told.notes]


def _fund_table(told: Statement) -> TableData:
    note = _("What was pledged, agreed, due and received is shown side by side and never added.")
    return as_data(tables.year_table(told), note=note if told.lists_receipts else "")


def _receipts(told: Statement) -> TableData:
    headers = [_("Date"), _("Fund"), _("Reference and purpose"), _("Amount"), _("Rate")]
    total = told.total(Kind.RECEIPT) if told.receipts else None
    return TableData(
        title=tables.receipts_of(told),
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
        "\u00a0· ".join(filter(None, [receipt.reference, receipt.purpose])) or NOT_APPLICABLE,
        format_amount(receipt.amount, receipt.currency),
        tables.rate_text(receipt),
        format_usd(receipt.amount_usd, none=_("not converted")),
    ]


def _years(told: Statement) -> TableData:
    """Ten years, with a column for each kind of giving that the books hold."""
    columns = [[_year_text(picture, one) for one in picture.years] for picture in told.pictures]
    years = [str(one.year) for one in told.pictures[0].years]
    whole = "" if told.period.is_whole_years else _("Each calendar year is shown whole.")
    return TableData(
        title=_("Ten years, %(unit)s") % {"unit": units_label("exact")},
        headers=[_("Year"), *(picture.label for picture in told.pictures)],
        rows=[list(row) for row in zip(years, *columns, strict=True)],
        note=" ".join(filter(None, (*map(where_receipts_begin, told.pictures), whole))),
        figures=list(range(1, len(columns) + 1)),
    )


def _year_text(picture: TenYears, one: YearGiven) -> str:
    """A year before the first receipt of the books has no figure; it is not a missing report."""
    if picture.kind == Kind.RECEIPT:
        return format_usd(one.given.amount_usd)
    return tables.figure_cell(one.given).text


def where_receipts_begin(picture: TenYears) -> str:
    """Said of years before the first receipt of the books; empty where there are none."""
    held = [one.year for one in picture.years if one.given.amount_usd is not None]
    if picture.kind != Kind.RECEIPT or not held or held[0] == picture.years[0].year:
        return ""
    return _("Receipts are in these books from %(year)s on.") % {"year": held[0]}
