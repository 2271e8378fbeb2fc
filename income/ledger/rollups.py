"""Keeps the rollups equal to the entries: adds a posting's sums, and recounts them all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models import Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from income.ledger.lines import Line
from income.models import (
    DonorMonthTotal,
    DonorTotal,
    Entry,
    Ledger,
    MonthlyTotal,
    YearlyTotal,
)

Key = tuple[object, ...]
Amounts = tuple[Decimal, ...]
ROWS_PER_STATEMENT = 80  # stays under SQLite's limit of variables in old builds
MODELS = (MonthlyTotal, DonorTotal, DonorMonthTotal, YearlyTotal)


@dataclass(frozen=True)
class Rollup:
    """A rollup's table, the columns of its key, how an entry finds its cell, what it sums."""

    model: type[models.Model]
    columns: tuple[str, ...]  # of the key, after ledger, kind, mode, fund
    cell: Callable[[Entry | Line], Key]
    measures: tuple[str, ...] = ("amount_usd",)  # programme_support_usd second, if any

    @property
    def key_columns(self) -> tuple[str, ...]:
        return ("ledger_id", "kind", "mode", "fund_id", *self.columns)

    @property
    def nothing(self) -> Amounts:
        return (Decimal(0),) * len(self.measures)

    def measured(self, entry: Entry) -> Amounts:
        return tuple(getattr(entry, name) or Decimal(0) for name in self.measures)


def _month(entry: Entry | Line) -> int:
    return entry.value_date.year * 100 + entry.value_date.month


PARTS = ("donor_id", "region_id", "area_id", "programme_id", "instrument_id", "earmarking_id")
_parts = attrgetter(*PARTS)
ROLLUPS = (
    Rollup(
        MonthlyTotal,
        ("region_id", "month"),
        lambda e: (e.region_id, _month(e)),
        ("amount_usd", "programme_support_usd"),
    ),
    Rollup(DonorTotal, ("donor_id", "year"), lambda e: (e.donor_id, e.value_date.year)),
    Rollup(DonorMonthTotal, ("donor_id", "month"), lambda e: (e.donor_id, _month(e))),
    Rollup(YearlyTotal, ("year", *PARTS), lambda e: (e.value_date.year, *_parts(e))),
)
# What stands for an empty column in the unique index, so that empty equals empty.
EMPTY = {
    "region_id": "''",
    "area_id": "''",
    "donor_id": "0",
    "programme_id": "''",
    "instrument_id": "''",
    "earmarking_id": "''",
}


def sums(rollup: Rollup, entries: Iterable[Entry]) -> dict[Key, Amounts]:
    """US dollars per cell of the rollup; entries that are not converted count in no cell."""
    cells: dict[Key, Amounts] = {}
    for entry in entries:
        if entry.amount_usd is not None:
            key = (entry.ledger_id, entry.kind, entry.mode, entry.fund_id, *rollup.cell(entry))
            cells[key] = _added(cells.get(key, rollup.nothing), rollup.measured(entry))
    return cells


def _added(one: Amounts, other: Amounts) -> Amounts:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def add(entries: Iterable[Entry]) -> None:
    """Add the entries' amounts to every rollup, inside the posting's transaction."""
    counted = list(entries)
    cells = [(rollup, sums(rollup, counted)) for rollup in ROLLUPS]
    if connection.vendor != "postgresql" or any(len(c) > ROWS_PER_STATEMENT for _r, c in cells):
        for rollup, added in cells:
            _add(rollup, added)
        return
    _execute([_upsert(rollup, _ordered(added)) for rollup, added in cells if added])


# All that tells the cell of a line in any rollup.
_alike = attrgetter(
    "ledger_id", "kind", "mode", "fund_id", *PARTS, "value_date.year", "value_date.month",
)  # fmt: skip
MOST_ALIKE = 5_000  # sums of lines that are alike; beyond, they go to their cells


