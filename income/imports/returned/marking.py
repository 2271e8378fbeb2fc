"""The user's file again as a workbook: the same sheets and values, with what is wrong marked."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import get_language_bidi
from xlsxwriter.worksheet import Worksheet

from income.imports.course.findings import Problem
from income.imports.returned.marks import heading_of_marks, marks_in
from income.imports.sources import Cell, CellError, Sheet, Source, SourceRow, SpoiltNumber
from income.vocabulary import Grade

LONGEST_TEXT = 32_767  # of a cell, and of a comment
LONGEST_SHEET_NAME = 31
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
EXACT_DIGITS = 15  # a spreadsheet holds no more of a number: a longer one stays a text
ROWS_AT_ONCE = 500  # between two reports of progress
STOPPED, LOOK = "#ffd5cc", "#fff1c2"

Problems = Mapping[tuple[int, int], Sequence[Problem]]  # by sheet (from 0) and row


def write_marked(
    source: Source, problems: Problems, header_row: int, out: IO[bytes],
    report: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Write the workbook (.xlsx) to `out`: bad cells in colour with a comment, a column added.

    `report` is told now and then how many rows are written.

    `header_row` is the last row of headings (0: none): there the column has its own, and there, or
    else in the first row, stands what is wrong with the file. A column that was added when the file
    went back before is written anew. Row by row, so that memory does not grow with the file. Texts
    are written as texts: what looks like a formula is not one.
    """
    workbook = xlsxwriter.Workbook(out, {"constant_memory": True})
    try:
        marker = _Marker(workbook, problems, header_row, report)
        names = _sheet_names(source.sheets)
        for number, sheet in enumerate(source.sheets):
            marker.write(number, sheet, names[number])
    finally:
        workbook.close()


class _Marker:
    def __init__(
        self, workbook: Any, problems: Problems, header_row: int,
        report: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        self._workbook, self._problems, self._header_row = workbook, problems, header_row
        self._report, self._written = report, 0
        day, moment = {"num_format": "yyyy-mm-dd"}, {"num_format": "yyyy-mm-dd hh:mm:ss"}
        self._formats = {
            (kind, colour): workbook.add_format(base | ({"bg_color": colour} if colour else {}))
            for kind, base in (("", {}), ("day", day), ("moment", moment))
            for colour in ("", STOPPED, LOOK)
        }  # fmt: skip
        self._bold = workbook.add_format({"bold": True, "bg_color": STOPPED})

    def write(self, number: int, sheet: Sheet, name: str) -> None:
        """One sheet with its marks; the added column stands right of the widest row."""
        page = self._workbook.add_worksheet(name)
        if get_language_bidi():
            page.right_to_left()
        width, told_at = self._place(sheet)
        page.set_column(width, width, 60)
        for row in sheet.rows():
            told = list(self._problems.get((number, row.number), ()))
            if row.number == told_at:
                told = [*self._problems.get((number, 0), ()), *told]
            if row.number == self._header_row:
                page.write_string(row.number - 1, width, heading_of_marks(), self._bold)
            self._row(page, SourceRow(row.number, row.cells[:width]), told, width)
            self._written += 1
            if self._report and self._written % ROWS_AT_ONCE == 0:
                self._report(self._written)

    def _place(self, sheet: Sheet) -> tuple[int, int]:
        """The column to add (from 0), and the row where it is told what is wrong with the file."""
        width = first = told_at = 0
        before: list[int] = []
        for row in sheet.rows():
            width, first = max(len(row.cells), width), first or row.number
            if row.number == self._header_row:
                told_at, before = row.number, marks_in(row.cells)
        return (before[0] if before and before[0] == width - 1 else width), told_at or first

    def _row(self, page: Worksheet, row: SourceRow, told: list[Problem], width: int) -> None:
        at = row.number - 1
        for column, cell in enumerate(row.cells):
            here = [problem for problem in told if problem.column == column + 1]
            self._cell(page, at, column, cell, _colour(here))
        for column in {problem.column for problem in told if problem.column}:
            here = [problem for problem in told if problem.column == column]
            if column > len(row.cells):  # an empty cell that should not be
                page.write_blank(at, column - 1, None, self._formats["", _colour(here)])
            page.write_comment(at, column - 1, _text(here), {"x_scale": 2, "y_scale": 1.5})
        if told and at + 1 != self._header_row:
            page.write_string(at, width, _text(told), self._formats["", _colour(told)])
        elif told:
            page.write_comment(at, width, _text(told))

    def _cell(self, page: Worksheet, at: int, column: int, cell: Cell, colour: str) -> None:
        plain = self._formats["", colour]
        if cell is None:
            if colour:
                page.write_blank(at, column, None, plain)
        elif isinstance(cell, bool):
            page.write_boolean(at, column, cell, plain)
        elif isinstance(cell, int | float | Decimal) and _is_exact(cell):
            page.write_number(at, column, cell, plain)
        elif isinstance(cell, datetime.datetime):
            page.write_datetime(at, column, cell, self._formats["moment", colour])
        elif isinstance(cell, datetime.date):
            page.write_datetime(at, column, cell, self._formats["day", colour])
        else:
            page.write_string(at, column, _shown(cell), plain)


def _colour(problems: Sequence[Problem]) -> str:
    if any(problem.grade != Grade.WARNING for problem in problems):
        return STOPPED
    return LOOK if problems else ""


def _text(problems: Sequence[Problem]) -> str:
    return "\n".join(dict.fromkeys(one.sentence for one in problems))[:LONGEST_TEXT]


def _shown(cell: Cell) -> str:
    text = cell.text if isinstance(cell, CellError | SpoiltNumber) else str(cell)
    return text[:LONGEST_TEXT]


def _is_exact(number: int | float | Decimal) -> bool:
    digits = Decimal(str(number)).normalize().as_tuple()
    return isinstance(digits.exponent, int) and len(digits.digits) <= EXACT_DIGITS


def _sheet_names(sheets: Sequence[Sheet]) -> list[str]:
    """Names that a workbook may have, no two alike."""
    names: list[str] = []
    for number, sheet in enumerate(sheets, start=1):
        name = sheet.name.translate(FORBIDDEN_IN_NAMES).strip("'")[:LONGEST_SHEET_NAME]
        if not name or name.casefold() in {one.casefold() for one in names}:
            name = f"{name[: LONGEST_SHEET_NAME - 5]} {number}".strip()
        names.append(name)
    return names
