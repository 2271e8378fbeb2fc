"""A target set as one person entered it, before another approved it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from targets.models.sets import TargetSet


class ProposalState(models.TextChoices):
    """Where something that a second person decides stands."""

    WAITING = "waiting", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


class TargetSetProposal(models.Model):
    """What was typed for a new target set. Approved, it is a set for good; a revision is another.

    `payload` holds the form's fields as they were typed; `version` counts its changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payload = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)  # why it was returned
    target_set = models.OneToOneField(TargetSet, models.PROTECT, null=True, related_name="proposal")

    class Meta:
        ordering = ["-entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="nobody_approves_their_own_targets",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_by=None, target_set=None)
                | Q(
                    state=ProposalState.APPROVED, decided_by__isnull=False,
                    decided_at__isnull=False, target_set__isnull=False,
                )
                | Q(
                    state=ProposalState.RETURNED, decided_by__isnull=False,
                    decided_at__isnull=False, target_set=None,
                ),
                name="an_approved_proposal_is_a_set",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"
