"""The status of one contribution: promised, fallen due, received, and the reports owed for it."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from income.agreement_sums import Sum
from income.balances import InstalmentState
from income.models import Contribution, ReportDue
from income.vocabulary import ContributionState
from interface.formatting import (
    NOT_APPLICABLE,
    currency_name,
    format_amount,
    format_date,
    format_number,
    format_usd,
)
from reports.documents.errors import NothingToReport
from reports.documents.parts import day_of, file_stem, frame, said, standing, subtitle
from reports.figures.agreement import AgreementStatus, agreement_status
from reports.figures.receipts import Receipt
from reports.figures.words import units_label
from reports.models import ReportType
from reports.pdf.report import AGREEMENT, ReportDocument
from reports.pdf.statement import TableData
from reports.sealing.documents import SealedDocument
from reports.tables import donor as tables


def agreement_document(
    contribution: Contribution, language: str, *, today: datetime.date
) -> SealedDocument:
    """The status as it stands on the day. The report's period is the day of the first promise.

    Raises NothingToReport for what was only hoped for, and BooksMoving.
    """
    promised = [day for day in (contribution.pledged_on, contribution.signed_on) if day]
    if not promised or contribution.state == ContributionState.PROSPECT:
        raise NothingToReport(_("Nothing was promised here yet: there is no status to report."))
    donor, period = standing(contribution.donor), day_of(min(promised))
    subject = str(contribution.uuid)
    with translation.override(language):
        told = agreement_status(contribution, today)
        data = asdict(_document(told, donor.name, language))
    stem = file_stem(ReportType.AGREEMENT, contribution.ledger, donor, period, subject, language)
    return SealedDocument(
        type=ReportType.AGREEMENT, ledger=contribution.ledger, donor=donor, subject=subject,
        from_on=period.from_on, until_on=period.until_on, language=language, as_at_on=today,
        known=None, sequence=told.state.sequence, hash=told.state.hash, template=AGREEMENT,
        data=data, file_stem=stem,
    )  # fmt: skip


def _document(told: AgreementStatus, donor_name: str, language: str) -> ReportDocument:
    return ReportDocument(
        title=_("Status of contribution %(number)s") % {"number": told.contribution.number},
        subtitle=subtitle(),
        donor_name=donor_name,
        facts=_facts(told.contribution),
        sentence=told.headline,
        tables=[_sums(told), _instalments(told), _receipts(told), _reports(told)],
        charts=[],
        notes=[
            _(
                "Promised and received amounts are in the currency of the contribution; US dollars "
                "are at the rates at which each was recorded."
            )
        ],
        **frame(told.contribution.ledger, language),
    )


def _facts(one: Contribution) -> list[tuple[str, str]]:
    return said(
        (_("Purpose"), one.title),
        (_("State"), one.get_state_display()),
        (_("Fund"), str(one.fund)),
        (_("Currency"), f"{currency_name(one.currency_id)} ({one.currency_id})"),
        (_("Pledged on"), format_date(one.pledged_on)),
        (_("Signed on"), format_date(one.signed_on)),
        (_("Starts on"), format_date(one.starts_on)),
        (_("Ends on"), format_date(one.ends_on)),
        (_("Instrument"), str(one.instrument) if one.instrument else ""),
        (_("Programme"), str(one.programme) if one.programme else ""),
        (_("Region"), str(one.region) if one.region else ""),
        (_("Country or area"), str(one.area) if one.area else ""),
        (_("Reference"), one.reference),
    )


def _sums(told: AgreementStatus) -> TableData:
    """A line for each kind, side by side and never added; US dollars beside another currency."""
    code = told.contribution.currency_id
    columns = [code] if code == "USD" else [code, units_label("exact")]
    rows = [
        [label, _own(told, whole.amount), format_usd(whole.usd, none=_("not converted"))]
        for label, whole in _lines(told)
    ]
    return TableData(
        title=_("Where it stands"),
        headers=[_("Kind"), *columns],
        rows=[row[: 1 + len(columns)] for row in rows],
        note=_("What was pledged, agreed, due and received is shown side by side and never added."),
        empty=_("There is nothing to show."),
        figures=list(range(1, 1 + len(columns))),
    )


def _lines(told: AgreementStatus) -> Iterator[tuple[str, Sum]]:
    sums = told.sums
    if sums.pledged.amount or not told.is_binding:
        yield _("Pledged"), sums.pledged
    if told.is_binding:
        yield _("Agreed"), sums.agreed
        if sums.conditional.amount:
            yield _("Under a condition that is still open"), sums.conditional
        yield _("Due so far"), sums.due_so_far
    yield _("Received"), sums.received
    if sums.written_off.amount:
        yield _("Written off"), sums.written_off
    if told.is_binding:
        yield _("Outstanding, due now or later"), sums.outstanding


def _own(told: AgreementStatus, amount: Decimal) -> str:
    """An amount in the contribution's currency, which the heading names."""
    return format_number(amount, digits=told.contribution.currency.decimals)


def _instalments(told: AgreementStatus) -> TableData:
    code = told.contribution.currency_id
    return TableData(
        title=_("Instalments, %(currency)s") % {"currency": code},
        headers=[_("Due on"), _("Amount due"), _("Received"), _("Outstanding"), _("State")],
        rows=[
            [
                format_date(state.instalment.due_on, length="medium"),
                _own(told, state.due + state.conditional),
                _own(told, state.credited),
                _own(told, state.outstanding),
                _state_of(state, told.today),
            ]
            for state in told.instalments
        ],
        empty=_("A pledge is not binding: nothing falls due under it.")
        if not told.is_binding
        else _("No instalment is recorded."),
        figures=[1, 2, 3],
    )


def _state_of(state: InstalmentState, today: datetime.date) -> str:
    """In words that stay the same from day to day."""
    if state.is_conditional:
        return _("Conditional")
    if state.is_overdue(today):
        return _("Overdue")
    if state.outstanding:
        return _("Falls due later")
    if state.written_off and not state.credited:
        return _("Written off")
    return _("Settled")


def _receipts(told: AgreementStatus) -> TableData:
    headers = [_("Date"), _("Reference"), _("Amount"), _("Rate")]
    return TableData(
        title=_("Receipts"),
        headers=[*headers, units_label("exact")],
        rows=[_receipt_row(receipt) for receipt in told.receipts],
        note=_("Rates are units of the currency per US dollar."),
        empty=_("Nothing was received under it."),
        figures=[2, 4],
    )


def _receipt_row(receipt: Receipt) -> list[str]:
    return [
        format_date(receipt.received_on, length="medium"),
        receipt.reference or NOT_APPLICABLE,
        format_amount(receipt.amount, receipt.currency),
        tables.rate_text(receipt),
        format_usd(receipt.amount_usd, none=_("not converted")),
    ]


def _reports(told: AgreementStatus) -> TableData:
    return TableData(
        title=_("Reports to the donor"),
        headers=[_("Report"), _("First day"), _("Last day"), _("Due on"), _("Submitted on")],
        rows=[_report_row(report, told.today) for report in told.reports],
        empty=_("No report is owed for it."),
    )


def _report_row(report: ReportDue, today: datetime.date) -> list[str]:
    waiting = _("overdue") if report.due_on < today else _("not yet")
    days = (report.from_on, report.until_on, report.due_on)
    return [
        report.get_kind_display(),
        *(format_date(day, length="medium") for day in days),
        format_date(report.submitted_on, length="medium", none=waiting),
    ]
