"""What the agency opens to everybody: the switches, and the files that follow a standard."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from income.models import Ledger
from income.periods import YearMonth
from reports.models.sealed import report_storage
from reports.models.updates import MonthlyUpdate


class PublicBlock(models.Model):
    """Whether one part of the public pages is open. A part without a row is closed."""

    code = models.CharField(max_length=30, primary_key=True)  # see reports/open/policy.py
    is_open = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.code


class PublicationKind(models.TextChoices):
    """The standard that a publication follows."""

    IATI = "iati", _("IATI 2.03")
    CEB = "ceb", _("UN CEB revenue files")


class PublicationState(models.TextChoices):
    """Who can have its files: nobody but staff before it is published."""

    PREPARED = "prepared", _("Prepared")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class Publication(models.Model):
    """The files of one standard, made from one state of the books and stored as bytes.

    One person has it prepared, another publishes it, and only where it casts. IATI files follow a
    published update (`update`), UN CEB files a year of audited revenue (December of the year).
    `casting` is the report of the checks and the bridge between the bases, as made.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="publications")
    kind = models.CharField(max_length=8, choices=PublicationKind.choices)
    month = models.PositiveIntegerField()  # yyyymm
    update = models.ForeignKey(
        MonthlyUpdate, models.CASCADE, null=True, related_name="publications"
    )
    sequence = models.PositiveBigIntegerField()  # of the books it was made from
    hash = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=PublicationState.choices, default=PublicationState.PREPARED
    )
    is_cast = models.BooleanField(default=False)  # every check of `casting` holds
    casting = models.JSONField(default=dict)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month", "-prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="published", published_by__isnull=False, published_at__isnull=False
                )
                | (~Q(state="published") & Q(published_by=None, published_at=None)),
                name="a_published_publication_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("prepared_by")),
                name="nobody_publishes_their_own_publication",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(is_cast=True),
                name="only_what_casts_is_published",
            ),
            models.CheckConstraint(
                condition=~Q(kind="iati") | Q(update__isnull=False),
                name="iati_files_follow_an_update",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_id} {self.kind} {self.month}"

    @property
    def as_at(self) -> YearMonth:
        return YearMonth.from_key(self.month)


class PublicationFile(models.Model):
    """One file of a publication. Append-only; the database refuses changes."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    content_type = models.CharField(max_length=80)
    byte_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=report_storage, upload_to="published/%Y/", max_length=200)

    class Meta:
        ordering = ["publication", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "name"], name="a_file_of_a_publication_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
