"""What a funding dialogue tells beside the books: expenditure, results, measures on the gaps."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Area, Region
from income.fields import ExactDecimalField
from income.models import Programme
from targets.models import ProposalState


class ExpenditureLoad(models.Model):
    """Expenditure of one year as one source told it; another person approves an upload.

    The newest approved load of a year is the one in force. `entered_by` is empty for what the
    installation brought along.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-year", "-entered_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="expenditure_has_a_source"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="nobody_approves_their_own_expenditure",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None, state=ProposalState.APPROVED, decided_by=None)
                | Q(state=ProposalState.WAITING, decided_by=None, decided_at=None)
                | Q(
                    state__in=[ProposalState.APPROVED, ProposalState.RETURNED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_expenditure_says_by_whom",
            ),
            models.UniqueConstraint(fields=["year", "sha256"], name="expenditure_loads_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class Expenditure(models.Model):
    """What was spent in a year in one place; US dollars, as audited."""

    load = models.ForeignKey(ExpenditureLoad, models.CASCADE, related_name="lines")
    place = models.CharField(max_length=120)  # as the source names it
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    amount_usd = ExactDecimalField(places=2)

    class Meta:
        ordering = ["load", "place"]
        constraints = [
            models.UniqueConstraint(fields=["load", "place"], name="a_place_once_a_load"),
        ]

    def __str__(self) -> str:
        return f"{self.load_id} {self.place}"


class DialogueKind(models.TextChoices):
    """What a funding dialogue lists beside income and expenditure."""

    RESULT = "result", _("Result achieved")
    JOINT_PROGRAMME = "joint", _("Joint programme")
    COMPACT = "compact", _("Progress on the Funding Compact")
    MEASURE = "measure", _("Measure on a funding gap")


class DialogueItem(models.Model):
    """One thing that a pack tells, with its evidence; another person approves it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=DialogueKind.choices)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=2000)
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True)
    evidence = models.CharField(max_length=500)
    evidence_url = models.URLField(max_length=300, blank=True)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-year", "kind", "title"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(evidence=""), name="an_item_names_its_evidence"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="nobody_approves_their_own_item",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.WAITING, decided_by=None, decided_at=None)
                | Q(
                    state__in=[ProposalState.APPROVED, ProposalState.RETURNED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="a_decided_item_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.title
