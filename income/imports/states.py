"""Where an import stands, in words: worked out from its rows, kept nowhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from income.models import Import
from income.vocabulary import DraftState
from jobs.models import Job, JobState

RELATED = ("ledger", "uploaded_by", "draft", "undo_draft", "job", "layout")


class ImportState(models.TextChoices):
    COLUMNS = "columns", _("Columns not confirmed")
    CHECKING = "checking", _("Being checked")
    FAILED = "failed", _("Not checked")
    CHECKED = "checked", _("Checked, not submitted")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    POSTING = "posting", _("Being posted")
    POSTED = "posted", _("Posted")
    UNDO_ASKED = "undo_asked", _("Posted; undoing waits for review")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


WORKING = {
    "check_import": ImportState.CHECKING,
    "post_import": ImportState.POSTING,
    "undo_import": ImportState.UNDOING,
}
DONE = (ImportState.POSTED, ImportState.UNDONE)
WAITS = (ImportState.CHECKING, ImportState.POSTING, ImportState.UNDOING)
WRONG = (ImportState.FAILED, ImportState.RETURNED)


def state_of(import_: Import) -> ImportState:
    """Its state; reads `draft`, `undo_draft` and `job`, which lists select with it."""
    job = work_under_way(import_)
    if job and job.kind in WORKING:
        return WORKING[job.kind]
    if import_.undone_at:
        return ImportState.UNDONE
    if import_.is_posted:
        asked = import_.undo_draft
        waits = asked is not None and asked.state == DraftState.SUBMITTED
        return ImportState.UNDO_ASKED if waits else ImportState.POSTED
    return _before_posting(import_)


def _before_posting(import_: Import) -> ImportState:
    draft, job = import_.draft, import_.job
    if draft and draft.state == DraftState.SUBMITTED:
        return ImportState.SUBMITTED
    if draft and draft.state == DraftState.RETURNED:
        return ImportState.RETURNED
    if job and job.state == JobState.FAILED:
        return ImportState.FAILED
    return ImportState.CHECKED if import_.checked_at else ImportState.COLUMNS


def work_under_way(import_: Import) -> Job | None:
    """The job that is waiting or running for it, if there is one."""
    return import_.job if import_.job and not import_.job.is_over else None
