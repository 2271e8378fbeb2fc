"""Which exchange rate is in force on a day: ranked by type, expiring, never guessed."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import QuerySet

from income.models import ExchangeRate, Ledger
from income.money import USD
from income.periods import YearMonth
from income.prepared import Prepared
from income.vocabulary import RateType

# A UN operational rate stays in force until the next one; a table that has not been kept up
# for this long no longer says what the rate is.
UN_RATE_LASTS = datetime.timedelta(days=45)
# Before that many days no rate of any type is in force any more: months have 31 at most.
LONGEST_IN_FORCE = max(UN_RATE_LASTS, datetime.timedelta(days=31))
RANKED = (RateType.UN_OPERATIONAL, RateType.MONTHLY_AVERAGE)
RANKED_IN_DEMONSTRATION = (*RANKED, RateType.DEMONSTRATION)


@dataclass(frozen=True)
class RateInForce:
    """Units of the currency per US dollar, with the rate's own date, type and source."""

    currency: str
    units_per_usd: Decimal
    on: datetime.date
    rate_type: RateType
    source: str = ""


def last_day_of(rate_type: str, effective_on: datetime.date) -> datetime.date:
    """The last day on which a rate of the type may be used."""
    if rate_type == RateType.UN_OPERATIONAL:
        return effective_on + UN_RATE_LASTS
    return YearMonth.of(effective_on).last_day


def rate_in_force(currency: str, on: datetime.date, *, ledger: Ledger) -> RateInForce | None:
    """The rate for the day: the UN operational rate, else the month's average, else None.

    Demonstration rates are used in demonstration books only, and last. None means that the
    amount is *not converted*; nobody falls back on an older or later rate.
    """
    return rates_in_force([currency], on, ledger=ledger)[currency]


@cache
def _recent(currencies: int, ranked: tuple[RateType, ...]) -> Prepared:
    """The rates of that many currencies that may be in force at the end of a time, newest first."""

    def compose(
        after: datetime.date, until: datetime.date, **codes: str
    ) -> QuerySet[ExchangeRate, tuple[Any, ...]]:
        rows = ExchangeRate.objects.filter(
            currency__in=codes.values(), rate_type__in=ranked,
            effective_on__gte=after, effective_on__lte=until,
        ).order_by("-effective_on", "-revision")  # fmt: skip
        return rows.values_list("currency", "units_per_usd", "effective_on", "rate_type", "source")

    codes = {f"code_{n}": str for n in range(currencies)}
    return Prepared(compose, **codes, after=datetime.date, until=datetime.date)


def rates_in_force(
    currencies: Iterable[str], on: datetime.date, *, ledger: Ledger
) -> dict[str, RateInForce | None]:
    """`rate_in_force` of several currencies, by their codes; one query, for US dollars none."""
    wanted = set(currencies)
    found: dict[str, RateInForce | None] = dict.fromkeys(wanted)
    if USD in wanted:
        found[USD] = RateInForce(USD, Decimal(1), on, RateType.PARITY)
    if not wanted - {USD}:
        return found
    ranked = RANKED_IN_DEMONSTRATION if ledger.is_demonstration else RANKED
    codes = {f"code_{n}": code for n, code in enumerate(sorted(wanted - {USD}))}
    rows = _recent(len(codes), ranked).rows(**codes, after=on - LONGEST_IN_FORCE, until=on)
    newest: dict[tuple[str, str], RateInForce] = {}
    for code, units, day, rate_type, source in rows:
        one = RateInForce(code, units, day, RateType(rate_type), source)
        newest.setdefault((code, one.rate_type), one)
    for code in wanted - {USD}:
        of_type = (newest.get((code, rate_type)) for rate_type in ranked)
        found[code] = next(
            (one for one in of_type if one and on <= last_day_of(one.rate_type, one.on)), None
        )
    return found
