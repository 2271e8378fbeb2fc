"""Money that arrived: receipts under an agreement, core gifts without one, allotments."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import AmountWrong, CurrencyMismatch, PostingWrong
from income.ledger import convert, post, posted_with
from income.models import Contribution, Currency, Entry, Fund, Instalment, Ledger, Posting
from income.money import round_half_up
from income.rates import rate_in_force
from income.rules import check_amount, check_open, check_past_day
from income.services.actors import Actors
from income.services.agreements import (
    PromisedContribution,
    _entries,
    _written,
    check_promise,
    entry_of,
)
from income.vocabulary import Act, Kind


@dataclass(frozen=True)
class ReceivedMoney:
    """A payment. `amount` arrived in `currency`; `credited` settles the agreement, in its own."""

    currency: Currency
    amount: Decimal
    received_on: datetime.date
    year_for: int | None = None  # the year the money is for; the year received if not said
    credited: Decimal | None = None
    bank_charge: Decimal | None = None
    bank_reference: str = ""
    instalment: Instalment | None = None


def check_receipt(
    money: ReceivedMoney, contribution: Contribution | None, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says what is wrong with the payment, if anything is."""
    check_amount(money.amount, money.currency)
    check_past_day(money.received_on, today, field="received_on")
    check_open(ledger, money.received_on, field="received_on")
    if money.bank_charge is not None and money.bank_charge:
        check_amount(money.bank_charge, money.currency, field="bank_charge")
    if contribution and money.credited is not None:
        check_amount(money.credited, contribution.currency, field="credited")
    if contribution and money.credited is None and money.currency != contribution.currency:
        raise AmountWrong(
            _("The agreement is in %(agreed)s: say how many %(agreed)s this payment settles.")
            % {"agreed": contribution.currency_id},
            field="credited",
        )


@transaction.atomic
def record_receipt(
    ledger: Ledger, contribution: Contribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post a payment under a signed agreement, at the rate in force on the day it arrived."""
    if earlier := posted_with(ledger, token):
        return earlier
    if contribution.ledger_id != ledger.pk:
        raise PostingWrong(_("This agreement stands in other books."))
    check_receipt(money, contribution, ledger, today)
    return post(
        ledger,
        act=Act.RECORD_RECEIPT,
        entries=[_receipt_entry(contribution, money)],
        booked_month=check_open(ledger, money.received_on, field="received_on"),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        reference=money.bank_reference,
        note=contribution.title,
    )


def _receipt_entry(contribution: Contribution, money: ReceivedMoney) -> Entry:
    entry = entry_of(
        contribution,
        kind=Kind.RECEIPT,
        amount=money.amount,
        value_date=money.received_on,
        year_for=money.year_for or money.received_on.year,
        instalment=money.instalment,
    )
    entry.currency = money.currency
    entry.credited_amount = money.amount if money.credited is None else money.credited
    entry.bank_charge = money.bank_charge or None
    rate = rate_in_force(money.currency.code, money.received_on, ledger=contribution.ledger)
    return convert(entry, rate, support_rate=contribution.programme_support_rate)


@transaction.atomic
def record_gift(
    ledger: Ledger, promise: PromisedContribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post agreement, due and receipt together: money that needs no agreement of its own.

    Such as a core contribution announced by note verbale. The promise is what arrived.
    """
    if earlier := posted_with(ledger, token):
        return earlier
    if money.currency != promise.currency:
        raise CurrencyMismatch(money.currency.code, promise.currency.code)
    check_promise(promise, ledger, today)
    check_receipt(money, None, ledger, today)
    contribution = _written(ledger, promise, signed=True)
    instalment = contribution.instalments.get()
    receipt = _receipt_entry(contribution, replace(money, instalment=instalment))
    return post(
        ledger,
        act=Act.RECORD_GIFT,
        entries=[*_entries(contribution, promise, Act.SIGN_AGREEMENT), receipt],
        booked_month=check_open(ledger, money.received_on, field="received_on"),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        reference=money.bank_reference,
        note=promise.title,
    )


def record_allotment(
    ledger: Ledger, *, amount_usd: Decimal, allotted_on: datetime.date, note: str, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post regular budget given to the agency by the General Assembly; it has no donor."""
    return _without_donor(
        ledger, kind=Kind.ALLOTMENT, fund=Fund.objects.get(code="RB"), amount_usd=amount_usd,
        on=allotted_on, note=note, token=token, today=today, actors=actors,
        act=Act.RECORD_ALLOTMENT,
    )  # fmt: skip


def record_support_income(
    ledger: Ledger, *, amount_usd: Decimal, earned_on: datetime.date, note: str, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post programme support income as finance reports it earned; never added to the funds."""
    return _without_donor(
        ledger, kind=Kind.PROGRAMME_SUPPORT, fund=Fund.objects.get(code="PS"),
        amount_usd=amount_usd, on=earned_on, note=note, token=token, today=today, actors=actors,
        act=Act.RECORD_SUPPORT,
    )  # fmt: skip


def _without_donor(
    ledger: Ledger, *, kind: Kind, fund: Fund, amount_usd: Decimal, on: datetime.date, note: str,
    token: str, today: datetime.date, actors: Actors, act: Act,
) -> Posting:  # fmt: skip
    dollars = Currency.objects.get(code="USD")
    check_amount(round_half_up(amount_usd, 4), dollars)
    check_past_day(on, today, field="received_on")
    entry = Entry(
        kind=kind, fund=fund, value_date=on, year_for=on.year, currency=dollars, amount=amount_usd
    )
    return post(
        ledger,
        act=act,
        entries=[convert(entry, rate_in_force("USD", on, ledger=ledger))],
        booked_month=check_open(ledger, on, field="received_on"),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        note=note,
    )
