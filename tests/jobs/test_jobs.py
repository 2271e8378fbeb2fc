"""Jobs are taken once, say how far they are, survive their worker, and end with a sentence."""

import datetime
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import get_language
from kombu.exceptions import OperationalError

from accounts.permissions import Permission
from interface.errors import PortalError
from jobs import pulse, registry, runner, services, tasks
from jobs.models import Job, JobState
from jobs.querysets import SEES_EVERY_JOB
from tests import factories


@pytest.fixture
def kind(monkeypatch):
    """Registers a function for jobs of the kind `test`, until the test ends."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))

    def register(work):
        registry.job("test", title="A test")(work)
        return work

    return register


@pytest.fixture
def asked(officer):
    return lambda: services.enqueue("test", {"n": 1}, by=officer)


def steps(job, report):
    report(1, 2)
    job.result = {"sum": 3}
    return "Two steps were done."


def test_a_job_runs_when_the_transaction_commits_and_not_before(
    kind, asked, django_capture_on_commit_callbacks
):
    kind(steps)
    with django_capture_on_commit_callbacks(execute=True):
        job = asked()
        assert job.state == JobState.WAITING
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.sentence == "Two steps were done."
    assert job.result == {"sum": 3}
    assert (job.done_steps, job.all_steps, job.percent) == (2, 2, 100)
    assert job.attempts == 1


def test_a_kind_that_nobody_registered_is_refused_when_it_is_asked_for(officer):
    with pytest.raises(registry.UnknownKind):
        services.enqueue("no such kind", {}, by=officer)


def test_a_kind_is_registered_once(kind):
    kind(steps)
    with pytest.raises(ValueError, match="Two functions"):
        kind(steps)


def test_an_error_of_the_vocabulary_is_the_sentence_of_the_job(kind, asked):
    @kind
    def refuse(job, report):
        raise PortalError("The month is closed.")

    asked()
    job = services.run(services.claim_next())
    assert (job.state, job.sentence) == (JobState.FAILED, "The month is closed.")


def test_an_unforeseen_error_is_logged_and_told_without_its_details(kind, asked, caplog):
    @kind
    def stumble(job, report):
        raise RuntimeError("secret detail")

    asked()
    job = services.run(services.claim_next())
    assert job.state == JobState.FAILED
    assert "nobody foresaw" in job.sentence
    assert "secret" not in job.sentence
    assert "secret detail" in caplog.text


def test_the_job_that_waited_longest_is_taken_first_and_once(kind, asked):
    kind(steps)
    first, second = asked(), asked()
    assert services.claim_next() == first
    assert services.claim(str(first.uuid)) is None
    assert services.claim_next() == second
    assert services.claim_next() is None


def test_a_job_is_not_run_inside_a_transaction(kind, committed, officer):
    kind(steps)
    services.Job.objects.create(kind="test", asked_by=officer)
    with transaction.atomic(), pytest.raises(RuntimeError):
        services.run(services.claim_next())


@pytest.mark.both_databases
def test_of_workers_that_reach_for_a_job_at_once_one_gets_it(committed, officer):
    for _number in range(12):
        Job.objects.create(kind="test", asked_by=officer)
    taken, start = [], threading.Barrier(4)

    def work():
        start.wait()
        while job := services.claim_next():
            taken.append(job.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.both_databases
def test_progress_is_seen_although_the_work_is_inside_a_transaction(
    committed, kind, officer, monkeypatch
):
    """On PostgreSQL at once; on SQLite, where one writes at a time, when the lock is free."""
    monkeypatch.setattr(pulse, "is_eager", lambda: False)
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.02)
    seen = threading.Event()

    def look():
        while Job.objects.get().done_steps != 40:
            pass
        seen.set()
        connection.close()

    @kind
    def work(job, report):
        with transaction.atomic(durable=True):
            report(40, 100)
            if connection.vendor == "postgresql":
                assert seen.wait(10)
        assert seen.wait(10)
        return "Done."

    Job.objects.create(kind="test", asked_by=officer)
    onlooker = threading.Thread(target=look)
    onlooker.start()
    job = services.run(services.claim_next())
    onlooker.join()
    assert (job.state, job.sentence) == (JobState.DONE, "Done.")


def silent(attempts, minutes, asked):
    job = asked()
    beat = timezone.now() - datetime.timedelta(minutes=minutes)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=attempts, heartbeat_at=beat
    )
    return job


def test_a_job_whose_worker_died_is_given_back_after_two_minutes(kind, asked):
    kind(steps)
    lively, dead = silent(1, 1, asked), silent(2, 3, asked)
    assert services.sweep(timezone.now()) == 1
    lively.refresh_from_db()
    dead.refresh_from_db()
    assert (lively.state, dead.state) == (JobState.RUNNING, JobState.WAITING)
    assert services.run_due() == 1
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == (JobState.DONE, 3)


def test_a_job_that_broke_off_three_times_fails_with_a_sentence(kind, asked):
    kind(steps)
    job = silent(3, 3, asked)
    services.sweep(timezone.now())
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "three times" in job.sentence


def test_a_worker_that_was_given_up_stops_and_changes_nothing(kind, asked):
    @kind
    def slow(job, report):
        Job.objects.filter(pk=job.pk).update(attempts=2, heartbeat_at=timezone.now())
        report(1, 2)
        raise AssertionError("The work went on.")

    job = asked()
    services.run(services.claim_next())
    job.refresh_from_db()
    assert (job.state, job.attempts, job.sentence) == (JobState.RUNNING, 2, "")


def test_the_language_of_the_sentence_is_that_of_who_asked(kind, asked, officer):
    kind(lambda job, report: f"In {get_language()}")
    officer.language = "fr"
    officer.save()
    asked()
    assert services.run(services.claim_next()).sentence == "In fr"


def test_the_tasks_of_the_workers_take_what_waits(kind, asked):
    kind(steps)
    first, second = asked(), asked()
    assert tasks.run_one(str(second.uuid)) is True
    assert tasks.run_one(str(second.uuid)) is False
    assert tasks.run_due() == 1
    first.refresh_from_db()
    assert first.state == JobState.DONE


def test_with_a_broker_a_job_waits_for_the_workers_and_they_are_told(
    kind, asked, settings, monkeypatch
):
    sent = threading.Event()
    kind(steps)
    monkeypatch.setattr(runner, "is_eager", lambda: False)
    monkeypatch.setattr(runner, "wake_workers", lambda task: sent.set())
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    job = asked()
    services.wake()
    assert sent.wait(10)
    job.refresh_from_db()
    assert job.state == JobState.WAITING


def test_a_broker_that_is_away_is_no_error(monkeypatch, caplog):
    class Away:
        def send_task(self, name, **options):
            raise OperationalError(name)

    monkeypatch.setattr(runner, "_celery", Away)
    runner.wake_workers()
    assert "waits for the next round" in caplog.text


@pytest.fixture
def redis_url():
    url = os.environ.get("REDIS_URL", "")
    if not url and os.environ.get("CI") in ("true", "1"):
        pytest.fail("needs Redis: set REDIS_URL", pytrace=False)
    return url or pytest.skip("needs Redis: set REDIS_URL")


@pytest.mark.redis
def test_the_workers_are_told_through_redis(settings, redis_url):
    """As Celery's own tools see it: one message with the task's name in the workers' queue."""
    settings.CELERY_BROKER_URL = redis_url
    runner._celery.cache_clear()
    app = runner._celery()
    app.conf.task_default_queue = "test-of-jobs"
    try:
        runner.wake_workers()
        with app.connection_for_read() as connected:
            queue = connected.SimpleQueue("test-of-jobs")
            message = queue.get(timeout=10)
            message.ack()
            queue.close()
        assert message.headers["task"] == "jobs.run_due"
    finally:
        runner._celery.cache_clear()


