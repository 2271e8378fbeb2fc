"""Databases of a bench's own, filled by turns in one process, and removed at the end.

`setup(folder)` comes first, before anything of Django is imported. `Places` then makes databases
(SQLite files of a folder, or databases beside the one of an address) and points Django's only
connection at one of them; everything of the portal follows, as it asks `connection` each time.
"""

import os
import shutil
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def setup(folder: Path) -> None:
    """Django with the settings of the portal, and a first SQLite database in the folder."""
    os.environ |= {
        "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(folder), "REDIS_URL": "",
        "DATABASE_URL": f"sqlite:///{folder / 'first.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
    }  # fmt: skip
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    import django

    django.setup()


class Places:
    """The databases of one vendor: `bench_<process>_<name>` each."""

    vendor = SQLITE

    def __init__(self, folder: Path) -> None:
        from django.db import connections

        self._folder = folder
        self._sqlite: dict[str, Any] = {**connections.databases["default"]}
        self._open: dict[str, Any] = {}

    def settings(self, name: str) -> dict[str, Any]:
        return {**self._sqlite, "NAME": str(self._folder / f"{name}.sqlite3")}

    def make(self, name: str, template: str = "") -> None:
        """An empty database, or a copy of another one."""
        if template:
            shutil.copy(self.settings(template)["NAME"], self.settings(name)["NAME"])

    def drop(self, name: str) -> None:
        for file in self._folder.glob(f"{name}.sqlite3*"):
            file.unlink()

    def bytes_of(self, name: str) -> int:
        """How much the database takes of the disk."""
        return Path(self.settings(name)["NAME"]).stat().st_size

    def enter(self, name: str) -> None:
        """Point Django's connection at the database; it stays open until `leave`."""
        from django.db import connections

        if name not in self._open:
            connections.databases["default"] = self.settings(name)
            self._open[name] = connections.create_connection("default")
        connections["default"] = self._open[name]

    def leave(self) -> None:
        """Close them all and point back at the first database, so that none of these is in use."""
        from django.db import connections

        for one in self._open.values():
            one.close()
        self._open.clear()
        connections.databases["default"] = self._sqlite
        connections["default"] = connections.create_connection("default")


class PostgresPlaces(Places):
    """Beside an existing database of a PostgreSQL server, whose role may make databases."""

    vendor = POSTGRES

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self._beside = urllib.parse.urlsplit(url)

    def _name(self, name: str) -> str:
        return f"bench_{os.getpid()}_{name}"

    def settings(self, name: str) -> dict[str, Any]:
        import environ

        url = self._beside._replace(path=f"/{self._name(name)}").geturl()
        return {**self._sqlite, "OPTIONS": {}, **environ.Env.db_url_config(url)}

    def make(self, name: str, template: str = "") -> None:
        after = f' TEMPLATE "{self._name(template)}"' if template else ""
        self._run(f'CREATE DATABASE "{self._name(name)}"{after}')

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self._name(name)}"')

    def bytes_of(self, name: str) -> int:
        return int(self._run(f"SELECT pg_database_size('{self._name(name)}')"))

    def _run(self, statement: str) -> Any:
        import psycopg2

        connection = psycopg2.connect(self._beside._replace(scheme="postgresql").geturl())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None
        finally:
            connection.close()


@contextmanager
def databases(
    places: Places, names: list[str], fill: Callable[[str], None], prepare: Callable[[], None]
) -> Iterator[None]:
    """Make a database for each name and fill it; drop them all afterwards.

    `prepare` runs once, on the database that the others are copied from; `fill` on each.
    """
    made = ["base"]
    try:
        places.make("base")
        places.enter("base")
        prepare()
        places.leave()
        for name in names:
            places.make(name, template="base")
            made.append(name)
            places.enter(name)
            fill(name)
            places.leave()
        yield
    finally:
        places.leave()
        for name in made:
            places.drop(name)
