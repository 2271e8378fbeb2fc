"""The rates in force on one day of several currencies at once."""

import datetime
from collections.abc import Collection
from decimal import Decimal

from income.models import ExchangeRate, Ledger
from income.money import USD
from income.rates import RANKED, RANKED_IN_DEMONSTRATION, UN_RATE_LASTS, RateInForce, last_day_of
from income.vocabulary import RateType

FURTHEST_BACK = max(UN_RATE_LASTS, datetime.timedelta(days=31))


def rates_on(
    ledger: Ledger, currencies: Collection[str], on: datetime.date
) -> dict[str, RateInForce]:
    """What `rate_in_force` answers for each currency, in one query; left out where it has none."""
    ranked = RANKED_IN_DEMONSTRATION if ledger.is_demonstration else RANKED
    rows = ExchangeRate.objects.filter(
        currency__in=[code for code in currencies if code != USD], rate_type__in=ranked,
        effective_on__lte=on, effective_on__gte=on - FURTHEST_BACK,
    ).order_by("effective_on", "revision")  # fmt: skip
    newest = {(row.currency_id, row.rate_type): row for row in rows}
    found = {USD: RateInForce(USD, Decimal(1), on, RateType.PARITY)} if USD in currencies else {}
    for rate_type in reversed(ranked):  # the preferred type is written last
        for (code, of_type), row in newest.items():
            if of_type == rate_type and on <= last_day_of(rate_type, row.effective_on):
                found[code] = RateInForce(
                    code, row.units_per_usd, row.effective_on, rate_type, row.source
                )
    return found
