"""What bench/imports.py found: medians and ratios, printed and as a row of docs/performance.md."""

import os
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
PEER_ROWS = 2_000
NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
GOALS = {100_000: 0.3, 1_000_000: 0.4}  # of the raw copy's speed, on PostgreSQL
GOAL_BESIDE_PEER, GOAL_MEGABYTES = 50, 500
HEAD = ("| database | rows | raw | path | check | path ÷ raw | peer | times the peer | memory | "
        "rounds, load |")  # fmt: skip

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
    def lines(self) -> list[str]:
        """For people who watch."""
        is_goal = self.vendor == "postgres"
        goal = f" (goal {GOALS[self.rows]})" if is_goal and self.rows in GOALS else ""
        told = [
            f"{NAMES[self.vendor]}, {self.rows:,} rows, medians of {self.rounds}, "
            f"load {self.load:.1f} on {os.cpu_count()} cores:",
            self._line("raw", self.raw), self._line("path", self.path),
            self._line("check", self.check),
            f"  path beside raw: {self.raw / self.path:.2f}{goal}; with the check: "
            f"{self.raw / (self.path + self.check):.2f}",
        ]  # fmt: skip
        if self.peer:
            goal = f" (goal {GOAL_BESIDE_PEER})" if is_goal else ""
            told += [
                self._line("peer", self.peer) + f", extrapolated from {PEER_ROWS:,}",
                f"  path beside peer: {self.beside_peer:.0f} times{goal}; "
                f"both with what comes before: {self.all_beside_peer:.0f} times",
            ]
        return [*told, f"  most memory: {self.megabytes:.0f} MB (goal {GOAL_MEGABYTES})"]

    @property
    def beside_peer(self) -> float:
        return (self.peer or 0) / self.path

    @property
    def all_beside_peer(self) -> float:
        """The peer's dry run and import beside check and path."""
        return ((self.peer or 0) + self.peer_check) / (self.path + self.check)

    def _line(self, name: str, seconds: float) -> str:
        return (f"  {name:<6}{seconds:>9.2f} s {self.rows / seconds:>10,.0f} rows/s "
                f"{seconds / self.rows * 1e6:>8.0f} µs a row")  # fmt: skip

    @property
    def row(self) -> str:
        """Of the document's table."""
        cells = (
            NAMES[self.vendor], f"{self.rows:,}", _seconds(self.raw), _seconds(self.path),
            _seconds(self.check), f"{self.raw / self.path:.2f}",
            _seconds(self.peer) if self.peer else "–",
            f"{self.beside_peer:.0f} (with check {self.all_beside_peer:.0f})" if self.peer else "–",
            f"{self.megabytes:.0f} MB", f"{self.rounds}, {self.load:.1f}",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"

    def write(self) -> None:
        """Put the row into the document, in the place of the last with its database and rows."""
        lines = DOCUMENT.read_text(encoding="utf-8").split("\n")
        end = start = lines.index(HEAD) + 2
        while lines[end].startswith("|"):
            end += 1
        kept = {_key(line): line for line in lines[start:end]}
        lines[start:end] = (kept | {_key(self.row): self.row}).values()
        DOCUMENT.write_text("\n".join(lines), encoding="utf-8")


def _median(runs: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in runs)


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds < 100 else f"{seconds:,.0f} s"


def _key(row: str) -> str:
    return "|".join(row.split("|")[:3])
