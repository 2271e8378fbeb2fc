"""Named filters of jobs."""

import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

if TYPE_CHECKING:
    from jobs.models import Job  # noqa: F401

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
