"""Years as headings: the only numbers that stand in a row of them."""

from collections.abc import Sequence

from income.imports.columns.contents import is_day, is_number, year_said
from income.imports.sources import Cell, SourceRow


def whole(cell: Cell) -> Cell:
    """A workbook holds every number as a float: the year 2021, not 2021.0."""
    return int(cell) if type(cell) is float and cell.is_integer() else cell


def years_in(cells: Sequence[Cell]) -> dict[int, int]:
    """The years that stand in a row, by column."""
    years = {n: year_said(cell) for n, cell in enumerate(cells) if not _is_blank(cell)}
    return {n: year for n, year in years.items() if year}


def has_years(rows: Sequence[SourceRow], at: int) -> bool:
    """Whether a row has a column for each year: all its numbers are years, in their order, and
    below them stand other things."""
    cells = rows[at].cells
    years = years_in(cells)
    order, rising = list(years.values()), sorted({*years.values()})
    if len(rising) < 2 or order not in (rising, rising[::-1]):
        return False
    if any((is_number(cell) or is_day(cell)) for n, cell in enumerate(cells) if n not in years):
        return False
    below = [row.cells[n] for row in rows[at + 1 :] for n in years if n < len(row.cells)]
    return any(not _is_blank(cell) and not year_said(cell) for cell in below)


def only_years(cells: Sequence[Cell]) -> bool:
    """Whether a row says nothing but years, of which there are several."""
    years = years_in(cells)
    full = [cell for cell in cells if not _is_blank(cell)]
    return len({*years.values()}) > 1 and len(years) == len(full)


def _is_blank(cell: Cell) -> bool:
    return cell is None or not str(cell).strip()
