"""An agreement as the demonstration has it: signed first, then paid in instalments."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.demonstration.acts import Payment, Planned, Promise, Schedule
from income.demonstration.days import day_picked, days_spread
from income.demonstration.payments import CURRENCY_OF, Paid, RateOf, how_many, payments
from income.money import USD

FIRST_DAY = datetime.date(2020, 1, 2)  # the first working day of the books
DUE_AFTER = datetime.timedelta(days=20)  # at most, after the payment
SIGNED_BEFORE = (datetime.timedelta(days=60), datetime.timedelta(days=15))  # the first payment
PURPOSES = {
    "FNE": "Core contribution",
    "FE": "Global and thematic programmes",
    "TC": "Country and regional programmes",
    "EARMARKED": "Earmarked programmes",
}


@dataclass(frozen=True)
class Piece:
    """Money of one donor to one fund that arrives between two days, in US dollars."""

    token: str
    donor: str
    fund: str
    amount_usd: Decimal
    first: datetime.date
    last: datetime.date
    region: str | None = None
    earmarking: str = "earmarked"


def agreed_and_paid(piece: Piece, rate_of: RateOf) -> list[Planned]:
    """The agreement and its payments, whose US dollars add up to the piece exactly."""
    days = days_spread(piece.first, piece.last, count=how_many(piece.amount_usd), key=piece.token)
    currency = CURRENCY_OF.get(piece.donor, USD)
    paid = payments(piece.amount_usd, currency=currency, days=days, rate_of=rate_of)
    return agreement_for(piece, paid)


def agreement_for(piece: Piece, paid: Sequence[Paid]) -> list[Planned]:
    """The agreement that these payments settle in full, and the payments."""
    year = piece.first.year
    promise = Promise(
        token=piece.token, on=_signed_on(paid[0].on, piece.token), donor=piece.donor,
        fund=piece.fund, title=f"{PURPOSES[piece.fund]} {year}", currency=paid[0].currency,
        amount=sum((payment.settles for payment in paid), Decimal(0)),
        schedule=_schedule(piece, paid),
        earmarking=piece.earmarking, region=piece.region,
        starts_on=datetime.date(year, 1, 1), ends_on=datetime.date(year, 12, 31),
    )  # fmt: skip
    return [
        promise,
        *(
            Payment(
                token=f"{piece.token}-{number}", on=payment.on, agreement=piece.token,
                instalment=number, currency=payment.currency, amount=payment.amount,
                credited=payment.credited,
            )
            for number, payment in enumerate(paid, start=1)
        ),
    ]  # fmt: skip


def _schedule(piece: Piece, paid: Sequence[Paid]) -> Schedule:
    """Each instalment falls due on the day of its payment or shortly after, within the year."""
    year_ends_on = datetime.date(piece.first.year, 12, 31)
    latest = [payment.on for payment in paid[1:]] + [year_ends_on]
    schedule = []
    for number, (payment, not_after) in enumerate(zip(paid, latest, strict=True)):
        last = min(payment.on + DUE_AFTER, not_after)
        due_on = day_picked(payment.on, last, key=f"{piece.token}/due/{number}")
        schedule.append((due_on, payment.settles))
    return tuple(schedule)


def _signed_on(first_payment: datetime.date, token: str) -> datetime.date:
    longest, shortest = SIGNED_BEFORE
    return day_picked(
        max(first_payment - longest, FIRST_DAY), max(first_payment - shortest, FIRST_DAY),
        key=f"{token}/signed",
    )  # fmt: skip
