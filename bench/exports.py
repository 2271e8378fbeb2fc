"""Files of many rows: how many a second, and how much memory the most.

    python -P bench/run.py exports [--size large]

Entries as CSV, as a workbook and as the IATI activity file: 10,000 and 100,000 of them (small), or
100,000 and 1,000,000 (large), on SQLite and PostgreSQL, each file made in a process of its own
whose greatest memory is read at its end. A file that streams takes as much memory for ten times
the rows. Beside the workbook stands XlsxWriter in its constant memory, fed with bare rows.
Every file is read again: it has as many rows as there are entries, and their sum to the cent.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.told import Goal, Table, Told, ratio

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"small": (10_000, 100_000), "large": (100_000, 1_000_000)}
FORMS = ("csv", "xlsx", "iati", "rival")
CALLED = {"csv": "CSV", "xlsx": "XLSX", "iati": "IATI", "rival": "XlsxWriter, bare rows"}
MOST_GROWTH = 1.3
AMOUNT = 13  # the column of the amount
_ROW = re.compile(rb"<row>(.*?)</row>", re.DOTALL)
_CELL = re.compile(rb"<c/>|<c[^>]*>(?:<v>|<is><t[^>]*>)(.*?)(?:</v>|</t></is>)</c>", re.DOTALL)


def measure(size: str) -> Told:
    """What the bench tells, in one of the two sizes."""
    told = Told("Exports")
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as folder:
        from bench.imports import Databases, PostgresDatabases

        every = {"SQLite": Databases(Path(folder))}
        if url := os.environ.get("DATABASE_URL_BENCH", ""):
            every["PostgreSQL"] = PostgresDatabases(Path(folder), url)
        else:
            told.notes.append("Without PostgreSQL: DATABASE_URL_BENCH names no server.")
        for vendor, databases in every.items():
            _vendor(vendor, databases, Path(folder), SIZES[size], told)
    return told


def _vendor(vendor: str, databases: Any, folder: Path, sizes: tuple[int, int], told: Told) -> None:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    made, sums = ["prepared"], dict[int, Decimal]()
    try:
        databases.create("prepared")
        _step("prepare", databases.url("prepared"), folder)
        for entries in sizes:
            name = f"entries_{entries}"
            databases.create(name, template="prepared")
            made.append(name)
            _step("fill", databases.url(name), folder, entries)
        for form in FORMS:
            for entries in sizes:
                file = folder / f"{form}_{entries}"
                url = databases.url(f"entries_{entries}")
                found[form, entries] = _step(form, url, folder, entries, file)
                if form == "csv":
                    sums[entries] = _sum_of(_of_csv(file), entries)
                elif form == "xlsx" and _sum_of(_of_xlsx(file), entries) != sums[entries]:
                    raise SystemExit(f"{vendor}: the workbook of {entries} adds up to another sum.")
                file.unlink()
    finally:
        for name in made:
            databases.drop(name)
    _tell(vendor, found, sizes, told)


def _step(
    name: str, url: str, folder: Path, entries: int = 0, path: Path | None = None
) -> dict[str, Any]:
    environment = {
        **os.environ, "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(folder), "DATABASE_URL": url,
        "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
    }  # fmt: skip
    command = [sys.executable, "-P", "-m", "bench.exports_steps", name, str(entries),
               str(path or folder)]  # fmt: skip
    done = subprocess.run(  # noqa: S603  the project's own
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-2_000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _of_csv(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from (row[AMOUNT] for row in rows)


def _of_xlsx(path: Path) -> Iterator[str]:
    """The amounts of a workbook of one sheet, read in pieces."""
    with zipfile.ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as part:
        left, is_header = b"", True
        while piece := part.read(1 << 20):
            whole, _end, left = (left + piece).rpartition(b"</row>")
            for found in _ROW.finditer(whole + b"</row>"):
                cells = [cell[1] for cell in _CELL.finditer(found[1])]
                if cells and not is_header:
                    yield cells[AMOUNT].decode()
                is_header = is_header and not cells


def _sum_of(amounts: Iterator[str], entries: int) -> Decimal:
    count, total = 0, Decimal(0)
    for amount in amounts:
        count, total = count + 1, total + Decimal(amount)
    if count != entries:
        raise SystemExit(f"A file of {entries} entries has {count} rows.")
    return total


def _tell(
    vendor: str, found: dict[tuple[str, int], dict[str, Any]], sizes: tuple[int, int], told: Told
) -> None:
    few, many = sizes
    rows = []
    for form in FORMS:
        small, large = found[form, few], found[form, many]
        growth = large["megabytes"] / small["megabytes"]
        rows.append((
            CALLED[form], f"{few / small['seconds']:,.0f}", f"{many / large['seconds']:,.0f}",
            f"{small['megabytes']:.0f}", f"{large['megabytes']:.0f}", ratio(growth),
            f"{large['bytes'] / 1e6:,.0f}",
        ))  # fmt: skip
        if form != "rival":
            told.goals.append(Goal(
                f"{vendor}, {CALLED[form]}: the most memory for {many:,} rows ÷ for {few:,}",
                growth, MOST_GROWTH,
            ))  # fmt: skip
    told.tables.append(Table(
        f"{vendor}: rows a second, and the most memory of the process in MB",
        ("", f"rows/s, {few:,}", f"rows/s, {many:,}", f"MB, {few:,}", f"MB, {many:,}", "growth",
         "file, MB"), rows,
    ))  # fmt: skip
    faster = found["rival", many]["seconds"] / found["xlsx", many]["seconds"]
    first = found["xlsx", many]["first"] / found["xlsx", many]["seconds"]
    told.notes.append(
        f"{vendor}: the workbook is made {ratio(faster)} times as fast as by XlsxWriter, and its "
        f"first piece is sent after {ratio(100 * first)} % of its time."
    )
