"""Campaigns: who was asked for money, what they answered and what came of it. For staff only."""

import uuid

from django.db import models
from django.db.models import F, Q

from donors.models import Donor, Engagement
from income.fields import ExactDecimalField
from income.models.rates import Currency
from income.vocabulary import Answer, CampaignKind


class Campaign(models.Model):
    """The Executive Director's letters, a pledging event or a round of strategic dialogues."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=CampaignKind.choices)
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    is_demonstration = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_campaign_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Approach(models.Model):
    """One donor asked in one campaign; what came of it are the contributions that name it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="approaches")
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="approaches")
    asked_on = models.DateField(null=True, blank=True)
    amount = ExactDecimalField(places=4, null=True, blank=True)  # asked for, in `currency`
    currency = models.ForeignKey(Currency, models.PROTECT, null=True, blank=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NONE)
    answered_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    letter = models.ForeignKey(Engagement, models.PROTECT, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["campaign", "donor"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "donor"], name="a_donor_is_asked_once"),
            models.CheckConstraint(
                condition=Q(amount=None, currency=None)
                | Q(amount__isnull=False, amount__gt=0, currency__isnull=False),
                name="an_amount_asked_has_its_currency",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.NONE, answered_on=None)
                | (~Q(answer=Answer.NONE) & Q(answered_on__isnull=False)),
                name="an_answer_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.donor_id}"
