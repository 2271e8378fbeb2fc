"""Queries on the way of every posting: composed once in a process, asked again with other values.

Composing a query in Python takes longer than the database takes to answer it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

Rows = list[tuple[Any, ...]]
FIRST_DAY = datetime.date(1000, 1, 1)


@dataclass(frozen=True)
class _Composed:
    sql: str
    values: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]  # of a value that is given each time: its name
    converters: tuple[tuple[int, Any, Any], ...]  # place in a row, functions, expression


class Prepared:
    """A query over values of the given types, by name: int, str or datetime.date.

    `compose` makes it, as a `values_list`, from values of these types; which of them stand in
    its statement, and where, is then known.
    """

    def __init__(
        self, compose: Callable[..., QuerySet[Any, tuple[Any, ...]]], **given: type
    ) -> None:
        self._compose, self._given = compose, given
        self._composed: dict[str, _Composed] = {}  # by kind of database

    def rows(self, **values: Any) -> Rows:
        """What the query answers for these values, as the models keep it."""
        database = connections[DEFAULT_DB_ALIAS]
        made = self._composed.get(database.vendor) or self._made(database)
        params = list(made.values)
        for place, name in made.places:
            params[place] = _as_kept(values[name], database)
        with database.cursor() as cursor:
            cursor.execute(made.sql, params)
            found: Rows = cursor.fetchall()
        if not made.converters:
            return found
        return [_converted(row, made, database) for row in found]

    def _made(self, database: BaseDatabaseWrapper) -> _Composed:
        given = enumerate(self._given.items())
        marks = {name: _mark(kind, number) for number, (name, kind) in given}
        compiler = self._compose(**marks).query.get_compiler(connection=database)
        sql, values = compiler.as_sql()
        kept = {_as_kept(mark, database): name for name, mark in marks.items()}
        places = tuple((n, kept[value]) for n, value in enumerate(values) if value in kept)
        if {name for _place, name in places} != set(self._given):
            raise ValueError(f"The query does not take {', '.join(self._given)}: {sql}")
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        made = _Composed(
            sql, tuple(values), places,
            tuple((place, tuple(how), column) for place, (how, column) in converters.items()),
        )  # fmt: skip
        self._composed[database.vendor] = made
        return made


def _mark(kind: type, number: int) -> Any:
    """A value of the type that nothing else in a statement is."""
    if kind is int:
        return 2_000_000_011 + number
    return FIRST_DAY + datetime.timedelta(number) if kind is datetime.date else f"\0given {number}"


def _as_kept(value: Any, database: BaseDatabaseWrapper) -> Any:
    is_day = isinstance(value, datetime.date)
    return database.ops.adapt_datefield_value(value) if is_day else value


def _converted(row: Any, made: _Composed, database: BaseDatabaseWrapper) -> tuple[Any, ...]:
    values = list(row)
    for place, how, column in made.converters:
        for convert in how:
            values[place] = convert(values[place], column, database)
    return tuple(values)
