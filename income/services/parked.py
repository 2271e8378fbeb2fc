"""Money on the bank account that nobody can name yet: parked, then matched or sent back."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.errors import AmountWrong, PostingWrong
from income.models import Currency, Ledger, ParkedReceipt, Posting
from income.rules import check_amount, check_past_day
from income.services.payments import ReceivedMoney
from income.vocabulary import ParkedState
from interface.conflicts import EditConflict


@dataclass(frozen=True)
class UnidentifiedMoney:
    """What the bank's statement tells about money that nobody can name. In `currency`."""

    currency: Currency
    amount: Decimal
    received_on: datetime.date
    payer: str = ""  # as the bank wrote it
    bank_reference: str = ""
    note: str = ""


def check_unidentified(money: UnidentifiedMoney, today: datetime.date) -> None:
    """Raise the error that says what is wrong with it, if anything is."""
    check_amount(money.amount, money.currency)
    check_past_day(money.received_on, today, field="received_on")


@transaction.atomic
def park_receipt(
    ledger: Ledger, money: UnidentifiedMoney, *, today: datetime.date, by: User | None,
    token: uuid.UUID | None = None,
) -> ParkedReceipt:  # fmt: skip
    """Write unidentified money down. It counts nowhere until it is matched.

    The same token again returns what was parked first.
    """
    check_unidentified(money, today)
    parked, is_new = ParkedReceipt.objects.get_or_create(
        uuid=token or uuid.uuid4(), ledger=ledger, defaults={"parked_by": by, **_told(money)}
    )
    if is_new:
        record("park_receipt", parked, by=by, after=_as_text(money))
    return parked


@transaction.atomic
def correct_parked(
    parked: ParkedReceipt, money: UnidentifiedMoney, *, version: int, today: datetime.date,
    by: User | None,
) -> ParkedReceipt:  # fmt: skip
    """Change what was written down. Raises EditConflict when somebody else did meanwhile."""
    check_unidentified(money, today)
    locked = _standing(parked)
    if locked.version != version:
        raise EditConflict()
    before = {name: str(getattr(locked, name)) for name in _told(money)}
    for name, value in _told(money).items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save()
    record("correct_parked", locked, by=by, before=before, after=_as_text(money))
    return locked


@transaction.atomic
def send_back_parked(
    parked: ParkedReceipt, *, sent_on: datetime.date, note: str, version: int,
    today: datetime.date, by: User | None,
) -> ParkedReceipt:  # fmt: skip
    """The bank sent the money back; says when and why."""
    check_past_day(sent_on, today, field="sent_on")
    locked = _standing(parked)
    if locked.version != version:
        raise EditConflict()
    if not note.strip():
        raise PostingWrong(_("Say why the money goes back."))
    locked.state, locked.settled_on = ParkedState.RETURNED, sent_on
    locked.note = " · ".join(filter(None, (locked.note, note.strip())))[:500]
    locked.version += 1
    locked.save()
    record("send_back_parked", locked, by=by, after={"sent_on": sent_on, "note": note.strip()})
    return locked


def check_parked(parked: ParkedReceipt, money: ReceivedMoney, ledger: Ledger) -> None:
    """A receipt of parked money is the same money: amount, currency and day agree."""
    if parked.ledger_id != ledger.pk or parked.state != ParkedState.PARKED:
        raise PostingWrong(_("This unidentified money was matched or sent back before."))
    same = (parked.amount, parked.currency_id, parked.received_on)
    if (money.arrived, money.currency.code, money.received_on) != same:
        raise AmountWrong(
            _(
                "The unidentified money is %(amount)s %(currency)s of %(day)s: amount (with what "
                "passes through), currency and day of the receipt are the same."
            )
            % {
                "amount": parked.amount.normalize().__format__(",f"),
                "currency": parked.currency_id,
                "day": parked.received_on.isoformat(),
            }
        )


def match_parked(
    parked: ParkedReceipt, posting: Posting, *, on: datetime.date, by: User | None
) -> None:
    """The posting that the money turned out to be. Called in the posting's own transaction."""
    if parked.posting_id == posting.pk:
        return
    locked = _standing(parked)
    locked.state, locked.posting, locked.settled_on = ParkedState.MATCHED, posting, on
    locked.version += 1
    locked.save()
    record("match_parked", locked, by=by, after={"sequence": posting.sequence})


def _standing(parked: ParkedReceipt) -> ParkedReceipt:
    """The row, locked, when it still waits."""
    locked = ParkedReceipt.objects.select_for_update().get(pk=parked.pk)
    if locked.state != ParkedState.PARKED:
        raise PostingWrong(_("This unidentified money was matched or sent back before."))
    return locked


def _told(money: UnidentifiedMoney) -> dict[str, object]:
    return {
        "currency": money.currency, "amount": money.amount, "received_on": money.received_on,
        "payer": money.payer, "bank_reference": money.bank_reference, "note": money.note,
    }  # fmt: skip


def _as_text(money: UnidentifiedMoney) -> dict[str, str]:
    """For the audit trail, which holds words; the currency by its code."""
    return {**{k: str(v) for k, v in _told(money).items()}, "currency": money.currency.code}
