"""What it costs to post: one receipt, ten thousand rows, and their seal.

    python -P bench/run.py posting [--size large]

- One receipt under an agreement through its service, with the commit, beside the very statements
  that the service sends, sent again with fresh keys over a bare connection of the same driver.
- One posting of 10,000 rows through the door for files, beside a bare COPY (PostgreSQL) or
  executemany (SQLite) of the same rows, ready made, into the same table with its indexes,
  constraints and triggers, with the commit.
- The seal of these rows: their canonical text and its hash, in time of the processor.

Breaks off where a sum differs by a cent, or the rollups differ from the entries.
"""

from pathlib import Path
from typing import Any

from bench.posting_runs import on_each_database
from bench.told import LARGE, Goal, Table, Told, ms, ratio

STEPS = Path(__file__).with_name("posting_steps.py")
ROWS = 10_000
MOST_STATEMENTS, MOST_TIMES_BARE, MOST_TIMES_COPY, LEAST_SEALED = 14, 2.0, 2.5, 100_000
NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}


def measure(size: str) -> Told:
    told = Told("Posting")
    receipts, postings = [], []
    for vendor, step in on_each_database(STEPS):
        found = step("receipts", 1_000 if size == LARGE else 300)
        receipts.append(_receipt(NAMES[vendor], found))
        told.goals += _receipt_goals(NAMES[vendor], found)
        found = step("posting", ROWS)
        postings.append(_posting(NAMES[vendor], found))
        told.goals += _posting_goals(NAMES[vendor], found)
    told.tables = [
        Table(
            "One receipt under an agreement, with the commit, in milliseconds",
            ("database", "statements", "service", "the same statements, bare", "times",
             "times in processor time", "share of the service spent in the driver"),
            receipts,
        ),
        Table(
            f"One posting of {ROWS:,} rows, with the commit",
            ("database", "posting, ms", "bare copy, ms", "times", "entries sealed a second",
             "share of the seal"),
            postings,
        ),
    ]  # fmt: skip
    told.notes.append(
        "Entries sealed a second are of the processor's time. The share of the seal is its time "
        "beside that of the posting, which makes the same text in one go with the row. "
        "Processor time is that of the process that posts: on SQLite the database's as well, on "
        "PostgreSQL not. It tells what other work on the machine did to the clock."
    )
    return told


def _receipt(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    times = found["service"] / found["bare"]
    return (name, str(found["statements"]), ms(found["service"]), ms(found["bare"]), ratio(times),
            ratio(found["processor"]), f"{found['waited']:.0%}")  # fmt: skip


def _receipt_goals(name: str, found: dict[str, Any]) -> list[Goal]:
    times = found["service"] / found["bare"]
    why = ""
    if times > MOST_TIMES_BARE:
        why = f"{found['profile']} Without it, {found['waited']:.0%} of the time is the driver's."
        if name == NAMES["sqlite"]:
            why += (
                " The database is a file in the same process, with no way to a server: it answers "
                "faster than Python asks."
            )
    return [
        Goal(
            f"Statements of one receipt, {name}", found["statements"], MOST_STATEMENTS,
            unit="statements",
        ),
        Goal(f"One receipt ÷ its statements, bare, {name}", times, MOST_TIMES_BARE, why=why),
    ]  # fmt: skip


def _posting(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    return (
        name, ms(found["posting"]), ms(found["copy"]), ratio(found["posting"] / found["copy"]),
        f"{ROWS / found['sealing']:,.0f}", f"{found['sealing'] / found['posting']:.0%}",
    )  # fmt: skip


def _posting_goals(name: str, found: dict[str, Any]) -> list[Goal]:
    times = found["posting"] / found["copy"]
    why = ""
    if times > MOST_TIMES_COPY:
        why = "Rows are made ready, sealed and summed in Python; the copy finds them ready made."
    return [
        Goal(
            f"A posting of {ROWS:,} rows ÷ its bare copy, {name}", times, MOST_TIMES_COPY, why=why
        ),
        Goal(
            f"Entries sealed in a second of the processor, {name}", ROWS / found["sealing"],
            LEAST_SEALED, at_least=True, unit="a second",
        ),
    ]  # fmt: skip