class Running:
    """Sums of lines that come one by one, kept per cell: as many as the rollups have."""

    def __init__(self) -> None:
        self._cells: list[tuple[Rollup, dict[Key, list[int]]]] = [(one, {}) for one in ROLLUPS]
        self._alike: dict[Key, tuple[Line, list[int]]] = {}

    def count(self, line: Line, usd: int, support: int) -> None:
        """A converted line, its US dollars and the support inside in cents."""
        key = _alike(line)
        if found := self._alike.get(key):
            sums = found[1]
            sums[0] += usd
            sums[1] += support
            return
        if len(self._alike) >= MOST_ALIKE:
            self._distribute()
        self._alike[key] = (line, [usd, support])

    def _distribute(self) -> None:
        """What lines that are alike add up to, into their cell of every rollup."""
        for rollup, cells in self._cells:
            for line, (usd, support) in self._alike.values():
                key = (line.ledger_id, line.kind, line.mode, line.fund_id, *rollup.cell(line))
                sums = cells.setdefault(key, [0, 0])
                sums[0] += usd
                sums[1] += support
        self._alike.clear()

    def add(self) -> None:
        """Add what was counted to every rollup, inside the transaction, and begin anew."""
        self._distribute()
        for rollup, cells in self._cells:
            width = len(rollup.measures)
            _add(
                rollup,
                {
                    key: tuple(Decimal(cents).scaleb(-2) for cents in sums[:width])
                    for key, sums in cells.items()
                },
            )
            cells.clear()


def _add(rollup: Rollup, cells: dict[Key, Amounts]) -> None:
    ordered = _ordered(cells)
    for start in range(0, len(ordered), ROWS_PER_STATEMENT):
        _execute([_upsert(rollup, ordered[start : start + ROWS_PER_STATEMENT])])


def _ordered(cells: dict[Key, Amounts]) -> list[tuple[Key, Amounts]]:
    """In one fixed order, so that two postings never wait for each other in a ring."""
    return sorted(cells.items(), key=lambda cell: repr(cell[0]))


def _upsert(rollup: Rollup, cells: list[tuple[Key, Amounts]]) -> tuple[str, list[Any]]:
    """A statement that inserts new cells and adds to those that are there, and its values."""
    table, columns = rollup.model._meta.db_table, rollup.key_columns
    row = "(" + ", ".join(["%s"] * (len(columns) + len(rollup.measures))) + ")"
    target = ", ".join(
        f"COALESCE({name}, {EMPTY[name]})" if name in EMPTY else name for name in columns
    )
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in rollup.measures)
    statement = (  # all names are constants of this module
        f"INSERT INTO {table} ({', '.join((*columns, *rollup.measures))}) "  # noqa: S608
        f"VALUES {', '.join([row] * len(cells))} ON CONFLICT ({target}) DO UPDATE SET {added}"
    )
    values: list[Any] = [
        value
        for key, amounts in cells
        for value in (*key, *(int(usd.scaleb(2)) for usd in amounts))
    ]
    return statement, values


def _execute(statements: list[tuple[str, list[Any]]]) -> None:
    """At once, where they are several: PostgreSQL takes one and the others inside it."""
    if not statements:
        return
    *inner, (outer, _values) = statements
    parts = ", ".join(f"part_{n} AS ({text})" for n, (text, _values) in enumerate(inner))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {parts} {outer}" if inner else outer,
            [value for _text, values in statements for value in values],
        )


class Drift(str):
    """The sentence about one cell of a rollup that says something else than the entries."""


def differences(ledger: Ledger) -> Iterator[Drift]:
    """Recount every rollup from the entries; yields a sentence per cell that differs."""
    for rollup in ROLLUPS:
        counted = _recounted(rollup, ledger)
        width = len(rollup.measures)
        kept = {
            tuple(row[:-width]): tuple(row[-width:])
            for row in rollup.model._default_manager.filter(ledger=ledger).values_list(
                *rollup.key_columns, *rollup.measures
            )
        }
        for key in sorted(counted.keys() | kept.keys(), key=repr):
            stands, should = kept.get(key, rollup.nothing), counted.get(key, rollup.nothing)
            if stands != should:
                yield Drift(
                    f"{rollup.model.__name__} {key}: kept {written(stands)}, "
                    f"entries say {written(should)}"
                )


def written(amounts: Amounts) -> str:
    """Amounts as a sentence names them."""
    return ", ".join(str(amount) for amount in amounts)


def _recounted(rollup: Rollup, ledger: Ledger) -> dict[Key, Amounts]:
    """The rollup's cells summed from the entries by the database (integers: exactly)."""
    totals = {f"total_{name}": Sum(name) for name in rollup.measures}
    rows = (
        Entry.objects.filter(ledger=ledger, amount_usd__isnull=False)
        .annotate(
            year=ExtractYear("value_date"),
            month=ExtractYear("value_date") * 100 + ExtractMonth("value_date"),
        )
        .order_by()
        .values_list(*rollup.key_columns)
        .annotate(**totals)
    )
    width = len(rollup.measures)
    return {
        tuple(row[:-width]): tuple(amount or Decimal(0) for amount in row[-width:]) for row in rows
    }
