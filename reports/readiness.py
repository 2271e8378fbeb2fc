"""Whether the portal can serve: what /readyz asks. Names no person, no address and no amount."""

import datetime
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from accounts.append_only import missing_triggers
from income.ledger.verification_job import last_verification
from income.models import ExchangeRate, Ledger
from jobs.models import Job

OK = "ok"
PROBE = "readiness-probe"


def readiness(now: datetime.datetime) -> tuple[bool, dict[str, Any]]:
    """Whether every hard check passes, and what there is to know, as JSON values.

    What a later check needs an earlier one has made sure of: without a database nothing else is
    asked, and figures are read only from a schema that is up to date.
    """
    checks: dict[str, str] = {"cache": _answer(_cache_works)}
    checks["database"] = _answer(_database_answers)
    if checks["database"] == OK:
        checks["migrations"] = _answer(_migrations_are_applied)
    if checks.get("migrations") == OK:
        checks["append_only_triggers"] = _answer(_triggers_are_there)
    is_ready = len(checks) == 4 and all(answer == OK for answer in checks.values())
    facts = _facts(now) if checks.get("append_only_triggers") else {}
    return is_ready, {"ready": is_ready, "checks": checks, **facts}


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
        oldest = Job.objects.waiting().values_list("created_at", flat=True).first()
        return {
            "oldest_waiting_job_seconds": int((now - oldest).total_seconds()) if oldest else None,
            "newest_exchange_rate_on": ExchangeRate.objects.filter(
                effective_on__lte=timezone.localdate(now)
            ).aggregate(on=Max("effective_on"))["on"],
            "books": [_books(ledger) for ledger in Ledger.objects.order_by("code")],
        }
    except DatabaseError:
        return {}


def _books(ledger: Ledger) -> dict[str, Any]:
    last = last_verification(ledger)
    return {
        "code": ledger.code,
        "sequence": ledger.sequence,
        "verified_at": last.at if last else None,
        "verified_sequence": last.after["sequence"] if last else None,
        "problems": last.after["problems"] if last else None,
    }
