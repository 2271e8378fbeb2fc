"""The workbook with the errors of a long file: made by a job, kept beside the file itself."""

from typing import IO, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from income.errors import PostingWrong
from income.imports.returned.returning import error_workbook, marked_name
from income.models import Import
from jobs.models import Job, JobState
from jobs.registry import Report, job
from jobs.services import enqueue

MARK = "mark_import"
ROWS_AT_ONCE = 5_000  # so many are marked while the reader waits, in some seconds


def is_long(import_: Import) -> bool:
    """Whether a job marks it."""
    return int(import_.found.get("rows", 0)) > ROWS_AT_ONCE


def marking_of(import_: Import, *, language: str) -> Job | None:
    """The last job that marked the file as it stands now, for readers of the language."""
    jobs = Job.objects.filter(kind=MARK, payload__import=str(import_.uuid))
    last = jobs.order_by("-created_at", "-pk").first()
    return last if last and last.payload == _payload(import_, language) else None


@transaction.atomic
def mark_later(import_: Import, *, by: User, language: str) -> Job:
    """Ask for the workbook; the job that made it or is making it, unless that failed."""
    locked = Import.objects.select_for_update(of=("self",)).select_related("draft")
    found = locked.get(pk=import_.pk)
    last = marking_of(found, language=language)
    if last and last.state != JobState.FAILED:
        return last
    return enqueue(MARK, _payload(found, language), by=by)


def marked_file(import_: Import, *, language: str) -> IO[bytes] | None:
    """The workbook (.xlsx) that a job made of the file as it stands now; None without one."""
    last, storage = marking_of(import_, language=language), import_.file.storage
    name = marked_name(import_)
    if last is None or last.state != JobState.DONE or not storage.exists(name):
        return None
    return storage.open(name, "rb")


def _payload(import_: Import, language: str) -> dict[str, Any]:
    """What the marks depend on: after any of it changed, the workbook is made anew."""
    checked = import_.checked_at
    return {
        "import": str(import_.uuid), "version": import_.version, "language": language,
        "checked": checked.isoformat() if checked else "", "is_posted": import_.is_posted,
        "is_undone": import_.undone_at is not None,
    }  # fmt: skip


@job(MARK, title=gettext_lazy("Marking the errors of a file"))
def mark_import(job: Job, report: Report) -> str:
    """Payload: what the marks depend on, with the reader's `language`. Result: address."""
    rows = Import.objects.select_related("ledger", "draft", "uploaded_by")
    import_ = rows.filter(uuid=job.payload["import"]).first()
    if import_ is None:
        raise PostingWrong(_("This file was thrown away. Bring it in again."))
    with translation.override(job.payload["language"]):
        made = error_workbook(import_, today=timezone.localdate(), report=report)
        storage, name = import_.file.storage, marked_name(import_)
        storage.delete(name)  # a name that is taken would not be given again
        storage.save(name, made)
        job.result = {"address": reverse("import", args=[import_.uuid])}
        return _("The workbook with the errors is ready.")
