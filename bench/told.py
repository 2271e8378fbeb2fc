"""What a bench tells: tables, goals with their ratios, and the questions of how it was measured.

Every bench module has `measure(size) -> Told` and is run by `bench/run.py` in a process of its own.
Contenders take turns, several rounds, in one process or one after the other on the same machine;
only ratios of medians of the same run are compared with a goal.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SMALL, LARGE = "small", "large"


@dataclass(frozen=True)
class Goal:
    """One number of the goals: a ratio (or a count, a size) and what it may be at most or least."""

    text: str
    measured: float | None  # None: not measured in this run
    limit: float
    at_least: bool = False
    unit: str = ""  # empty: a ratio
    why: str = ""  # what a profile shows, where the goal is missed

    @property
    def is_met(self) -> bool | None:
        if self.measured is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


@dataclass(frozen=True)
class Table:
    """Figures of one run: cells are texts, ready to be printed."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class Told:
    """All that one bench found out."""

    title: str
    tables: list[Table] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def take_turns(
    contenders: Mapping[str, Callable[[], Any]], rounds: int, *, warm: int = 1
) -> tuple[dict[str, float], dict[str, Any]]:
    """Median seconds of each contender, and its last answer; rounds alternate between them all.

    The order turns from round to round, so that nobody always runs behind the same one.
    """
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    answers: dict[str, Any] = {}
    gc.collect()
    gc.freeze()  # what is there already need not be looked through before each turn
    for turn in range(warm + rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()
            begun = time.perf_counter()
            answers[name] = contenders[name]()
            taken = time.perf_counter() - begun
            if turn >= warm:
                seconds[name].append(taken)
    gc.unfreeze()
    return {name: statistics.median(taken) for name, taken in seconds.items()}, answers


def refuse_unequal(answers: Mapping[str, Any]) -> None:
    """Raises SystemExit where two contenders do not say the same, to the cent."""
    (first, wanted), *others = answers.items()
    for name, answer in others:
        if answer != wanted:
            raise SystemExit(f"{name} answers otherwise than {first}:\n{answer}\n{wanted}")


def ms(seconds: float) -> str:
    """Milliseconds as they stand in a table."""
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def ratio(value: float | None) -> str:
    """A ratio as it stands in a table: three figures that count."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
