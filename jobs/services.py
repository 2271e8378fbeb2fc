"""Asking for work, taking it, doing it, and taking back what a dead worker left."""

import datetime
import logging
from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs import runner
from jobs.clock import do_duties
from jobs.current import job_uuid
from jobs.models import Job, JobState
from jobs.pulse import JobLost, Pulse
from jobs.registry import kind_called

logger = logging.getLogger(__name__)
SILENCE = datetime.timedelta(minutes=2)
MOST_ATTEMPTS = 3
MOST_SENTENCE = 500
DATABASE_IS_AWAY = (OperationalError, InterfaceError)  # by the first statement, and the next
# How many waiting jobs to try for, when other workers are faster.
CANDIDATES = 20


@runtime_checkable
class SaysWhatIsWrong(Protocol):
    """An error of the portal's vocabulary, whose sentence is meant for people."""

    sentence: str


def enqueue(kind: str, payload: Mapping[str, Any], *, by: AbstractBaseUser) -> Job:
    """Ask for work. It starts when the surrounding transaction commits, and not otherwise.

    `payload` holds JSON values. Raises UnknownKind.
    """
    kind_called(kind)
    job = Job.objects.create(kind=kind, payload=dict(payload), asked_by_id=by.pk)
    transaction.on_commit(wake)
    return job


def wake() -> None:
    """See to it that the jobs that wait are run."""
    runner.wake(run_due)


def claim_next() -> Job | None:
    """Take the job that has waited longest, for this worker alone; None when none waits."""
    waiting = Job.objects.waiting().values_list("pk", flat=True)
    return next((job for pk in waiting[:CANDIDATES] if (job := _claim(pk))), None)


def claim(uuid: str) -> Job | None:
    """Take one job, if it is still waiting."""
    pk = Job.objects.waiting().filter(uuid=uuid).values_list("pk", flat=True).first()
    return _claim(pk) if pk else None


def _claim(pk: int) -> Job | None:
    """Of several workers that try at once, the database lets one change the state."""
    now = timezone.now()
    taken = Job.objects.waiting().filter(pk=pk).order_by()
    changed = taken.update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    return Job.objects.select_related("asked_by").get(pk=pk) if changed else None


def run(job: Job) -> Job:
    """Do a claimed job and store what came of it. Raises RuntimeError inside a transaction.

    A transaction around it would keep heartbeat and outcome from everybody else's sight.
    """
    token = job_uuid.set(str(job.uuid))
    try:
        return _run(job)
    finally:
        job_uuid.reset(token)


def _run(job: Job) -> Job:
    with transaction.atomic(durable=True):
        Pulse(job).beat()
    with translation.override(job.asked_by.language or settings.LANGUAGE_CODE):
        try:
            state, sentence = _do(job)
        except JobLost:
            logger.warning("Job %s was given to another worker", job)
            return job
        except DATABASE_IS_AWAY:
            # The database went away: `sweep` gives the job back when it has been silent.
            logger.exception("Job %s was interrupted", job)
            return job
    if not connection.in_atomic_block:  # the work may have lost the connection
        close_old_connections()
    return _finish(job, state, sentence)


def _do(job: Job) -> tuple[JobState, str]:
    try:
        with Pulse(job) as pulse:
            return JobState.DONE, kind_called(job.kind).work(job, pulse.report)
    except (JobLost, *DATABASE_IS_AWAY):
        raise
    except Exception as error:
        if isinstance(error, SaysWhatIsWrong):
            return JobState.FAILED, error.sentence
        logger.exception("Job %s failed", job)
        return JobState.FAILED, _(
            "Something went wrong that nobody foresaw. Nothing was left half done. Please tell "
            "an administrator, naming the work and the time."
        )


def _finish(job: Job, state: JobState, sentence: str) -> Job:
    """Store the outcome, unless the job was taken back and belongs to another by now."""
    job.state, job.sentence, job.finished_at = state, sentence[:MOST_SENTENCE], timezone.now()
    if state == JobState.DONE and job.all_steps:
        job.done_steps = job.all_steps
    names = ("state", "sentence", "finished_at", "done_steps", "all_steps", "result")
    is_ours = Job.objects.running().filter(pk=job.pk, attempts=job.attempts)
    if not is_ours.update(**{name: getattr(job, name) for name in names}):
        logger.warning("Job %s was given to another worker before it ended", job)
    return job


def run_due() -> int:
    """Take back what dead workers left, then run every job that waits. Returns how many ran."""
    sweep(timezone.now())
    count = 0
    while job := claim_next():
        run(job)
        count += 1
    if not runner.is_eager():  # a test asks for them itself
        do_duties()
    return count


def sweep(now: datetime.datetime) -> int:
    """Give back the jobs whose worker has been silent for two minutes; returns how many.

    A job that was tried three times fails instead.
    """
    silent = Job.objects.silent_since(now - SILENCE)
    failed = silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        sentence=_(
            "The work broke off three times without an answer and was given up. Please tell an "
            "administrator."
        ),
    )
    return failed + silent.filter(attempts__lt=MOST_ATTEMPTS).update(state=JobState.WAITING)
