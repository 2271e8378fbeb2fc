"""Money without an agreement of its own: core gifts, and a month's online gifts."""

import datetime
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from income.errors import CurrencyMismatch, PostingWrong
from income.ledger import post, posted_with
from income.models import Contribution, Entry, Ledger, Posting
from income.periods import YearMonth
from income.rules import month_to_book_in
from income.services.actors import Actors
from income.services.agreements import (
    PromisedContribution,
    check_promise,
    promised_entries,
    written,
)
from income.services.payments import ReceivedMoney, payment_entries
from income.services.receipts import check_receipt, note_beside
from income.settlement import rates_in, states_in
from income.vocabulary import Act, Kind


def record_gift(
    ledger: Ledger, promise: PromisedContribution, money: ReceivedMoney, *, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post agreement, due and receipt together: money that needs no agreement of its own.

    Such as a core contribution announced by note verbale. The promise is what arrived.
    """
    return _gift(
        ledger, promise, money, act=Act.RECORD_GIFT, token=token, today=today, actors=actors
    )


@transaction.atomic
def _gift(
    ledger: Ledger, promise: PromisedContribution, money: ReceivedMoney, *, act: Act, token: str,
    today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    if earlier := posted_with(ledger, token, act):
        return earlier
    if money.currency != promise.currency:
        raise CurrencyMismatch(money.currency.code, promise.currency.code)
    if money.settles != promise.amount or money.year_for != promise.year_for:
        raise PostingWrong(_("A gift is promised as it arrived: amount, charge and year agree."))
    check_promise(promise, ledger, today)
    check_receipt(money, None, ledger, today)

    def entries() -> list[Entry]:
        contribution = written(ledger, promise, act, actors)
        promised = promised_entries(contribution, promise, act)
        paid = replace(money, instalment=contribution.instalments.get())
        states = states_in(promised, contribution.instalments.all())
        due = [entry for entry in promised if entry.kind == Kind.DUE]
        return [*promised, *payment_entries(contribution, paid, states, rates_in(due))]

    posting = post(
        ledger,
        act=act,
        entries=entries,
        booked_month=month_to_book_in(
            ledger, money.received_on, today, field="received_on", adjusts=money.adjusts
        ),
        token=token,
        prepared_by=actors.prepared_by,
        approved_by=actors.approved_by,
        replaces=actors.replaces,
        reference=money.bank_reference,
        note=actors.late_because or promise.title,
    )
    note_beside(posting, money, today=today, actors=actors)
    return posting


@dataclass(frozen=True)
class OnlineBatch:
    """The small gifts of one month through one platform, booked as one."""

    month: YearMonth
    platform: str
    count: int

    @property
    def reference(self) -> str:
        """By which a second batch of the same month and platform is found."""
        return f"online:{self.month.key}:{' '.join(self.platform.casefold().split())}"[:80]


def earlier_batch(ledger: Ledger, batch: OnlineBatch) -> Contribution | None:
    """The batch of the same month and platform that stands in the books, if there is one."""
    standing = Contribution.objects.in_books(ledger).filter(
        reference=batch.reference, entries__posting__act=Act.RECORD_ONLINE_GIFTS,
        entries__posting__reversed_by=None,
    )  # fmt: skip
    return standing.order_by("pk").first()


@transaction.atomic
def record_online_gifts(
    ledger: Ledger, batch: OnlineBatch, promise: PromisedContribution, money: ReceivedMoney, *,
    is_another: bool = False, token: str, today: datetime.date, actors: Actors,
) -> Posting:  # fmt: skip
    """Post a month's online gifts as one: the gross is given, the platform's fees are its charge.

    Raises PostingWrong for a second batch of the month and platform, unless `is_another`.
    """
    # Locked, so that two approvals at once do not post one month twice.
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    if earlier := posted_with(ledger, token, Act.RECORD_ONLINE_GIFTS):
        return earlier
    if not is_another and (before := earlier_batch(ledger, batch)):
        raise PostingWrong(
            _("The gifts of %(month)s through %(platform)s stand in the books: %(number)s."),
            month=batch.month, platform=batch.platform, number=before.number,
        )  # fmt: skip
    return _gift(
        ledger, replace(promise, reference=batch.reference), money,
        act=Act.RECORD_ONLINE_GIFTS, token=token, today=today, actors=actors,
    )  # fmt: skip
