"""Pages that follow a cursor: the place of the last row, and nothing is counted.

A page begins where the last one ended, whatever was added in between: no row comes twice, and none
is left out that was there when one began.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from interface.api.asking import LARGEST_PAGE

LONGEST = 300  # letters of a value in a cursor
Place = tuple[Any, Any]  # the value a row is sorted by, and its primary key


@dataclass(frozen=True)
class Order:
    """By one column and then by primary key; rows without a value come last, up or down."""

    name: str  # in the address, `-` before it for downwards
    path: str
    is_down: bool
    is_empty_possible: bool

    def columns(self, *, backwards: bool) -> list[Any]:
        """What the database sorts by."""
        down = self.is_down != backwards
        if not self.is_empty_possible:
            return [f"{'-' * down}{path}" for path in dict.fromkeys((self.path, "pk"))]
        empty = {"nulls_first": True} if backwards else {"nulls_last": True}
        first = F(self.path).desc(**empty) if down else F(self.path).asc(**empty)
        return [first, "-pk" if down else "pk"]

    def beyond(self, place: Place, *, backwards: bool) -> Q:
        """The rows behind the place; backwards, those before it."""
        value, key = place
        ahead = "lt" if self.is_down != backwards else "gt"
        if self.path == "pk":
            return Q(**{f"pk__{ahead}": key})
        if value is None:
            same = Q(**{self.path: None, f"pk__{ahead}": key})
            return same | Q(**{f"{self.path}__isnull": False}) if backwards else same
        found = Q(**{f"{self.path}__{ahead}": value}) | Q(**{self.path: value, f"pk__{ahead}": key})
        if self.is_empty_possible and not backwards:
            found |= Q(**{self.path: None})
        return found


class Keyset(CursorPagination):
    """Pages in the order that `sort=` names, one of the view's `sorts`: name → column.

    The first of them is the order where none is asked for, unless the view has a `sort` of its
    own; `-` before a name turns it round. The column must be one of the row's or of one that it
    belongs to.
    """

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    sorts: Mapping[str, str] = {"id": "pk"}
    sort = ""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that the cursor in the address leads to."""
        self.base_url = request.build_absolute_uri()
        order = self._order(request, view, queryset.model)
        size = self.get_page_size(request) or self.page_size
        backwards, place = self._cursor(request, queryset.model, order)
        rows = queryset.order_by(*order.columns(backwards=backwards))
        if place is not None:
            rows = rows.filter(order.beyond(place, backwards=backwards))
        read = list(rows[: size + 1])
        self.page = read[:size][::-1] if backwards else read[:size]
        has_more, began = len(read) > size, place is not None
        self.links = (
            self._link("n", order, self.page[-1:]) if has_more or backwards else None,
            self._link("p", order, self.page[:1]) if (has_more if backwards else began) else None,
        )
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """The rows with the addresses of the pages beside."""
        following, before = self.links
        return Response({"next": following, "previous": before, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """How the description tells of a page."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object", "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "description": "Where the next page is."},
                "previous": {**address, "description": "Where the page before is."},
                "results": schema,
            },
        }  # fmt: skip

    def _order(self, request: Request, view: Any, model: type[Model]) -> Order:
        sorts = getattr(view, "sorts", None) or self.sorts
        asked = request.query_params.get("sort") or getattr(view, "sort", "") or self.sort
        name = asked or next(iter(sorts))
        if name.removeprefix("-") not in sorts:
            raise ParseError(
                _("The list cannot be sorted by “%(name)s”. It can by: %(names)s.")
                % {"name": name[:40], "names": ", ".join(sorts)}
            )
        path = sorts[name.removeprefix("-")]
        column = column_of(model, path)
        return Order(name, "pk" if column.primary_key and "__" not in path else path,
                     name.startswith("-"), _may_be_empty(model, path))  # fmt: skip

    def _cursor(
        self, request: Request, model: type[Model], order: Order
    ) -> tuple[bool, Place | None]:
        text = request.query_params.get(self.cursor_query_param, "")
        if not text:
            return False, None
        try:
            way, name, value, key = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            if way not in ("n", "p") or name != order.name or key is None:
                raise ValueError(way)
            if value is None and not order.is_empty_possible:
                raise ValueError(value)
            place = _read(column_of(model, order.path), value), _read(model._meta.pk, key)
        except (ValueError, TypeError, ArithmeticError, ValidationError, RecursionError):
            raise ParseError(
                _("The cursor is none of this list. Leave it out to begin at the start.")
            ) from None
        return way == "p", place

    def _link(self, way: str, order: Order, rows: Sequence[Model]) -> str | None:
        if not rows:  # a page beyond the end, from which nothing leads on
            return None
        value: Any = rows[0]
        for step in order.path.split("__"):
            value = value and getattr(value, step)
        told = [way, order.name, None if value is None else str(value), str(rows[0].pk)]
        cursor = base64.urlsafe_b64encode(json.dumps(told).encode()).decode("ascii")
        return replace_query_param(self.base_url or "", self.cursor_query_param, cursor)


class OldestFirst(Keyset):
    """In the order of their making; `next` leads on."""


class NewestFirst(Keyset):
    """The same, from the newest backwards."""

    sort = "-id"


class ByCode(Keyset):
    """The same, in the order of the codes."""

    sorts = {"code": "code"}


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
