"""Money that leaves again: returned to the donor, or moved from one grant to another."""

import datetime
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from donors.models import Donor
from income.errors import AmountWrong, PostingWrong
from income.ledger import convert, post, posted_with
from income.models import Contribution, Currency, Entry, Ledger, Posting
from income.rates import RateInForce, rate_in_force
from income.rules import check_amount, check_past_day, month_in, month_to_book_in
from income.services.actors import Actors
from income.services.entries import divided, entries_of
from income.services.payments import ReceivedMoney
from income.services.receipts import note_beside
from income.standing import Standing
from income.vocabulary import Act, ContributionState, Kind, Reason
from interface.errors import PortalError
from interface.formatting import format_exact

OPEN_TO_RETURNS = (ContributionState.SIGNED, ContributionState.CLOSED)


@dataclass(frozen=True)
class MovedMoney:
    """Money that leaves an agreement, in `currency`, with the document that says so."""

    currency: Currency
    amount: Decimal  # above zero
    moved_on: datetime.date
    document_reference: str
    reason: Reason = Reason.REFUND
    document: str = ""  # the ERP's document number
    adjusts: bool = False  # its own month is closed: book it in the present one


def received_net(contribution: Contribution, currency: Currency) -> Decimal:
    """What was received under the agreement in a currency, less what was returned or moved."""
    entries = Entry.objects.receipts().filter(contribution=contribution, currency=currency)
    total: Decimal | None = entries.aggregate(total=Sum("amount"))["total"]
    return total or Decimal(0)


