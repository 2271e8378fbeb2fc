"""What the books were known to say at a past moment, beside what they say today.

    python -P bench/run.py known [--size large]

The portal's own questions about a year (sums by month and fund, donors by fund, regions, Member
States that give core money), asked as they stand and as known at moments of the past: with the
memory of answers emptied (checkpoints and a tail), from that memory, and from the entries alone,
which have to say the same to the cent. Checkpoints are made by the command's own code.
The ten largest donors stand apart: today's are a few rows of an index, those of a past moment come
from the sums of all donors.
"""

import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures_places import Places, PostgresPlaces, databases, setup
from bench.profiled import shares
from bench.told import LARGE, SMALL, Goal, Table, Told, ms, ratio, refuse_unequal, take_turns

ENTRIES = {SMALL: 100_000, LARGE: 10_000_000}
ROUNDS = {SMALL: 3, LARGE: 5}
MOST_TIMES = 10.0
NAME = "known"
TEN = "ten largest donors by fund"
Found = dict[str, Any]


def measure(size: str) -> Told:
    told = Told("Known as at a past moment")
    with tempfile.TemporaryDirectory(prefix="bench-known-") as name:
        folder = Path(name)
        setup(folder)
        from bench.figures_books import make_books, prepare_tables

        places: list[Places] = [Places(folder)]
        if url := os.environ.get("DATABASE_URL_BENCH", ""):
            places.append(PostgresPlaces(folder, url))
        else:
            told.notes.append("PostgreSQL was not measured: DATABASE_URL_BENCH names no database.")
        for place in places:
            with databases(place, [NAME], lambda _name: make_books(ENTRIES[size]), prepare_tables):
                place.enter(NAME)
                tell(told, place.vendor, asked(ROUNDS[size]))
    told.notes.append(
        f"Books of {ENTRIES[size]:,} entries over ten years, closed month by month. Median and "
        "worst are of the moments tried: two closings, the middles of two months, of the longest "
        "era, an early moment, and shortly before the present."
    )
    return told


def asked(rounds: int) -> Found:
    """All that is measured on the database that Django is connected to."""
    from bench.figures_books import BOOKS
    from bench.figures_bulk import settled
    from income.ledger import checkpoints
    from income.models import Ledger

    ledger = Ledger.objects.get(code=BOOKS)
    begun = time.perf_counter()
    eras = checkpoints.make(ledger)
    found: Found = {"seconds": time.perf_counter() - begun, "eras": eras, "questions": {}}
    settled()
    found["cells"] = {
        table.grain: (table.model._default_manager.count(), table.present._default_manager.count())
        for table in checkpoints.TABLES
    }
    every, when = questions(ledger), moments(ledger)
    for name, ask in every.items():
        found["questions"][name] = _of_question(ask, when, rounds)
    of_ten = found["questions"][TEN]
    worst = max(of_ten, key=lambda moment: of_ten[moment]["known"] / of_ten[moment]["today"])
    found["profile"] = shares(partial(_computed, every[TEN], *when[worst]))
    return found


def moments(ledger: Any) -> dict[str, tuple[int, int]]:
    """Sequences of the books and the year that is asked about, by what each moment is."""
    from income.models import Era, Month

    closed = dict(Month.objects.filter(ledger=ledger).values_list("month", "sequence"))

    def middle(before: int, month: int) -> int:
        return (closed[before] + closed[month]) // 2

    longest = max(Era.objects.filter(ledger=ledger), key=lambda era: era.until - era.after)
    middle_of_it = (longest.after + longest.until) // 2
    year = min(month for month, sequence in closed.items() if sequence >= middle_of_it) // 100
    return {
        "a closing of December": (closed[201812], 2018),
        "a closing of June": (closed[201806], 2018),
        "the middle of July": (middle(201806, 201807), 2018),
        "the middle of a month two years later": (middle(202010, 202011), 2018),
        "the middle of the longest era": (middle_of_it, year),
        "an early moment": (middle(201302, 201303) + 1, 2013),
        "shortly before the present": (ledger.sequence - 1, 2021),
    }


def questions(ledger: Any) -> dict[str, Callable[[Any, int], Any]]:
    """By name: from a state of the books and a year to an answer that can be compared."""
    from income.families import became
    from income.leading import leaders
    from income.periods import YearMonth
    from income.totals import donor_sums, monthly_sums

    def by(narrow: Any, year: int, part: Callable[[Any], Any]) -> dict[Any, Any]:
        sums: dict[Any, Any] = defaultdict(int)
        span = YearMonth(year, 1), YearMonth(year, 12)
        for one in monthly_sums(ledger, ["receipt", "allotment"], *span, narrow):
            sums[part(one)] += one.amount_usd
        return {key: usd for key, usd in sums.items() if usd}

    def donors(narrow: Any, year: int, **more: Any) -> Any:
        span = YearMonth(year, 1), YearMonth(year, 12)
        return donor_sums(ledger, "receipt", *span, mode="cash", narrow=narrow, **more)

    def members(narrow: Any, year: int) -> Any:
        found = donors(narrow, year, funds=("FNE",))
        return sum(bool(one.donor and one.donor.is_member_state and one.amount_usd > 0)
                   for one in found)  # fmt: skip

    def ten(narrow: Any, year: int) -> Any:
        span = YearMonth(year, 1), YearMonth(year, 12)
        told = leaders(ledger, "receipt", *span, most=10, mode="cash", merged=became(),
                       narrow=narrow)  # fmt: skip
        return {one.fund: [usd for _d, usd in one.donors][:10] for one in told if one.donors}

    return {
        "by month and fund": lambda narrow, year: by(narrow, year, lambda c: (c.fund, c.month)),
        "by region": lambda narrow, year: by(narrow, year, lambda c: c.region),
        "all donors by fund": lambda narrow, year: sorted(
            (one.fund, one.donor.code if one.donor else "", one.amount_usd)
            for one in donors(narrow, year) if one.amount_usd
        ),
        "Member States that give core money": members,
        TEN: ten,
    }  # fmt: skip


