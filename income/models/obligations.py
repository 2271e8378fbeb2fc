"""Reports owed to donors: the clauses of agreements and what they make fall due."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from donors.models import DonorDocument
from income.models.contributions import Contribution
from income.vocabulary import Frequency, ReportKind


class ReportClause(models.Model):
    """What an agreement says about one kind of report: how often, how many days afterwards."""

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="report_clauses")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    frequency = models.CharField(max_length=12, choices=Frequency.choices)
    days_after = models.PositiveSmallIntegerField()  # the end of the period reported on

    class Meta:
        ordering = ["contribution", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "frequency"], name="a_clause_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(days_after__lte=730), name="a_report_is_due_within_two_years"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.kind} {self.frequency}"


class ReportDue(models.Model):
    """One report owed to a donor for one period; derived from a clause, then lives its own life."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="reports_due")
    clause = models.ForeignKey(
        ReportClause, models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    from_on = models.DateField()  # the first day reported on
    until_on = models.DateField()  # the last
    due_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    document = models.ForeignKey(DonorDocument, models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(submitted_on=None), name="reports_not_submitted"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "until_on"], name="one_report_per_period"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_report_has_a_period"
            ),
            models.CheckConstraint(
                condition=Q(accepted_on=None)
                | Q(submitted_on__isnull=False, submitted_on__lte=F("accepted_on")),
                name="a_report_is_accepted_after_it_was_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.kind} {self.until_on}"


class DigestSent(models.Model):
    """That a person was reminded for a day or week before there was the outbox; no longer written.

    Read so that nobody is reminded again; goes with the next release.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    period = models.CharField(max_length=10)  # 2021-03-04 or 2021-W09
    taken_at = models.DateTimeField(auto_now_add=True)
    is_sent = models.BooleanField(default=False)  # False: fate unknown, not repeated

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "period"], name="one_digest_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.period}"
