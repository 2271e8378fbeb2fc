"""A job whose database went away is not a failure: it is given back and begun anew."""

import datetime
import threading

import pytest
from django.db import InterfaceError, OperationalError

from accounts.models import User
from jobs import pulse, registry, services
from jobs.models import Job, JobState
from jobs.registry import Report
from tests import factories

GONE = (OperationalError("server closed the connection"), InterfaceError("already closed"))


@pytest.mark.parametrize("error", GONE, ids=["first statement", "next statement"])
def test_the_work_goes_on_later_and_is_done(
    error: Exception, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [error]

    def work(_job: Job, _report: Report) -> str:
        if errors:
            raise errors.pop()
        return "It was done."

    monkeypatch.setattr(registry, "_kinds", {})
    registry.job("away", title="A test")(work)
    job = services.enqueue("away", {}, by=officer)
    run_and_read(job)
    assert (job.state, job.sentence, job.attempts) == (JobState.RUNNING, "", 1)

    assert services.sweep(job.heartbeat_at + datetime.timedelta(minutes=2, seconds=1)) == 1
    run_and_read(job)
    assert (job.state, job.sentence, job.attempts) == (JobState.DONE, "It was done.", 2)


def run_and_read(job: Job) -> None:
    claimed = services.claim(str(job.uuid))
    assert claimed is not None
    services.run(claimed)
    job.refresh_from_db()


@pytest.mark.parametrize("error", GONE, ids=["first statement", "next statement"])
def test_the_heart_beats_on_once_the_database_is_back(
    error: Exception, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = factories.job(asked_by=officer, state=JobState.RUNNING, attempts=1)
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(pulse, "is_eager", lambda: False)
    beats, enough = [], threading.Event()

    def beat(_pulse: pulse.Pulse) -> None:
        beats.append(1)
        if len(beats) == 1:
            raise error
        enough.set()

    monkeypatch.setattr(pulse.Pulse, "beat", beat)
    with pulse.Pulse(job):
        assert enough.wait(5)
