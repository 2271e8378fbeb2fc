"""Spreadsheet files: what a person opens in a spreadsheet must never run there."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

# A text cell that opens with one of these is read as a formula (the last four are the full-width
# twins, which some spreadsheets accept as well).
_FORMULA_OPENERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_AT_ONCE = 500  # rows
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def guard_cell(value: object) -> object:
    """The value as it may stand in a cell: text that looks like a formula gets an apostrophe.

    Numbers and dates are left alone, so a negative Decimal stays a number.
    """
    if isinstance(value, (int, Decimal, float, date)) or value is None:
        return value
    text = str(value)
    return "'" + text if text.lstrip(" \u00a0").startswith(_FORMULA_OPENERS) else text


def csv_bytes(
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    preamble: Iterable[Sequence[object]] = (),
    bom: bool = True,
) -> bytes:
    """A CSV file in UTF-8: the preamble's rows, then the header, then the rows.

    Decimals are written in full with a point, dates as YYYY-MM-DD, None as an empty cell. With
    `bom` the file opens in spreadsheets with its accents right.
    """
    return b"".join(csv_stream(header, rows, preamble=preamble, bom=bom))


def csv_stream(
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    preamble: Iterable[Sequence[object]] = (),
    bom: bool = True,
) -> Iterator[bytes]:
    """The same in pieces, for a file that is sent while its rows are still being read."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if bom:
        yield _BYTE_ORDER_MARK
    for number, row in enumerate(chain(preamble, [header], rows), start=1):
        writer.writerow([_written(cell) for cell in row])
        if number % _AT_ONCE == 1:  # the first at once: the reader sees that it comes
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(guard_cell(value))
