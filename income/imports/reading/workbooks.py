"""Workbooks, read by calamine from bytes that were looked through before."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from income.imports.reading.archives import ERROR_TEXT
from income.imports.reading.kinds import ODS, XLSX
from income.imports.reading.ods_parts import prepared_ods
from income.imports.reading.refusals import refused
from income.imports.reading.rows import Allowance, trimmed
from income.imports.reading.xls_parts import OldWorkbook, prepared_xls
from income.imports.reading.xlsx_parts import prepared_xlsx
from income.imports.sources import Cell, CellError, SourceRow, SpoiltNumber
from income.imports.values.days import Serial1904

Merged = tuple[int, int, int, int]
EXPECTED = (CalamineError, OSError, ValueError, OverflowError, MemoryError, RecursionError)
HIGHEST = 9.99999999999999e307  # what a spreadsheet can hold


@contextmanager
def calamine(name: str) -> Iterator[None]:
    """What calamine raises, as FileRefused; a panic of its own is a BaseException."""
    try:
        yield
    except PasswordError as error:
        raise refused("encrypted", name=name) from error
    except EXPECTED as error:
        raise refused("corrupt", name=name) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise refused("corrupt", name=name) from error
        raise


class WorkbookSheet:
    """A sheet of a workbook. Its number counts from 0 in the workbook, hidden ones included."""

    def __init__(self, source: "WorkbookSource", number: int, name: str) -> None:
        self._source = source
        self._number = number
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def rows(self) -> Iterator[SourceRow]:
        """Every row that is not blank, in order. Raises FileRefused."""
        source = self._source
        sheet = source.loaded(self._number)
        # calamine leaves out the columns before the first with a value, but no rows.
        before: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
        errors = dict(source.errors[self._number]) if source.errors else {}
        with calamine(source.name), source.allowance.of(self._number, self._name) as check:
            for number, values in enumerate(sheet.iter_rows(), start=1):
                cells = before + [source.cell(value) for value in values]
                if number in errors:
                    _put(cells, errors.pop(number))
                if trimmed(cells):
                    check(number, cells)
                    yield SourceRow(number, cells)
            for number in sorted(errors):  # below the last value
                cells = []
                _put(cells, errors[number])
                check(number, cells)
                yield SourceRow(number, cells)

    def merged(self) -> tuple[Merged, ...]:
        """First and last row and column of each merged range, from 1, as (row, column, row,
        column). The value stands in the first cell alone."""
        if self._source.merged is not None:
            found = self._source.merged
            return found[self._number] if self._number < len(found) else ()
        with calamine(self._source.name):
            ranges = self._source.loaded(self._number).merged_cell_ranges or []
        return tuple((a[0] + 1, a[1] + 1, b[0] + 1, b[1] + 1) for a, b in ranges)


def visible_nul(text: str) -> str:
    """A text that a database can keep: damaged workbooks have characters that none has."""
    return text.replace("\x00", "\ufffd")


def _put(cells: list[Cell], errors: dict[int, str]) -> None:
    for column, text in errors.items():
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = CellError(text)


class WorkbookSource:
    """An opened workbook. Hidden sheets are left out, as nobody would see what is imported:
    `left_out` names them. Where all are hidden, all are read."""

    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, kind: str, name: str, most_rows: int) -> None:
        self.kind = kind
        self.name = name
        self.allowance = Allowance(name, most_rows)
        self.errors: list[dict[int, dict[int, str]]] = []
        self.merged: list[tuple[Merged, ...]] | None = None
        data, self._is_1904 = self._prepared(path)
        with calamine(name):
            self._workbook = CalamineWorkbook.from_filelike(data)
            every = list(enumerate(self._workbook.sheets_metadata))
        tables = [(n, one) for n, one in every if one.typ == SheetTypeEnum.WorkSheet]
        shown = [(n, one) for n, one in tables if one.visible == SheetVisibleEnum.Visible]
        kept = shown or tables
        if not kept:
            raise refused("no_sheet", name=name)
        self.sheets = tuple(WorkbookSheet(self, n, visible_nul(one.name)) for n, one in kept)
        self.left_out = tuple(one.name for pair in tables if pair not in kept for one in pair[1:])
        self._loaded: tuple[int, CalamineSheet] | None = None

    def _prepared(self, path: Path) -> tuple[io.BytesIO, bool]:
        if self.kind == XLSX:
            return prepared_xlsx(path, self.name)
        if self.kind == ODS:
            content = prepared_ods(path, self.name)
            self.merged = content.merged
            return content.data, False
        old: OldWorkbook = prepared_xls(path, self.name)
        self.errors = old.errors
        return old.data, old.is_1904

    def loaded(self, number: int) -> CalamineSheet:
        """The sheet; the last one asked for stays in memory."""
        if self._loaded is None or self._loaded[0] != number:
            self._loaded = None
            with calamine(self.name):
                sheet = self._workbook.get_sheet_by_index(number)
            self._loaded = (number, sheet)
        return self._loaded[1]

    def cell(self, value: Any) -> Cell:
        """calamine's value as ours: it has "" for an empty cell."""
        if value == "":
            return None
        if type(value) is float:
            if not -HIGHEST < value < HIGHEST:  # also for NaN
                return SpoiltNumber(str(value))
            return Serial1904(value) if self._is_1904 else value
        if type(value) is str and value[0] in "#E" and ERROR_TEXT.fullmatch(value):
            return CellError(value)
        if type(value) is str and "\x00" in value:
            return visible_nul(value)
        return value  # type: ignore[no-any-return]
