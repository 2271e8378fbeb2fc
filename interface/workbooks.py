"""Workbooks: one sheet with what it is on top, money as numbers, text that never runs."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from interface.sheets import guard_cell

_WIDEST = 60
_NARROWEST = 12
_NO_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_SHEET_NAME = 31


def xlsx_bytes(
    name: str,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    preamble: Iterable[Sequence[object]] = (),
    is_right_to_left: bool = False,
    made_at: datetime,
) -> bytes:
    """An .xlsx of one sheet: the preamble's rows, an empty one, the header, the rows.

    Decimals stand as numbers with two decimals, other numbers as they are, None as an empty cell.
    `made_at`, naive, is the file's own date: the same input gives the same bytes.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": made_at})
    sheet = workbook.add_worksheet(sheet_name(name))
    if is_right_to_left:
        sheet.right_to_left()
    bold, money = workbook.add_format({"bold": True}), workbook.add_format()
    money.set_num_format("#,##0.00")
    before, body = list(preamble), list(rows)
    for place, row in enumerate([*before, ()]):
        _write(sheet, place, row, money)
    top = len(before) + 1
    _write(sheet, top, header, money, bold)
    for place, row in enumerate(body, top + 1):
        _write(sheet, place, row, money)
    sheet.freeze_panes(top + 1, 1)
    _set_widths(sheet, [header, *body])
    workbook.close()
    return buffer.getvalue()


def _write(
    sheet: Worksheet, place: int, row: Sequence[object], money: Format, looks: Format | None = None
) -> None:
    for column, value in enumerate(row):
        if isinstance(value, Decimal):
            sheet.write_number(place, column, value, money)
        elif isinstance(value, int):
            sheet.write_number(place, column, value)
        elif value is not None:
            text = value.isoformat() if isinstance(value, date) else str(guard_cell(value))
            sheet.write_string(place, column, text, looks)


def _set_widths(sheet: Worksheet, rows: Sequence[Sequence[object]]) -> None:
    for column in range(max(map(len, rows))):
        sheet.set_column(column, column, width_of(rows, column))


def sheet_name(name: str) -> str:
    """The name as a sheet may be called."""
    return name.translate(_NO_SHEET_NAME)[:_LONGEST_SHEET_NAME].strip()


def width_of(rows: Sequence[Sequence[object]], column: int) -> int:
    """How wide a column is shown, in letters: as its longest cell, within bounds."""
    longest = max((len(str(row[column])) for row in rows if column < len(row)), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)
