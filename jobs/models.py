"""Work that takes longer than a request, and mail. The row is the queue; threads and Celery only
run it.
"""

import uuid

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jobs.querysets import JobQuerySet, OutgoingMailQuerySet


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


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNKNOWN = "unknown", _("Nobody knows whether it went")
    FAILED = "failed", _("Not accepted by the mail server")
    DROPPED = "dropped", _("Not sent, because it was no longer true")
    SETTLED = "settled", _("Dealt with by a person")


class OutgoingMail(models.Model):
    """One e-mail of the outbox: of what kind, about what, to whom, and what became of it.

    It holds no text: the function registered for its kind (jobs/letters.py) writes that when the
    mail is sent. `about` is the key of what it is about, so that no mail can be queued twice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    address = models.EmailField(blank=True, default="")  # of a person without an account
    language = models.CharField(max_length=10, blank=True, default="")  # empty: the account's
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True)  # not to be tried before; empty: at once
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # Of workers to send it, and of people to have it sent again: whose turn it is.
    attempts = models.PositiveIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)  # in a row; nothing was accepted
    reason = models.CharField(max_length=60, blank=True, default="")  # the kind of error alone

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="mail_that_is_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient=None) ^ models.Q(address=""),
                name="a_mail_goes_to_an_account_or_an_address",
            ),
            models.UniqueConstraint(
                fields=["kind", "about", "recipient"],
                condition=models.Q(recipient__isnull=False),
                name="one_mail_to_an_account",
            ),
            models.UniqueConstraint(
                fields=["kind", "about", "address"],
                condition=models.Q(recipient=None),
                name="one_mail_to_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def waits_for_a_person(self) -> bool:
        """Whether the portal will do nothing more about it unless somebody decides."""
        return self.state in (MailState.UNKNOWN, MailState.FAILED)
