"""The state that answers of the API are made from, in one look-up: what their tags stand for."""

import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Max, Subquery

from accounts.audit.models import AuditEvent
from income.models import Ledger
from targets.reference import reference_version

# Acts of the audit trail that change nothing of what can be asked for: looks, and signing in.
LOOKS = ("read_api", "download", "look", "view_as_donor", "sign_in", "sign_in_failed", "sign_out")
COMMAND = "run_command"  # recorded when it begins
# Events get their numbers before they are committed, so one can appear behind a later one. An act
# that takes longer than this is a posting of many entries, and moves the head of its books.
SETTLES_AFTER = datetime.timedelta(seconds=10)
COMMAND_SETTLES_AFTER = datetime.timedelta(minutes=10)


def state_of_everything(now: datetime.datetime) -> str:
    """What stands for all that an answer could be made from; empty while an act may be under way.

    The release with its reference tables; the head of every books and their last closing, which is
    final; the last act of the audit trail, which knows every other change. One query.
    """
    last = AuditEvent.objects.exclude(act__in=LOOKS).order_by("-pk")
    books = list(
        Ledger.objects.order_by("code")
        .values_list("code", "sequence", "head_hash")
        .annotate(
            closed=Max("months__pk"), event=Subquery(last.values("pk")[:1]),
            act=Subquery(last.values("act")[:1]), at=Subquery(last.values("at")[:1]),
        )
    )  # fmt: skip
    if not books or _is_unsettled(books[0][5], books[0][6], now):
        return ""
    heads = [":".join(map(str, row[:5])) for row in books]
    return " ".join([release(), reference_version(), *heads])


def _is_unsettled(act: str | None, at: datetime.datetime | None, now: datetime.datetime) -> bool:
    wait = COMMAND_SETTLES_AFTER if act == COMMAND else SETTLES_AFTER
    return at is not None and now - at < wait


@cache
def release() -> str:
    """A digest of the program as it is installed: names, sizes and times of its files."""
    digest = sha256()
    root = Path(settings.BASE_DIR)
    floors = ("accounts", "donors", "income", "interface", "jobs", "locale", "reports", "targets")
    for path in sorted(one for floor in floors for one in (root / floor).rglob("*.[pm][yo]")):
        stat = path.stat()
        digest.update(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
