"""Entries read back as lines, page by page: a posting may have a million of them."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from uuid import UUID

from income.ledger.door import AMOUNTS
from income.ledger.lines import Line
from income.models import Entry

AT_ONCE = 5_000
NAMES = tuple(column.name for column in fields(Line))


def pages_of(posting: UUID | None) -> Iterator[list[Line]]:
    """The posting's lines in their order, some thousand at a time."""
    page = lines_of(AT_ONCE, posting=posting)
    while page:
        yield page
        page = lines_of(AT_ONCE, posting=posting, line__gt=page[-1].line)


def each_of(posting: UUID | None) -> Iterator[Line]:
    for page in pages_of(posting):
        yield from page


def lines_of(most: int | None = None, **which: Any) -> list[Line]:
    """Lines of the entries that the conditions select, by posting and number."""
    entries = Entry.objects.filter(**which).order_by("posting", "line")[:most]
    return [Line(*row) for row in entries.values_list(*NAMES)]


def mirrored_line(line: Line) -> Line:
    """`door.mirrored` of a line: every amount negated, in no posting yet."""
    values = {name: getattr(line, name) for name in NAMES}
    for name in AMOUNTS:
        values[name] = None if values[name] is None else -values[name]
    return Line(**{**values, "posting_id": None, "line": 0})
