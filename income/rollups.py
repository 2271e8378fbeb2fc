"""Keeps the rollups equal to the entries: adds a posting's sums, and recounts them all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from income.models import (
    DonorMonthTotal,
    DonorTotal,
    Entry,
    Ledger,
    MonthlyTotal,
    ProgrammeTotal,
)

Key = tuple[object, ...]
ROWS_PER_STATEMENT = 80  # stays under SQLite's limit of variables in old builds
MODELS = (MonthlyTotal, DonorTotal, DonorMonthTotal, ProgrammeTotal)


@dataclass(frozen=True)
class Rollup:
    """A rollup's table, the columns of its key, and how an entry finds its cell."""

    model: type[models.Model]
    columns: tuple[str, ...]  # of the key, after ledger, kind, mode, fund
    cell: Callable[[Entry], Key]

    @property
    def key_columns(self) -> tuple[str, ...]:
        return ("ledger_id", "kind", "mode", "fund_id", *self.columns)


def _month(entry: Entry) -> int:
    return entry.value_date.year * 100 + entry.value_date.month


ROLLUPS = (
    Rollup(MonthlyTotal, ("region_id", "month"), lambda e: (e.region_id, _month(e))),
    Rollup(DonorTotal, ("donor_id", "year"), lambda e: (e.donor_id, e.value_date.year)),
    Rollup(DonorMonthTotal, ("donor_id", "month"), lambda e: (e.donor_id, _month(e))),
    Rollup(
        ProgrammeTotal,
        ("programme_id", "instrument_id", "earmarking_id", "year"),
        lambda e: (e.programme_id, e.instrument_id, e.earmarking_id, e.value_date.year),
    ),
)
# What stands for an empty column in the unique index, so that empty equals empty.
EMPTY = {
    "region_id": "''",
    "donor_id": "0",
    "programme_id": "''",
    "instrument_id": "''",
    "earmarking_id": "''",
}


def sums(rollup: Rollup, entries: Iterable[Entry]) -> dict[Key, Decimal]:
    """US dollars per cell of the rollup; entries that are not converted count in no cell."""
    cells: dict[Key, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.amount_usd is not None:
            key = (entry.ledger_id, entry.kind, entry.mode, entry.fund_id, *rollup.cell(entry))
            cells[key] += entry.amount_usd
    return cells


def add(entries: Iterable[Entry]) -> None:
    """Add the entries' amounts to every rollup, inside the posting's transaction."""
    counted = list(entries)
    for rollup in ROLLUPS:
        # In one fixed order, so that two postings never wait for each other in a ring.
        cells = sorted(sums(rollup, counted).items(), key=lambda cell: repr(cell[0]))
        for start in range(0, len(cells), ROWS_PER_STATEMENT):
            _upsert(rollup, cells[start : start + ROWS_PER_STATEMENT])


def _upsert(rollup: Rollup, cells: list[tuple[Key, Decimal]]) -> None:
    """One statement that inserts new cells and adds to those that are there."""
    table = rollup.model._meta.db_table
    columns = rollup.key_columns
    row = "(" + ", ".join(["%s"] * (len(columns) + 1)) + ")"
    target = ", ".join(
        f"COALESCE({name}, {EMPTY[name]})" if name in EMPTY else name for name in columns
    )
    statement = (  # all names are constants of this module
        f"INSERT INTO {table} ({', '.join(columns)}, amount_usd) "  # noqa: S608
        f"VALUES {', '.join([row] * len(cells))} ON CONFLICT ({target}) "
        f"DO UPDATE SET amount_usd = {table}.amount_usd + excluded.amount_usd"
    )
    values: list[Any] = [v for key, usd in cells for v in (*key, int(usd.scaleb(2)))]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def differences(ledger: Ledger) -> Iterator[str]:
    """Recount every rollup from the entries; yields a sentence per cell that differs."""
    for rollup in ROLLUPS:
        counted = _recounted(rollup, ledger)
        kept = {
            tuple(row[:-1]): row[-1]
            for row in rollup.model._default_manager.filter(ledger=ledger).values_list(
                *rollup.key_columns, "amount_usd"
            )
        }
        for key in sorted(counted.keys() | kept.keys(), key=repr):
            if counted.get(key, Decimal(0)) != kept.get(key, Decimal(0)):
                yield (
                    f"{rollup.model.__name__} {key}: kept {kept.get(key, 0)}, "
                    f"entries say {counted.get(key, 0)}"
                )


def _recounted(rollup: Rollup, ledger: Ledger) -> dict[Key, Decimal]:
    """The rollup's cells summed from the entries by the database (integers: exactly)."""
    rows = (
        Entry.objects.filter(ledger=ledger, amount_usd__isnull=False)
        .annotate(
            year=ExtractYear("value_date"),
            month=ExtractYear("value_date") * 100 + ExtractMonth("value_date"),
        )
        .order_by()
        .values_list(*rollup.key_columns)
        .annotate(total=Sum("amount_usd"))
    )
    return {tuple(row[:-1]): row[-1] for row in rows}
