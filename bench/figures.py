"""The figures of the Board page: what they cost at 10,000 entries and at ten million.

The listed questions of one year are asked by the portal's own functions, uncached, and by rivals
over raw rows: plain SQL in the same database, DuckDB, Polars and pandas in memory (loading not
counted). In every round all of them are asked by turns, at every size and on both databases; every
answer has to be the same to the cent. The whole dashboard is timed beside them, with the part that
the database takes of it. The books are those of `figures_books`.
"""

import cProfile
import datetime
import gc
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures_places import SQLITE, Places, PostgresPlaces, databases, setup
from bench.profiled import is_driver, shares
from bench.told import LARGE, SMALL, Goal, Table, Told, ms, ratio, refuse_unequal, take_turns

SIZES = {SMALL: (10_000, 100_000), LARGE: (10_000, 1_000_000, 10_000_000)}
ROUNDS = {SMALL: 9, LARGE: 7}
MOST_OF_PANDAS = 1_000_000
YEAR, TODAY = 2021, datetime.date(2022, 1, 15)
PORTAL, RAW, MEMORY = "the portal", "plain SQL, rows as posted", "memory"
SCATTERED = "plain SQL, rows in no order"
DUCKDB, SHUFFLED = "DuckDB, rows as posted", "DuckDB, rows in no order"
PARTS = ("months and regions", "targets", "ten largest", "Member States")
SMALLEST, LARGEST = 10_000, 10_000_000
Key = tuple[str, int, str]  # vendor, entries, contender
Asked = Callable[[], Any]


def measure(size: str) -> Told:
    """All contenders at the sizes; goals that this run says nothing of are not measured."""
    told = Told("Dashboard figures")
    sizes = SIZES[size]
    with tempfile.TemporaryDirectory(prefix="bench-figures-") as name, ExitStack() as kept:
        setup(Path(name))
        vendors = list(_vendors(Path(name), told))
        for places in vendors:
            kept.enter_context(_filled(places, sizes, told))
        run = Run(vendors, sizes)
        seconds, profiles = run.listed(ROUNDS[size]), run.profiles()
        told.tables += [
            _listed(seconds, sizes),
            _ratios(seconds, sizes, vendors),
            Table("The portal's time by question, milliseconds",
                  ("Database", "Entries", *PARTS), run.parts(ROUNDS[size])),
            Table("The whole dashboard, uncached: all that the page tells",
                  ("Database", "Entries", "Milliseconds", "Of it the database",
                   "The dearest parts, with their SQL"), run.pages()),
        ]  # fmt: skip
    told.goals += _goals(seconds, vendors, profiles)
    told.notes += NOTES
    return told


WHY = (
    "That is nearly the same at every size: a dozen statements, the target sets with their wording"
    " and a few hundred cells."
)
WHY_POSTED = (
    f"{WHY} As posted, the rows of a year lie together, and fewer are looked at; in the trial that"
    " set the goal they lay in no order."
)
RIVALS = ((SCATTERED, 0.01, WHY), (RAW, 0.01, WHY_POSTED), (SHUFFLED, 0.06, WHY),
          (DUCKDB, 0.06, WHY_POSTED))  # fmt: skip
NOTES = [
    "Ten years, 5,000 donors (193 Member States, 12 merged into others), 300 programmes, 6 regions."
    " The questions are of the last year: months by fund, cumulative; funds against targets; the"
    " ten largest donors of each fund; regions; Member States that give core money.",
    "DuckDB holds the entries as they stand: words, dates, decimals. Polars and pandas hold small "
    "integers of receipts in cash alone, with merges followed when they were loaded. Loading is "
    "not counted.",
    "The whole dashboard answers more than the listed questions, and names every donor that moved. "
    "What changed closed months and what is not converted is read from entries.",
]  # fmt: skip


def _vendors(folder: Path, told: Told) -> Iterator[Places]:
    yield Places(folder)
    if url := os.environ.get("DATABASE_URL_BENCH", ""):
        yield PostgresPlaces(folder, url)
    else:
        told.notes.append("PostgreSQL is left out: DATABASE_URL_BENCH names no database.")


