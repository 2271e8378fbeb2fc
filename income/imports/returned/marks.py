"""The column that the portal adds to a file that goes back: known again when the file returns."""

import functools
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from income.imports.columns.phrases import phrase
from income.imports.sources import Cell, SourceRow


def heading_of_marks() -> str:
    """The heading of the column that is added; a file that comes back with it reads as before."""
    return _("What is wrong")


@functools.cache
def _in_all_languages() -> frozenset[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(phrase(heading_of_marks()))
    return frozenset(found)


def is_mark(heading: Cell) -> bool:
    """Whether the heading is that of the portal's own column, in whatever language."""
    return isinstance(heading, str) and phrase(heading) in _in_all_languages()


def marks_in(headings: Iterable[Cell]) -> list[int]:
    """Where the portal's own columns stand, counted from 0."""
    return [n for n, heading in enumerate(headings) if is_mark(heading)]


def without_marks(headings: Sequence[Cell]) -> list[Cell]:
    """The headings as they were before the column was added: right of all, after empty ones."""
    marks = marks_in(headings)
    if not marks:
        return list(headings)
    kept = [None if n in marks else heading for n, heading in enumerate(headings)]
    while kept and kept[-1] in (None, ""):
        kept.pop()
    return kept


def row_without(row: SourceRow, marks: Sequence[int]) -> SourceRow:
    """The row without what the portal wrote in it."""
    cells = [None if n in marks else cell for n, cell in enumerate(row.cells)]
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return SourceRow(row.number, cells)


def unmarked(rows: Sequence[SourceRow], searched: int) -> list[SourceRow]:
    """The first rows of a sheet without the portal's own column, whose heading is looked for in so
    many of them.
    """
    marks = sorted({n for row in rows[:searched] for n in marks_in(row.cells)})
    if not marks:
        return list(rows)
    return [row for marked in rows if (row := row_without(marked, marks)).cells]
