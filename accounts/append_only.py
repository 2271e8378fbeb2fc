"""Makes the database itself refuse UPDATE and DELETE on posted rows, on both databases.

One idempotent installer, which every migration that touches a protected table calls last:
SQLite's ALTER TABLE, as Django does it, rebuilds a table and silently drops its triggers.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Tables whose rows never change once written.
PROTECTED_TABLES = (
    "accounts_auditevent", "accounts_auditseal", "income_posting", "income_entry", "income_month",
    "targets_annualtarget", "targets_monthlytarget", "reports_updatefile",
    "reports_publicationfile",
)  # fmt: skip

FUNCTION_SQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP
  USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _names(table: str) -> dict[str, str]:
    return {act: f"{table}_refuses_{act.lower()}" for act in ("UPDATE", "DELETE")}


def _existing_tables(connection: BaseDatabaseWrapper) -> list[str]:
    present = set(connection.introspection.table_names())
    return [table for table in PROTECTED_TABLES if table in present]


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers on every protected table that exists; safe to repeat."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION_SQL)
        for table in _existing_tables(connection):
            for act, name in _names(table).items():
                cursor.execute(_create_sql(connection.vendor, table, act, name))


def _create_sql(vendor: str, table: str, act: str, name: str) -> str:
    if vendor == "postgresql":
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {act}'); END"
    )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers. Only for `lifted()`."""
    with connection.cursor() as cursor:
        for table in _existing_tables(connection):
            for name in _names(table).values():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Lift the protection inside the block: to remove demonstration books, to flush a test.

    Needs the right to alter tables, which production's database role does not have.
    """
    _settle(connection)
    remove(connection)
    try:
        yield
    finally:
        _settle(connection)
        install(connection)


def _settle(connection: BaseDatabaseWrapper) -> None:
    """Check deferred foreign keys now: PostgreSQL alters no table while checks are pending."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should be there and are not."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [name for table in _existing_tables(connection) for name in _names(table).values()]
    return [name for name in wanted if name not in present]


def install_after_migration(_apps: Any, schema_editor: Any) -> None:
    """For `migrations.RunPython(install_after_migration, ...)`, always the last operation."""
    install(schema_editor.connection)


@register(Tags.database)
def triggers_are_there(
    *, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """System check: the tables that never change are protected by the database."""
    return [
        Error(
            f"The append-only trigger {name} is missing.",
            hint="Run `manage.py install_triggers`.",
            id="accounts.E001",
        )
        for alias in databases or []
        for name in missing_triggers(connections[alias])
    ]
