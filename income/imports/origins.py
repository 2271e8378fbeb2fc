"""From which row of which file a posted entry comes."""

from bisect import bisect_right
from collections.abc import Sequence

from income.models import Entry, Import, ImportedRow, Posting


def import_of_posting(posting: Posting) -> Import | None:
    """The import that made the posting, or that the posting undid."""
    found = posting.imports.first()
    if found is None and posting.reverses:
        found = posting.reverses.imports.first()
    return found


def rows_of(entries: Sequence[Entry]) -> dict[int, ImportedRow]:
    """By line, the row that made each of these entries of one posting, in the order of lines.

    A row's entries follow one another; `ImportedRow.line` is that of its first. Rows of an import
    that was undone are not kept.
    """
    if not entries:
        return {}
    rows = ImportedRow.objects.filter(posting=entries[0].posting_id)
    before = rows.filter(line__lte=entries[0].line).order_by("-line")[:1]
    later = rows.filter(line__gt=entries[0].line, line__lte=entries[-1].line).order_by("line")
    found = [*before, *later]
    starts = [row.line for row in found]
    places = {entry.line: bisect_right(starts, entry.line) - 1 for entry in entries}
    return {line: found[place] for line, place in places.items() if place >= 0}
