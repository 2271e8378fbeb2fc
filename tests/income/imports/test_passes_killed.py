"""A worker that is killed while it posts a file leaves nothing; the next one posts it once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import made_once
from tests.conftest import ON_POSTGRES, OTHER_DATABASE
from tests.income.imports.killed_worker import PHASES, ROWS

pytestmark = [pytest.mark.slow, pytest.mark.both_databases]
ROOT = Path(__file__).resolve().parents[3]
WORKER = [sys.executable, "-m", "tests.income.imports.killed_worker"]


@pytest.fixture
def database(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of its own: a file in the data folder, or one on the tests' server."""
    if ON_POSTGRES:
        with made_once.database(OTHER_DATABASE, "portal_killed", tmp_path_factory) as url:
            yield url
        return
    shutil.copytree(made_once.migrated(tmp_path_factory), tmp_path, dirs_exist_ok=True)
    yield ""


@pytest.fixture
def surroundings(database: str, tmp_path: Path) -> dict[str, str]:
    left_out = ("DATABASE_URL", "REDIS_URL", "PORTAL_BOOKS", "DEBUG")
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    own = {
        "PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(tmp_path), "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
    }  # fmt: skip
    return {**kept, **own}


def step(surroundings: dict[str, str], *told: str) -> Any:
    done = subprocess.run(
        [*WORKER, *told], env=surroundings, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.startswith("{") else None


# The last phase has written everything but the commit.
IN_CI = list(PHASES[-1:])
IN_FULL = [pytest.param(phase, marks=pytest.mark.whole) for phase in PHASES[:-1]]


@pytest.mark.parametrize("phase", IN_CI + IN_FULL)
def test_a_killed_worker_leaves_nothing_and_the_next_one_posts_once(
    surroundings: dict[str, str], phase: str
) -> None:
    step(surroundings, "prepare")
    with subprocess.Popen(
        [*WORKER, "work", phase], env=surroundings, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "here\n"
        worker.send_signal(signal.SIGKILL)
    before = step(surroundings, "look")
    assert before["counts"] == [0, 0, 0, 0]
    assert (before["sequence"], before["draft"], before["job"]) == (0, "submitted", "running")

    step(surroundings, "resume")
    after = step(surroundings, "look")
    assert after["counts"] == [1, 3 * ROWS, ROWS, ROWS]
    assert (after["sequence"], after["draft"], after["attempts"]) == (1, "posted", 2)
    assert (after["job"], after["sentence"]) == ("done", "6,000 rows were posted as 1 posting.")
    assert after["problems"] == []

    step(surroundings, "resume")
    assert step(surroundings, "look")["counts"] == after["counts"]
