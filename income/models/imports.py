"""Files that people import: how each was read, what was chosen, what became of its rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from income.models.drafts import Draft
from income.models.ledger import Ledger, Posting
from income.vocabulary import DraftState
from jobs.models import Job


def _stored_as(source: "Import", _name: str) -> str:
    return f"imports/{source.uuid}"


class ImportLayout(models.Model):
    """A named mapping from the columns of a kind of file to the portal's fields.

    `signature` is the digest of its headings, by which the next such file is recognised;
    `plan` is an `income.imports.plan.Plan` as JSON.
    """

    name = models.CharField(max_length=80, unique=True)
    signature = models.CharField(max_length=64, db_index=True)
    plan = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One file, or pasted block, that is to be posted as a whole. Nothing counts until then.

    File, plan and choices say everything: rows are read again whenever they are needed, and
    never stored. `found` is what the last check found, `digest` the seal of the rows it accepted;
    posting refuses when they come out otherwise.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="imports")
    file = models.FileField(upload_to=_stored_as, max_length=200)
    file_name = models.CharField(max_length=200)  # as it was called by who sent it
    byte_count = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    is_pasted = models.BooleanField(default=False)
    layout = models.ForeignKey(ImportLayout, models.SET_NULL, null=True, related_name="imports")
    plan = models.JSONField(default=dict)  # income.imports.plan.Plan
    choices = models.JSONField(default=dict)  # income.imports.choices.Choices
    found = models.JSONField(default=dict)  # income.imports.report.Report
    digest = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    draft = models.OneToOneField(Draft, models.SET_NULL, null=True, related_name="source_of_rows")
    undo_draft = models.OneToOneField(
        Draft, models.SET_NULL, null=True, related_name="import_to_undo"
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    postings = models.ManyToManyField(Posting, related_name="imports")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at=None, digest="") | Q(checked_at__isnull=False),
                name="a_digest_comes_from_a_check",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_posted(self) -> bool:
        """Whether its rows were posted, undone since or not."""
        return self.draft is not None and self.draft.state == DraftState.POSTED

    @property
    def is_open(self) -> bool:
        """Whether its plan and choices may still be changed."""
        return self.draft is None or self.draft.state in (DraftState.OPEN, DraftState.RETURNED)


class ImportedRow(models.Model):
    """A row of a file that was posted, so that the same row is not posted again.

    `fingerprint` is the digest of what the row is recognised by, with its occurrence;
    `content` that of all it says. Rows of an import that was undone are gone.
    """

    fingerprint = models.UUIDField(primary_key=True, editable=False)
    content = models.UUIDField()
    source = models.ForeignKey(Import, models.CASCADE, db_index=False, related_name="rows")
    sheet = models.PositiveSmallIntegerField()  # counted from 0
    row = models.PositiveIntegerField()  # as the spreadsheet numbers it
    posting = models.ForeignKey(Posting, models.CASCADE, db_index=False, related_name="+")
    line = models.PositiveIntegerField()  # of its first entry

    class Meta:
        indexes = [models.Index(fields=["posting", "line"], name="rows_of_a_posting")]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.sheet}/{self.row}"
