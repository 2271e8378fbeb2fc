"""Where an invitation stands."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from donors.models import Invitation


class InvitationState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("Waiting for the person")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    EXPIRED = "expired", gettext_lazy("Expired")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


def state_of(invitation: Invitation, now: datetime.datetime) -> InvitationState:
    """Where the invitation stands at the moment; one whose officer lost the right has expired."""
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    if invitation.withdrawn_at:
        return InvitationState.WITHDRAWN
    is_open = (
        now < invitation.expires_at
        and not is_over(invitation.access_ends_on, now)
        and invitation.invited_by.may(Permission.INVITE_REPRESENTATIVES)
    )
    return InvitationState.WAITING if is_open else InvitationState.EXPIRED


def is_over(ends_on: datetime.date | None, now: datetime.datetime) -> bool:
    """Whether an access that ends on the day (exclusive) would be over already."""
    return ends_on is not None and ends_on <= timezone.localdate(now)
