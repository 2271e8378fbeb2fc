"""The ten-year profile of a donor."""

import datetime
from dataclasses import asdict

from django.utils import translation
from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Ledger
from income.vocabulary import Kind
from interface.formatting import NOT_APPLICABLE, format_number
from reports.documents.parts import as_data, drawn, file_stem, frame, said, subtitle
from reports.documents.statement import where_receipts_begin
from reports.figures.asked_period import AskedPeriod
from reports.figures.balances import Balance
from reports.figures.profile import Profile, profile
from reports.models import ReportType
from reports.pdf.report import PROFILE, ReportDocument
from reports.pdf.statement import TableData
from reports.sealing.documents import SealedDocument
from reports.tables import donor as tables


def profile_document(
    ledger: Ledger, donor: Donor, year: int, language: str, *, today: datetime.date
) -> SealedDocument:
    """The profile of `year` and the nine years before it, in US dollars; what is open as at today.

    Raises BooksMoving.
    """
    with translation.override(language):
        told = profile(ledger, donor, year, today)
        data = asdict(_document(told, ledger, language))
    period = AskedPeriod(datetime.date(told.first, 1, 1), datetime.date(year, 12, 31))
    return SealedDocument(
        type=ReportType.PROFILE, ledger=ledger, donor=donor, subject="", from_on=period.from_on,
        until_on=period.until_on, language=language, as_at_on=today, known=None,
        sequence=told.state.sequence, hash=told.state.hash, template=PROFILE, data=data,
        file_stem=file_stem(ReportType.PROFILE, ledger, donor, period, "", language),
    )  # fmt: skip


def _document(told: Profile, ledger: Ledger, language: str) -> ReportDocument:
    pictures = [p for p in told.pictures if any(one.given.amount_usd for one in p.years)]
    return ReportDocument(
        title=_("Ten-year profile, %(first)s to %(last)s")
        % {"first": told.first, "last": told.year},
        subtitle=subtitle(),
        donor_name=told.donor.name,
        facts=_facts(told),
        sentence=told.headline,
        tables=[
            *(as_data(tables.given_table(given)) for given in told.tables),
            _open(told),
        ],
        charts=[drawn(tables.ten_year_chart(told, picture), language) for picture in pictures],
        notes=[*filter(None, map(where_receipts_begin, told.pictures)), *told.notes],
        **frame(ledger, language),
    )


def _facts(told: Profile) -> list[tuple[str, str]]:
    kinds = {table.kind for table in told.tables}
    first = [one.year for picture in told.pictures for one in picture.years if one.given.amount_usd]
    return said(
        (_("Years"), _("%(first)s to %(last)s") % {"first": told.first, "last": told.year}),
        (
            _("Basis"),
            _("received") if Kind.RECEIPT in kinds or not kinds else _("audited revenue"),
        ),
        (_("First of these years with a contribution"), str(min(first)) if first else ""),
    )


def _open(told: Profile) -> TableData:
    """Contributions with something outstanding or to come, each in its own currency."""
    return TableData(
        title=_("Contributions with something still to come"),
        headers=[
            _("Contribution"), _("Currency"), _("Agreed"), _("Received"), _("Outstanding"),
            _("Falls due later"),
        ],
        rows=[_open_row(balance) for balance in told.balances],
        note=_("Outstanding is what has fallen due and has not arrived."),
        empty=_("Nothing is outstanding, and nothing falls due later."),
        figures=[2, 3, 4, 5],
    )  # fmt: skip


def _open_row(balance: Balance) -> list[str]:
    one = balance.contribution
    amounts = (balance.agreed, balance.received, balance.outstanding, balance.due_later)
    shown = [format_number(amount, digits=one.currency.decimals, none=NOT_APPLICABLE)
             for amount in amounts]  # fmt: skip
    return [f"{one.number}\u00a0· {one.title}", one.currency_id, *shown]
