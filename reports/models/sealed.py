"""Reports to donors as they were made: sealed files, who took them, who was told of newer ones."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Donor
from income.models import Ledger
from jobs.models import OutgoingMail


class ReportType(models.TextChoices):
    """The reports that a donor can take home."""

    STATEMENT = "statement", _("Donor statement")
    ACKNOWLEDGEMENT = "receipt", _("Acknowledgement of receipt")
    AGREEMENT = "agreement", _("Agreement status")
    PROFILE = "profile", _("Ten-year profile")


def report_storage() -> Storage:
    """Where sealed files lie: never in the web root, always read through the access check."""
    return storages["reports"]


class SealedReport(models.Model):
    """One version of one report in one language, as the bytes that were sealed.

    `subject` is what it is about besides the donor: `<sequence>/<line>` of a receipt, the UUID of
    a contribution, empty otherwise. `content_sha256` is of what was typeset, without number,
    version and time: the same books give the same content and so the same version. `code` is what
    the public page of verification is asked by. `known_on` is set for an earlier state of the
    books.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)
    type = models.CharField(max_length=10, choices=ReportType.choices)
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="sealed_reports")
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="sealed_reports")
    subject = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    as_at_on = models.DateField()
    known_on = models.DateField(null=True)
    sequence = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)  # of the file's bytes
    byte_count = models.PositiveBigIntegerField()
    is_signed = models.BooleanField(default=False)
    file = models.FileField(storage=report_storage, upload_to="sealed/%Y/", max_length=200)
    made_at = models.DateTimeField()
    superseded_by = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="supersedes"
    )
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["sha256"], name="sealed_reports_by_bytes")]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "ledger", "donor", "subject", "from_on", "until_on", "language",
                        "version"],
                name="a_version_of_a_report_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_report_is_about_some_days"
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None, superseded_at=None)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False),
                name="a_superseded_report_says_since_when",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_begin_at_1"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people refer to it: the same for all versions and languages made as one row."""
        return f"R-{self.made_at.year}-{self.pk:06d}"


class ReportDownload(models.Model):
    """That one person took one version; the newest version of it stands in the report."""

    report = models.ForeignKey(SealedReport, models.CASCADE, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    downloaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-downloaded_at"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.user_id}"


class SupersededNotice(models.Model):
    """That one person who took a version is to be told of a newer one, written with that one; and
    since when the mail that tells it is in the outbox.
    """

    report = models.ForeignKey(SealedReport, models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, related_name="+")
    # Of the release before the outbox, which still sets it; goes with the next.
    is_sent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "user"], name="nobody_is_told_twice_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.user_id}"
