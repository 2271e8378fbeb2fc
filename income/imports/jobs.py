"""What takes longer than a request: checking a file, posting it, undoing it."""

import datetime
import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from income.errors import PostingWrong
from income.imports.course.checking import check, not_open
from income.imports.course.passes import Progress
from income.imports.course.posting import post_import, postings_of, refuse_own_file
from income.imports.course.undoing import undo_import
from income.imports.reading import MOST_ROWS_BROWSER
from income.models import Draft, Import, Posting
from income.services.actors import Actors
from income.services.drafts import approve_draft, lock_for_review, posting_job
from income.vocabulary import Act
from interface.errors import PortalError
from interface.formatting import format_number
from jobs.models import Job
from jobs.registry import Report, job
from jobs.services import enqueue

CHECK, POST, UNDO = "check_import", "post_import", "undo_import"
DEADLOCK = "40P01"  # of PostgreSQL
PAUSE = 2  # seconds


@transaction.atomic
def check_later(import_: Import, *, by: User) -> Job:
    """Ask for a check; the one that is under way for the same plan and choices, if there is one.

    Raises NotAllowed once the import is not open.
    """
    locked = Import.objects.select_for_update(of=("self",)).get(pk=import_.pk)
    if not locked.is_open:
        raise not_open()
    payload = {"import": str(locked.uuid), "version": locked.version}
    under_way = Job.objects.unfinished().filter(pk=locked.job_id or 0).first()
    if under_way and under_way.kind != CHECK:
        raise not_open()
    if under_way and under_way.payload == payload:
        return under_way
    return _enqueue(locked, CHECK, payload, by)


@transaction.atomic
def approve_later(draft: Draft, *, version: int, by: User) -> Job:
    """Approve the draft of an import: a job posts it, once.

    Who may not approve, a draft that changed or was decided, are refused at once, as by
    `approve_draft`. Asked again while it is posted, the same job.
    """
    locked = lock_for_review(draft, version=version, by=by)
    if under_way := posting_job(locked):
        return under_way
    kind, found = _of_draft(locked)
    if kind == POST:
        refuse_own_file(found, by)
    payload = {"draft": str(locked.uuid), "version": version, "import": str(found.uuid)}
    return _enqueue(found, kind, payload, by)


def _of_draft(draft: Draft) -> tuple[str, Import]:
    """What the draft asks for, and of which import, which is locked."""
    imports = Import.objects.select_for_update(of=("self",))
    if draft.act == Act.IMPORT_ROWS:
        found, kind = imports.filter(draft=draft).first(), POST
    else:
        found, kind = imports.filter(undo_draft=draft).first(), UNDO
    if found is None:
        raise PostingWrong(_("This draft has no file to post."))
    return kind, found


def _enqueue(import_: Import, kind: str, payload: dict[str, Any], by: User) -> Job:
    asked = enqueue(kind, payload, by=by)
    import_.job = asked
    import_.save(update_fields=["job"])
    return asked


@job(CHECK, title=gettext_lazy("Checking a file"))
def check_import(job: Job, report: Report) -> str:
    """Payload: the `import` and its `version`. Result: address and counts."""
    import_ = _import(job)
    if import_.version != job.payload["version"]:
        return _("The file is read otherwise by now. Check it again.")
    found = check(import_, today=timezone.localdate(), report=report, most_rows=_most_rows(import_))
    job.result = {
        "address": _address(import_), "accepted": found.accepted, "failing": found.failing,
        "file_problems": found.file_problems,
    }  # fmt: skip
    if found.file_problems:
        return _("The file cannot be posted as it is read. Look at what is wrong with it.")
    if not found.accepted:
        return _("Nothing new would be posted. Look at what was found.")
    return ngettext(
        "%(rows)s row would be posted, %(failing)s would not.",
        "%(rows)s rows would be posted, %(failing)s would not.",
        found.accepted,
    ) % {"rows": format_number(found.accepted), "failing": format_number(found.failing)}


def _most_rows(import_: Import) -> int | None:
    """Files of the command line were let in at any length."""
    return MOST_ROWS_BROWSER if import_.uploaded_by_id else None


def _import(job: Job) -> Import:
    found = (
        Import.objects.select_related("ledger", "draft", "uploaded_by")
        .filter(uuid=job.payload["import"])
        .first()
    )
    if found is None:
        raise PostingWrong(_("This file was thrown away. Bring it in again."))
    return found


def _address(import_: Import) -> str:
    try:
        return reverse("import", args=[import_.uuid])
    except NoReverseMatch:
        return ""


@job(POST, title=gettext_lazy("Posting a file"))
def post_file(job: Job, report: Report) -> str:
    """Payload: `draft` and `version` as they were approved. Result: address and postings."""
    import_ = _import(job)
    _approve(job, report, post_import)
    postings = postings_of(import_)
    job.result = {"address": _address(import_), "postings": _named(postings)}
    rows = import_.rows.count()
    if rows == 1:
        return _("One row was posted.")
    return ngettext(
        "%(rows)s rows were posted as %(count)s posting.",
        "%(rows)s rows were posted as %(count)s postings.",
        len(postings),
    ) % {"rows": format_number(rows), "count": format_number(len(postings))}


@job(UNDO, title=gettext_lazy("Undoing an import"))
def undo_file(job: Job, report: Report) -> str:
    """Payload: `draft` and `version` as they were approved. Result: address and reversals."""
    import_ = _import(job)
    _approve(job, report, undo_import)
    reversals = list(
        Posting.objects.filter(reverses__in=import_.postings.all()).select_related("ledger")
    )
    job.result = {"address": _address(import_), "postings": _named(reversals)}
    return ngettext(
        "The import was undone: %(count)s posting was reversed.",
        "The import was undone: %(count)s postings were reversed.",
        len(reversals),
    ) % {"count": format_number(len(reversals))}


def _named(postings: list[Posting]) -> list[dict[str, Any]]:
    return [{"books": one.ledger.code, "sequence": one.sequence} for one in postings]


Poster = Callable[..., list[Posting]]


def _approve(job: Job, report: Progress, post: Poster) -> None:
    """Approve and post, once more where the database broke it off for another import.

    Two imports that hold agreements (or the same rows) in another order wait for each other, and
    PostgreSQL ends one of them: nothing of it stands, and the other one goes on.
    """
    try:
        _approve_once(job, report, post)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != DEADLOCK:
            raise  # the database went away: the job is given back
        time.sleep(PAUSE)  # at once, it might take again what the other one waits for
        _approve_once(job, report, post)


def _approve_once(job: Job, report: Progress, post: Poster) -> None:
    """Approve and post in one transaction. What is refused is told as what it is: nothing."""
    draft = Draft.objects.filter(uuid=job.payload["draft"]).first()
    if draft is None:
        raise PostingWrong(_("Nothing was posted: the draft was thrown away."))
    now = timezone.now()
    by: Any = job.asked_by
    try:
        approve_draft(
            draft, version=job.payload["version"], by=by, at=now,
            post_it=lambda locked, actors: _first(post, locked, actors, now, report),
        )  # fmt: skip
    except PortalError as error:
        raise PostingWrong(_("Nothing was posted: %(why)s") % {"why": error.sentence}) from error


def _first(
    post: Poster, draft: Draft, actors: Actors, now: datetime.datetime, report: Progress
) -> Posting:
    return post(draft, actors, today=timezone.localdate(now), report=report)[0]
