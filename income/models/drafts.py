"""What waits for review. A draft counts nowhere until it is posted."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from income.models.ledger import Ledger, Posting
from income.querysets import DraftQuerySet
from income.vocabulary import Act, DraftState


class Draft(models.Model):
    """An act as a person wrote it down, from a form, an import or the API alike."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="drafts")
    act = models.CharField(max_length=20, choices=Act.choices)
    payload = models.JSONField()  # the form's fields as they were typed
    title = models.CharField(max_length=300)  # one line for lists
    version = models.PositiveIntegerField(default=1)
    token = models.CharField(max_length=80)
    state = models.CharField(
        max_length=10, choices=DraftState.choices, default=DraftState.SUBMITTED
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    written_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reviewed_drafts"
    )
    reviewed_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=500, blank=True)
    posting = models.OneToOneField(Posting, models.PROTECT, null=True, related_name="draft")
    # A correction reverses this posting, for this reason, and posts the draft instead of it.
    corrects = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    because = models.CharField(max_length=500, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "token"], name="a_token_drafts_once"),
            models.CheckConstraint(
                condition=Q(state=DraftState.POSTED, posting__isnull=False)
                | (~Q(state=DraftState.POSTED) & Q(posting=None)),
                name="a_posted_draft_has_its_posting",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("written_by")),
                name="nobody_reviews_their_own_draft",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="a_review_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.RETURNED) | ~Q(returned_because=""),
                name="a_returned_draft_says_why",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None, because="")
                | (Q(corrects__isnull=False) & ~Q(because="")),
                name="a_correction_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title
