"""What a donor promised: the contribution and its instalments. Ordinary rows, audited."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from donors.models import Area, Donor, Region
from income.fields import ExactDecimalField
from income.models.ledger import Ledger
from income.models.rates import Currency
from income.models.reference import EarmarkingStep, Fund, Instrument, Programme
from income.querysets import ContributionQuerySet
from income.vocabulary import ContributionState, Mode


class Contribution(models.Model):
    """A pledge or agreement: who promised what, for what, in which currency."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="contributions")
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="contributions")
    channel = models.ForeignKey(
        Donor, models.PROTECT, null=True, blank=True, related_name="channelled"
    )
    fund = models.ForeignKey(Fund, models.PROTECT)
    title = models.CharField(_("purpose"), max_length=300)
    state = models.CharField(max_length=10, choices=ContributionState.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.CASH)
    currency = models.ForeignKey(Currency, models.PROTECT)
    amount = ExactDecimalField(places=4)  # in `currency`
    pledged_on = models.DateField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True)
    earmarking = models.ForeignKey(EarmarkingStep, models.PROTECT, null=True, blank=True)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    # Fraction charged on direct cost (0.13 = 13 per cent); empty for core money.
    programme_support_rate = ExactDecimalField(places=4, null=True, blank=True)
    programme_support_reason = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ledger", "donor"], name="contributions_of_a_donor")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="contribution_above_zero"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ContributionState.SIGNED)
                | models.Q(signed_on__isnull=False),
                name="a_signed_contribution_has_its_date",
            ),
            models.CheckConstraint(
                condition=models.Q(programme_support_rate=None)
                | models.Q(programme_support_rate__gte=0, programme_support_rate__lt=1),
                name="programme_support_rate_is_a_fraction",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_contribution_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """How people refer to it, unique in the installation."""
        return f"C-{self.pk:06d}"


class Instalment(models.Model):
    """A part of a contribution that falls due on a day, in the contribution's currency."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = ExactDecimalField(places=4)

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="instalment_number"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="instalment_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}/{self.number}"
