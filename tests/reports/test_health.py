"""What whoever watches over the installation is told."""

import datetime

import pytest
from django.core.cache import cache, caches
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts import append_only
from income.ledger.verification_job import verify
from jobs.models import Job
from reports import readiness
from tests import factories


def test_the_process_is_alive_whatever_the_database_says(client):
    """No database is allowed in this test: asking it would be an error."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_ready_means_database_migrations_triggers_and_cache(client, ledger):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert answer.json()["checks"] == {
        "cache": "ok",
        "database": "ok",
        "migrations": "ok",
        "append_only_triggers": "ok",
    }


def test_it_tells_queue_age_rates_and_when_the_books_were_verified(client, ledger, officer):
    factories.posting(ledger, factories.entry("10.00"))
    factories.exchange_rate(effective_on=timezone.localdate())
    factories.exchange_rate(effective_on=datetime.date(2097, 1, 1))  # not in force yet
    verify(ledger, by=None)
    factories.posting(ledger, factories.entry("20.00"))
    job = factories.job(asked_by=officer)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - datetime.timedelta(minutes=5))
    answer = client.get("/readyz").json()
    assert 300 <= answer["oldest_waiting_job_seconds"] < 330
    assert answer["newest_exchange_rate_on"] == timezone.localdate().isoformat()
    today = timezone.localdate().isoformat()
    by_type = answer["newest_exchange_rate_by_type"]  # the reference data bring the other
    assert by_type == {"un_operational": today, "monthly_average": by_type["monthly_average"]}
    books = next(books for books in answer["books"] if books["code"] == "T")
    assert (books["sequence"], books["verified_sequence"], books["problems"]) == (2, 1, 0)
    assert books["verified_at"]
    assert 0 <= books["verified_seconds_ago"] < 30
    assert books["rollup_cells_wrong"] == 0


@pytest.mark.parametrize(("minutes", "is_late"), [(None, False), (9, False), (11, True)])
def test_a_queue_that_waits_for_more_than_ten_minutes_is_late_and_still_served(
    client, ledger, officer, minutes, is_late
):
    if minutes:
        job = factories.job(asked_by=officer)
        at = timezone.now() - datetime.timedelta(minutes=minutes)
        Job.objects.filter(pk=job.pk).update(created_at=at)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["queue_is_late_after_seconds"] == 600
    assert answer.json()["queue_is_late"] is is_late


def test_a_missing_trigger_is_a_reason_not_to_serve(client, ledger):
    name = "income_entry_refuses_update"
    on = " ON income_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    answer = client.get("/readyz")
    append_only.install(connection)
    assert answer.status_code == 503
    assert name in answer.json()["checks"]["append_only_triggers"]


def test_a_cache_that_forgets_is_a_reason_not_to_serve(client, ledger, monkeypatch):
    monkeypatch.setattr(cache, "set", lambda *args, **kwargs: None)
    cache.delete(readiness.PROBE)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["cache"] == "failed: it does not keep what it is given"


@pytest.mark.parametrize("is_away", [True, False])
def test_without_redis_the_portal_serves_and_says_so(client, ledger, monkeypatch, is_away):
    monkeypatch.setattr(type(caches["default"]), "is_away", is_away, raising=False)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["shared_cache_is_away"] is is_away


def test_a_database_that_is_away_is_told_without_its_address(client, db, monkeypatch):
    def away():
        raise DatabaseError("could not connect to host secret.example.org")

    monkeypatch.setattr(readiness, "_database_answers", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed: DatabaseError"
    assert b"secret" not in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_are_not_kept(client, db, path):
    assert "no-store" in client.get(path).headers["Cache-Control"]
