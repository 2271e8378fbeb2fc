"""All rates at once, for a file of rows: the same answers as `rate_in_force`, without queries."""

import datetime
from bisect import bisect_right
from collections import defaultdict
from decimal import Decimal

from income.models import ExchangeRate, Ledger
from income.money import USD
from income.rates.in_force import (
    RANKED,
    RANKED_IN_DEMONSTRATION,
    RateInForce,
    last_day_of,
)
from income.vocabulary import RateType

MOST_FOUND = 50_000  # answers kept: files of a million rows fill no more memory
Days = list[tuple[datetime.date, Decimal, str]]


class RateTable:
    """The rates that books may use, as they stood when it was made."""

    def __init__(self, ledger: Ledger) -> None:
        self._ranked = RANKED_IN_DEMONSTRATION if ledger.is_demonstration else RANKED
        self._days: dict[tuple[str, str], Days] = defaultdict(list)
        self._found: dict[tuple[str, datetime.date], RateInForce | None] = {}
        rates = ExchangeRate.objects.filter(rate_type__in=self._ranked)
        # The highest revision of a day comes last, and stands.
        rows = rates.order_by("currency", "rate_type", "effective_on", "revision")
        for currency, rate_type, on, units, source in rows.values_list(
            "currency", "rate_type", "effective_on", "units_per_usd", "source"
        ):
            days = self._days[currency, rate_type]
            if days and days[-1][0] == on:
                days.pop()
            days.append((on, units, source))

    def on(self, currency: str, day: datetime.date) -> RateInForce | None:
        """The rate in force on the day, as `rate_in_force` gives it."""
        key = (currency, day)
        if key not in self._found:
            if len(self._found) >= MOST_FOUND:
                self._found.clear()
            self._found[key] = self._look(currency, day)
        return self._found[key]

    def _look(self, currency: str, day: datetime.date) -> RateInForce | None:
        if currency == USD:
            return RateInForce(USD, Decimal(1), day, RateType.PARITY)
        for rate_type in self._ranked:
            days = self._days.get((currency, rate_type), [])
            place = bisect_right(days, day, key=lambda one: one[0])
            if place and day <= last_day_of(rate_type, days[place - 1][0]):
                on, units, source = days[place - 1]
                return RateInForce(currency, units, on, rate_type, source)
        return None
