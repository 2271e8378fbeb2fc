"""What a data table and a row of key figures consist of, already formatted for its reader."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A column's heading; `sort_href` is the address that sorts by it, `sorted` how it is now."""

    label: str
    is_numeric: bool = False
    sort_href: str = ""
    sorted: Literal["", "ascending", "descending"] = ""


@dataclass(frozen=True)
class Remark:
    """Where a reader says that a figure looks wrong; `figure` names it, once on a page."""

    figure: str
    href: str


@dataclass(frozen=True)
class Cell:
    """A cell's text; `href` leads to what the figure is made of."""

    text: str
    href: str = ""
    is_missing: bool = False
    remark: Remark | None = None


@dataclass(frozen=True)
class Row:
    """A row, whose first cell names it; a total is set apart."""

    cells: tuple[Cell, ...]
    is_total: bool = False

    @property
    def header(self) -> Cell:
        """The cell that names the row."""
        return self.cells[0]

    @property
    def figures(self) -> tuple[Cell, ...]:
        """The cells after the name."""
        return self.cells[1:]


@dataclass(frozen=True)
class Table:
    """A table with a caption, its units stated once, and its notes.

    `identifier` is unique on the page. `empty` is the sentence shown when there are no rows.
    Raises ValueError when a row has not as many cells as there are columns.
    """

    identifier: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit_note: str = ""
    footnotes: tuple[str, ...] = ()
    empty: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{self.identifier}: a row has {len(row.cells)} cells.")

    @property
    def holds_figures_only(self) -> bool:
        """Whether every column but the first is numeric, which the table then says once."""
        return all(column.is_numeric for column in self.columns[1:])

    @property
    def placed_rows(self) -> tuple[tuple[Row, tuple[tuple[Cell, bool], ...]], ...]:
        """Each row with its figures, and for each whether its column is numeric."""
        numeric = [column.is_numeric for column in self.columns[1:]]
        return tuple((row, tuple(zip(row.figures, numeric, strict=True))) for row in self.rows)


@dataclass(frozen=True)
class KeyFigure:
    """One of the few figures a page opens with: name, value, unit or scope beneath, source."""

    label: str
    value: str
    note: str = ""
    href: str = ""
    remark: Remark | None = None
