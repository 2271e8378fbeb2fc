"""How an amount in US dollars is paid in a donor's own currency, so that the dollars are exact."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, localcontext

from income.money import EXACT, USD, round_half_up, split, to_usd

# Units of a currency per US dollar on a day.
RateOf = Callable[[str, datetime.date], Decimal]

# Donors that pay in a currency of their own; every other one pays in US dollars.
CURRENCY_OF = {
    "CHE": "CHF",
    "EU": "EUR",
    "JPN": "JPY",
    "KFW": "EUR",
    "KOR": "KRW",
    "NLD": "EUR",
    "NOR": "NOK",
    "SWE": "SEK",
}
WITHOUT_DECIMALS = ("JPY", "KRW")
ROUND_THOUSANDS = Decimal(1_000)  # of the currency, for all payments but the last
# Up to so many US dollars: so many payments.
SIZES = ((Decimal(500_000), 1), (Decimal(2_000_000), 2), (Decimal(5_000_000), 3))
MOST_PAYMENTS = 4


@dataclass(frozen=True)
class Paid:
    """One payment; `credited` settles the agreement when it is in another currency."""

    on: datetime.date
    currency: str
    amount: Decimal
    amount_usd: Decimal
    credited: Decimal | None = None

    @property
    def settles(self) -> Decimal:
        """In the agreement's currency."""
        return self.amount if self.credited is None else self.credited


def how_many(amount_usd: Decimal) -> int:
    """How many payments an amount comes in."""
    return next((count for most, count in SIZES if amount_usd <= most), MOST_PAYMENTS)


def exactly(amount_usd: Decimal, currency: str, rate: Decimal) -> Decimal | None:
    """The amount in the currency that gives these US dollars at the rate; None if none does."""
    with localcontext(EXACT):
        amount = round_half_up(amount_usd * rate, 0 if currency in WITHOUT_DECIMALS else 2)
    return amount if to_usd(amount, rate) == amount_usd else None


def payments(
    amount_usd: Decimal, *, currency: str, days: Sequence[datetime.date], rate_of: RateOf
) -> list[Paid]:
    """One payment a day whose US dollars, at each day's rate, add up to the amount exactly.

    All but the last are round amounts of the currency. Where no amount of the currency makes the
    last one exact, it is paid in US dollars. The agreement is in the first payment's currency.
    """
    paid: list[Paid] = []
    for day, part in zip(days[:-1], split(amount_usd, [Decimal(1)] * len(days)), strict=False):
        rate = rate_of(currency, day)
        with localcontext(EXACT):
            thousands = (part * rate / ROUND_THOUSANDS).to_integral_value(ROUND_DOWN)
        amount = thousands * ROUND_THOUSANDS
        paid.append(Paid(day, currency, amount, to_usd(amount, rate)))
    rest = amount_usd - sum((payment.amount_usd for payment in paid), Decimal(0))
    return [*paid, _last(rest, currency, days[-1], rate_of, is_alone=not paid)]


def _last(
    rest: Decimal, currency: str, day: datetime.date, rate_of: RateOf, *, is_alone: bool
) -> Paid:
    rate = rate_of(currency, day)
    amount = exactly(rest, currency, rate)
    if amount is not None:
        return Paid(day, currency, amount, rest)
    if is_alone:
        return Paid(day, USD, rest, rest)
    with localcontext(EXACT):
        credited = round_half_up(rest * rate, 0 if currency in WITHOUT_DECIMALS else 2)
    return Paid(day, USD, rest, rest, credited=credited)
