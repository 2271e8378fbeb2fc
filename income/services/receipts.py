"""Money that arrived under a signed agreement: checked, matched to its instalments, posted."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from income.errors import AmountWrong, PostingWrong
from income.ledger import once, post, posted_with
from income.models import Contribution, ErpReference, Ledger, Posting
from income.money import to_usd
from income.rules import check_amount, check_past_day, month_in
from income.services.actors import Actors
from income.services.locking import Locked, locked, parts_of
from income.services.parked import check_parked, match_parked
from income.services.payments import ReceivedMoney, payment_entries
from income.standing import Standing
from income.vocabulary import Act, ContributionState, ErpScheme

# Between the day's rates and the bank's; more is a slip of the keyboard.
LARGEST_RATE_DIFFERENCE = Decimal("0.25")


def check_receipt(
    money: ReceivedMoney, contribution: Contribution | None, ledger: Ledger, today: datetime.date
) -> None:
    """Raise the error that says what is wrong with the payment, if anything is."""
    check_money(money, contribution, today, Standing.of(ledger))
    if money.parked:
        check_parked(money.parked, money, ledger)


def check_money(
    money: ReceivedMoney, contribution: Contribution | None, today: datetime.date,
    standing: Standing,
) -> None:  # fmt: skip
    """`check_receipt` of money that was not parked, in books that stand like this."""
    check_amount(money.amount, money.currency)
    check_past_day(money.received_on, today, field="received_on")
    month_in(
        standing.is_closed, money.received_on, today, field="received_on", adjusts=money.adjusts
    )
    for field in ("bank_charge", "coordination_levy", "agent_fee"):
        if beside := getattr(money, field):
            check_amount(beside, money.currency, field=field)
    if contribution:
        _check_agreement(money, contribution, standing)


def _check_agreement(money: ReceivedMoney, contribution: Contribution, standing: Standing) -> None:
    if any(chosen.contribution_id != contribution.pk for chosen in money.chosen):
        raise AmountWrong(_("This instalment is of another agreement."), field="instalment")
    if money.credited is not None:
        check_amount(money.credited, contribution.currency, field="credited")
        if money.currency == contribution.currency and money.credited != money.settles:
            raise AmountWrong(
                _(
                    "The agreement is in the currency paid: what is credited is the amount "
                    "received and the bank's charge. Leave it empty."
                ),
                field="credited",
            )
        _check_credited(money, contribution, standing)
    elif money.currency != contribution.currency:
        raise AmountWrong(
            _("The agreement is in %(agreed)s: say how many %(agreed)s this payment settles.")
            % {"agreed": contribution.currency_id},
            field="credited",
            code="not_the_agreed_currency",
        )


def _check_credited(money: ReceivedMoney, contribution: Contribution, standing: Standing) -> None:
    """What is credited is worth about what arrived, at the day's rates where there are any."""
    paid = standing.rate_on(money.currency.code, money.received_on)
    agreed = standing.rate_on(contribution.currency_id, money.received_on)
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


def record_receipt(
    ledger: Ledger, contribution: Contribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post a payment under a signed agreement, at the rate in force on the day it arrived.

    It settles the chosen instalments, oldest first; what exceeds them stands without instalment.
    A difference within the tolerance leaves the due and the agreed in the same posting.
    """
    act = Act.RECORD_RECEIPT

    def received() -> Posting:
        found = locked(ledger, contribution, money, token=token, today=today)
        if found.is_posted and (earlier := posted_with(ledger, token, act)):
            return earlier
        check_signed(found.contribution)
        return _received(found, ledger, money, token=token, today=today, actors=actors)

    return once(ledger, token, act, received)


def _received(
    found: Locked, ledger: Ledger, money: ReceivedMoney, *, token: str, today: datetime.date,
    actors: Actors,
) -> Posting:  # fmt: skip
    contribution, standing = found.contribution, found.standing
    check_money(money, contribution, today, standing)
    if money.parked:
        check_parked(money.parked, money, ledger)
    allocations = parts_of(contribution)
    posting = post(
        ledger,
        act=Act.RECORD_RECEIPT,
        entries=payment_entries(contribution, money, standing=standing, allocations=allocations),
        booked_month=month_in(
            standing.is_closed, money.received_on, today, field="received_on", adjusts=money.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        reference=money.bank_reference,
        note=actors.late_because or contribution.title,
        within=True,
    )
    note_beside(posting, money, today=today, actors=actors)
    return posting


def check_signed(contribution: Contribution) -> None:
    """Only under a signed agreement can money be received."""
    if contribution.state != ContributionState.SIGNED:
        raise PostingWrong(
            _("%(number)s is no signed agreement any more: no receipt can be booked under it."),
            number=contribution.number,
        )


def note_beside(
    posting: Posting, money: ReceivedMoney, *, today: datetime.date, actors: Actors
) -> None:
    """What belongs to a payment and moves no figure: the ERP's document, the parked money."""
    if money.document:
        ErpReference.objects.get_or_create(
            ledger=posting.ledger, posting=posting, scheme=ErpScheme.DOCUMENT, value=money.document
        )
    if money.parked:
        match_parked(money.parked, posting, on=today, by=actors.prepared_by)
