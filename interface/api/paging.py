"""Pages that follow a cursor: the place of the last row, and nothing is counted.

A page begins where the last one ended, whatever was added in between: no row comes twice, and none
is left out that was there when one began.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from interface.api.asking import LARGEST_PAGE
from interface.keyset import (
    BACKWARDS,
    FORWARDS,
    NoCursor,
    Order,
    Place,
    gather,
    taken_apart,
    written,
)


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
        name, order = self._order(request, view, queryset.model)
        size = self.get_page_size(request) or self.page_size
        backwards, place = self._cursor(request, name, order)
        self.page, has_more = gather(order, queryset, place, size, backwards=backwards)
        began = place is not None
        self.links = (
            self._link(FORWARDS, name, order, self.page[-1:]) if has_more or backwards else None,
            self._link(BACKWARDS, name, order, self.page[:1])
            if (has_more if backwards else began) else None,
        )  # fmt: skip
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

    def _order(self, request: Request, view: Any, model: type[Model]) -> tuple[str, Order]:
        sorts = getattr(view, "sorts", None) or self.sorts
        asked = request.query_params.get("sort") or getattr(view, "sort", "") or self.sort
        name = asked or next(iter(sorts))
        if name.removeprefix("-") not in sorts:
            raise ParseError(
                _("The list cannot be sorted by “%(name)s”. It can by: %(names)s.")
                % {"name": name[:40], "names": ", ".join(sorts)}
            )
        down, path = "-" * name.startswith("-"), sorts[name.removeprefix("-")]
        paths = dict.fromkeys((_pk_itself(model, path), "pk"))
        return name, Order.of(model, *(f"{down}{one}" for one in paths))

    def _cursor(self, request: Request, name: str, order: Order) -> tuple[bool, Place | None]:
        text = request.query_params.get(self.cursor_query_param, "")
        if not text:
            return False, None
        try:
            way, values = taken_apart(text, name)
            return way == BACKWARDS, order.read(values)
        except NoCursor:
            raise ParseError(
                _("The cursor is none of this list. Leave it out to begin at the start.")
            ) from None

    def _link(self, way: str, name: str, order: Order, rows: Sequence[Model]) -> str | None:
        if not rows:  # a page beyond the end, from which nothing leads on
            return None
        cursor = written(way, name, order.place_of(rows[0]))
        return replace_query_param(self.base_url or "", self.cursor_query_param, cursor)


class OldestFirst(Keyset):
    """In the order of their making; `next` leads on."""


class NewestFirst(Keyset):
    """The same, from the newest backwards."""

    sort = "-id"


class ByCode(Keyset):
    """The same, in the order of the codes."""

    sorts = {"code": "code"}


def _pk_itself(model: type[Model], path: str) -> str:
    """One name for the primary key, whatever the model calls it."""
    own = model._meta.pk
    return "pk" if own is not None and path in (own.name, own.attname) else path
