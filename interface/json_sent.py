"""JSON as programs send it: bounded, and nothing in it that a database cannot keep."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from interface.problems import Problem

MOST_BYTES = 1 << 20


class SmallJSON(JSONParser):
    """Reads up to a megabyte. Numbers with decimals become Decimal, never a float.

    Raises ParseError for what is no JSON, is nested too deep, or holds a NUL or half a letter.
    """

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Problem(413, _("What was sent is larger than the portal takes."))
        try:
            value = json.loads(content.decode(), parse_float=Decimal, parse_constant=_refuse)
            is_kept = all("\0" not in text and text.encode() is not None for text in _texts(value))
        except (ValueError, RecursionError) as error:  # also what cannot be UTF-8
            raise ParseError(_("This is not JSON that the portal can read.")) from error
        if not is_kept:
            raise ParseError(_("There is a NUL character in it, which no text here contains."))
        return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
