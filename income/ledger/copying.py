"""Many rows at once into a table: COPY on PostgreSQL, executemany on SQLite.

Inside `transaction.atomic()`. The database's constraints and triggers hold as for any row.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models
from django.utils import timezone

AT_ONCE = 5_000  # rows per statement
READ_AT_ONCE = 250  # rows that the driver takes at a time
NULL = str(None)  # what joining a row writes for it
NOT_NULL = f"\\{NULL}"  # the same word as a text: the backslash goes when it is read
UUID_DIGITS = re.compile("[0-9a-f]{32}").fullmatch
_SPECIAL = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

Row = Sequence[Any]
AnyField = Any  # a concrete field of a model


def bulk_insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], *,
    returning_ids: bool = False,
) -> list[int]:  # fmt: skip
    """Insert rows of values in the order of `columns` (fields by name or column name).

    Fields left out take their default, `auto_now_add` the present moment. With `returning_ids`
    the keys of the rows, in their order, for tables that count their own; else nothing.
    Raises RuntimeError outside of a transaction, ValueError for a text with a NUL.
    """
    refuse_autocommit()
    given = [_field(model, name) for name in columns]
    left_out = [f for f in model._meta.concrete_fields if f not in given and not _counts(f)]
    default = [_default(field) for field in left_out]
    prepare = [_prepared(field) for field in (*given, *left_out)]
    names: list[str] = [field.column for field in (*given, *left_out)]
    if returning_ids:
        names = [_key(model).column, *names]
    ids: list[int] = []
    iterator = iter(rows)
    while batch := list(islice(iterator, AT_ONCE)):
        by_column: list[Iterable[Any]] = [*zip(*batch, strict=True)]
        by_column += [[make() for _row in batch] for make in default]
        ready: list[Iterable[Any]] = [
            map(one, values) for one, values in zip(prepare, by_column, strict=True)
        ]
        if returning_ids:
            taken = reserve_ids(model, len(batch))
            ids += taken
            ready = [taken, *ready]
        insert_prepared(model._meta.db_table, names, zip(*ready, strict=True))
    return ids


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Keys for that many rows of a table that counts its own, rising; nobody else gets them.

    Not contiguous on PostgreSQL, where others take numbers meanwhile. A transaction that is
    rolled back gives them back on SQLite and wastes them on PostgreSQL.
    """
    refuse_autocommit()
    table, key = model._meta.db_table, _key(model).column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, key, count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        # The transaction holds SQLite's only write lock.
        cursor.execute(f"SELECT COALESCE(MAX({key}), 0) FROM {table}")  # noqa: S608
        highest: int = cursor.fetchone()[0]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        counter = cursor.fetchone()
        last = max(highest, counter[0] if counter else 0)
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = %s WHERE name = %s"
            if counter
            else "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)",
            [last + count, table],
        )
        return list(range(last + 1, last + count + 1))


def insert_prepared(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """One statement for rows of what the database keeps: int, bool, None, or text `as_kept`.

    Rows may be made one by one: the database takes in what came before meanwhile. What makes
    them asks the database nothing.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor != "postgresql":
        marks = ", ".join(["%s"] * len(columns))
        with connection.cursor() as cursor:
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608
            cursor.executemany(statement, rows)  # type: ignore[arg-type]  # takes an iterator
        return
    text = _Text(rows)
    statement = f"COPY \"{table}\" ({names}) FROM STDIN (NULL '{NULL}')"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        try:
            cursor.copy_expert(statement, text)
        except connection.Database.Error:  # type: ignore[attr-defined]
            if text.failure is None:
                raise
            raise text.failure from None


class _Text:
    """Rows as COPY reads them, some hundred at a time."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self.failure: Exception | None = None  # of which the driver tells only the words

    def read(self, _size: int) -> bytes:
        try:
            rows = islice(self._rows, READ_AT_ONCE)
            return "".join(["\t".join(map(str, row)) + "\n" for row in rows]).encode()
        except Exception as error:
            self.failure = error
            raise


def refuse_autocommit() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("Rows are inserted in bulk inside transaction.atomic() only.")


def as_kept(text: str) -> str:
    """A text as `insert_prepared` takes it: escaped where it is copied. ValueError for a NUL."""
    text = str(text)
    if "\0" in text:
        raise ValueError("A text cannot contain NUL (0x00) characters.")
    if connection.vendor != "postgresql":
        return text
    return NOT_NULL if text == NULL else text.translate(_SPECIAL)


def _field(model: type[models.Model], name: str) -> AnyField:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise ValueError(f"{model.__name__} has no column {name}.")


def _key(model: type[models.Model]) -> AnyField:
    key = model._meta.pk
    if not _counts(key):
        raise ValueError(f"{model.__name__} does not count its own keys.")
    return key


def _counts(field: AnyField) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField)


def _default(field: AnyField) -> Callable[[], Any]:
    """What a field that is left out takes, row by row."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = timezone.now()
        return lambda: now
    default: Callable[[], Any] = field.get_default
    return default


def _prepared(field: AnyField) -> Callable[[Any], Any]:
    """A function from a field's value to what the database keeps; plain values as they are."""
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kept, models.UUIDField):
        return lambda value: _uuid_as_kept(field, value)
    plain: type | None = None
    if isinstance(kept, models.IntegerField):
        plain = int
    elif isinstance(kept, models.CharField | models.TextField):
        return lambda value: value if value is None else as_kept(value)
    return lambda value: value if value.__class__ is plain else _of(field, value)


def _uuid_as_kept(field: AnyField, value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    return value if value.__class__ is str and UUID_DIGITS(value) else _of(field, value)


def _of(field: AnyField, value: Any) -> Any:
    ready = field.get_db_prep_save(value, connection=connection)
    if ready is None or isinstance(ready, int):
        return ready
    if isinstance(ready, uuid.UUID):
        return ready.hex
    if hasattr(ready, "adapted"):  # psycopg2's wrapper of JSON
        ready = ready.dumps(ready.adapted)
    return as_kept(ready)
