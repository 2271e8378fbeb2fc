"""Filters of an address of the API: declared, checked, and refused where they are not known."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.serializers import Serializer

LARGEST_PAGE = 500
FORMS = frozenset({"format", "fields"})  # how an answer is written, not what is in it
PAGING = FORMS | {"cursor", "page_size", "sort"}


class NoFilters(Serializer[Any]):
    """Nothing narrows the list."""


def asked(
    request: Request, filters: type[Serializer[Any]], *, besides: Collection[str] = PAGING,
    **context: Any,
) -> dict[str, Any]:  # fmt: skip
    """The filters in the address, checked. Raises ParseError, with a sentence for each wrong one.

    A filter that does not exist is refused too: left out, it would answer with more than was
    asked for. `besides` are the names that somebody else reads.
    """
    serializer = filters(data=request.query_params, context=context)
    names = sorted(serializer.get_fields())
    if unknown := sorted(set(request.query_params) - set(names) - set(besides)):
        told = [*names, *sorted(set(besides) - {"format"})]
        raise ParseError(
            _("There is no filter “%(name)s” here. There are: %(names)s.")
            % {"name": unknown[0][:40], "names": ", ".join(told)}
        )
    if "page_size" in besides:
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
