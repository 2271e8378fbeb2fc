"""Which exchange rate is in force on a day: ranked by type, expiring, never guessed."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from income.models import ExchangeRate, Ledger
from income.money import USD
from income.periods import YearMonth
from income.vocabulary import RateType

# A UN operational rate stays in force until the next one; a table that has not been kept up
# for this long no longer says what the rate is.
UN_RATE_LASTS = datetime.timedelta(days=45)
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
    if currency == USD:
        return RateInForce(USD, Decimal(1), on, RateType.PARITY)
    for rate_type in RANKED_IN_DEMONSTRATION if ledger.is_demonstration else RANKED:
        found = (
            ExchangeRate.objects.filter(
                currency=currency, rate_type=rate_type, effective_on__lte=on
            )
            .order_by("-effective_on", "-revision")
            .first()
        )
        if found and on <= last_day_of(rate_type, found.effective_on):
            return RateInForce(
                currency, found.units_per_usd, found.effective_on, rate_type, found.source
            )
    return None
