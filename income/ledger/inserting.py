"""New rows of the ledger. A few go in by a statement that is written once in a process."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from income.models import Entry, Posting

AT_ONCE = 1_000  # rows per statement
FEW = 20  # rows; more are worth composing a statement for


def insert(rows: Sequence[Entry] | Sequence[Posting]) -> None:
    """Insert unsaved rows of one table, in their order; each has its key afterwards."""
    model = type(rows[0])
    if len(rows) > FEW or not connection.features.can_return_columns_from_insert:
        model._default_manager.bulk_create(rows, batch_size=AT_ONCE)  # type: ignore[arg-type]
        return
    statement, fields = _statement(model, len(rows))
    database = connections[DEFAULT_DB_ALIAS]  # looked up once and not for each value
    values: list[Any] = [
        field.get_db_prep_save(getattr(row, field.attname), connection=database)
        for row in rows
        for field in fields
    ]
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        if row.pk is None:
            row.pk = key
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _statement(model: type[models.Model], count: int) -> tuple[str, list[Any]]:
    """An INSERT of that many rows that answers their keys, and the fields it fills."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    statement = (  # all names are the model's
        f'INSERT INTO "{meta.db_table}" ({columns}) '  # noqa: S608
        f'VALUES {", ".join([row] * count)} RETURNING "{meta.pk.column}"'
    )
    return statement, fields
