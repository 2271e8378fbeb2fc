"""Receipts and refunds under an agreement: checked by the rules of the services, then settled."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.errors import PostingWrong
from income.imports.course.findings import Accepted, Judged
from income.imports.judging.agreements import Agreement
from income.imports.judging.around import Around, Giver
from income.imports.judging.books import Books
from income.imports.judging.money import Worth, check_money_told, rate_for
from income.imports.judging.row import Row
from income.imports.judging.terms import Terms, accepted, line_of
from income.rules import check_amount
from income.services.payments import ReceivedMoney, payment_entries
from income.services.receipts import check_money, check_signed
from income.services.returns import MovedMoney, check_leaving, returned_entries
from income.vocabulary import Kind
from interface.errors import PortalError

RECEIPT = Kind.RECEIPT.value


@dataclass(frozen=True, slots=True)
class Payment:
    """A row under an agreement that waits to be settled, in the order of the rows."""

    row: Row
    agreement: Agreement
    books: Books


def judge_payment(row: Row, around: Around, books: Books) -> Accepted | None:
    """A row that names its agreement; the donor and fund are the agreement's."""
    check_money_told(row, signed=True)
    giver = _giver_told(row, around)
    if row.is_left_out:
        return None
    try:
        agreement = around.agreements.find(books.pk, row.agreement, giver.pk if giver else None)
    except PostingWrong as error:
        row.refuse(error, "agreement", "unknown_agreement")
        return None
    _compare(row, agreement, giver)
    if row.date is None:
        row.missing("date")
        return None
    month = books.month(row, row.date, "date")
    if row.amount is None or row.currency is None:
        return None
    if month:
        _check(row, agreement, books, around)
    return _waiting(row, agreement, books, month)


def settle(judged: Judged, around: Around) -> None:
    """Fill in the lines of a row that is going to be posted, or tell why it cannot be.

    Its instalments are settled oldest first, after those rows that were settled before it.
    """
    row = judged.accepted
    if row is None or row.payment is None:
        return
    payment: Payment = row.payment
    row.payment = None
    if judged.is_stopped:
        return
    source, agreement = payment.row, payment.agreement
    contribution, books = agreement.contribution, payment.books
    amount, currency = source.amount or Decimal(0), source.currency or contribution.currency
    try:
        if amount > 0:
            entries = payment_entries(
                contribution,
                _received(source, books),
                agreement.states,
                agreement.rates,
                books.standing,
            )
        else:
            money = _moved(source, books)
            check_leaving(
                money, contribution, books.pk or 0, around.today, agreement.net(currency),
                books.standing,
            )  # fmt: skip
            entries = returned_entries(
                contribution, money, books.rate_on(currency.code, money.moved_on)
            )
    except PortalError as error:
        source.refuse(error, _field(error, source))
        judged.accepted = None
        return
    row.lines = agreement.carry(entries, currency, amount)


def _giver_told(row: Row, around: Around) -> Giver | None:
    """Who the row says it is from: only to be compared, for the agreement knows."""
    return around.giver_if_known(row) if row.donor_text else None


def _compare(row: Row, agreement: Agreement, giver: Giver | None) -> None:
    contribution = agreement.contribution
    if giver is not None and giver.pk not in agreement.donors:
        row.wrong(
            "donor_differs", "donor" if row.donor else "agreement",
            _("%(number)s is an agreement of %(donor)s. Correct the donor or the agreement.")
            % {"number": contribution.number, "donor": contribution.donor.name},
        )  # fmt: skip
    if row.fund is not None and row.fund.code != contribution.fund_id:
        row.warn(
            "fund_differs", "fund",
            _("%(number)s is for the fund %(fund)s: the money is posted there.")
            % {"number": contribution.number, "fund": contribution.fund_id},
        )  # fmt: skip


def _check(row: Row, agreement: Agreement, books: Books, around: Around) -> None:
    """Every rule that does not depend on the rows before; `settle` asks the others."""
    contribution, amount = agreement.contribution, row.amount or Decimal(0)
    if row.has_failed:
        return
    try:
        if amount > 0:
            check_signed(contribution)
            check_money(_received(row, books), contribution, around.today, books.standing)
        elif row.currency is not None:
            check_amount(-amount, row.currency)
            if not (row.reference or row.document or row.note):
                row.missing("reference")
    except PortalError as error:
        row.refuse(error, _field(error, row))


def _field(error: PortalError, row: Row) -> str:
    """Where a rule of the services is told: at the amount that is posted, else where it says."""
    if error.field is None:
        return "agreement"
    return row.amount_field if error.field == "amount" else ""


def _received(row: Row, books: Books) -> ReceivedMoney:
    assert row.currency and row.amount and row.date  # noqa: S101  asked before
    return ReceivedMoney(
        currency=row.currency, amount=row.amount, received_on=row.date,
        year_for=row.year_for or row.year, bank_charge=row.bank_charge or None,
        bank_reference=row.reference, automatic=True, document=row.document, adjusts=books.adjusts,
    )  # fmt: skip


def _moved(row: Row, books: Books) -> MovedMoney:
    assert row.currency and row.amount and row.date  # noqa: S101  asked before
    return MovedMoney(
        currency=row.currency, amount=-row.amount, moved_on=row.date,
        document_reference=row.reference or row.document or row.note,
        document=row.document, adjusts=books.adjusts,
    )  # fmt: skip


def _waiting(row: Row, agreement: Agreement, books: Books, month: int) -> Accepted:
    """As one receipt of the whole amount: what the row is recognised by, until it is settled."""
    contribution = agreement.contribution
    assert row.currency and row.amount and row.date  # noqa: S101  asked before
    giver = Giver(contribution.donor_id, contribution.donor.code, "known")
    terms = Terms(
        giver=giver, channel=contribution.channel_id, fund=contribution.fund, day=row.date,
        month=month, mode=contribution.mode, amount=row.amount, currency=row.currency,
        support_rate=None, region=contribution.region_id,
    )  # fmt: skip
    worth = Worth(row.amount, rate_for(row, books, row.date), None)
    year = row.year_for or row.year or row.date.year
    line = line_of(row, terms, worth, RECEIPT, row.amount, row.date, year)
    line.contribution_id = contribution.pk
    made = accepted(row, terms, books, [line])
    made.payment = Payment(row, agreement, books)
    return made
