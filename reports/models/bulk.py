"""Many reports at once: what was asked for, how far it is, the archive that came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from donors.models import Donor
from income.models import Ledger
from jobs.models import Job
from reports.models.sealed import SealedReport, report_storage


class BulkOrder(models.Model):
    """Reports of one type and period for many donors in some languages, as one archive."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="bulk_orders")
    type = models.CharField(max_length=10)
    from_on = models.DateField()
    until_on = models.DateField()
    languages = models.JSONField(default=list)
    donors = models.JSONField(default=list)  # codes; empty: every donor of the period
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file = models.FileField(
        storage=report_storage, upload_to="bulk/%Y/", max_length=200, blank=True
    )
    sha256 = models.CharField(max_length=64, blank=True)
    is_mailed = models.BooleanField(default=False)  # the mail about it is in the outbox

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(finished_at=None),
                name="a_cancelled_order_is_not_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}"


class BulkItem(models.Model):
    """One report of an order: made, or the sentence that says why not. `subject` as its own."""

    order = models.ForeignKey(BulkOrder, models.CASCADE, related_name="items")
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60, blank=True, default="", db_default="")
    language = models.CharField(max_length=10)
    report = models.ForeignKey(SealedReport, models.PROTECT, null=True, related_name="+")
    sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order", "donor", "subject", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "donor", "subject", "language"], name="a_report_once_an_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.donor_id} {self.language}"
