"""Files and pasted blocks as sheets of rows of cells, whatever their format."""

from pathlib import Path

from income.imports.reading.kinds import CSV, kind_of
from income.imports.reading.refusals import (
    MOST_BYTES,
    MOST_BYTES_COMMAND,
    MOST_COLUMNS,
    MOST_ROWS_BROWSER,
    MOST_ROWS_COMMAND,
    FileRefused,
    refused,
)
from income.imports.reading.texts import DELIMITERS, ENCODINGS, PASTED, PastedSource, TextSource
from income.imports.reading.workbooks import WorkbookSource

__all__ = [
    "DELIMITERS", "ENCODINGS", "MOST_BYTES", "MOST_BYTES_COMMAND", "MOST_COLUMNS",
    "MOST_ROWS_BROWSER", "MOST_ROWS_COMMAND", "FileRefused", "PastedSource", "TextSource",
    "WorkbookSource", "open_source", "paste_source", "refused",
]  # fmt: skip


def open_source(
    path: Path,
    *,
    name: str,
    encoding: str = "",
    delimiter: str = "",
    most_bytes: int = MOST_BYTES,
    most_rows: int = MOST_ROWS_BROWSER,
) -> WorkbookSource | TextSource:
    """The file at `path`, which its people call `name`, opened as what its bytes are.

    A name that ends as another kind is refused, with both in the sentence. `encoding` (one of
    ENCODINGS) and `delimiter` (one of DELIMITERS) are for text files and found out where they are
    empty. `most_rows` counts rows that are not blank, in all sheets; it is kept while rows are
    read. Raises FileRefused, as rows() of the sheets does.
    """
    try:
        if path.stat().st_size > most_bytes:
            raise refused("too_large", name=name, most=most_bytes // (1024 * 1024))
        kind = kind_of(path, name, encoding)
        if kind == CSV:
            return TextSource(path, name, most_rows, encoding=encoding, delimiter=delimiter)
        return WorkbookSource(path, kind, name, most_rows)
    except OSError as error:
        raise refused("gone", name=name) from error


def paste_source(
    text: str, *, name: str = PASTED, most_rows: int = MOST_ROWS_BROWSER
) -> PastedSource:
    """The cells of a pasted block, as one sheet. Raises FileRefused."""
    if len(text) > MOST_BYTES:
        raise refused("too_large", name=name, most=MOST_BYTES // (1024 * 1024))
    return PastedSource(text, name, most_rows)
