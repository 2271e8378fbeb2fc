"""What takes long to make and is the same for every test: made once in a run, by whoever is first.

The workers of a run share its temporary folder; the others wait for the lock.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[1]
# What the portal reads from its surroundings and must not reach what is made here.
LEFT_OUT = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "REDIS_URL", "PORTAL_BOOKS")
# Of this run: the workers inherit it from the process that starts them.
TEMPLATE = "portal_template_" + os.environ.setdefault("PORTAL_TEST_RUN", str(os.getpid()))

MIGRATE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("load_reference", verbosity=0)
"""


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled, in this worker or in another."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def surroundings(data: Path, **changed: str) -> dict[str, str]:
    """Of a demonstration with its data in that folder."""
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**kept, "PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(data), **changed}


def manage(data: Path, *words: str, **changed: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words], env=surroundings(data, **changed), cwd=ROOT,
        check=True, capture_output=True,
    )  # fmt: skip


def demonstration(factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration as it is set up. For copies of it."""
    return once(factory, "demonstration", lambda data: manage(data, "set_up_demonstration"))


def migrated(factory: pytest.TempPathFactory) -> Path:
    """A data folder with `portal.sqlite3` in it: every table, and the reference data."""
    return once(factory, "migrated", _migrate)


def _migrate(data: Path, **changed: str) -> None:
    """Not by the command line, which is an act that the audit trail records."""
    around = surroundings(data, DJANGO_SETTINGS_MODULE="habitat_portal.settings", **changed)
    subprocess.run([sys.executable, "-c", MIGRATE], env=around, cwd=ROOT, check=True)


@contextmanager
def server_of(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    """The database server itself, to make and drop databases on."""
    server = psycopg2.connect(url)
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            yield cursor
    finally:
        server.close()


@contextmanager
def database(url: str, name: str, factory: pytest.TempPathFactory | None = None) -> Iterator[str]:
    """The address of a PostgreSQL database of its own, dropped afterwards.

    With `factory` it holds every table and the reference data, otherwise nothing.
    """
    named = f"{name}_{os.getpid()}"
    model = template(url, factory) if factory else "template1"
    with server_of(url) as cursor:
        cursor.execute(f"CREATE DATABASE {named} TEMPLATE {model}")
        try:
            yield re.sub(r"/[^/]*$", f"/{named}", url)
        finally:
            cursor.execute(f"DROP DATABASE {named} WITH (FORCE)")


def template(url: str, factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with every table and the reference data, to copy."""

    def make(folder: Path) -> None:
        with server_of(url) as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
            cursor.execute(f"CREATE DATABASE {TEMPLATE}")
        _migrate(folder, DATABASE_URL=re.sub(r"/[^/]*$", f"/{TEMPLATE}", url))

    once(factory, TEMPLATE, make)
    return TEMPLATE


def drop_template(url: str) -> None:
    """At the end of the run."""
    with server_of(url) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
