"""Currencies and exchange rates. A rate is a dated fact: it is never overwritten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from income.fields import ExactDecimalField
from income.vocabulary import CorrectionState, RateType, RateWay


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
    """Units of a currency per US dollar from a day on, by one kind of source.

    A correction is a further revision of the same day; the highest one is in force, and entries
    keep the rate they were posted with.
    """

    currency = models.ForeignKey(Currency, models.PROTECT, related_name="rates")
    effective_on = models.DateField()
    units_per_usd = ExactDecimalField(places=10)
    rate_type = models.CharField(max_length=16, choices=RateType.choices)
    source = models.CharField(max_length=60)
    revision = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "rate_type", "effective_on", "revision"],
                name="one_rate_a_day_currency_and_type",
            ),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1), name="revisions_begin_at_1"
            ),
            models.CheckConstraint(
                condition=models.Q(units_per_usd__gt=0), name="a_rate_is_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency_id} {self.effective_on} {self.units_per_usd}"


class RateCorrection(models.Model):
    """A changed rate for a day that has one, asked for by one person, decided by another."""

    currency = models.ForeignKey(Currency, models.PROTECT, related_name="+")
    effective_on = models.DateField()
    rate_type = models.CharField(max_length=16, choices=RateType.choices)
    was = ExactDecimalField(places=10)  # units per US dollar that stood when it was asked for
    units_per_usd = ExactDecimalField(places=10)
    source = models.CharField(max_length=60)
    because = models.CharField(max_length=500)
    state = models.CharField(
        max_length=8, choices=CorrectionState.choices, default=CorrectionState.ASKED
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    rate = models.OneToOneField(ExchangeRate, models.PROTECT, null=True, related_name="correction")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(units_per_usd__gt=0) & ~Q(units_per_usd=F("was")),
                name="a_correction_changes_the_rate",
            ),
            models.CheckConstraint(condition=~Q(because=""), name="a_rate_correction_says_why"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_their_own_rate",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=CorrectionState.ASKED, decided_by=None, decided_at=None, rate=None
                )
                | Q(
                    state=CorrectionState.APPROVED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    rate__isnull=False,
                )
                | Q(
                    state=CorrectionState.REFUSED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    rate=None,
                ),
                name="a_decided_correction_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=["currency", "rate_type", "effective_on"],
                condition=Q(state=CorrectionState.ASKED),
                name="one_correction_of_a_rate_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency_id} {self.effective_on} {self.was} → {self.units_per_usd}"


class RateLoad(models.Model):
    """One attempt to bring rates in: from a file, a feed or a form, with what came of it."""

    way = models.CharField(max_length=8, choices=RateWay.choices)
    rate_type = models.CharField(max_length=16, choices=RateType.choices)
    origin = models.CharField(max_length=200, blank=True)  # name of the file, host of the feed
    loaded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    has_succeeded = models.BooleanField()
    sentence = models.CharField(max_length=500, blank=True)
    added = models.PositiveIntegerField(default=0)
    newest_on = models.DateField(null=True)  # of the rates that were read

    class Meta:
        ordering = ["-loaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_succeeded=True) | Q(added=0), name="a_failed_load_adds_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.loaded_at}"
