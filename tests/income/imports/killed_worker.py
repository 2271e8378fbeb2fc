"""The other side of test_passes_killed: one step in a process of its own, on a real database.

python -m tests.income.imports.killed_worker prepare | work <phase> | look | resume
"""

import datetime
import json
import sys
import time
from typing import Any
from unittest.mock import patch

import django

ROWS = 6_000
PHASES = ("reading", "sealed")


def prepare() -> None:
    """An approved import whose job waits."""
    from django.core.files.base import ContentFile

    from accounts.permissions import Role
    from accounts.services import open_account
    from income.imports import services
    from income.imports.columns.plan import Plan
    from income.imports.course.checking import check
    from income.imports.jobs import approve_later
    from income.models import Ledger

    officer, reviewer = (
        open_account(
            email=f"{role}@example.org", name=role, role=role, password=None, by=None, demo=True
        )
        for role in (Role.OFFICER, Role.REVIEWER)
    )
    fields = ("donor", "fund", "date", "currency", "amount", "reference")
    lines = [f"Sweden,FNE,2021-06-03,USD,{n}.50,B-{n}" for n in range(1, ROWS + 1)]
    import_ = services.read_in(
        ContentFile("\n".join([",".join(fields), *lines]).encode()),
        ledger=Ledger.objects.create(code="KILLED", name="Books"), by=officer, name="rows.csv",
        plan=Plan(
            kind="receipt", columns={one: one for one in fields}, decimal_sign=".",
            date_order="ymd",
        ),
    )  # fmt: skip
    check(import_, today=datetime.date(2022, 12, 15))
    draft = services.submit(import_, version=import_.version, by=officer)
    approve_later(draft, version=draft.version, by=reviewer)


def work(phase: str) -> None:
    """Run the job; say so in the middle of it, and wait there to be killed."""
    from income.imports.course import posting
    from jobs.pulse import Pulse
    from jobs.services import run_due

    def here(*_args: Any, **_named: Any) -> None:
        sys.stdout.write("here\n")
        sys.stdout.flush()
        time.sleep(120)

    def in_the_middle(pulse: Any, done: int, of: int) -> None:
        if done >= ROWS // 2:
            here()

    if phase == "reading":
        place = patch.object(Pulse, "report", in_the_middle)
    else:
        place = patch.object(posting, "record", here)
    with place:
        run_due()


def look() -> None:
    from income.ledger.verification import problems
    from income.models import Contribution, Draft, Entry, ImportedRow, Ledger, Posting
    from jobs.models import Job

    models = (Posting, Entry, Contribution, ImportedRow)
    books, job = Ledger.objects.get(code="KILLED"), Job.objects.get()
    told = {
        "counts": [model._default_manager.filter(**_of(model, books)).count() for model in models],
        "sequence": books.sequence, "job": job.state, "sentence": job.sentence,
        "attempts": job.attempts, "draft": Draft.objects.get().state,
        "problems": list(problems(books)),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


def _of(model: Any, books: Any) -> dict[str, Any]:
    return {"source__ledger": books} if model.__name__ == "ImportedRow" else {"ledger": books}


def resume() -> None:
    """As another worker, which finds the job silent after some minutes."""
    from django.utils import timezone

    from jobs.services import run_due, sweep

    sweep(timezone.now() + datetime.timedelta(minutes=5))
    run_due()


if __name__ == "__main__":
    django.setup()
    from jobs import services as jobs_services

    jobs_services.wake = lambda: None  # nothing runs but what this process is told to
    {"prepare": prepare, "work": work, "look": look, "resume": resume}[sys.argv[1]](*sys.argv[2:])
