"""What happens to an agreement after its signature: conditions and amendments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from donors.models import DonorDocument
from income.fields import ExactDecimalField
from income.models.contributions import Contribution, Instalment
from income.models.ledger import Posting
from income.vocabulary import AmendmentKind, ConditionState


class Condition(models.Model):
    """What has to happen before an instalment is owed; without an instalment, the whole.

    As long as a condition is open, its amount stands in the books as conditional, apart from
    what was agreed and from what is due.
    """

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="conditions")
    instalment = models.ForeignKey(
        Instalment, models.PROTECT, null=True, blank=True, related_name="conditions"
    )
    text = models.CharField(max_length=500)
    state = models.CharField(
        max_length=8, choices=ConditionState.choices, default=ConditionState.OPEN
    )
    settled_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    document = models.ForeignKey(DonorDocument, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["contribution", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ConditionState.OPEN, settled_on=None)
                | (~Q(state=ConditionState.OPEN) & Q(settled_on__isnull=False) & ~Q(evidence="")),
                name="a_settled_condition_has_day_and_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Amendment(models.Model):
    """A change of an agreement: why, on whose authority, and what stood before it.

    Amounts are in the contribution's currency. A change of amount or schedule has its posting;
    a no-cost extension has none.
    """

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=AmendmentKind.choices)
    agreed_on = models.DateField()
    amount_change = ExactDecimalField(places=4)
    ends_on = models.DateField(null=True, blank=True)  # the new end, where it moves
    reason = models.CharField(max_length=500)
    authority = models.CharField(max_length=200, blank=True)  # who decided a write-off
    document = models.ForeignKey(DonorDocument, models.PROTECT, null=True, blank=True)
    document_reference = models.CharField(max_length=120, blank=True)
    before = models.JSONField(default=dict)  # amount, end and schedule as they were
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="amendment"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_undone = models.BooleanField(default=False)  # its posting was reversed

    class Meta:
        ordering = ["contribution", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="amendment_number"),
            models.CheckConstraint(
                condition=Q(kind=AmendmentKind.EXTENSION, posting=None)
                | (~Q(kind=AmendmentKind.EXTENSION) & Q(posting__isnull=False)),
                name="a_change_of_money_has_its_posting",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AmendmentKind.WRITE_OFF)
                | (~Q(authority="") & ~Q(document_reference="")),
                name="a_write_off_has_authority_and_document",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_amendment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id}/{self.number} {self.kind}"
