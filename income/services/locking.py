"""An agreement that money arrives under: locked, with what the books say beside it."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, QuerySet

from donors.models import Donor
from income.models import Allocation, Contribution, Ledger, Month, Posting
from income.periods import YearMonth
from income.prepared import Prepared
from income.rates import RateInForce, rates_in_force
from income.services.payments import ReceivedMoney
from income.standing import Standing

RateOn = Callable[[str, datetime.date], RateInForce | None]


@dataclass(frozen=True)
class Locked:
    """The row as it stands, and how its books stood when it was asked for.

    Whether a month is closed and a token was posted is asked again when the posting is written.
    """

    contribution: Contribution
    standing: Standing
    is_posted: bool


def locked(
    ledger: Ledger, contribution: Contribution, money: ReceivedMoney, *, token: str,
    today: datetime.date,
) -> Locked:  # fmt: skip
    """Lock the agreement, so that nobody reverses it while money is booked under it."""
    its_own, present = YearMonth.of(money.received_on), YearMonth.of(today)
    [found] = LOCKED.rows(
        pk=contribution.pk, ledger=ledger.pk, token=token, month=its_own.key, present=present.key
    )
    *columns, is_posted, own_is_closed, present_is_closed = found
    row = Contribution.from_db(DEFAULT_DB_ALIAS, COLUMNS, columns)
    if row.ledger_id == ledger.pk:
        row.ledger = ledger
    if row.currency_id == money.currency.pk:
        row.currency = money.currency
    closed = {its_own: own_is_closed, present: present_is_closed}
    standing = Standing(closed.__getitem__, _rates(ledger, row, money))
    return Locked(row, standing, is_posted)


COLUMNS = tuple(field.attname for field in Contribution._meta.concrete_fields)


def _lock(
    pk: int, ledger: int, token: str, month: int, present: int
) -> QuerySet[Contribution, tuple[Any, ...]]:
    rows = Contribution.objects.select_for_update(of=("self",)).filter(pk=pk)
    closed = Month.objects.filter(ledger=ledger)
    asked = {
        "is_posted": Exists(Posting.objects.filter(ledger=ledger, token=token)),
        "own_is_closed": Exists(closed.filter(month=month)),
        "present_is_closed": Exists(closed.filter(month=present)),
    }
    return rows.annotate(**asked).values_list(*COLUMNS, *asked)


LOCKED = Prepared(_lock, pk=int, ledger=int, token=str, month=int, present=int)


def _rates(ledger: Ledger, row: Contribution, money: ReceivedMoney) -> RateOn:
    """The rates of both currencies, read together and once for a day."""
    both = {row.currency_id, money.currency.code}

    @cache
    def of_day(day: datetime.date) -> dict[str, RateInForce | None]:
        return rates_in_force(both, day, ledger=ledger)

    return lambda currency, day: of_day(day)[currency]


PART = ("id", "contribution_id", "number", "amount", "programme_id", "region_id", "area_id")


def parts_of(contribution: Contribution) -> list[Allocation]:
    """The agreement's allocations, in their order.

    With them come its donor and channel, as far as a posting needs them: the agreement has
    both afterwards without asking again.
    """
    found = PARTS.rows(pk=contribution.pk)
    donor, channel = found[0][:2]
    contribution.donor = _named(contribution.donor_id, donor)
    if channel is not None:
        contribution.channel = _named(contribution.channel_id, channel)
    return [
        Allocation.from_db(DEFAULT_DB_ALIAS, PART, row[2:]) for row in found if row[2] is not None
    ]


def _parts(pk: int) -> QuerySet[Contribution, tuple[Any, ...]]:
    rows = Contribution.objects.filter(pk=pk).order_by("allocations__number")
    columns = (f"allocations__{name}" for name in PART)
    return rows.values_list("donor__uuid", "channel__uuid", *columns)


PARTS = Prepared(_parts, pk=int)


def _named(key: int | None, identity: uuid.UUID) -> Donor:
    """A donor of whom nothing else was read."""
    return Donor.from_db(DEFAULT_DB_ALIAS, ("id", "uuid"), (key, identity))
