"""Demonstration rates: where no better rate is in force, the last known one carried on."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, Q

from income.models import ExchangeRate
from income.periods import YearMonth
from income.rates import RANKED, last_day_of
from income.vocabulary import RateType

FIRST_MONTH = YearMonth(2020, 1)
CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "INR", "JPY", "KES", "KRW", "NOK",
    "SEK", "ZAR",
)  # fmt: skip


def carry_rates_on(today: datetime.date) -> int:
    """Add a demonstration rate for each month without a better one; the number added.

    From January 2020 to the month of `today`, on the first of the month: the newest UN
    operational rate or monthly average known before it, whose date its source names. A rate that
    stands is left as it is, so a later run adds the months since.
    """
    last_month = YearMonth.of(today)
    missing = [
        rate
        for currency, known in _known_rates().items()
        for rate in _carried_on(currency, known, last_month)
    ]
    there = set(
        ExchangeRate.objects.filter(rate_type=RateType.DEMONSTRATION).values_list(
            "currency_id", "effective_on"
        )
    )
    new = [rate for rate in missing if (rate.currency_id, rate.effective_on) not in there]
    ExchangeRate.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


class Known(NamedTuple):
    """A better rate, as far as carrying it on needs it."""

    effective_on: datetime.date
    last_on: datetime.date
    rate_type: str
    units_per_usd: Decimal

    def is_in_force(self, day: datetime.date) -> bool:
        return self.effective_on <= day <= self.last_on


def _known_rates() -> dict[str, list[Known]]:
    """By currency, oldest first: the better rates since the first month, and the last before."""
    known: dict[str, list[Known]] = defaultdict(list)
    better = ExchangeRate.objects.filter(currency__in=CURRENCIES, rate_type__in=RANKED)
    first_day = FIRST_MONTH.first_day
    before = better.filter(effective_on__lte=first_day).order_by().values("currency")
    last_days = before.annotate(last=Max("effective_on")).values_list("last", flat=True)
    rates = better.filter(Q(effective_on__gt=first_day) | Q(effective_on__in=set(last_days)))
    in_order = rates.order_by("effective_on", "rate_type", "revision")
    for currency, on, rate_type, units in in_order.values_list(
        "currency_id", "effective_on", "rate_type", "units_per_usd"
    ):
        if on <= first_day:
            known[currency].clear()
        known[currency].append(Known(on, last_day_of(rate_type, on), rate_type, units))
    return known


def _carried_on(
    currency: str, known: Sequence[Known], last_month: YearMonth
) -> Iterator[ExchangeRate]:
    month = FIRST_MONTH
    while month <= last_month:
        before = [rate for rate in known if rate.effective_on <= month.first_day]
        if before and not _is_covered(month, known):
            last = before[-1]
            yield ExchangeRate(
                currency_id=currency, effective_on=month.first_day,
                units_per_usd=last.units_per_usd, rate_type=RateType.DEMONSTRATION,
                source=f"carried on from {last.rate_type} {last.effective_on:%Y-%m-%d}",
            )  # fmt: skip
        month = month.next


def _is_covered(month: YearMonth, known: Sequence[Known]) -> bool:
    """Whether a better rate is in force on the first and on the last day of the month."""
    return all(
        any(rate.is_in_force(day) for rate in known) for day in (month.first_day, month.last_day)
    )
