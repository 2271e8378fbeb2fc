"""Tables of words that figures are grouped by; their rows come from fixtures/."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from donors.names import in_language
from income.fields import ExactDecimalField


class Fund(models.Model):
    """A fund, in a tree: core (RB, FNE), earmarked (FE, TC), other revenue.

    `EARMARKED` itself takes money whose split between FE and TC was never published. Programme
    support (`is_share`) is a share inside earmarked money and is never added to it.
    """

    code = models.CharField(max_length=20, primary_key=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    names = models.JSONField()
    definition = models.CharField(max_length=600, blank=True)
    is_core = models.BooleanField(default=False)
    is_group = models.BooleanField(default=False)
    is_share = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class DomainOfChange(models.Model):
    """One of the four domains of change of the strategic plan 2020–2023."""

    code = models.CharField(max_length=20, primary_key=True)
    names = models.JSONField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class Programme(models.Model):
    """A programme money is given for, such as one of the five flagship programmes."""

    class Kind(models.TextChoices):
        FLAGSHIP = "flagship", _("Flagship programme")
        OTHER = "other", _("Programme")

    code = models.CharField(max_length=40, primary_key=True)
    names = models.JSONField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    domain = models.ForeignKey(DomainOfChange, models.PROTECT, null=True, blank=True)
    goal_usd = ExactDecimalField(places=2, null=True, blank=True)  # investment hoped for
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class Instrument(models.Model):
    """Grant financing instrument of the UN CEB data standards."""

    class Category(models.TextChoices):
        ASSESSED = "assessed", _("Assessed")
        UNEARMARKED = "unearmarked", _("Voluntary un-earmarked")
        EARMARKED = "earmarked", _("Voluntary earmarked")
        OTHER = "other", _("Other")

    code = models.CharField(max_length=6, primary_key=True)
    names = models.JSONField()
    category = models.CharField(max_length=12, choices=Category.choices)
    is_in_kind = models.BooleanField(default=False)
    is_legacy = models.BooleanField(default=False)
    description = models.CharField(max_length=400, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())


class EarmarkingStep(models.Model):
    """How firmly a contribution is tied to a purpose, from unearmarked to tightly earmarked."""

    code = models.CharField(max_length=20, primary_key=True)
    iati_code = models.PositiveSmallIntegerField(unique=True)
    names = models.JSONField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return in_language(self.names, translation.get_language())
