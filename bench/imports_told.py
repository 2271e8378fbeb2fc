"""What bench/imports.py found: medians and ratios, as a table and goals."""

import statistics
from dataclasses import dataclass
from typing import Any

from bench.told import Goal, Table, Told

PEER_ROWS = 2_000
NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
GOALS = {100_000: 0.3, 1_000_000: 0.4}  # of the raw copy's speed, on PostgreSQL
GOAL_BESIDE_PEER, GOAL_MEGABYTES = 50, 500
HEAD = ("database", "rows", "raw", "path", "check", "path ÷ raw, speed", "peer",
        "times the peer", "memory", "rounds, load")  # fmt: skip
WHY_PEER = (
    "With check and path beside its dry run and import the ratio is that in the table. A fifth of "
    "the path is the check of foreign keys at the commit, which raw and peer pay as well"
)
WHY_SPEED = "The path reads, judges, converts, sums up and seals what the copy only writes"
NOTES = (
    "raw: COPY (PostgreSQL) or executemany (SQLite) of the same entries, ready made, into the same "
    "table with its indexes, constraints and triggers, with the commit.",
    "path: the file is read, judged, converted, posted, summed up and sealed. check: the pass "
    "before it, which judges the file a first time and writes nothing; no part of the path.",
    f"peer: django-import-export with its defaults; {PEER_ROWS:,} rows measured, the rest "
    "extrapolated. It judges, converts, sums and seals nothing.",
)

Runs = dict[str, list[dict[str, Any]]]  # by what was measured


@dataclass(frozen=True)
class Found:
    """Medians of one database and number of rows, in seconds; `peer` as if it took all rows."""

    vendor: str
    rows: int
    rounds: int
    raw: float
    path: float
    check: float
    peer: float | None
    peer_check: float  # its dry run
    megabytes: float  # the most that check and path took
    load: float  # processes that wanted the machine, this one among them

    @classmethod
    def of(cls, vendor: str, rows: int, runs: Runs) -> "Found":
        peer = [one for one in runs.get("peer", ()) if "seconds" in one]
        path, share = runs["path"], rows / PEER_ROWS
        return cls(
            vendor, rows, len(path), _median(runs["raw"], "seconds"), _median(path, "seconds"),
            _median(path, "check_seconds"),
            _median(peer, "seconds") * share if peer else None,
            _median(peer, "check_seconds") * share if peer else 0,
            max(one["megabytes"] for one in path),
            statistics.mean(one["load"] for each in runs.values() for one in each),
        )  # fmt: skip

    @property
    def beside_peer(self) -> float:
        return (self.peer or 0) / self.path

    @property
    def all_beside_peer(self) -> float:
        """The peer's dry run and import beside check and path."""
        return ((self.peer or 0) + self.peer_check) / (self.path + self.check)

    @property
    def row(self) -> list[str]:
        """Of the table."""
        return [
            NAMES[self.vendor], f"{self.rows:,}", _seconds(self.raw), _seconds(self.path),
            _seconds(self.check), f"{self.raw / self.path:.2f}",
            _seconds(self.peer) if self.peer else "–",
            f"{self.beside_peer:.0f} (with check {self.all_beside_peer:.0f})" if self.peer else "–",
            f"{self.megabytes:.0f} MB", f"{self.rounds}, {self.load:.1f}",
        ]  # fmt: skip

    @property
    def goals(self) -> list[Goal]:
        """What was hoped for on PostgreSQL, and for memory on both."""
        where = f"{self.rows:,} rows, {NAMES[self.vendor]}"
        memory = Goal(f"Most memory, {where}", self.megabytes, GOAL_MEGABYTES, unit="MB")
        if self.vendor != "postgres":
            return [memory]
        speed = Goal(
            f"Speed of the path as a share of a raw copy's, {where}", self.raw / self.path,
            GOALS[self.rows], at_least=True, why=WHY_SPEED,
        )  # fmt: skip
        peer = Goal(
            f"Times as fast as the peer, {where}", self.beside_peer if self.peer else None,
            GOAL_BESIDE_PEER, at_least=True, why=WHY_PEER,
        )  # fmt: skip
        return [speed, peer, memory]


def tell(told: Told, found: list[Found]) -> None:
    """The table, the goals and what the columns mean."""
    told.tables.append(
        Table("Rows of audited revenue in a CSV file, in three currencies, into empty books:", HEAD,
              [one.row for one in found])
    )  # fmt: skip
    told.goals += [goal for one in found for goal in one.goals]
    told.notes += NOTES


def _median(runs: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in runs)


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds < 100 else f"{seconds:,.0f} s"