def _of_question(ask: Callable[[Any, int], Any], when: dict[str, Any], rounds: int) -> Found:
    """Seconds of one question, by moment: today's, computed, kept, and from the entries."""
    from income.narrow import ALL, Narrow

    contenders: dict[str, Callable[[], Any]] = {}
    for name, (until, year) in when.items():
        contenders[f"today {year}"] = lambda year=year: ask(ALL, year)
        contenders[name] = partial(_computed, ask, until, year)
    seconds, answers = take_turns(contenders, rounds)
    for name, (until, year) in when.items():
        seconds[f"kept {name}"], answers[f"kept {name}"] = _kept(ask, Narrow(until=until), year)
        with from_entries():
            begun = time.perf_counter()
            wanted = ask(Narrow(until=until), year)
            seconds[f"entries {name}"] = time.perf_counter() - begun
        refuse_unequal({"entries": wanted, name: answers[name], "kept": answers[f"kept {name}"]})
    return {
        name: {
            "today": seconds[f"today {year}"], "known": seconds[name],
            "kept": seconds[f"kept {name}"], "entries": seconds[f"entries {name}"],
        }
        for name, (_until, year) in when.items()
    }  # fmt: skip


def _computed(ask: Callable[[Any, int], Any], until: int, year: int) -> Any:
    """The answer with the memory of answers emptied."""
    from django.core.cache import cache

    from income.narrow import Narrow

    cache.clear()
    return ask(Narrow(until=until), year)


def _kept(ask: Callable[[Any, int], Any], narrow: Any, year: int) -> tuple[float, Any]:
    taken, answers = take_turns({"kept": lambda: ask(narrow, year)}, 3)
    return taken["kept"], answers["kept"]


@contextmanager
def from_entries() -> Iterator[None]:
    """Inside, earlier states are summed from the entries, as if there were no checkpoints."""
    from income import narrow

    with_checkpoints = narrow.answer
    narrow.answer = lambda _ledger, _sequence, _asked, otherwise: otherwise()
    try:
        yield
    finally:
        narrow.answer = with_checkpoints


def tell(told: Told, vendor: str, found: Found) -> None:
    """Tables and goals of one database."""
    times = {
        name: sorted(one["known"] / one["today"] for one in by_moment.values())
        for name, by_moment in found["questions"].items()
    }
    told.tables += [
        Table(
            f"{vendor}: questions about a year, milliseconds; median and worst of the moments",
            ("question", "today", "known, median", "÷ today", "worst ÷ today", "kept",
             "from the entries", "known ÷ entries"),
            [_row(name, found["questions"][name], times[name]) for name in times],
        ),
        Table(
            f"{vendor}: the moments, known ÷ today",
            ("moment", *times),
            [
                (moment, *(ratio(by[moment]["known"] / by[moment]["today"])
                           for by in found["questions"].values()))
                for moment in next(iter(found["questions"].values()))
            ],
        ),
        Table(
            f"{vendor}: what is kept, made in {found['seconds']:.0f} seconds",
            ("eras of", "cells", "cells of the rollup"),
            [(grain, f"{kept:,}", f"{present:,}")
             for grain, (kept, present) in found["cells"].items()],
        ),
    ]  # fmt: skip
    _goals(told, vendor, times, found["profile"])


def _row(name: str, by_moment: Found, times: list[float]) -> tuple[str, ...]:
    middle = {
        what: statistics.median(one[what] for one in by_moment.values())
        for what in ("today", "known", "kept", "entries")
    }
    return (
        name, ms(middle["today"]), ms(middle["known"]), ratio(statistics.median(times)),
        ratio(times[-1]), ms(middle["kept"]), ms(middle["entries"]),
        ratio(middle["known"] / middle["entries"]),
    )  # fmt: skip


def _goals(told: Told, vendor: str, times: dict[str, list[float]], profile: str) -> None:
    whole = [one for name, some in times.items() if name != TEN for one in some]
    text = f"Known at a past moment, not from memory ÷ the same question today, {vendor}"
    why = "Most of it is the tail: entries read posting by posting."
    of_ten = (
        f"{profile} Today's ten are a few rows of an index by amount; those of a past moment come "
        "from the sums of all donors, because an order by amount cannot be kept for every moment."
    )
    told.goals += [
        Goal(f"{text}: median", statistics.median(whole), MOST_TIMES, why=why),
        Goal(f"{text}: worst", max(whole), MOST_TIMES, why=why),
        Goal(f"{text}: {TEN}, worst", max(times[TEN]), MOST_TIMES, why=of_ten),
    ]
