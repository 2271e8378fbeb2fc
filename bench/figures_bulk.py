"""Fills a large table quickly: its indexes and foreign keys come after its rows.

What is lifted comes back as it was, read from the database's own catalogue; the foreign keys are
then checked for every row.
"""

# ruff: noqa: S608  every statement is made of this module's own words and numbers
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SCATTERED = "bench_scattered"  # what is asked of an entry, in a table of its own
MEMORY = "384MB"  # for one index, of two that are made at once


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows_of(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Lift the table's indexes and foreign keys inside the block, and durability with them."""
    lift = _lifted_on_postgres if connection.vendor == "postgresql" else _lifted_on_sqlite
    with lift(table):
        yield


@contextmanager
def _lifted_on_postgres(table: str) -> Iterator[None]:
    # A primary key holds nothing up (its numbers rise); the twin of a constraint is its own.
    keys = rows_of(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        f"WHERE conrelid = '{table}'::regclass AND contype IN ('f', 'u') ORDER BY contype DESC"
    )
    indexes = rows_of(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        f"WHERE indrelid = '{table}'::regclass AND NOT indisprimary AND indexrelid NOT IN "
        "(SELECT conindid FROM pg_constraint WHERE contype = 'u') ORDER BY 1"
    )
    run(
        *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name, _definition in keys),
        *(f"DROP INDEX {name}" for name, _definition in indexes),
        "SET synchronous_commit = off",
        f"SET maintenance_work_mem = '{MEMORY}'",
    )
    yield
    run(
        *(str(definition) for _name, definition in indexes),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {how}" for name, how in keys),
        "SET synchronous_commit = on",
    )


@contextmanager
def _lifted_on_sqlite(table: str) -> Iterator[None]:
    indexes = rows_of(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}' "
        "AND sql IS NOT NULL"
    )
    run(
        *(f"DROP INDEX {name}" for name, _definition in indexes),
        "PRAGMA foreign_keys=OFF", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
        "PRAGMA cache_size=-400000", "PRAGMA temp_store=FILE", "PRAGMA threads=2",
    )  # fmt: skip
    yield
    run(
        *(str(definition) for _name, definition in indexes),
        "PRAGMA foreign_keys=ON", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL",
    )  # fmt: skip


def settled() -> None:
    """Statistics for the planners, and PostgreSQL's map of what is visible."""
    run("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def scatter() -> None:
    """The entries once more, in no order: those of a year lie all over the table.

    Only the columns that the listed questions ask for, with two indexes as the portal has them.
    """
    number = "hashint8(id)" if connection.vendor == "postgresql" else "id * 2654435761 % 4294967291"
    run(
        f"CREATE TABLE {SCATTERED} AS SELECT id, ledger_id, kind, mode, fund_id, donor_id, "
        f"region_id, value_date, amount_usd FROM income_entry ORDER BY {number}",
        f"CREATE INDEX {SCATTERED}_days ON {SCATTERED} (ledger_id, kind, value_date)",
        f"CREATE INDEX {SCATTERED}_funds ON {SCATTERED} (ledger_id, kind, fund_id, value_date)",
        f"ANALYZE {SCATTERED}",
    )
