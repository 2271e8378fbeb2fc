"""Steps of a bench in processes of their own, each on a database made for it and dropped again."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.imports import ROOT, Databases, every_database

Step = Callable[..., dict[str, Any]]


def step_of(script: Path, databases: Databases, folder: Path) -> Step:
    """A function that runs a step of the script on the database and gives what it found."""

    def step(*given: object) -> dict[str, Any]:
        environment = {
            **os.environ, "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(folder),
            "DATABASE_URL": databases.url("base"), "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(script), *map(str, given)], env=environment, cwd=ROOT,
            stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return step


@contextmanager
def _prepared(databases: Databases, step: Step) -> Iterator[None]:
    databases.create("base")
    try:
        step("prepare", 0)
        yield
    finally:
        databases.drop("base")


def on_each_database(script: Path) -> Iterator[tuple[str, Step]]:
    """PostgreSQL, where there is one, and SQLite, each prepared."""
    with tempfile.TemporaryDirectory(prefix="bench-posting-") as name:
        for vendor, databases in every_database(Path(name)):
            step = step_of(script, databases, Path(name))
            with _prepared(databases, step):
                yield vendor, step