def test_the_permission_to_see_every_job_is_that_of_the_enumeration():
    assert SEES_EVERY_JOB == Permission.MANAGE_ACCOUNTS


def test_the_command_runs_what_waits(kind, asked, capsys):
    kind(steps)
    asked()
    call_command("run_jobs")
    call_command("run_jobs")
    told = [line for line in capsys.readouterr().out.splitlines() if "job" in line]
    assert told == ["1 job was run.", "0 jobs were run."]


class TestPage:
    def test_only_who_asked_and_who_manages_accounts_see_a_job(
        self, kind, asked, client_of, officer, other_officer, reviewer, administrator
    ):
        kind(steps)
        address = f"/jobs/{asked().uuid}/"
        answers = [
            client_of(person).get(address).status_code
            for person in (officer, administrator, other_officer, reviewer)
        ]
        assert answers == [200, 200, 404, 404]

    def test_signed_out_it_leads_to_the_sign_in_page(self, client, db):
        answer = client.get(f"/jobs/{factories.job().uuid}/")
        assert answer.status_code == 302

    def test_a_running_job_shows_its_progress_and_a_link_to_look_again(
        self, kind, asked, client_of, officer
    ):
        kind(steps)
        job = asked()
        Job.objects.update(state=JobState.RUNNING, done_steps=30, all_steps=120)
        page = client_of(officer).get(f"/jobs/{job.uuid}/").content.decode()
        text = page.replace('<bdi class="figure">', "").replace("</bdi>", "")
        assert "30 of 120 steps are done (25 %)" in text
        assert 'aria-live="polite"' in page
        assert 'hx-trigger="every 3s"' in page
        assert f'href="/jobs/{job.uuid}/"' in page

    def test_htmx_gets_the_part_that_changes_and_stops_asking_at_the_end(
        self, kind, asked, client_of, officer
    ):
        kind(steps)
        asked()
        job = services.run(services.claim_next())
        part = client_of(officer).get(f"/jobs/{job.uuid}/", headers={"HX-Request": "true"})
        text = part.content.decode()
        assert "<html" not in text
        assert "Two steps were done." in text
        assert "hx-get" not in text


