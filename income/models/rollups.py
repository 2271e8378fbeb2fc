"""Sums kept in the posting's own transaction. Small, because the domain bounds them.

Amounts are US dollars of converted entries; what is not converted is counted from the entries.
`month` and `year` are those of the value date. Questions are about all books of a kind: each unique
index begins with these, and an index for each foreign key would be dead weight at every posting.
"""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Coalesce

from donors.models import Area, Donor, Region
from income.fields import ExactDecimalField
from income.models.ledger import Ledger
from income.models.reference import EarmarkingStep, Fund, Instrument, Programme
from income.vocabulary import Kind, Mode


class MonthlyTotal(models.Model):
    """Per fund, region and month: funds against targets, cumulative lines, regions."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, null=True, db_index=False)
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

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, db_index=False)
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

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, db_index=False)
    month = models.PositiveIntegerField()  # yyyymm
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "mode", "fund", Coalesce("donor", models.Value(0)), "month",
                name="one_donor_month_total",
            )
        ]  # fmt: skip


class YearlyTotal(models.Model):
    """Per year with all that a sum of it can be asked by: who gave where, through what, for what.

    As many cells as agreements had money in a year, and fewer where they are alike.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, db_index=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, db_index=False)
    earmarking = models.ForeignKey(EarmarkingStep, models.PROTECT, null=True, db_index=False)
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "year", "mode", "fund",
                Coalesce("donor", models.Value(0)),
                Coalesce("region", models.Value("")),
                Coalesce("area", models.Value("")),
                Coalesce("programme", models.Value("")),
                Coalesce("instrument", models.Value("")),
                Coalesce("earmarking", models.Value("")),
                name="one_yearly_total",
            )
        ]  # fmt: skip


class Grain(models.TextChoices):
    """Which rollup the eras take apart: each is cut where it is worth it."""

    MONTHS = "months"  # EraMonthlyTotal: few cells, short eras
    DONORS = "donors"  # EraDonorTotal: many cells, long ones


class Era(models.Model):
    """A stretch of the books that is over: the postings after one sequence up to another.

    What was posted in it never changes, so what it added to a rollup is kept beside it. The eras
    of one ledger and grain follow each other without a gap, from the first posting on.
    """

    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="eras", db_index=False)
    grain = models.CharField(max_length=6, choices=Grain.choices)
    after = models.PositiveBigIntegerField()  # sequence before its first posting
    until = models.PositiveBigIntegerField()  # sequence of its last posting
    hash = models.CharField(max_length=64)  # of its last posting

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ledger", "grain", "after"], name="eras_do_not_fork"),
            models.UniqueConstraint(fields=["ledger", "grain", "until"], name="an_era_ends_once"),
            models.CheckConstraint(
                condition=models.Q(after__lt=models.F("until")), name="an_era_holds_postings"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grain} {self.after + 1}–{self.until}"


class EraMonthlyTotal(models.Model):
    """What an era added to `MonthlyTotal`: earlier states of funds, regions and months."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, null=True, db_index=False)
    month = models.PositiveIntegerField()  # yyyymm
    until = models.PositiveBigIntegerField()  # the era, by its last sequence
    amount_usd = ExactDecimalField(places=2)
    programme_support_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "month", "until", "mode", "fund",
                Coalesce("region", models.Value("")),
                name="one_monthly_total_of_an_era",
            )
        ]  # fmt: skip


class EraDonorTotal(models.Model):
    """What an era added to `DonorMonthTotal`: earlier states of what donors gave."""

    ledger = models.ForeignKey(Ledger, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    fund = models.ForeignKey(Fund, models.PROTECT, db_index=False)
    donor = models.ForeignKey(Donor, models.PROTECT, null=True, db_index=False)
    month = models.PositiveIntegerField()  # yyyymm
    until = models.PositiveBigIntegerField()  # the era, by its last sequence
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ledger", "kind", "month", "until", "mode", "fund",
                Coalesce("donor", models.Value(0)),
                name="one_donor_total_of_an_era",
            )
        ]  # fmt: skip
