"""What every list of the API has: pages that follow a cursor, and filters refused when wrong."""

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.serializers import Serializer

LARGEST_PAGE = 500
PAGING = frozenset({"cursor", "page_size", "format"})


class OldestFirst(CursorPagination):
    """Pages in the order of their making, without counting; `next` leads on."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE
    ordering = "id"
    position = re.compile(r"[0-9]{1,18}")  # what a cursor of this order may point at

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor in the address. Raises ParseError when it is none that a list gave out."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise _cursor_wrong() from None
        position = cursor.position if cursor else None
        if position is not None and not self.position.fullmatch(str(position)):
            raise _cursor_wrong()
        return cursor


class NewestFirst(OldestFirst):
    """The same, from the newest backwards."""

    ordering = "-id"


class ByCode(OldestFirst):
    """The same, in the order of the codes."""

    ordering = "code"
    position = re.compile(r"[A-Za-z0-9_-]{1,60}")


def _cursor_wrong() -> ParseError:
    return ParseError(_("The cursor is none of this list. Leave it out to begin at the start."))


def asked(request: Request, filters: type[Serializer[Any]], **context: Any) -> dict[str, Any]:
    """The filters in the address, checked. Raises ParseError, with a sentence for each wrong one.

    A filter that does not exist is refused too: left out, it would answer with more than was
    asked for.
    """
    serializer = filters(data=request.query_params, context=context)
    names = sorted(serializer.get_fields())
    if unknown := sorted(set(request.query_params) - set(names) - PAGING):
        raise ParseError(
            _("There is no filter “%(name)s” here. There are: %(names)s.")
            % {"name": unknown[0][:40], "names": ", ".join([*names, "cursor", "page_size"])}
        )
    _refuse_wrong_size(request.query_params.get("page_size", "1"))
    if not serializer.is_valid():
        raise ParseError(" ".join(_sentences(serializer.errors)))
    return dict(serializer.validated_data)


def _refuse_wrong_size(text: str) -> None:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LARGEST_PAGE):
        raise ParseError(
            _("page_size must be a number from 1 to %(largest)s.") % {"largest": LARGEST_PAGE}
        )


def _sentences(errors: Any) -> list[str]:
    """Each error behind the name of its filter; those of a list's items are not told apart."""
    return [f"{name}: {text}" for name, texts in errors.items() for text in _flat(texts)]


def _flat(texts: Any) -> list[str]:
    if isinstance(texts, dict):
        texts = [text for inner in texts.values() for text in inner]
    return [str(text) for text in texts]
