"""Many writers at once: into the same books, and into those of several agencies.

    python -P bench/run.py writers [--size large]

Fifty processes, each with a connection of its own, record receipts for some seconds; eight on
SQLite, which has one writer at a time. Then the same fifty over one, two, four and eight books.
Books have a head each, which a posting locks until its commit: what writers wait for in the same
books is each other's commit, and in other books only the machine.

After each run the sequence has neither gap nor twin, the chain and the rollups are verified.
"""

import statistics
from pathlib import Path
from typing import Any

from bench.posting_runs import Step, on_each_database
from bench.told import LARGE, Goal, Table, Told, ms, ratio

STEPS = Path(__file__).with_name("writers_steps.py")
WRITERS = {"postgres": 50, "sqlite": 8}
BOOKS = (1, 2, 4, 8)
NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
Runs = dict[int, list[dict[str, Any]]]


def measure(size: str) -> Told:
    told = Told("Many writers")
    rows = []
    for vendor, step in on_each_database(STEPS):
        runs = _runs(step, WRITERS[vendor], *((3, 8.0) if size == LARGE else (1, 5.0)))
        rows += [_row(NAMES[vendor], WRITERS[vendor], books, runs) for books in BOOKS]
        if vendor == "postgres":
            told.goals.append(_goal(runs))
    told.tables.append(
        Table(
            "Receipts recorded through their service",
            ("database", "writers", "books", "postings a second", "times one book's",
             "median, ms", "p95, ms", "processors busy", "waiting for disks"),
            rows,
        )
    )  # fmt: skip
    told.notes.append(
        "Each book's sequence had neither gap nor twin, and chain and rollups were verified. Busy "
        "are the machine's processors with all that ran on them: writers, database and others."
    )
    return told


def _runs(step: Step, writers: int, rounds: int, seconds: float) -> Runs:
    """Each number of books in turn, several rounds."""
    found: Runs = {books: [] for books in BOOKS}
    for turn in range(rounds):
        for books in BOOKS if turn % 2 == 0 else BOOKS[::-1]:
            found[books].append(step("run", writers, books, seconds))
    return found


def _middle(runs: Runs, books: int, name: str) -> float:
    return statistics.median(one[name] for one in runs[books])


def _row(database: str, writers: int, books: int, runs: Runs) -> tuple[str, ...]:
    speed = _middle(runs, books, "a_second")
    return (
        database, str(writers), str(books), f"{speed:,.0f}",
        ratio(speed / _middle(runs, 1, "a_second")), ms(_middle(runs, books, "p50")),
        ms(_middle(runs, books, "p95")), f"{_middle(runs, books, 'busy'):.0%}",
        f"{_middle(runs, books, 'disk'):.0%}",
    )  # fmt: skip


def _goal(runs: Runs) -> Goal:
    """Books post in parallel: several take more postings a second than one."""
    one = _middle(runs, 1, "a_second")
    best = max(BOOKS[1:], key=lambda books: _middle(runs, books, "a_second"))
    times, busy = _middle(runs, best, "a_second") / one, _middle(runs, 1, "busy")
    why = ""
    if times <= 1:
        why = f"With one book already the processors were {busy:.0%} busy: there was none left."
    return Goal(
        f"50 writers over {best} books ÷ over one, postings a second, PostgreSQL", times, 1.0,
        at_least=True, why=why,
    )  # fmt: skip
