"""Currencies and exchange rates. A rate is a dated fact: it is never overwritten."""

from django.db import models

from income.fields import ExactDecimalField
from income.vocabulary import RateType


class Currency(models.Model):
    """An ISO 4217 currency with the number of decimals its amounts may have."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=80)
    decimals = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decimals__lte=4), name="a_currency_has_at_most_4_decimals"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """Units of a currency per US dollar from a day on, by one kind of source."""

    currency = models.ForeignKey(Currency, models.PROTECT, related_name="rates")
    effective_on = models.DateField()
    units_per_usd = ExactDecimalField(places=10)
    rate_type = models.CharField(max_length=16, choices=RateType.choices)
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "rate_type", "effective_on"],
                name="one_rate_a_day_currency_and_type",
            ),
            models.CheckConstraint(
                condition=models.Q(units_per_usd__gt=0), name="a_rate_is_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency_id} {self.effective_on} {self.units_per_usd}"
