"""The acts a plan is made of: what the books say happened, by code, before anything is posted."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from income.vocabulary import Act

Schedule = tuple[tuple[datetime.date, Decimal], ...]


@dataclass(frozen=True)
class Promise:
    """A pledge or an agreement; amounts in `currency`."""

    token: str
    on: datetime.date
    donor: str
    fund: str
    title: str
    currency: str
    amount: Decimal
    act: Act = Act.SIGN_AGREEMENT
    schedule: Schedule = ()
    earmarking: str = "earmarked"
    region: str | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None


@dataclass(frozen=True)
class Payment:
    """Money under an agreement; `credited` is in the agreement's currency when it differs."""

    token: str
    on: datetime.date
    agreement: str
    instalment: int
    currency: str
    amount: Decimal
    credited: Decimal | None = None
    bank_charge: Decimal | None = None
    year_for: int | None = None


@dataclass(frozen=True)
class Gift:
    """A core contribution that needs no agreement."""

    token: str
    on: datetime.date
    donor: str
    currency: str
    amount: Decimal


@dataclass(frozen=True)
class Allotment:
    token: str
    on: datetime.date
    amount_usd: Decimal
    note: str


@dataclass(frozen=True)
class Part:
    """US dollars of a fund for a region (none: not allocated), of a donor (none: not named)."""

    fund: str
    amount_usd: Decimal
    region: str | None = None
    donor: str | None = None


@dataclass(frozen=True)
class Unnamed:
    """What no source attributes to a donor, a month at a time."""

    token: str
    on: datetime.date
    note: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Refund:
    """A negative row of UN CEB: money that went back to a donor. The amount is below zero."""

    token: str
    on: datetime.date
    part: Part


Planned = Promise | Payment | Gift | Allotment | Unnamed | Refund
# Acts of one day: promises first, what nobody is named for last.
ORDER_OF_A_DAY: tuple[type, ...] = (Allotment, Promise, Gift, Payment, Refund, Unnamed)


def in_order(acts: list[Planned]) -> list[Planned]:
    """By day, then by what comes first, then by token: the same list always."""
    return sorted(acts, key=lambda act: (act.on, ORDER_OF_A_DAY.index(type(act)), act.token))
