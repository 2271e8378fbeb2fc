"""What was told to whom."""

import uuid

from django.conf import settings
from django.db import models

from donors.models import Donor
from income.models import Ledger


class DonorStatement(models.Model):
    """One statement as it was downloaded: for whom, from which state of the books, by whom."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.CASCADE)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    sequence = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)  # of the file's bytes
    downloaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    downloaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-downloaded_at"]

    def __str__(self) -> str:
        return f"{self.donor_id} {self.year}"