def check_moved(
    money: MovedMoney, contribution: Contribution, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says what is wrong with a return or a transfer, if anything is."""
    net = received_net(contribution, money.currency)
    check_leaving(money, contribution, ledger.pk, today, net, Standing.of(ledger))


def check_leaving(
    money: MovedMoney, contribution: Contribution, books: int, today: datetime.date,
    net: Decimal, standing: Standing,
) -> None:  # fmt: skip
    """`check_moved` where `net` was received under the agreement, in books that stand like this."""
    check_amount(money.amount, money.currency)
    check_past_day(money.moved_on, today, field="moved_on")
    month_in(standing.is_closed, money.moved_on, today, field="moved_on", adjusts=money.adjusts)
    if not money.document_reference.strip():
        raise PostingWrong(_("Name the document that says so."))
    if contribution.state not in OPEN_TO_RETURNS or contribution.ledger_id != books:
        raise PostingWrong(
            _("%(number)s is no agreement of these books."), number=contribution.number
        )
    if money.amount > net:
        raise AmountWrong(
            _("Under %(number)s %(net)s %(currency)s were received net: no more can leave it.")
            % {
                "number": contribution.number, "net": format_exact(net.normalize()),
                "currency": money.currency.code,
            },
            code="more_than_received",
        )  # fmt: skip


@transaction.atomic
def return_money(
    ledger: Ledger, contribution: Contribution, money: MovedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post money returned to the donor: a receipt below zero, at the rate of its own day.

    The reason is a refund of unspent balance or interest returned. Instalments stay as they are.
    """
    if earlier := posted_with(ledger, token, Act.RETURN_MONEY):
        return earlier
    [contribution] = _locked(contribution)
    if money.reason not in (Reason.REFUND, Reason.INTEREST):
        raise PostingWrong(_("Money is returned as a refund or as interest."))
    check_moved(money, contribution, ledger, today)
    rate = rate_in_force(money.currency.code, money.moved_on, ledger=ledger)
    entries = returned_entries(contribution, money, rate)
    return _posted(ledger, Act.RETURN_MONEY, entries, money, contribution.title, token, today,
                   actors)  # fmt: skip


@transaction.atomic
def transfer_money(
    ledger: Ledger, source: Contribution, target: Contribution, money: MovedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post money moved between two agreements: what leaves the one enters the other.

    Amounts and US dollars add up to zero, for it is no income. Instalments stay as they are.
    """
    if earlier := posted_with(ledger, token, Act.TRANSFER_MONEY):
        return earlier
    if source.pk == target.pk:
        raise PostingWrong(_("Choose two different agreements."))
    source, target = _locked(source, target)
    check_moved(money, source, ledger, today)
    if target.state not in OPEN_TO_RETURNS or target.ledger_id != ledger.pk:
        raise PostingWrong(_("%(number)s is no agreement of these books."), number=target.number)
    check_same_donor(source, target)
    check_same_mode(source, target)
    entries = _pairs(source, target, money)
    title = f"{source.number} → {target.number}"
    return _posted(ledger, Act.TRANSFER_MONEY, entries, money, title, token, today, actors)


def check_same_mode(source: Contribution, target: Contribution) -> None:
    """Cash does not turn into goods or persons on its way: then it would leave what is cash."""
    if source.mode != target.mode:
        raise PortalError(
            _("%(number)s is given %(mode)s. Choose an agreement that is given like the first.")
            % {"number": target.number, "mode": target.get_mode_display().lower()},
            field="target",
        )


def check_same_donor(source: Contribution, target: Contribution) -> None:
    """A transfer between grants stays with its donor: no donor's money becomes another's."""
    became = Donor.objects.become({source.donor_id, target.donor_id})
    if became[source.donor_id] != became[target.donor_id]:
        raise PostingWrong(
            _(
                "%(one)s and %(other)s are of different donors. Money is transferred between "
                "agreements of one donor only."
            ),
            one=source.number,
            other=target.number,
        )


def _locked(*contributions: Contribution) -> list[Contribution]:
    """The rows, locked in one order, so that two transfers never wait for each other."""
    keys = [contribution.pk for contribution in contributions]
    rows = Contribution.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    locked = {row.pk: row for row in rows.order_by("pk")}
    return [locked[key] for key in keys]


def _moved(contribution: Contribution, money: MovedMoney, sign: int, reason: Reason) -> list[Entry]:
    [whole] = entries_of(
        contribution, (), kind=Kind.RECEIPT, amount=sign * money.amount,
        value_date=money.moved_on, year_for=money.moved_on.year, reason=reason,
    )  # fmt: skip
    whole.currency = money.currency
    return divided(whole, list(contribution.allocations.all()))


def returned_entries(
    contribution: Contribution, money: MovedMoney, rate: RateInForce | None
) -> list[Entry]:
    """The unsaved entries of money returned: receipts below zero."""
    # Interest was never part of a contribution: it bears no programme support.
    bears = money.reason == Reason.REFUND
    return [
        convert(e, rate, support_rate=contribution.programme_support_rate if bears else None)
        for e in _moved(contribution, money, -1, money.reason)
    ]


def _pairs(source: Contribution, target: Contribution, money: MovedMoney) -> list[Entry]:
    """Entries that cancel out two by two, in the currency and in US dollars.

    Where both agreements are split, every part of the one is divided over the parts of the other.
    """
    rate = rate_in_force(money.currency.code, money.moved_on, ledger=source.ledger)
    left: list[Entry] = []
    entered: list[Entry] = []
    for part in _moved(source, money, -1, Reason.TRANSFER):
        for arriving in _moved(target, replace(money, amount=-part.amount), 1, Reason.TRANSFER):
            leaving = copy(part)
            leaving.amount = -arriving.amount
            left.append(convert(leaving, rate, support_rate=source.programme_support_rate))
            entered.append(convert(arriving, rate, support_rate=target.programme_support_rate))
    return left + entered


def _posted(
    ledger: Ledger, act: Act, entries: Sequence[Entry], money: MovedMoney, note: str, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    posting = post(
        ledger, act=act, entries=entries, token=token,
        booked_month=month_to_book_in(
            ledger, money.moved_on, today, field="moved_on", adjusts=money.adjusts
        ),
        prepared_by=actors.prepared_by, approved_by=actors.approved_by, replaces=actors.replaces,
        reference=money.document_reference, note=actors.late_because or note,
    )  # fmt: skip
    beside = ReceivedMoney(money.currency, money.amount, money.moved_on, document=money.document)
    note_beside(posting, beside, today=today, actors=actors)
    return posting
