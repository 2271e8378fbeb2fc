"""The state that answers and pages are made from, in one look-up: what their tags stand for."""

import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, Max, Subquery

from accounts.audit.models import AuditEvent
from income.imports.jobs import POST
from income.models import Ledger
from jobs.models import Job
from targets.reference import reference_version

# Acts of the audit trail that change nothing of what can be asked for: looks, and signing in.
LOOKS = ("read_api", "download", "look", "view_as_donor", "sign_in", "sign_in_failed", "sign_out")
COMMAND = "run_command"  # recorded when it begins
# Events get their numbers before they are committed, so one can appear behind a later one. An act
# that takes longer than this is a posting of many entries, and moves the head of its books.
SETTLES_AFTER = datetime.timedelta(seconds=10)
COMMAND_SETTLES_AFTER = datetime.timedelta(minutes=10)

FLOORS = (
    "accounts", "donors", "fixtures", "habitat_portal", "income", "interface", "jobs", "locale",
    "reports", "static", "targets", "templates",
)  # fmt: skip
KINDS = (".py", ".mo", ".html", ".txt", ".csv", ".css", ".js", ".svg")


def state_of_everything(now: datetime.datetime) -> str:
    """What stands for all that an answer could be made from; empty while an act may be under way.

    The release with its reference tables; the head of every books and their last closing, which is
    final; the last act of the audit trail, which knows every other change. One query.
    """
    return _state(_read(), now)


def state_of_pages(now: datetime.datetime) -> str:
    """The same for pages, which tell of a file that could not be posted: no act says that.

    Empty also while one waits or is posted. One query.
    """
    read = _read()
    return "" if not read or read[0][POSTS] else _state(read, now)


CODE, EVENT, ACT, AT, POSTS = 0, 4, 5, 6, 7  # places in a row
Read = list[tuple[Any, ...]]


def _state(books: Read, now: datetime.datetime) -> str:
    if not books or _is_unsettled(books[0][ACT], _moment(books[0][AT]), now):
        return ""
    heads = [":".join(map(str, row[: EVENT + 1])) for row in books]
    return " ".join([release(), reference_version(), *heads])


def _read() -> Read:
    with connection.cursor() as cursor:
        cursor.execute(*_statement(connection.vendor))
        rows: Read = cursor.fetchall()
    return rows


@cache
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The one query, put into words once: that takes longer than to answer it."""
    last = AuditEvent.objects.exclude(act__in=LOOKS).order_by("-pk")
    books = (
        Ledger.objects.order_by("code")
        .annotate(
            closed=Max("months__pk"), event=Subquery(last.values("pk")[:1]),
            act=Subquery(last.values("act")[:1]), at=Subquery(last.values("at")[:1]),
            posts=Exists(Job.objects.unfinished().filter(kind=POST)),
        )
        .values_list("code", "sequence", "head_hash", "closed", "event", "act", "at", "posts")
    )  # fmt: skip
    return books.query.sql_with_params()


def _moment(at: datetime.datetime | str | None) -> datetime.datetime | None:
    """SQLite gives moments without a time zone, in UTC, and those of subqueries as texts."""
    read = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
    return read if read is None or read.tzinfo else read.replace(tzinfo=datetime.UTC)


def _is_unsettled(act: str | None, at: datetime.datetime | None, now: datetime.datetime) -> bool:
    wait = COMMAND_SETTLES_AFTER if act == COMMAND else SETTLES_AFTER
    return at is not None and now - at < wait


@cache
def release() -> str:
    """A digest of the program as it is installed: names, sizes and times of its files."""
    digest = sha256()
    root = Path(settings.BASE_DIR)
    for path in sorted(one for floor in FLOORS for one in (root / floor).rglob("*.*")):
        if path.suffix not in KINDS:
            continue
        stat = path.stat()
        digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
