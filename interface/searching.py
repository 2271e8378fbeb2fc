"""Looking for a part of a typed text, the same on both databases."""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup, Q

LONGEST_START = 40  # letters kept of what a text is found by from one of its words on
MOST_STARTS = 40  # of one text
_AFTER_ALL = "\U0010ffff"  # no letter: comes after every text that goes on
# Scripts without spaces between words: each sign may be the first that somebody types.
SIGN = r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"  # of a script without spaces
_SIGN = re.compile(SIGN)
_WORD = re.compile(rf"{SIGN}|(?<!\S)\S")
_ARTICLE = re.compile(r"(?<!\S)[وبكف]?ال(?=\w{2})")


def contains(field: str, text: str) -> Q:
    """Rows whose `field` holds `text`, whatever the case of the letters.

    SQLite's LIKE knows the case of ASCII letters only; its regular expressions are Python's.
    """
    if text.isascii():
        return Q((f"{field}__icontains", text))
    return Q((f"{field}__iregex", re.escape(text)))


def begins(field: str, text: str) -> Q:
    """Rows whose `field` begins with `text`, letter by letter, read from an index over the field.

    On PostgreSQL the index has to be one of pattern operators, which no collation hinders.
    """
    return Q((f"{field}__begins", text[:LONGEST_START]))


def starts_of(form: str) -> list[str]:
    """What a text in its search form is found by: itself from each of its words on, cut short.

    Chinese and Japanese are found from each sign on, Arabic words without their article as well.
    """
    places = {found.start() for found in _WORD.finditer(form)}
    places |= {found.end() for found in _ARTICLE.finditer(form)}
    starts = (form[place : place + LONGEST_START].rstrip() for place in sorted(places))
    return list(dict.fromkeys(starts))[:MOST_STARTS]


def has_signs(text: str) -> bool:
    """Whether the text holds a sign of a script in which one is a word."""
    return bool(_SIGN.search(text))


@CharField.register_lookup
class Begins(Lookup):
    """The range from the text up to what comes after all that begins with it."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """As SQLite compares, by code points."""
        column, values = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        return f"({column} >= %s AND {column} < %s)", (*values, text, *values, text + _AFTER_ALL)

    def as_postgresql(
        self, compiler: Any, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """As pattern operators find it, whatever the collation."""
        column, values = self.process_lhs(compiler, connection)
        escaped = re.sub(r"([\\%_])", r"\\\1", str(self.rhs))
        return f"{column} LIKE %s", (*values, f"{escaped}%")
