"""What an indicator stood at on a day, where the books cannot say it; who answers for it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Area
from targets.models.proposals import ProposalState
from targets.models.sets import Indicator


class Milestone(models.TextChoices):
    """How far a thing is that is done once: a policy, a post, a training."""

    NOT_STARTED = "not_started", _("Not started")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")


class Measurement(models.Model):
    """A dated fact about an indicator, with its evidence; another person approves it.

    `value` is in the indicator's unit, or empty where `milestone` says how far it is. Nothing is
    edited afterwards: what changed is a newer measurement.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    milestone = models.CharField(max_length=12, choices=Milestone.choices, blank=True)
    evidence = models.CharField(max_length=500)
    evidence_url = models.URLField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-measured_on", "-entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value=None, milestone__in=Milestone.values)
                | Q(value__isnull=False, milestone=""),
                name="a_measurement_is_a_value_or_a_milestone",
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""), name="a_measurement_names_its_evidence"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="nobody_approves_their_own_measurement",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_by=None, decided_at=None)
                | Q(
                    state__in=[ProposalState.APPROVED, ProposalState.RETURNED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="a_decided_measurement_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.measured_on}"


class IndicatorOwner(models.Model):
    """The unit that answers for an indicator; the strategy's text names none."""

    indicator = models.OneToOneField(Indicator, models.PROTECT, related_name="owner")
    name = models.CharField(_("unit or post"), max_length=200)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_owner_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class EconomyList(models.Model):
    """Which countries count as emerging economies from a day on, after a document.

    The newest approved list on or before a day is in force; without one, indicators that need it
    cannot be computed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=300)  # document, edition
    dated_on = models.DateField()
    areas = models.ManyToManyField(Area, related_name="+")
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-dated_on", "-entered_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="an_economy_list_has_a_source"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="nobody_approves_their_own_economy_list",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_by=None, decided_at=None)
                | Q(
                    state__in=[ProposalState.APPROVED, ProposalState.RETURNED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="a_decided_economy_list_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.dated_on}"
