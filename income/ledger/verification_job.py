"""Verifying books as an act: as a job or a command, noted in the audit trail either way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import AuditEvent, User
from accounts.services import record
from income.ledger.rollups import Drift
from income.ledger.verification import Progress, problems
from income.models import Ledger
from jobs.models import Job
from jobs.registry import Report, job

KIND = "verify_ledger"
ACT = "verify_ledger"
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Verification:
    """What was found, and in which state of the books; no problems means that they are sound."""

    sequence: int
    hash: str
    problems: tuple[str, ...]


def verify(
    ledger: Ledger, *, by: User | None, progress: Progress | None = None, most: int = MOST_PROBLEMS
) -> Verification:
    """Recompute the books, front to back, until `most` problems are found, and note it.

    The first problem is that of the first posting that is wrong.
    """
    with _one_moment():
        head = Ledger.objects.get(pk=ledger.pk)
        found = tuple(islice(problems(head, progress=progress), most))
    verification = Verification(head.sequence, head.head_hash, found)
    after = {
        "sequence": head.sequence,
        "hash": head.head_hash,
        "problems": len(found),
        "rollup_cells_wrong": sum(isinstance(problem, Drift) for problem in found),
    }
    record(ACT, ledger, by=by, after=after)
    return verification


def last_verification(ledger: Ledger) -> AuditEvent | None:
    """The note of the last time these books were verified, with what was found."""
    events = AuditEvent.objects.filter(act=ACT, subject="income.ledger", subject_id=str(ledger.pk))
    return events.order_by("-at").first()


@contextmanager
def _one_moment() -> Iterator[None]:
    """Reads inside see one state of the books; what is posted meanwhile is no problem."""
    if connection.in_atomic_block:
        yield
        return
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        # Not atomic(): on SQLite that would keep everybody else from writing.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ" if is_postgres else "BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


@job(KIND, title=gettext_lazy("Verifying the ledger"))
def verify_ledger(job: Job, report: Report) -> str:
    """Payload: the code of the `books`. Result: sequence, hash and problems."""
    ledger = Ledger.objects.get(code=job.payload["books"])
    found = verify(ledger, by=job.asked_by, progress=report)
    job.result = {
        "sequence": found.sequence,
        "hash": found.hash,
        "problems": list(found.problems),
    }
    if not found.problems:
        return _("%(books)s is sound: every posting up to %(sequence)s is as it was sealed.") % {
            "books": str(ledger),
            "sequence": found.sequence,
        }
    return ngettext(
        "%(books)s is not sound: %(count)s problem was found. Keep a copy of the database as it "
        "is, and tell an administrator.",
        "%(books)s is not sound: %(count)s problems were found, the first wrong posting first. "
        "Keep a copy of the database as it is, and tell an administrator.",
        len(found.problems),
    ) % {"books": str(ledger), "count": len(found.problems)}
