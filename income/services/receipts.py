"""Money that arrived: receipts under an agreement, core gifts without one, allotments."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import AmountWrong, CurrencyMismatch, PostingWrong
from income.ledger import convert, post, posted_with
from income.models import Contribution, Currency, Entry, Fund, Instalment, Ledger, Posting
from income.money import round_half_up, to_usd
from income.rates import rate_in_force
from income.rules import check_amount, check_past_day, month_to_book_in
from income.services.actors import Actors
from income.services.agreements import (
    PromisedContribution,
    check_promise,
    promised_entries,
    written,
)
from income.services.entries import divided, entries_of
from income.vocabulary import Act, ContributionState, Kind

# Between the day's rates and the bank's; more is a slip of the keyboard.
LARGEST_RATE_DIFFERENCE = Decimal("0.25")


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
    adjusts: bool = False  # its own month is closed: book it in the present one

    @property
    def settles(self) -> Decimal:
        """What it settles of an agreement in the same currency: the bank's charge was paid too."""
        return self.amount + (self.bank_charge or 0)


def check_receipt(
    money: ReceivedMoney, contribution: Contribution | None, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says what is wrong with the payment, if anything is."""
    check_amount(money.amount, money.currency)
    check_past_day(money.received_on, today, field="received_on")
    month_to_book_in(ledger, money.received_on, today, field="received_on", adjusts=money.adjusts)
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
    if contribution and money.credited is not None:
        _check_credited(money, contribution, ledger)


def _check_credited(money: ReceivedMoney, contribution: Contribution, ledger: Ledger) -> None:
    """What is credited is worth about what arrived, at the day's rates where there are any."""
    paid = rate_in_force(money.currency.code, money.received_on, ledger=ledger)
    agreed = rate_in_force(contribution.currency_id, money.received_on, ledger=ledger)
    if paid is None or agreed is None or money.credited is None:
        return
    arrived = to_usd(money.settles, paid.units_per_usd)
    credited = to_usd(money.credited, agreed.units_per_usd)
    if abs(credited - arrived) > arrived * LARGEST_RATE_DIFFERENCE:
        raise AmountWrong(
            _(
                "%(paid)s %(currency)s is worth US$ %(arrived)s that day, %(credited)s %(agreed)s "
                "US$ %(worth)s. Check both amounts."
            )
            % {
                "paid": money.settles, "currency": money.currency.code, "arrived": arrived,
                "credited": money.credited, "agreed": contribution.currency_id, "worth": credited,
            },
            field="credited",
        )  # fmt: skip


@transaction.atomic
def record_receipt(
    ledger: Ledger, contribution: Contribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post a payment under a signed agreement, at the rate in force on the day it arrived."""
    if earlier := posted_with(ledger, token, Act.RECORD_RECEIPT):
        return earlier
    # Locked, so that nobody reverses the agreement while money is booked under it.
    contribution = Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)
    if contribution.state != ContributionState.SIGNED:
        raise PostingWrong(
            _("%(number)s is no signed agreement any more: no receipt can be booked under it."),
            number=contribution.number,
        )
    check_receipt(money, contribution, ledger, today)
    return post(
        ledger,
        act=Act.RECORD_RECEIPT,
        entries=_receipt_entries(contribution, money),
        booked_month=month_to_book_in(
            ledger, money.received_on, today, field="received_on", adjusts=money.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        reference=money.bank_reference,
        note=contribution.title,
    )


def _receipt_entries(contribution: Contribution, money: ReceivedMoney) -> list[Entry]:
    [whole] = entries_of(
        contribution,
        (),
        kind=Kind.RECEIPT,
        amount=money.amount,
        value_date=money.received_on,
        year_for=money.year_for or _year_of(money),
        instalment=money.instalment,
    )
    whole.currency = money.currency
    whole.credited_amount = money.settles if money.credited is None else money.credited
    whole.bank_charge = money.bank_charge or None
    rate = rate_in_force(money.currency.code, money.received_on, ledger=contribution.ledger)
    return [
        convert(entry, rate, support_rate=contribution.programme_support_rate)
        for entry in divided(whole, list(contribution.allocations.all()))
    ]


def _year_of(money: ReceivedMoney) -> int:
    """The year it is for when nobody said: that of the instalment it pays, else of its arrival."""
    return money.instalment.due_on.year if money.instalment else money.received_on.year


def record_gift(
    ledger: Ledger, promise: PromisedContribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post agreement, due and receipt together: money that needs no agreement of its own.

    Such as a core contribution announced by note verbale. The promise is what arrived.
    """
    if earlier := posted_with(ledger, token, Act.RECORD_GIFT):
        return earlier
    if money.currency != promise.currency:
        raise CurrencyMismatch(money.currency.code, promise.currency.code)
    if money.settles != promise.amount or money.year_for != promise.year_for:
        raise PostingWrong(_("A gift is promised as it arrived: amount, charge and year agree."))
    check_promise(promise, ledger, today)
    check_receipt(money, None, ledger, today)

    def entries() -> list[Entry]:
        contribution = written(ledger, promise, Act.RECORD_GIFT, actors)
        paid = replace(money, instalment=contribution.instalments.get())
        return [
            *promised_entries(contribution, promise, Act.RECORD_GIFT),
            *_receipt_entries(contribution, paid),
        ]

    return post(
        ledger,
        act=Act.RECORD_GIFT,
        entries=entries,
        booked_month=month_to_book_in(
            ledger, money.received_on, today, field="received_on", adjusts=money.adjusts
        ),
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
        booked_month=month_to_book_in(ledger, on, today, field="received_on"),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        note=note,
    )
