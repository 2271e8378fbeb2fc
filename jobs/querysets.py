"""Named filters of jobs and of outgoing mail."""

import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

if TYPE_CHECKING:
    from jobs.models import Job, OutgoingMail  # noqa: F401

# This floor lies below the accounts, so it spells the permission; a test compares the two.
SEES_EVERY_JOB = "manage_accounts"


class Person(Protocol):
    """Whoever is signed in."""

    pk: Any

    def may(self, permission: str) -> bool: ...


class JobQuerySet(models.QuerySet["Job"]):
    def for_user(self, user: Person) -> "JobQuerySet":
        """One's own jobs; every job for who manages accounts."""
        return self if user.may(SEES_EVERY_JOB) else self.filter(asked_by=user.pk)

    def waiting(self) -> "JobQuerySet":
        """Not yet taken by anybody, the oldest first."""
        return self.filter(state="waiting").order_by("created_at", "pk")

    def running(self) -> "JobQuerySet":
        return self.filter(state="running")

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=["waiting", "running"])

    def silent_since(self, moment: datetime.datetime) -> "JobQuerySet":
        """Running by their row, but without a heartbeat since the moment."""
        return self.running().filter(heartbeat_at__lt=moment)


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        return self.filter(state="waiting")

    def due(self, moment: datetime.datetime) -> "OutgoingMailQuerySet":
        """Waiting, and not put off beyond the moment; the oldest first."""
        is_due = models.Q(due_at=None) | models.Q(due_at__lte=moment)
        return self.waiting().filter(is_due).order_by("created_at", "pk")

    def sending_since(self, moment: datetime.datetime) -> "OutgoingMailQuerySet":
        """Handed to the mail server before the moment, and no answer noted."""
        return self.filter(state="sending", tried_at__lt=moment)

    def for_a_person(self) -> "OutgoingMailQuerySet":
        """What the portal itself does nothing more about: fate unknown, or not accepted."""
        return self.filter(state__in=["unknown", "failed"])
