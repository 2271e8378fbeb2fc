"""An order of reports on PostgreSQL with Celery, whose worker is killed in the middle.

The next worker goes on: no finished report is made twice, and the archive is whole.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.stack.orders import CODES, LANGUAGES
from tests.stack.test_full_stack import database, surroundings

__all__ = ["database", "surroundings"]
pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
CELERY = ["-m", "celery", "-A", "habitat_portal.celery", "worker", "-l", "WARNING", "-c"]
ALL = len(CODES) * len(LANGUAGES)


@pytest.fixture
def production(surroundings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    mail = tmp_path / "mail"
    mail.mkdir()
    return {
        **surroundings, "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
        "PORTAL_ADDRESS": "https://portal.example.org", "EMAIL_URL": f"filemail:///{mail}",
    }  # fmt: skip


def step(production: dict[str, str], told: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.stack.orders", told], env=production, cwd=ROOT,
        capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.startswith("{") else None


@contextmanager
def worker(production: dict[str, str], processes: int) -> Iterator[Callable[[], None]]:
    """A worker with its children in a group of their own; gives what kills all of them at once."""
    group = subprocess.Popen(
        [sys.executable, *CELERY, str(processes)], env=production, cwd=ROOT, start_new_session=True
    )
    try:
        yield lambda: os.killpg(group.pid, signal.SIGKILL)
    finally:
        if group.poll() is None:
            os.killpg(group.pid, signal.SIGTERM)
        group.wait(timeout=60)


def wait_until(production: dict[str, str], sql: str) -> None:
    """Asks the database itself: reports are made faster than a process starts."""
    connection = psycopg2.connect(production["DATABASE_URL"])
    connection.autocommit = True
    until = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(f"SELECT {sql}")
            if cursor.fetchone() == (True,):
                connection.close()
                return
            time.sleep(0.02)
    pytest.fail(f"not in time: {sql}")


def test_an_order_goes_on_after_its_worker_was_killed(
    production: dict[str, str], tmp_path: Path
) -> None:
    step(production, "prepare")
    with worker(production, 1) as kill:
        wait_until(production, "count(*) >= 3 FROM reports_bulkitem")
        kill()
    before = step(production, "look")
    assert 3 <= len(before["items"]) < ALL
    assert before["sealed"] - len(before["items"]) in (0, 1)  # sealed, and not noted any more
    assert (before["job"][:2], before["archive"]) == (["running", 1], None)

    step(production, "age")
    with worker(production, 2):
        step(production, "wake")
        step(production, "wake")
        wait_until(production, "bool_and(state IN ('done', 'failed')) FROM jobs_job")
        # The letter goes after the job: a worker ended before that leaves its fate unknown.
        wait_until(production, "count(*) = 1 AND bool_and(state = 'sent') FROM jobs_outgoingmail")
    after = step(production, "look")
    assert after["job"] == ["done", 2, f"{ALL} reports were made."]
    assert before["items"].items() <= after["items"].items()
    assert set(after["items"]) == {f"{code} {one}" for code in CODES for one in LANGUAGES}
    assert (after["sealed"], after["files"]) == (ALL, ALL)
    archive = after["archive"]
    assert len(archive["names"]) == len(set(archive["names"])) == ALL + 1
    assert (archive["names"][-1], archive["is_whole"], archive["are_recorded"]) == (
        "index.csv", True, True,
    )  # fmt: skip
    stored = [path for path in (tmp_path / "reports").rglob("*") if path.is_file()]
    assert len(stored) == ALL + 1  # nothing half-written stays
    assert len(list((tmp_path / "mail").iterdir())) == 1