@contextmanager
def _filled(places: Places, sizes: tuple[int, ...], told: Told) -> Iterator[None]:
    from bench import figures_books as books
    from bench.figures_bulk import scatter

    rows: list[tuple[str, str, str]] = []

    def fill(name: str) -> None:
        begun = time.perf_counter()
        books.make_books(int(name))
        rows.append((f"{int(name):,}", f"{time.perf_counter() - begun:,.0f}",
                     f"{places.bytes_of(name) / 1e6:,.0f}"))  # fmt: skip
        sys.stderr.write(f"{places.vendor}: {rows[-1]}\n")
        scatter()

    with databases(places, [str(size) for size in sizes], fill, books.prepare_tables):
        told.tables.append(
            Table(f"Books made on {places.vendor}", ("Entries", "Seconds", "MB"), rows)
        )
        yield


class Run:
    """The contenders at every size, on every database."""

    def __init__(self, vendors: list[Places], sizes: tuple[int, ...]) -> None:
        self.vendors, self.sizes = vendors, sizes

    def _each(self) -> Iterator[tuple[Places, int]]:
        """Every database in turn, as the one in use."""
        for places in self.vendors:
            for size in self.sizes:
                places.enter(str(size))
                yield places, size

    def listed(self, rounds: int) -> dict[Key, float]:
        """Median seconds of the listed questions."""
        contenders: dict[Key, tuple[Asked, Asked]] = {}
        for places, size in self._each():
            contenders |= _contenders(places, size)
        taken: dict[Key, list[float]] = {key: [] for key in contenders}
        answers: dict[int, dict[str, Any]] = {size: {} for size in self.sizes}
        keys = list(contenders)
        gc.collect()
        gc.freeze()
        for turn in range(rounds + 1):
            for key in keys[turn % len(keys) :] + keys[: turn % len(keys)]:
                enter, ask = contenders[key]
                enter()  # going from one database to another is not measured
                gc.collect()
                begun = time.perf_counter()
                answer = ask()
                seconds = time.perf_counter() - begun
                answers[key[1]][f"{key[2]} ({key[0]})"] = answer
                if turn:  # the first round warms up
                    taken[key].append(seconds)
        gc.unfreeze()
        for of_size in answers.values():
            refuse_unequal(of_size)
        return {key: statistics.median(times) for key, times in taken.items()}

    def parts(self, rounds: int) -> list[tuple[str, ...]]:
        """What each of the questions takes of the portal's time."""
        from bench.figures_portal import parts, question

        rows = []
        for places, size in self._each():
            asked = parts(question(YEAR, TODAY))
            found, _answers = take_turns(asked, rounds)
            rows.append((places.vendor, f"{size:,}", *(ms(found[part]) for part in PARTS)))
        return rows

    def profiles(self) -> dict[str, str]:
        """By database: what the portal's time for the listed questions is, at the largest size."""
        from bench.figures_portal import listed_questions, question

        found = {}
        for places in self.vendors:
            places.enter(str(self.sizes[-1]))
            found[places.vendor] = shares(partial(listed_questions, question(YEAR, TODAY)))
        return found

    def pages(self) -> list[tuple[str, ...]]:
        """The whole dashboard at each size, and what takes its time."""
        from bench.figures_portal import question
        from reports.figures.dashboard import dashboard

        rows = []
        for places, size in self._each():
            asked = question(YEAR, TODAY)
            found, _answers = take_turns({"": partial(dashboard, asked, today=TODAY)}, 3)
            profile = cProfile.Profile()
            profile.runcall(dashboard, asked, today=TODAY)
            rows.append((places.vendor, f"{size:,}", ms(found[""]), *_shares(profile)))
        return rows


def _contenders(places: Places, size: int) -> dict[Key, tuple[Asked, Asked]]:
    """For each the way into its database, and its question."""
    from bench import figures_bulk as bulk
    from bench import figures_rivals as rivals
    from bench.figures_portal import listed_questions, question, target_set

    asked, enter = question(YEAR, TODAY), partial(places.enter, str(size))
    books, chosen = asked.ledger.pk, target_set(asked).code
    found: dict[Key, tuple[Asked, Asked]] = {
        (places.vendor, size, PORTAL): (enter, partial(listed_questions, asked)),
        (places.vendor, size, RAW): (enter, partial(rivals.plain_sql, books, YEAR, chosen)),
        (places.vendor, size, SCATTERED): (
            enter,
            partial(rivals.plain_sql, books, YEAR, chosen, entries=bulk.SCATTERED),
        ),
    }
    if places.vendor == SQLITE:
        rows, targets = rivals.read_rows(books), rivals.targets_of(chosen, YEAR)
        shuffled = partial(rivals.duckdb, order="hash(x.place)")
        in_memory = {DUCKDB: rivals.duckdb, SHUFFLED: shuffled, "Polars": rivals.polars,
                     "pandas": rivals.pandas}  # fmt: skip
        for name, load in in_memory.items():
            if name != "pandas" or size <= MOST_OF_PANDAS:
                found[MEMORY, size, name] = (enter, partial(load(rows, YEAR), targets))
    return found


