"""Sums kept in the posting's own transaction. Small, because the domain bounds them.

Amounts are US dollars of converted entries; what is not converted is counted from the entries.
`month` and `year` are those of the value date.
"""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Coalesce

from donors.models import Donor, Region
from income.fields import ExactDecimalField
from income.models.ledger import Ledger
from income.models.reference import EarmarkingStep, Fund, Instrument, Programme
from income.vocabulary import Kind, Mode


class MonthlyTotal(models.Model):
    """Per fund, region and month: funds against targets, cumulative lines, regions."""

    ledger = models.ForeignKey(Ledger, models.CASCADE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT)
    region = models.ForeignKey(Region, models.PROTECT, null=True)
    month = models.PositiveIntegerField()  # yyyymm
    amount_usd = ExactDecimalField(places=2)
    programme_support_usd = ExactDecimalField(places=2, default=Decimal(0))  # expected inside

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "mode", "fund", Coalesce("region", models.Value("")), "month",
                name="one_monthly_total",
            )
        ]  # fmt: skip


class DonorTotal(models.Model):
    """Per fund, donor and year: who gave, how much, ranked."""

    ledger = models.ForeignKey(Ledger, models.CASCADE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True)
    year = models.PositiveSmallIntegerField()
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        indexes = [
            models.Index(
                "ledger", "kind", "mode", "fund", "year", models.F("amount_usd").desc(),
                name="largest_donors_of_a_year",
            ),
            models.Index(fields=["donor", "ledger", "kind"], name="years_of_a_donor"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "mode", "fund", Coalesce("donor", models.Value(0)), "year",
                name="one_donor_total",
            )
        ]  # fmt: skip


class DonorMonthTotal(models.Model):
    """Per fund, donor and month: the ten largest donors of a year as at a month."""

    ledger = models.ForeignKey(Ledger, models.CASCADE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True)
    month = models.PositiveIntegerField()  # yyyymm
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "mode", "fund", Coalesce("donor", models.Value(0)), "month",
                name="one_donor_month_total",
            )
        ]  # fmt: skip


class ProgrammeTotal(models.Model):
    """Per fund, programme, instrument, earmarking step and year: what money is for."""

    ledger = models.ForeignKey(Ledger, models.CASCADE)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True)
    earmarking = models.ForeignKey(EarmarkingStep, models.PROTECT, null=True)
    year = models.PositiveSmallIntegerField()
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "mode", "fund",
                Coalesce("programme", models.Value("")),
                Coalesce("instrument", models.Value("")),
                Coalesce("earmarking", models.Value("")),
                "year",
                name="one_programme_total",
            )
        ]  # fmt: skip
