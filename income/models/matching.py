"""Matching the books with the bank and the ERP: parked money, references, monthly exports."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from income.fields import ExactDecimalField
from income.models.contributions import Contribution
from income.models.ledger import Ledger, Posting
from income.models.rates import Currency
from income.vocabulary import ErpScheme, ParkedState


class ParkedReceipt(models.Model):
    """Money on the bank account that nobody can name yet. It counts nowhere until matched."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="parked")
    received_on = models.DateField()
    currency = models.ForeignKey(Currency, models.PROTECT)
    amount = ExactDecimalField(places=4)
    payer = models.CharField(max_length=200, blank=True)  # as the bank wrote it
    bank_reference = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=ParkedState.choices, default=ParkedState.PARKED)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="parked"
    )
    settled_on = models.DateField(null=True, blank=True)
    parked_at = models.DateTimeField(auto_now_add=True)
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="parked_money_is_above_zero"),
            models.CheckConstraint(
                condition=Q(state=ParkedState.PARKED, posting=None, settled_on=None)
                | Q(state=ParkedState.MATCHED, posting__isnull=False, settled_on__isnull=False)
                | Q(state=ParkedState.RETURNED, posting=None, settled_on__isnull=False),
                name="matched_money_has_its_posting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.currency_id} {self.payer}"


class ErpReference(models.Model):
    """An identifier of the ERP on an agreement or on a posting, by which both are found.

    A posting of an import holds many receipts: there `receipt_line` says which one, as the
    smallest line of its entries.
    """

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="erp_references")
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="erp_references"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="erp_references"
    )
    receipt_line = models.PositiveIntegerField(null=True, blank=True)
    scheme = models.CharField(max_length=8, choices=ErpScheme.choices)
    value = models.CharField(max_length=80)  # the bank's; those of the ERP have at most 60

    class Meta:
        ordering = ["scheme", "value"]
        indexes = [models.Index(fields=["ledger", "scheme", "value"], name="erp_references_by")]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "scheme", "value"], name="a_reference_of_an_agreement"
            ),
            models.UniqueConstraint(
                fields=["posting", "scheme", "value"], condition=Q(receipt_line=None),
                name="a_reference_of_a_posting",
            ),
            models.UniqueConstraint(
                fields=["posting", "receipt_line", "scheme", "value"],
                condition=Q(receipt_line__isnull=False), name="a_reference_of_a_row",
            ),
            models.CheckConstraint(
                condition=Q(contribution=None, posting__isnull=False)
                | Q(contribution__isnull=False, posting=None),
                name="a_reference_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(receipt_line=None) | Q(posting__isnull=False),
                name="a_reference_of_a_row_has_its_posting",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class ErpExport(models.Model):
    """A month's export of the ERP as it was loaded; the newest of a month is the current one."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="erp_exports")
    month = models.PositiveIntegerField()  # yyyymm
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    matched_sequence = models.PositiveBigIntegerField(default=0)  # of the books at the last match
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "month"], condition=Q(is_current=True),
                name="one_current_export_a_month",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month} {self.file_name}"


class ErpLine(models.Model):
    """One receipt as the ERP has it, and the posting it was matched with.

    In a posting of an import, `receipt_line` says with which of its receipts, as the smallest
    line of its entries.
    """

    export = models.ForeignKey(ErpExport, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()  # of the file
    posted_on = models.DateField()
    document = models.CharField(max_length=60, blank=True)
    partner = models.CharField(max_length=60, blank=True)
    grant = models.CharField(max_length=60, blank=True)
    fund = models.CharField(max_length=60, blank=True)  # of the ERP
    wbs = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=300, blank=True)
    currency = models.ForeignKey(Currency, models.PROTECT)
    amount = ExactDecimalField(places=4)
    amount_usd = ExactDecimalField(places=2, null=True)
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="erp_lines"
    )
    receipt_line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["export", "row"]
        constraints = [
            models.UniqueConstraint(fields=["export", "row"], name="a_row_of_an_export_once"),
            models.CheckConstraint(
                condition=Q(receipt_line=None) | Q(posting__isnull=False),
                name="a_matched_row_has_its_posting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.row}"

    @property
    def receipt_key(self) -> tuple[Any, int | None]:
        """Of the receipt it was matched with, as `income.erp.receipts` has it."""
        return self.posting_id, self.receipt_line
