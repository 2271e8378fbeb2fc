"""The monthly income update: what the Board was told, frozen as the bytes it was told in."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from income.models import Ledger
from income.periods import YearMonth


class UpdateStatus(models.TextChoices):
    """What readers may expect of its figures."""

    PROVISIONAL = "provisional", _("Provisional")
    FINAL = "final", _("Final")


class UpdateState(models.TextChoices):
    """Who can see it: nobody but staff before it is published."""

    PREPARED = "prepared", _("Prepared")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class MonthlyUpdate(models.Model):
    """The update of one closed month, made from one state of the books.

    One person has it prepared, which stores its files; another publishes them as they are. A
    month has one provisional and, later, one final update; both stay.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="updates")
    month = models.PositiveIntegerField()  # yyyymm
    status = models.CharField(max_length=12, choices=UpdateStatus.choices)
    state = models.CharField(
        max_length=10, choices=UpdateState.choices, default=UpdateState.PREPARED
    )
    target_set = models.CharField(max_length=40, blank=True)  # code of the set it measures against
    sequence = models.PositiveBigIntegerField()  # of the books it was made from
    hash = models.CharField(max_length=64)
    known_on = models.DateField()  # the day it was made: the books as known then
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month", "-prepared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "month", "status"],
                condition=Q(state="published"),
                name="an_update_is_published_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="published", published_by__isnull=False, published_at__isnull=False
                )
                | (~Q(state="published") & Q(published_by=None, published_at=None)),
                name="a_published_update_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("prepared_by")),
                name="nobody_publishes_their_own_update",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id} {self.month} {self.status}"

    @property
    def as_at(self) -> YearMonth:
        return YearMonth.from_key(self.month)


class UpdateFile(models.Model):
    """One file of an update as stored bytes. Append-only; the database refuses changes."""

    update = models.ForeignKey(MonthlyUpdate, models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=60)
    language = models.CharField(max_length=10, blank=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["update", "name"]
        constraints = [
            models.UniqueConstraint(fields=["update", "name"], name="a_file_of_an_update_once"),
        ]

    def __str__(self) -> str:
        return self.name


class UpdateNotice(models.Model):
    """That one person was told of one update before there was the outbox; no longer written.

    Read so that nobody is told again; goes with the next release.
    """

    update = models.ForeignKey(MonthlyUpdate, models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(auto_now_add=True)
    is_sent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "user"], name="nobody_is_told_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.update_id} {self.user_id}"