# Parts of the page whose share of the profile is told, by the function that makes them.
MADE_BY = ("movements", "concentration", "rankings", "purposes", "programme_table", "forecast",
           "adjusted", "not_converted", "with_donors", "donor_cells")  # fmt: skip


def _shares(profile: cProfile.Profile) -> tuple[str, str]:
    """How much of a page the database's driver took, and the dearest parts, each with its SQL."""
    stats: Any = pstats.Stats(profile)
    driver = sum(
        own
        for (file, _line, name), (_calls, _all, own, _whole, _by) in stats.stats.items()
        if is_driver(name)
    )
    found: dict[str, float] = {}
    for (file, _line, name), (_calls, _all, _own, whole, _by) in stats.stats.items():
        if name in MADE_BY and ("figures" in file or "income" in file):
            found[name] = max(found.get(name, 0), whole)
    dearest = sorted(found.items(), key=lambda pair: -pair[1])[:5]
    told = ", ".join(f"{name} {whole / stats.total_tt:.0%}" for name, whole in dearest)
    return f"{driver / stats.total_tt:.0%}", told


def _of(seconds: dict[Key, float], vendor: str, size: int, name: str) -> float | None:
    place = vendor if name in (PORTAL, RAW, SCATTERED) else MEMORY
    return seconds.get((place, size, name))


def _listed(seconds: dict[Key, float], sizes: tuple[int, ...]) -> Table:
    names = list(dict.fromkeys((vendor, name) for vendor, _size, name in seconds))
    return Table(
        "The listed questions of one year, uncached, milliseconds (medians)",
        ("Asked of", *(f"{size:,} entries" for size in sizes)),
        [
            (f"{name}, {vendor}" if vendor != MEMORY else f"{name}, in memory",
             *(ms(found) if (found := seconds.get((vendor, size, name))) else "–"
               for size in sizes))
            for vendor, name in names
        ],
    )  # fmt: skip


def _ratios(seconds: dict[Key, float], sizes: tuple[int, ...], vendors: list[Places]) -> Table:
    rows = []
    for places in vendors:
        own = {size: seconds[places.vendor, size, PORTAL] for size in sizes}
        rows.append((f"{places.vendor}: the portal ÷ itself at {sizes[0]:,}",
                     *(ratio(own[size] / own[sizes[0]]) for size in sizes)))  # fmt: skip
        for name in (RAW, SCATTERED, DUCKDB, SHUFFLED, "Polars", "pandas"):
            found = [_of(seconds, places.vendor, size, name) for size in sizes]
            rows.append((f"{places.vendor}: the portal ÷ {name}",
                         *(ratio(own[size] / one if one else None)
                           for size, one in zip(sizes, found, strict=True))))  # fmt: skip
    return Table("Ratios of the same run", ("", *(f"{size:,}" for size in sizes)), rows)


def _goals(
    seconds: dict[Key, float], vendors: list[Places], profiles: dict[str, str]
) -> list[Goal]:
    found = []
    for places in vendors:
        large = seconds.get((places.vendor, LARGEST, PORTAL))
        small = seconds[places.vendor, SMALLEST, PORTAL]
        said = f"Listed questions at 10,000,000 entries, {places.vendor}"
        found += [
            Goal(f"{said} ÷ the same at 10,000", large / small if large else None, 2.2),
            *(
                Goal(f"{said} ÷ {name}", large / other if large and other else None, limit,
                     why=f"{profiles[places.vendor]} {why}")
                for name, limit, why in RIVALS
                for other in [_of(seconds, places.vendor, LARGEST, name)]
            ),
        ]  # fmt: skip
    return found
