"""Verifying the audit trail as an act: by a job or a command, noted in the trail either way."""

import datetime
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit.recording import write
from accounts.audit.sealing import GENESIS, last_seal
from accounts.audit.verification import problems
from accounts.models import User
from jobs.models import Job
from jobs.registry import Report, job

KIND = ACT = "verify_audit"
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Verification:
    """The newest seal, and what was found; no problems means that the trail is sound."""

    seal: int
    last_id: int
    hash: str
    problems: tuple[str, ...]


def verify(*, by: User | None, now: datetime.datetime, most: int = MOST_PROBLEMS) -> Verification:
    """Recompute every seal and event until `most` problems are found, and note it."""
    last = last_seal()
    found = tuple(islice(problems(now), most))
    known = (last.number, last.last_id, last.hash) if last else (0, 0, GENESIS)
    write(
        ACT, subject="accounts.auditseal", subject_id=str(known[0]), by=by.uuid if by else None,
        after={"seal": known[0], "hash": known[2], "problems": len(found)},
    )  # fmt: skip
    return Verification(*known, found)


@job(KIND, title=gettext_lazy("Verifying the audit trail"))
def verify_audit(job: Job, report: Report) -> str:
    """Result: number and hash of the newest seal, and the problems."""
    found = verify(by=job.asked_by, now=timezone.now())
    job.result = {"seal": found.seal, "hash": found.hash, "problems": list(found.problems)}
    if not found.problems:
        return _("The audit trail is sound: every event up to seal %(seal)s is as it was.") % {
            "seal": found.seal
        }
    return ngettext(
        "The audit trail is not sound: %(count)s problem was found. Keep a copy of the database "
        "as it is. %(first)s",
        "The audit trail is not sound: %(count)s problems were found. Keep a copy of the "
        "database as it is. %(first)s",
        len(found.problems),
    ) % {"count": len(found.problems), "first": found.problems[0]}
