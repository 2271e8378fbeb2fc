"""What a file is once it was read: sheets of rows of cells, whatever its format."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose formula ended in an error, such as #DIV/0!."""

    text: str


@dataclass(frozen=True, slots=True)
class SpoiltNumber:
    """A number that is none: NaN, infinity, or beyond what a spreadsheet can hold."""

    text: str


Cell = (
    str | int | float | Decimal | bool | datetime.date | datetime.datetime | datetime.time
    | datetime.timedelta | CellError | SpoiltNumber | None
)  # fmt: skip


@dataclass(slots=True)
class SourceRow:
    """A row as the spreadsheet numbers it, from 1; trailing empty cells are left out."""

    number: int
    cells: list[Cell]


class Sheet(Protocol):
    """One sheet; a CSV file or pasted block is one sheet without a name."""

    @property
    def name(self) -> str: ...

    def rows(self) -> Iterator[SourceRow]:
        """Every row that is not blank, in order; may be asked for again. Raises FileRefused."""
        ...


class Source(Protocol):
    """An opened file. `kind` is what its bytes are: xlsx, xls, ods, csv or pasted."""

    @property
    def kind(self) -> str: ...

    @property
    def encoding(self) -> str:
        """Of a text file; empty for workbooks."""
        ...

    @property
    def delimiter(self) -> str: ...

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...
