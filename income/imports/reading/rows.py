"""What every kind of file does with its rows: blank ones left out, limits kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from income.imports.reading.refusals import MOST_COLUMNS, refused
from income.imports.sources import Cell


def trimmed(cells: list[Cell]) -> bool:
    """Cuts empty cells off the end; whether anything is left."""
    while cells and (cells[-1] is None or _is_blank(cells[-1])):
        cells.pop()
    return bool(cells)


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and (not cell or cell.isspace())


class Allowance:
    """The rows that a file may have in all its sheets together, however often each is read."""

    def __init__(self, name: str, most_rows: int) -> None:
        self._name = name
        self._most = most_rows
        self._read: dict[int, int] = {}  # sheet → its rows, as far as it was read

    @contextmanager
    def of(self, sheet: int, title: str = "") -> Iterator[Callable[[int, list[Cell]], None]]:
        """Checks a row by its number and cells; FileRefused where it goes beyond."""
        left = self._most - sum(rows for one, rows in self._read.items() if one != sheet)
        count = 0

        def check(number: int, cells: list[Cell]) -> None:
            nonlocal count
            count += 1
            if count > left:
                raise refused(
                    "too_many_rows", name=self._name, most=self._most, row=number, sheet=title
                )
            if len(cells) > MOST_COLUMNS:
                raise refused(
                    "too_many_columns", row=number, column=len(cells), most=MOST_COLUMNS,
                    sheet=title,
                )  # fmt: skip

        try:
            yield check
        finally:
            self._read[sheet] = max(count, self._read.get(sheet, 0))
