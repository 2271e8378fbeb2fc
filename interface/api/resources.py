"""The three shapes of a resource: a list, one row of it, and figures. All answer with a tag."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import generics
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer
from rest_framework.views import APIView

from interface.api import tags
from interface.api.asking import FORMS, NoFilters, asked
from interface.api.paging import Keyset

Row = TypeVar("Row", bound=Model)


class Tagged(APIView):
    """Answers GET with an ETag, and with 304 where the asker has the answer already.

    `follows_the_state`: the tag is that of everything the answer could depend on, asked for before
    any work. Otherwise it is the hash of the answer, which saves the sending and not the work.
    """

    follows_the_state = True

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # Without a docstring: descriptions of the API take that of the view.
        tag = tags.of_state(request) if self.follows_the_state else ""
        if tags.is_known(request, tag):
            return tags.not_modified(tag)
        response = self.answer(request, *args, **kwargs)
        if not self.follows_the_state:
            tag = tags.of_body(response.data)
            if tags.is_known(request, tag):
                return tags.not_modified(tag)
        return tags.marked(response, tag)

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The answer in full."""
        raise NotImplementedError


class Sparse:
    """A view whose rows can be asked for in part: `fields=code,name`."""

    request: Any

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        """With the fields that the address names. Raises ParseError for one that is not there."""
        serializer: BaseSerializer[Any] = super().get_serializer(*args, **kwargs)  # type: ignore[misc]
        asked_for = self.request.query_params.get("fields")
        rows = serializer.child if isinstance(serializer, ListSerializer) else serializer
        if asked_for is None or self.request.method not in ("GET", "HEAD"):
            return serializer
        keep_fields(cast("Serializer[Any]", rows), asked_for)
        return serializer


def keep_fields(serializer: Serializer[Any], text: str) -> None:
    """Leave out all fields but those in the text. Raises ParseError."""
    names = [name for name in text.split(",") if name]
    there = list(serializer.fields)
    if unknown := [name for name in names if name not in there] or [""] * (not names):
        raise ParseError(
            _("There is no field “%(name)s” here. There are: %(names)s.")
            % {"name": unknown[0][:40], "names": ", ".join(there)}
        )
    for name in set(there) - set(names):
        serializer.fields.pop(name)


class Listed(Sparse, Tagged, generics.ListAPIView[Row]):
    """A list: `filters` narrow it, `sorts` (name → column) order it, `fields` makes rows short."""

    filters: type[Serializer[Any]] = NoFilters
    sorts: Mapping[str, str] = {}
    sort = ""
    pagination_class = Keyset

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        return self.list(request, *args, **kwargs)

    def wanted(self, **context: Any) -> dict[str, Any]:
        """The filters in the address, checked. Raises ParseError."""
        return asked(self.request, self.filters, **context)


class One(Sparse, Tagged, generics.RetrieveAPIView[Row]):
    """One row."""

    def answer(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The row. Raises ParseError for a question that one row does not answer."""
        asked(request, NoFilters, besides=FORMS)
        return self.retrieve(request, *args, **kwargs)


class Figures(Tagged):
    """Figures of the books, as an object; `filters` is the question."""

    filters: type[Serializer[Any]] = NoFilters

    def wanted(self) -> dict[str, Any]:
        """The question in the address, checked. Raises ParseError."""
        return asked(self.request, self.filters, besides={"format"})
