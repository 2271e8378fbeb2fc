"""Long lists in stretches of an index: a page begins behind the last row of the one before.

Nothing is counted and nothing passed over, so the last page costs what the first does; whatever
is added in between, no row comes twice.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet

LONGEST = 300  # letters of a value in a cursor
Place = tuple[Any, ...]  # what a row is sorted by, its primary key last
FORWARDS, BACKWARDS = "n", "p"


class NoCursor(ValueError):
    """The text is no place in this list."""


@dataclass(frozen=True)
class Key:
    """A column that rows are sorted by; those without a value come last, up or down."""

    path: str
    is_down: bool = False
    may_be_empty: bool = False

    @classmethod
    def of(cls, model: type[Model], path: str) -> "Key":
        """From a path as `order_by` takes it, `-` before it for downwards. Raises LookupError."""
        is_down, path = path.startswith("-"), path.removeprefix("-")
        column = column_of(model, path)
        own = "pk" if column.primary_key and "__" not in path else path
        return cls(own, is_down, _may_be_empty(model, path))

    def ahead(self, value: Any, *, backwards: bool) -> list[Q]:
        """The stretches behind the value, or backwards before it."""
        if value is None:
            return [Q(**{f"{self.path}__isnull": False})] if backwards else []
        found = [Q(**{f"{self.path}__{'lt' if self.is_down != backwards else 'gt'}": value})]
        if self.may_be_empty and not backwards:
            found.append(Q(**{f"{self.path}__isnull": True}))
        return found


class Walk(Protocol):
    """A way through the rows of a list: the stretches behind a place, each a query in order."""

    def stretches(
        self, rows: QuerySet[Any], place: Place | None, *, backwards: bool
    ) -> Iterator[QuerySet[Any]]: ...

    def place_of(self, row: Any) -> Place: ...

    def read(self, values: Sequence[Any]) -> Place: ...


@dataclass(frozen=True)
class Order:
    """By columns of which the last is unique; only the first may be empty."""

    model: type[Model]
    keys: tuple[Key, ...]

    @classmethod
    def of(cls, model: type[Model], *paths: str) -> "Order":
        """From paths as `order_by` takes them. Raises LookupError for a column that is not there,
        ValueError for an order that leaves the place of a row open.
        """
        keys = tuple(Key.of(model, path) for path in paths)
        if keys[-1].path != "pk" or any(key.may_be_empty for key in keys[1:]):
            raise ValueError(f"{model.__name__} cannot be walked by {paths}.")
        return cls(model, keys)

    def columns(self, *, backwards: bool = False) -> list[str]:
        """What the database sorts by; empty values are in a stretch of their own."""
        return [f"{'-' * (key.is_down != backwards)}{key.path}" for key in self.keys]

    def stretches(
        self, rows: QuerySet[Any], place: Place | None, *, backwards: bool
    ) -> Iterator[QuerySet[Any]]:
        """The rows behind the place (None: all), or before it, as queries in their order.

        Each reads one stretch of an index over the columns, from its beginning.
        """
        columns = self.columns(backwards=backwards)
        for wanted in self._conditions(place, backwards):
            yield rows.filter(wanted).order_by(*columns)

    def _conditions(self, place: Place | None, backwards: bool) -> Iterator[Q]:
        first = self.keys[0]
        if place is None:
            if not first.may_be_empty:
                yield Q()
                return
            kinds = [Q(**{f"{first.path}__isnull": is_empty}) for is_empty in (False, True)]
            yield from reversed(kinds) if backwards else kinds
            return
        for depth in reversed(range(len(self.keys))):
            same = Q(
                **{key.path: value for key, value in zip(self.keys[:depth], place, strict=False)}
            )
            for ahead in self.keys[depth].ahead(place[depth], backwards=backwards):
                yield same & ahead

    def place_of(self, row: Model) -> Place:
        """Where the row stands."""
        return tuple(_value(row, key.path) for key in self.keys)

    def read(self, values: Sequence[Any]) -> Place:
        """The place that the texts of a cursor stand for. Raises NoCursor."""
        try:
            if len(values) != len(self.keys):
                raise ValueError(values)
            found = tuple(
                _read(column_of(self.model, key.path), text)
                for key, text in zip(self.keys, values, strict=True)
            )
        except (ValueError, TypeError, ArithmeticError, ValidationError) as error:
            raise NoCursor from error
        if any(
            one is None and not key.may_be_empty for key, one in zip(self.keys, found, strict=True)
        ):
            raise NoCursor(values)
        return found


def gather(
    walk: Walk, rows: QuerySet[Any], place: Place | None, size: int, *, backwards: bool = False
) -> tuple[list[Any], bool]:
    """The next `size` rows behind the place, in the list's own order, and whether there are more.

    One query per stretch, until there are enough.
    """
    read: list[Any] = []
    for part in walk.stretches(rows, place, backwards=backwards):
        read += part[: size + 1 - len(read)]
        if len(read) > size:
            break
    kept = read[:size]
    return (kept[::-1] if backwards else kept), len(read) > size


def written(way: str, name: str, place: Place, *more: int) -> str:
    """A place as a text for an address: which way on, in which order, from where."""
    told = [way, name, *(None if value is None else str(value) for value in place), *more]
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode("ascii")


def taken_apart(text: str, name: str) -> tuple[str, list[Any]]:
    """The way and the values of a cursor of the order with the name. Raises NoCursor."""
    try:
        way, order, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    except (ValueError, TypeError, RecursionError) as error:
        raise NoCursor(text) from error
    if way not in (FORWARDS, BACKWARDS) or order != name:
        raise NoCursor(text)
    return way, values


def column_of(model: type[Model], path: str) -> "Field[Any, Any]":
    """The column at the end of the path, which leads over rows that the row belongs to."""
    found: Any = model._meta.pk
    for step in path.split("__"):
        try:
            found = model._meta.pk if step == "pk" else model._meta.get_field(step)
        except FieldDoesNotExist:
            raise LookupError(f"{model.__name__} has no column {step}.") from None
        model = found.related_model or model
    field: Field[Any, Any] = found
    return field


def _may_be_empty(model: type[Model], path: str) -> bool:
    steps = path.split("__")
    return any(column_of(model, "__".join(steps[: end + 1])).null for end in range(len(steps)))


def _value(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = row and getattr(row, step)
    return row


def _read(field: Any, text: Any) -> Any:
    """The value that the text of a cursor stands for. Raises what the column raises."""
    if text is None:
        return None
    if not isinstance(text, str) or "\0" in text or len(text) > LONGEST:
        raise ValueError(text)
    return _bounded((field.target_field if field.is_relation else field).to_python(text))


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and not 0 <= value < 1 << 63:
        raise ValueError(value)
    return value