def test_steps_that_the_database_would_not_take_are_told_through_the_cache(officer):
    job = factories.job(asked_by=officer, state=JobState.RUNNING, attempts=1)
    cache.set(job.steps_key, (300, 1000), 60)
    seen = Job.objects.get(pk=job.pk)
    assert (seen.steps, seen.percent) == ((300, 1000), 30)
    Job.objects.filter(pk=job.pk).update(done_steps=900, all_steps=1000)
    assert Job.objects.get(pk=job.pk).percent == 90
    Job.objects.filter(pk=job.pk).update(attempts=2, done_steps=0, all_steps=0)
    assert Job.objects.get(pk=job.pk).steps == (0, 0)  # begun anew: the steps of before are past


def test_a_beat_that_is_refused_is_told_to_the_cache(officer, monkeypatch):
    job = factories.job(asked_by=officer, state=JobState.RUNNING, attempts=1)
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(pulse, "is_eager", lambda: False)
    told = threading.Event()

    def refuse(self):
        told.set()
        raise DatabaseError("database is locked")

    monkeypatch.setattr(pulse.Pulse, "beat", refuse)
    with pulse.Pulse(job) as beating:
        beating.report(7, 9)
        told.clear()
        assert told.wait(5)
        assert told.wait(5)
    assert cache.get(job.steps_key) == (7, 9)


def test_a_worker_of_its_own_knows_every_kind_of_job():
    """Kinds are registered when the apps are ready, not when a page happens to import them."""
    root = Path(__file__).resolve().parents[2]
    asked = "import django; django.setup(); from jobs import registry; print(*registry._kinds)"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    decorated = re.compile(r"^@job\(\s*([\w.]+|\"\w+\")", re.MULTILINE)
    folders = ("income", "donors", "targets", "reports", "accounts")
    sources = (path for folder in folders for path in (root / folder).rglob("*.py"))
    written = sum(len(decorated.findall(path.read_text("utf-8"))) for path in sources)
    assert len(told.stdout.split()) == written > 8
