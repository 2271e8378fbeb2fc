"""How soon `make run` answers on a machine that has everything it needs."""

import statistics

from bench.demonstration import Started, load_told, set_up, started
from bench.told import Goal, Table, Told

ROUNDS = {"small": 3, "large": 7}
MOST_SECONDS = 5.0


def measure(size: str) -> Told:
    """Seconds from the command to the first page, of a copy that was set up before."""
    told = Told("The first answer of make run", notes=load_told())
    starts: list[Started] = []
    with set_up() as folder:
        for _round in range(ROUNDS[size]):
            with started(folder) as portal:
                pass
            starts.append(portal)
    told.tables.append(_table(starts))
    median = statistics.median(one.answered for one in starts)
    told.goals.append(
        Goal("the first request after make run is answered", median, MOST_SECONDS, unit="s")
    )
    told.notes.append(
        "Of a copy whose packages and demonstration were there; the first page is that of `/` with "
        "what it leads on to. Processor time is that of all processes of the start, their end "
        "included; two of them run side by side."
    )
    return told


def _table(starts: list[Started]) -> Table:
    rows = [
        (name, *(f"{figure(values):.2f}" for figure in (statistics.median, min, max)))
        for name, values in (
            ("until the port is open", [one.listened for one in starts]),
            ("until the first page stands", [one.answered for one in starts]),
            ("processor time", [one.processor for one in starts]),
        )
    ]
    return Table("Seconds from the command", ["", "median", "least", "most"], rows)
