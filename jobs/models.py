"""Work that takes longer than a request. The row is the queue; threads and Celery only run it."""

import uuid

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jobs.querysets import JobQuerySet


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """One piece of work: what, for whom, how far, with what result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done_steps = models.PositiveBigIntegerField(default=0)
    all_steps = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(default=dict)
    sentence = models.CharField(max_length=500, blank=True)  # what came of it, for people
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "created_at"], name="jobs_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @cached_property
    def steps(self) -> tuple[int, int]:
        """Done, of how many. From the cache where the database took no heartbeat of late."""
        beside = cache.get(self.steps_key) if self.state == JobState.RUNNING else None
        return max((self.done_steps, self.all_steps), tuple(beside or (0, 0)))

    @property
    def steps_key(self) -> str:
        """Under which the cache keeps the steps of this attempt."""
        return f"job-steps:{self.uuid}:{self.attempts}"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        done, of = self.steps
        return 100 * done // of if of else 0

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)
