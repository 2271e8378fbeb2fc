"""The stack of `make stack`, run by a test: its own servers, its own folder, its own port."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from celery import Celery

from habitat_portal.servers import CannotStart, free_port
from habitat_portal.stack import ROOT, Stack
from tests.stack.acts import Common, Desk
from tests.stack.visitors import Away, Person

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
PREPARE = [sys.executable, "-m", "tests.stack.people"]
SILENCE = (
    "UPDATE jobs_job SET heartbeat_at = heartbeat_at - interval '3 minutes' WHERE state = 'running'"
)


class Portal:
    """A running stack, as a test sees it."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.common, self._desks = stack, Common(), 0
        self._people = json.loads((stack.folder / "people.json").read_text())

    def desk(self, number: int, *, is_patient: bool = False) -> Desk:
        officer, reviewer = (
            Person(self.stack.address, self._people[role][number], is_patient)
            for role in ("officer", "reviewer")
        )
        self._desks += 1
        return Desk(officer, reviewer, self.common, seed=self._desks)

    def pid(self, name: str) -> int:
        """Of a kept process; waits until there is one."""
        return until(lambda: self.stack.kept[name].pid, f"{name} runs")

    def children(self, name: str) -> list[int]:
        """The processes that it started itself."""
        pid = self.stack.kept[name].pid
        try:
            text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except OSError:
            return []
        return [int(one) for one in text.split()]

    def ask(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of the database itself."""
        connection = psycopg2.connect(self.stack.environment["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, given or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def one(self, sql: str, *given: Any) -> Any:
        return self.ask(sql, *given)[0][0]

    def let_silence_be_over(self) -> None:
        """Of the jobs whose workers were killed: two minutes are long for a test."""
        self.ask(SILENCE)

    def wake(self) -> None:
        """Tell the workers that a job waits, as the clock does every minute."""
        app = Celery("tests", broker=self.stack.environment["REDIS_URL"], set_as_current=False)
        with contextlib.suppress(Exception):  # Redis may be away: then the clock does it
            app.send_task("jobs.run_due", retry=False)
        app.close()

    def answers(self, path: str = "/healthz") -> bool:
        try:
            return Person(self.stack.address, "").get(path).status == 200
        except Away:
            return False

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.stack.environment,
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    def log(self, name: str) -> str:
        return (self.stack.folder / "logs" / f"{name}.log").read_text(errors="replace")


@contextmanager
def running(people: int, **more: str) -> Iterator[Portal]:
    """A stack with that many officers and reviewers who are signed in."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    # Not below pytest's own folder: PostgreSQL's user may not walk through that.
    with tempfile.TemporaryDirectory(prefix="portal-stack-") as folder:
        own = {"PORT": str(free_port()), "PEOPLE": str(people), "TMPDIR": folder, **more}
        stack = Stack({**environment, **own}, Path(folder), lambda _text: None, PREPARE)
        over = threading.Event()
        try:
            stack.start()
        except CannotStart as error:
            if os.environ.get("CI") in ("true", "1") or "not found" not in str(error):
                raise
            pytest.skip(str(error))
        watching = threading.Thread(target=stack.watch, args=[over])
        watching.start()
        try:
            yield Portal(stack)
        finally:
            over.set()
            watching.join()
            stack.stop()


def until(found: Callable[[], Any], what: str, seconds: float = 120) -> Any:
    """What is found, as soon as it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(psycopg2.OperationalError):
            if result := found():
                return result
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds} seconds: {what}")


def killed(pid: int | None) -> bool:
    """Kill the process without a warning; whether it was there."""
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, signal.SIGKILL)
            return True
    return False
