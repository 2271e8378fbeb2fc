"""What was hoped for, one set per document, and what documents printed. Conflicts are kept."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from donors.models import ContributorType, Region
from donors.names import in_language
from income.fields import ExactDecimalField
from income.models import Fund


class StrategyPeriod(models.Model):
    """The years a strategy covers; 2020–2023 is one, others can follow."""

    code = models.CharField(max_length=20, primary_key=True)
    names = models.JSONField()
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["from_year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_year__gte=models.F("from_year")), name="a_period_has_years"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())

    @property
    def years(self) -> range:
        return range(self.from_year, self.to_year + 1)


class Document(models.Model):
    """A document that prints targets or figures."""

    code = models.CharField(max_length=40, primary_key=True)
    names = models.JSONField()
    symbol = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    url = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["dated_on", "code"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class Scope(models.Model):
    """Which money a target or a printed figure is about: funds, and contributor types if any."""

    code = models.CharField(max_length=20, primary_key=True)
    names = models.JSONField()
    funds = models.ManyToManyField(Fund, blank=True)
    contributor_types = models.ManyToManyField(ContributorType, blank=True)
    note = models.CharField(max_length=400, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class TargetKind(models.TextChoices):
    TARGET = "target", _("Target")
    RESTATED = "restated_target", _("Restated target")
    APPROVED = "approved_budget", _("Approved budget")
    PROPOSED = "proposed_budget", _("Proposed budget")
    DRAFT = "draft_budget", _("Draft budget")
    RANGE = "recommended_range", _("Recommended range")
    PROJECTION = "projection", _("Projection")
    RESERVE = "reserve", _("Reserve")


class SupportTreatment(models.TextChoices):
    """Where programme support stands in a set of targets."""

    INSIDE = "inside", _("programme support inside")
    ON_TOP = "on_top", _("programme support on top, as a line of its own")
    NOT_STATED = "not_stated", _("programme support not stated")


class TargetSet(models.Model):
    """The targets of one document, or of one table of it. A revision is a new set."""

    code = models.CharField(max_length=40, primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="target_sets")
    names = models.JSONField()
    kind = models.CharField(max_length=20, choices=TargetKind.choices)
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    programme_support = models.CharField(max_length=12, choices=SupportTreatment.choices)
    covers = models.CharField(max_length=400)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class AnnualTarget(models.Model):
    """What one set hoped for, for a scope, in a year or over a span of years; US dollars."""

    target_set = models.ForeignKey(TargetSet, models.PROTECT, related_name="targets")
    scope = models.ForeignKey(Scope, models.PROTECT)
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    amount_usd = ExactDecimalField(places=2)
    paragraph = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["target_set", "scope", "from_year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_year__gte=models.F("from_year")), name="a_target_has_years"
            ),
            models.UniqueConstraint(
                fields=["target_set", "scope", "from_year", "to_year"],
                name="one_target_a_set_scope_and_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_set_id} {self.scope_id} {self.from_year}"


class MonthlyTarget(models.Model):
    """The cumulative path of a target by month, only where a path was approved."""

    target = models.ForeignKey(AnnualTarget, models.PROTECT, related_name="path")
    month = models.PositiveIntegerField()  # yyyymm
    cumulative_usd = ExactDecimalField(places=2)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["target", "month"], name="one_point_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.month}"


class Comparison(models.TextChoices):
    AT_LEAST = "at_least", _("at least")
    EXACTLY = "exactly", _("exactly")
    DONE = "done", _("done")
    NONE = "none", _("no target printed")


class Indicator(models.Model):
    """An indicator of the strategy's actions A–L, as the strategy's text prints it."""

    code = models.CharField(max_length=8, primary_key=True)
    period = models.ForeignKey(StrategyPeriod, models.PROTECT)
    action = models.CharField(max_length=1)
    action_names = models.JSONField()
    names = models.JSONField()
    target = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    comparison = models.CharField(max_length=10, choices=Comparison.choices)
    unit = models.CharField(max_length=20, blank=True)
    due_year = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class PublishedFigure(models.Model):
    """What a document printed: compared with the books, never added to them."""

    class Measure(models.TextChoices):
        RECEIVED = "received", _("received")
        REVENUE = "revenue", _("revenue")
        INCOME = "income", _("income")
        PLEDGED = "pledged", _("pledged")
        SHARE_OF_TARGET = "share_of_target", _("share of the target")
        ALLOCATED = "allocated_to_region", _("allocated to a region")

    class Unit(models.TextChoices):
        USD = "usd", _("US dollars")
        PERCENT = "percent", _("per cent")

    code = models.CharField(max_length=60, primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="figures")
    paragraph = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=20, choices=Measure.choices)
    scope = models.ForeignKey(Scope, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    year = models.PositiveSmallIntegerField()
    as_at = models.DateField(null=True, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    basis = models.CharField(max_length=120)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["year", "document", "code"]

    def __str__(self) -> str:
        return self.code
