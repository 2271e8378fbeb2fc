"""Where the time of a question goes, by a profile: what a missed goal is explained with."""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[1])
DATABASE, DJANGO, PORTAL, REST = (
    "the database and its driver", "what Django adds to it", "the portal's own code", "the rest",
)  # fmt: skip
_DRIVERS = ("SQLiteCursorWrapper", "sqlite3.", "psycopg2")
Function = tuple[str, int, str]  # file, line, name


def shares(run: Callable[[], Any], times: int = 5) -> str:
    """One sentence: how much of a warm run each of the four took, by the clock.

    What Python's own functions take counts for whoever calls them.
    """
    run()
    profile = cProfile.Profile()
    for _turn in range(times):
        profile.runcall(run)
    stats: Any = pstats.Stats(profile)
    taken: dict[str, float] = defaultdict(float)
    for function, (_calls, _all, own, _whole, callers) in stats.stats.items():
        if _is_python_own(function) and callers:
            for caller, (_some, _every, for_it, _below) in callers.items():
                taken[_of(caller)] += for_it
        else:
            taken[_of(function)] += own
    every = sum(taken.values())
    parts = (f"{part} {taken[part] / every:.0%}" for part in (DATABASE, DJANGO, PORTAL, REST))
    return f"By a profile: {', '.join(parts)}."


def _is_python_own(function: Function) -> bool:
    return function[0] == "~" and not is_driver(function[2])


def is_driver(name: str) -> bool:
    """Whether the function of this name is one of a database's driver."""
    return any(one in name for one in _DRIVERS)


def _of(function: Function) -> str:
    file, _line, name = function
    if is_driver(name):
        return DATABASE
    if "/site-packages/django/" in file:
        return DJANGO
    is_own = file.startswith(ROOT) and "/site-packages/" not in file and "/bench/" not in file
    return PORTAL if is_own else REST
