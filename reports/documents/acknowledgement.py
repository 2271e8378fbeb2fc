"""The acknowledgement of one receipt."""

import datetime
from dataclasses import asdict

from django.utils import translation
from django.utils.translation import gettext as _

from income.models import Entry
from income.vocabulary import Kind
from interface.formatting import (
    NOT_APPLICABLE,
    currency_name,
    format_amount,
    format_amount_named,
    format_date,
    format_usd,
)
from reports.documents.errors import NothingToReport
from reports.documents.parts import day_of, file_stem, frame, said, standing, subtitle
from reports.figures import statement_notes
from reports.figures.receipts import Receipt, payment_of, receipt_of
from reports.figures.scope import State
from reports.figures.sums import ZERO
from reports.figures.words import units_label
from reports.models import ReportType
from reports.pdf.report import ACKNOWLEDGEMENT, ReportDocument
from reports.pdf.statement import TableData
from reports.sealing.documents import SealedDocument
from reports.tables import donor as tables


def acknowledgement_document(
    entry: Entry, language: str, *, today: datetime.date
) -> SealedDocument:
    """The acknowledgement of a receipt, in its own currency and in US dollars.

    A payment that was split between instalments or purposes is acknowledged whole, whichever of
    its lines is asked for. Of one that was reversed it says so. Raises NothingToReport for an
    entry that is no receipt of a donor, and for money that went back.
    """
    if entry.kind != Kind.RECEIPT or entry.donor is None or entry.amount < 0:
        raise NothingToReport(_("Only money that arrived from a donor can be acknowledged."))
    if entry.posting.reverses_id:
        raise NothingToReport(_("This entry takes a receipt back: nothing arrived."))
    donor, state = standing(entry.donor), State.of(entry.ledger)
    lines = payment_of(entry)
    subject, period = f"{entry.posting.sequence}/{lines[0].line}", day_of(entry.value_date)
    with translation.override(language):
        data = asdict(_document(lines, donor.name, language))
    return SealedDocument(
        type=ReportType.ACKNOWLEDGEMENT, ledger=entry.ledger, donor=donor, subject=subject,
        from_on=period.from_on, until_on=period.until_on, language=language, as_at_on=today,
        known=None, sequence=state.sequence, hash=state.hash, template=ACKNOWLEDGEMENT, data=data,
        file_stem=file_stem(
            ReportType.ACKNOWLEDGEMENT, entry.ledger, donor, period, subject, language
        ),
    )  # fmt: skip


def _document(lines: list[Entry], donor_name: str, language: str) -> ReportDocument:
    entry, told = lines[0], [receipt_of(line) for line in lines]
    return ReportDocument(
        title=_("Acknowledgement of receipt"),
        subtitle=subtitle(),
        donor_name=donor_name,
        facts=_facts(entry, told[0]),
        sentence=_sentence(entry, told, donor_name),
        tables=[_table(told)],
        charts=[],
        notes=_notes(told),
        **frame(entry.ledger, language),
    )


def _is_taken_back(entry: Entry) -> bool:
    return hasattr(entry.posting, "reversed_by")


def _sentence(entry: Entry, told: list[Receipt], donor_name: str) -> str:
    amount = sum((one.amount for one in told), ZERO)
    words = {
        "amount": format_amount_named(amount, entry.currency_id), "donor": donor_name,
        "day": format_date(entry.value_date),
    }  # fmt: skip
    if _is_taken_back(entry):
        return (
            _(
                "The receipt of %(amount)s from %(donor)s on %(day)s was taken back in these "
                "books. An earlier acknowledgement of it no longer holds."
            )
            % words
        )
    return _("UN-Habitat received %(amount)s from %(donor)s on %(day)s.") % words


def _facts(entry: Entry, told: Receipt) -> list[tuple[str, str]]:
    one = entry.contribution
    programme = entry.programme
    return said(
        (_("Value date"), format_date(told.received_on)),
        (_("Currency"), f"{currency_name(told.currency)} ({told.currency})"),
        (_("Reference"), told.reference),
        (_("Contribution"), one.number if one else ""),
        (_("Purpose"), told.purpose),
        (_("Fund"), told.fund_name),
        (_("Programme"), str(programme) if programme else ""),
        (_("Country or area"), str(entry.area) if entry.area else ""),
        (_("Meant for the year"), str(told.year_for)),
        (_("Status"), _("taken back") if _is_taken_back(entry) else ""),
    )


def _table(told: list[Receipt]) -> TableData:
    """The money as it came, at which rate, in US dollars; a row for each part of a payment."""
    usd = [one.amount_usd for one in told]
    known = [amount for amount in usd if amount is not None]
    amount = format_amount(sum((one.amount for one in told), ZERO), told[0].currency)
    whole = sum(known, ZERO) if len(known) == len(usd) else None
    total = [_("Total"), amount, "", format_usd(whole, none=_("not converted"))]
    rates = {tables.rate_text(one) for one in told}
    return TableData(
        title=_("What was received"),
        headers=[_("Date"), _("Amount"), _("Rate"), units_label("exact")],
        rows=[_row(one) for one in told],
        total_row=total if len(told) > 1 else None,
        note=""
        if rates == {NOT_APPLICABLE}
        else _("Rates are units of the currency per US dollar."),
        figures=[1, 3],
    )


def _row(told: Receipt) -> list[str]:
    return [
        format_date(told.received_on, length="medium"),
        format_amount(told.amount, told.currency),
        tables.rate_text(told),
        format_usd(told.amount_usd, none=_("not converted")),
    ]


def _notes(told: list[Receipt]) -> list[str]:
    left_out = statement_notes.without_rate(statement_notes.unconverted(told))
    return [left_out] if left_out else []
