"""Lists, the API and search over many contributions: what a page costs when the books grow.

    python -P bench/run.py lists [--size large]

The same questions in books of 10,000 contributions and in books of 100,000 (small) or 1,000,000
(large), on SQLite and PostgreSQL, turn by turn in one process: first page, each filter and each
order of the list, a page behind nine tenths of it, search, whole requests of pages and of the API.
Keystrokes in the list of donors: 5,000 donors and 20,000 (small) or 200,000, six names each.
Beside the API stand the same hundred rows by Django REST framework's own serializer and cursor,
and by plain SQL. Goals compare the large books with the small ones.
"""

import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.profiled import shares
from bench.told import Goal, Table, Told, ms, ratio, take_turns

FEW = 10_000
MANY = {"small": 100_000, "large": 1_000_000}
DONORS = {"small": 20_000, "large": 200_000}
TURNS, ROUNDS = 3, 7
LIMIT = 1.2
Seconds = dict[str, float]


WHY = {
    "filter": "A donor has two contributions in the small books and fills a page in the large.",
    "order": "An index of a hundred times the rows is a level or two deeper.",
    "deep page": "In the middle of an order a page may be two stretches of an index, not one.",
    "search": "More that is found is put in order.",
}
WHY_NAMES = (
    "Where no word of a name begins with what is typed, and where many names are found, every name"
    " that may fit is looked through: that grows with the donors."
)


def measure(size: str) -> Told:
    """What the bench tells, in one of the two sizes."""
    told = Told("Lists, API and search")
    with tempfile.TemporaryDirectory(prefix="bench-lists-") as folder:
        from bench.figures_places import Places, PostgresPlaces, setup

        setup(Path(folder))
        every: list[Places] = [Places(Path(folder))]
        if url := os.environ.get("DATABASE_URL_BENCH", ""):
            every.append(PostgresPlaces(Path(folder), url))
        else:
            told.notes.append("Without PostgreSQL: DATABASE_URL_BENCH names no server.")
        for places in every:
            _vendor(places, size, told)
    return told


def _vendor(places: Any, size: str, told: Told) -> None:
    from bench import lists_books as books
    from bench.figures_bulk import settled
    from bench.figures_places import databases

    names = {"few": FEW, "many": MANY[size]}
    donors = {"few_donors": books.DONORS, "many_donors": DONORS[size]}

    def fill(name: str) -> None:
        books.fill_donors(books.DONORS, donors.get(name, books.DONORS))
        if name in names:
            books.fill_contributions(names[name])
        settled()

    with databases(places, [*names, *donors], fill, books.prepare):
        _lists(places, told, names)
        _keystrokes(places, told, donors)


def _lists(places: Any, told: Told, names: dict[str, int]) -> None:
    from bench import lists_questions as questions

    found = _by_turns(places, names, questions.of_contributions)
    (few, many), profiles = found
    rows, kinds = [], {}
    for question in many:
        times = many[question] / few[question]
        rows.append((question, ms(few[question]), ms(many[question]), ratio(times)))
        if question not in questions.BESIDE:
            kinds.setdefault(question.split(":")[0], []).append((times, question))
    told.tables.append(
        Table(
            f"Contributions, {places.vendor}: milliseconds",
            ("", *(f"{n:,}" for n in names.values()), "ratio"),
            rows,
        )
    )
    every = sorted(one for of_kind in kinds.values() for one in of_kind)
    for kind, of_kind in kinds.items():
        times, worst = max(of_kind)
        told.goals.append(
            Goal(
                f"{places.vendor}, {kind}: many ÷ few, the worst ({worst})",
                times,
                LIMIT,
                why=f"{profiles[worst]} {WHY.get(kind, '')}".strip(),
            )
        )
    middle = statistics.median(times for times, _question in every)
    told.goals.append(
        Goal(f"{places.vendor}, all questions of lists: many ÷ few, the median", middle, LIMIT)
    )
    api, peer = many[questions.API], many[questions.PEER]
    told.notes.append(
        f"{places.vendor}: a hundred contributions by the API take {ratio(api / peer)} of what "
        f"Django REST framework's own serializer and cursor take for the same columns, and "
        f"{ratio(api / many[questions.SQL])} of plain SQL, with filters, access and nested rows."
    )


def _keystrokes(places: Any, told: Told, names: dict[str, int]) -> None:
    from bench import lists_questions as questions

    (few, many), profiles = _by_turns(places, names, questions.of_donors)
    rows, found = [], []
    for question in many:
        times = many[question] / few[question]
        rows.append((question, ms(few[question]), ms(many[question]), ratio(times)))
        if question not in questions.BESIDE:
            found.append((times, question))
    told.tables.append(
        Table(
            f"Keystrokes in the list of donors, {places.vendor}: milliseconds",
            ("typed", *(f"{n:,} donors" for n in names.values()), "ratio"),
            rows,
        )
    )
    times, worst = max(found)
    told.goals.append(
        Goal(f"{places.vendor}, a keystroke: many ÷ few, the worst ({worst})", times, LIMIT,
             why=f"{profiles[worst]} {WHY_NAMES}")
    )  # fmt: skip


def _by_turns(
    places: Any, names: dict[str, int], questions: Callable[[], dict[str, Callable[[], Any]]]
) -> tuple[tuple[Seconds, Seconds], dict[str, str]]:
    """Median seconds of each question in the few and in the many, some turns each.

    With the profile, in the many, of every question that takes longer there than it may.
    """
    seconds: dict[str, dict[str, list[float]]] = {name: {} for name in names}
    for turn in range(TURNS):
        for name in list(names)[:: 1 if turn % 2 else -1]:
            places.enter(name)
            medians, _answers = take_turns(questions(), ROUNDS, warm=2)
            for question, taken in medians.items():
                seconds[name].setdefault(question, []).append(taken)
            places.leave()
    few, many = (
        {question: statistics.median(taken) for question, taken in seconds[name].items()}
        for name in names
    )
    places.enter(list(names)[-1])
    asked = questions()
    slow = [question for question in many if many[question] > LIMIT * few[question]]
    profiles = {question: shares(asked[question]) for question in slow}
    places.leave()
    return (few, many), defaultdict(str, profiles)
