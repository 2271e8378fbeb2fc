"""The portal on SQLite while its disk is full, by a limit on the size of its files."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from habitat_portal.servers import free_port
from habitat_portal.stack import ROOT
from tests.stack.acts import Common, Desk
from tests.stack.running import KEPT, PREPARE
from tests.stack.visitors import Away, Person

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NO_ROOM = "The portal cannot write on its disk. Nothing of what you sent was saved."


@dataclass
class Office:
    """One process that serves, with a folder of files."""

    desk: Desk
    folder: Path
    environment: dict[str, str]
    pid: int

    @contextmanager
    def no_room(self) -> Iterator[None]:
        """No byte more goes into any file."""
        soft, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (soft, hard))

    def files(self) -> set[str]:
        return {str(path) for path in (self.folder / "files").rglob("*") if path.is_file()}

    def verified(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "verify_ledger"], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip


def _copy_tables(to: Path) -> None:
    """Of the tests' own database, where that is of the same kind: to make them takes longest."""
    if connection.vendor == "sqlite":
        made, copy = sqlite3.connect(connection.settings_dict["NAME"]), sqlite3.connect(to)
        with closing(made), closing(copy):
            made.backup(copy)


@pytest.fixture
def office(tmp_path: Path, db: None) -> Iterator[Office]:
    _copy_tables(tmp_path / "portal.sqlite3")
    environment = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(tmp_path), "PORT": str(free_port()),
        "PEOPLE": "1", "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
    }  # fmt: skip
    subprocess.run(PREPARE, cwd=ROOT, env=environment, check=True, timeout=180)
    people = json.loads((tmp_path / "people.json").read_text())
    officer, reviewer = (
        Person(f"http://127.0.0.1:{environment['PORT']}", people[role][0])
        for role in ("officer", "reviewer")
    )
    serve = [sys.executable, "manage.py", "serve"]
    with subprocess.Popen(serve, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(officer)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
            desk = Desk(officer, reviewer, Common(), seed=1)
            yield Office(desk, tmp_path, environment, int(children.split()[0]))
        finally:
            process.terminate()


def _wait_for(person: Person) -> None:
    for _attempt in range(300):
        try:
            person.get("/healthz")
            return
        except Away:
            time.sleep(0.2)
    raise AssertionError("the portal did not start")


def test_what_cannot_be_written_is_refused_whole_and_the_next_goes_on(office: Office) -> None:
    desk = office.desk
    first = desk.give()
    assert (first.is_done, first.sequences) == (True, (20,))
    before = office.files()
    with office.no_room():
        refused = [desk.give(), desk.give(), desk.bring_in(rows=3)]
    assert [one.is_done for one in refused] == [False, False, False]
    assert [NO_ROOM in one.sentence for one in refused] == [True, True, True]
    assert [status for status, _path, _sentence in desk.officer.surfaced] == [507, 507, 507]
    assert office.files() == before

    again = desk.give()
    assert (again.is_done, again.sequences) == (True, (21,))
    brought = desk.bring_in(rows=3)
    assert (brought.is_done, brought.sequences) == (True, (22,))
    assert len(office.files() - before) == 1
    assert office.verified().returncode == 0
