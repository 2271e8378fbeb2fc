"""Whether the portal can serve: what /readyz asks. Names no person, no address and no amount."""

import datetime
from collections.abc import Callable
from typing import Any

from django.core.cache import cache, caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from accounts.append_only import missing_triggers
from accounts.audit.sealing import unsealed_seconds
from income.ledger.verification_job import last_verification
from income.models import ExchangeRate, Ledger
from jobs.models import Job

OK = "ok"
PROBE = "readiness-probe"
# A job that nobody took for this long (seconds): the workers are gone, or have too much to do.
# A fact and no reason not to serve: pages work on, and another process would not help.
QUEUE_IS_LATE_AFTER = 600


def readiness(now: datetime.datetime) -> tuple[bool, dict[str, Any]]:
    """Whether every hard check passes, and what there is to know, as JSON values.

    What a later check needs an earlier one has made sure of: without a database nothing else is
    asked, and figures are read only from a schema that is up to date.
    """
    checks: dict[str, str] = {"cache": _answer(_cache_works)}
    # A fact and no reason not to serve: pages go on, each process remembering for itself.
    is_away = bool(getattr(caches["default"], "is_away", False))
    checks["database"] = _answer(_database_answers)
    if checks["database"] == OK:
        checks["migrations"] = _answer(_migrations_are_applied)
    if checks.get("migrations") == OK:
        checks["append_only_triggers"] = _answer(_triggers_are_there)
    is_ready = len(checks) == 4 and all(answer == OK for answer in checks.values())
    facts = _facts(now) if checks.get("append_only_triggers") else {}
    told = {"ready": is_ready, "checks": checks, "shared_cache_is_away": is_away}
    return is_ready, {**told, **facts}


def _answer(check: Callable[[], str]) -> str:
    """What a check says; an error says its kind only, because its text may name hosts."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001  whatever is wrong is the answer
        return f"failed: {type(error).__name__}"


def _database_answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return OK if cursor.fetchone() == (1,) else "failed: no answer"


def _migrations_are_applied() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"failed: {len(plan)} migrations are not applied" if plan else OK


def _triggers_are_there() -> str:
    missing = missing_triggers(connection)
    return f"failed: missing {', '.join(missing)}" if missing else OK


def _cache_works() -> str:
    cache.set(PROBE, "1", timeout=10)
    return OK if cache.get(PROBE) == "1" else "failed: it does not keep what it is given"


def _facts(now: datetime.datetime) -> dict[str, Any]:
    try:
        oldest = oldest_waiting_seconds(now)
        in_force = ExchangeRate.objects.filter(effective_on__lte=timezone.localdate(now))
        newest = dict(in_force.order_by().values_list("rate_type").annotate(on=Max("effective_on")))
        return {
            "oldest_waiting_job_seconds": oldest,
            "queue_is_late_after_seconds": QUEUE_IS_LATE_AFTER,
            "queue_is_late": oldest is not None and oldest > QUEUE_IS_LATE_AFTER,
            "newest_exchange_rate_on": max(newest.values(), default=None),
            "newest_exchange_rate_by_type": newest,
            "oldest_unsealed_audit_event_seconds": unsealed_seconds(now),
            "books": [books_facts(ledger, now) for ledger in Ledger.objects.order_by("code")],
        }
    except DatabaseError:
        return {}


def oldest_waiting_seconds(now: datetime.datetime) -> int | None:
    """For how long the job that waits longest has waited; None when none waits."""
    oldest = Job.objects.waiting().values_list("created_at", flat=True).first()
    return int((now - oldest).total_seconds()) if oldest else None


def books_facts(ledger: Ledger, now: datetime.datetime) -> dict[str, Any]:
    """One agency's books: how far they are, and when and how they were last verified."""
    last = last_verification(ledger)
    after = last.after if last else {}
    return {
        "code": ledger.code,
        "sequence": ledger.sequence,
        "verified_at": last.at if last else None,
        "verified_seconds_ago": int((now - last.at).total_seconds()) if last else None,
        "verified_sequence": after.get("sequence"),
        "problems": after.get("problems"),
        "rollup_cells_wrong": after.get("rollup_cells_wrong"),
    }
