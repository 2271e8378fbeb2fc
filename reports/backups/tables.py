"""Rows as lines of text that mean the same on PostgreSQL and on SQLite.

A table is a file of JSON lines, one row each, its values in the order of the model's columns and
its rows in the order of their keys. The same rows give the same bytes on either database, so a
restored table is proved equal by its SHA-256.
"""

import base64
import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

# Sessions end with a move; the others are made by `migrate` and nothing refers to them.
LEFT_OUT = frozenset({"auth", "contenttypes", "sessions", "usersessions"})
ROWS_AT_ONCE = 1000
Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every model whose rows a backup holds, many-to-many tables included, by table name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


@contextmanager
def one_state() -> Iterator[None]:
    """Everything read inside is of one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Not `atomic`: it would take SQLite's write lock and let nobody enter anything.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


def lines_of(model: Model) -> Iterator[bytes]:
    """The table's rows, a line each."""
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows: Iterable[tuple[Any, ...]] = (
        model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=ROWS_AT_ONCE)
    )
    if isinstance(model._meta.pk, models.CharField):
        # Databases sort texts each by rules of its own; tables with such keys are small.
        place = names.index(str(model._meta.pk.attname))
        rows = sorted(rows, key=lambda row: str(row[place]))
    for row in rows:
        text = json.dumps(
            row, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
        yield text.encode() + b"\n"


def digest_of(model: Model) -> tuple[int, str]:
    """How many rows the table has, and the SHA-256 of their lines."""
    digest, count = hashlib.sha256(), 0
    for line in lines_of(model):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def _plain(value: object) -> str:
    match value:
        case Decimal() | UUID():
            return str(value)
        case datetime.datetime() | datetime.date():
            return value.isoformat()
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
    raise TypeError(f"A backup cannot hold a {type(value).__name__}.")


def load(model: Model, lines: Iterable[bytes]) -> None:
    """Write the rows as they are: nothing is computed, stamped or left out.

    Past models' `save`, whose dates of creation would be those of the restoring.
    """
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  own names
    readers = [_reader(field) for field in fields]
    rows = (
        [read(value) for read, value in zip(readers, json.loads(line), strict=True)]
        for line in lines
    )
    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(statement, batch)


def _reader(field: models.Field) -> Callable[[Any], Any]:
    """From a value of a line to what this database takes."""
    source: Any = field
    while source.is_relation:
        source = source.target_field
    is_json = isinstance(source, models.JSONField)

    def read(value: Any) -> Any:
        known = value if is_json or value is None else source.to_python(value)
        return field.get_db_prep_save(known, connection)

    return read


def is_empty() -> bool:
    """Whether the database, once migrated, holds no row that a backup would bring."""
    return not any(model._base_manager.exists() for model in kept_models())


def reset_keys() -> None:
    """New rows get keys after those that were loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)
