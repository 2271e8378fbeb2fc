"""Asking a person of a donor to sign in: who, for which donors, until when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from donors.models.donors import Donor


class Invitation(models.Model):
    """One letter with one link, which works once and until it expires.

    Only the SHA-256 of the link's token is kept, and the number of the letter: sent again, it is
    the next. `access_ends_on` (exclusive) is when the representation that it opens will end; empty:
    until further notice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    donors = models.ManyToManyField(Donor, related_name="invitations")
    access_ends_on = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    letter = models.PositiveIntegerField(default=1, db_default=1)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, user=None)
                | Q(accepted_at__isnull=False, user__isnull=False),
                name="an_accepted_invitation_has_its_account",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_invitation_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="an_accepted_invitation_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="an_invitation_is_valid_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"
