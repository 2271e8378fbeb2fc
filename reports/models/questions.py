"""A donor says that a figure looks wrong; an officer answers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from donors.models import Donor
from income.models import Ledger


class FigureQuestion(models.Model):
    """One message about one figure of a donor's page, as it was shown then, and its answer."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(Donor, models.PROTECT, related_name="figure_questions")
    ledger = models.ForeignKey(Ledger, models.CASCADE, related_name="figure_questions")
    figure = models.CharField(max_length=200)  # what it is called on the page
    shown = models.CharField(max_length=80)  # as it was shown
    address = models.CharField(max_length=1000, blank=True)  # of the entries behind it
    sequence = models.PositiveBigIntegerField()  # of the books it was shown from
    text = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_question_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None, answered_at=None)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="an_answer_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor_id} {self.figure}"
