"""How old the exchange rates are, said on every page that converts with them."""

import datetime
from dataclasses import dataclass

from django.db.models import Max

from income.models import ExchangeRate, RateLoad
from income.rates.in_force import RANKED, RANKED_IN_DEMONSTRATION, UN_RATE_LASTS
from income.vocabulary import RateType


@dataclass(frozen=True)
class RatesAsOf:
    """The newest rate of each type as at a day, and the last attempt to load some."""

    today: datetime.date
    newest: dict[RateType, datetime.date]  # by type, preferred types first
    last: RateLoad | None

    @property
    def newest_un_on(self) -> datetime.date | None:
        return self.newest.get(RateType.UN_OPERATIONAL)

    @property
    def others(self) -> list[tuple[RateType, datetime.date]]:
        return [(kind, on) for kind, on in self.newest.items() if kind != RateType.UN_OPERATIONAL]

    @property
    def is_old(self) -> bool:
        """Whether no UN operational rate can be in force on the day."""
        return self.newest_un_on is None or self.newest_un_on + UN_RATE_LASTS < self.today

    @property
    def has_failed(self) -> bool:
        return self.last is not None and not self.last.has_succeeded


def rates_as_of(today: datetime.date, *, with_demonstration: bool) -> RatesAsOf:
    """What is known of the rates' age; two queries. Rates of days to come are left out."""
    kinds = RANKED_IN_DEMONSTRATION if with_demonstration else RANKED
    rows = ExchangeRate.objects.filter(rate_type__in=kinds, effective_on__lte=today)
    newest = dict(rows.order_by().values_list("rate_type").annotate(newest=Max("effective_on")))
    found = {kind: newest[kind.value] for kind in kinds if kind.value in newest}
    return RatesAsOf(today, found, RateLoad.objects.first())
