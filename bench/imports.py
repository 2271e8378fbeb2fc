"""How fast a file goes into the books: beside a raw copy of the same rows, and beside a peer.

    python -P bench/run.py imports [--size large]

Per number of rows and database, in alternating rounds, each measurement in a process and on a
fresh copy of a database of its own:

  raw    COPY (PostgreSQL) or executemany (SQLite) of the entries that the path wrote, ready
         made, into the same table with its indexes, constraints and triggers; with the commit.
  path   the portal's whole path: a CSV file is read, judged, converted, posted, summed up and
         sealed, and recognised again by its rows; with the commit. The check that comes before
         it, which reads and judges the file a first time and writes nothing, is told beside it.
  peer   django-import-export with its defaults, for 2,000 of the entries; its time grows with
         the rows, so more are extrapolated. It judges, converts, sums and seals nothing. Its
         dry run, which its pages make before, is told beside it as well.

Databases are made and dropped here: SQLite files in a temporary folder, and databases beside the
one that DATABASE_URL_BENCH names. Small: 100,000 rows; large: 1,000,000 as well, once. Needs the
packages of requirements.txt, and of requirements-bench.txt for the peer: `make bench` brings both.
Breaks off when a sum differs by a cent.
"""

import csv
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.imports_told import Found, Runs, tell
from bench.told import LARGE, Told

ROOT = Path(__file__).resolve().parents[1]
STEPS = ROOT / "bench" / "imports_steps.py"
FIRST_DAY, DAYS = datetime.date(2021, 1, 1), 365
FUNDS = ("FNE", "FE", "TC")
CURRENCIES = ("USD", "EUR", "SEK")
HEADINGS = ("Donor", "Fund", "Date", "Amount", "Currency", "Reference")


def write_file(path: Path, rows: int) -> None:
    """A deterministic CSV file: income of a year by donor, in three currencies."""
    with (ROOT / "fixtures" / "donors.csv").open(encoding="utf-8") as known:
        donors = [row["code"] for row in csv.DictReader(known)][:180]
    dice = random.Random(rows)  # noqa: S311
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for number in range(1, rows + 1):
            day = FIRST_DAY + datetime.timedelta(dice.randrange(DAYS))
            amount = Decimal(dice.randrange(1, 10**9) * dice.choice((1, 1, 1, -1))).scaleb(-2)
            out.writerow(
                (dice.choice(donors), dice.choice(FUNDS), day.isoformat(), amount,
                 dice.choice(CURRENCIES), f"REF-{number:07}")
            )  # fmt: skip


def sums_of(path: Path) -> dict[str, str]:
    """The file's own totals by fund and currency."""
    sums: dict[str, Decimal] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = f"{row['Fund']} {row['Currency']}"
            sums[key] = sums.get(key, Decimal(0)) + Decimal(row["Amount"])
    return {key: f"{amount:.2f}" for key, amount in sorted(sums.items())}


class Databases:
    """Copies of one prepared database, in SQLite files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.sqlite3"

    def create(self, name: str, template: str = "") -> None:
        if template:
            shutil.copy(self.folder / f"{template}.sqlite3", self.folder / f"{name}.sqlite3")

    def drop(self, name: str) -> None:
        for file in self.folder.glob(f"{name}.sqlite3*"):
            file.unlink()


class PostgresDatabases(Databases):
    """The same beside an existing database of a PostgreSQL server."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self._beside = urllib.parse.urlsplit(url)
        self._prefix = f"bench_imports_{os.getpid()}_"

    def url(self, name: str) -> str:
        return self._beside._replace(path=f"/{self._prefix}{name}").geturl()

    def create(self, name: str, template: str = "") -> None:
        after = f' TEMPLATE "{self._prefix}{template}"' if template else ""
        self._run(f'CREATE DATABASE "{self._prefix}{name}"{after}')

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self._prefix}{name}"')

    def _run(self, statement: str) -> None:
        import psycopg2

        scheme = self._beside._replace(scheme="postgresql")
        connection = psycopg2.connect(scheme.geturl())
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()


class Bench:
    """One database and one number of rows."""

    def __init__(self, databases: Databases, folder: Path, rows: int) -> None:
        self._databases, self._folder, self._rows = databases, folder, rows
        self.file, self.dump = folder / f"income_{rows}.csv", folder / f"dump_{rows}"

    def step(self, name: str, database: str) -> dict[str, Any]:
        """Run a step in a process of its own; what it found."""
        environment = {
            **os.environ, "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(self._folder),
            "DATABASE_URL": self._databases.url(database), "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(STEPS), name, str(self.file), str(self.dump)],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return {**found, "load": os.getloadavg()[0]}

    def measured(self, name: str) -> dict[str, Any]:
        """The step on a fresh copy of the prepared database."""
        self._databases.create("copy", template="base")
        try:
            return self.step(name, "copy")
        finally:
            self._databases.drop("copy")

    def rounds(self, count: int, *, with_peer: bool) -> Runs:
        """Path, raw and peer by turns; the first path leaves its entries for the others."""
        write_file(self.file, self._rows)
        names = ("path", "raw", "peer") if with_peer else ("path", "raw")
        found: Runs = {name: [] for name in names}
        for _round in range(count):
            for name in names:
                found[name].append(self.measured(name))
        return found


def refuse_other_sums(runs: Runs, file: Path) -> None:
    """Raises SystemExit when what went in is not what the file says, to the cent."""
    right = sums_of(file)
    for name in ("path", "raw"):
        if any(one["sums"] != right for one in runs[name]):
            raise SystemExit(f"imports: the sums of {name} differ from the file's")


def every_database(folder: Path) -> Iterator[tuple[str, Databases]]:
    url = os.environ.get("DATABASE_URL_BENCH", "")
    if url.startswith("postgres"):
        yield "postgres", PostgresDatabases(folder, url)
    yield "sqlite", Databases(folder)


def measure(size: str) -> Told:
    """A file of 100,000 rows on both databases; large: one of 1,000,000 on PostgreSQL as well."""
    told = Told("Imports")
    found = []
    with tempfile.TemporaryDirectory(prefix="bench-imports-") as name:
        for vendor, databases in every_database(Path(name)):
            databases.create("base")
            try:
                Bench(databases, Path(name), 0).step("prepare", "base")
                for rows, rounds in sizes(size, vendor):
                    found.append(of(databases, Path(name), vendor, rows, rounds))
            finally:
                databases.drop("base")
    tell(told, found)
    return told


def sizes(size: str, vendor: str) -> list[tuple[int, int]]:
    """Numbers of rows, and of rounds for each."""
    if size != LARGE:
        return [(100_000, 1)]
    return [(100_000, 3), (1_000_000, 1)] if vendor == "postgres" else [(100_000, 3)]


def of(databases: Databases, folder: Path, vendor: str, rows: int, rounds: int) -> Found:
    bench = Bench(databases, folder, rows)
    runs = bench.rounds(rounds, with_peer=True)
    refuse_other_sums(runs, bench.file)
    bench.file.unlink()
    bench.dump.unlink()
    return Found.of(vendor, rows, runs)
