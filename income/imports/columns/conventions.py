"""How a file writes numbers and dates: found out from its cells, or asked for. Never guessed."""

import datetime
from collections.abc import Collection, Mapping, Sequence

from income.imports.columns.fields import AMOUNT, DATE, FIELDS
from income.imports.sources import Cell
from income.imports.values import (
    Unreadable,
    date_orders_in,
    day_in,
    decimal_in,
    decimal_signs_in,
)


def decimal_sign_of(cells: Sequence[Cell], usual: str = "") -> tuple[str, bool]:
    """The sign, and whether somebody has to be asked. `usual` is what a layout says.

    Without a sign nobody is asked where no cell so far depends on it: such a cell further down
    then stops its row, instead of being misread.
    """
    signs = decimal_signs_in(cells)
    if usual in signs and len(signs) > 1:
        return usual, False
    if len(signs) == 1:
        found = signs.pop()
        return (found, False) if _depends(cells) else (usual, False)
    return "", True


def _depends(cells: Sequence[Cell]) -> bool:
    """Whether a text among the cells has a decimal or thousands sign at all."""
    return any(isinstance(cell, str) and _is_open(cell) for cell in cells)


def _is_open(text: str) -> bool:
    return any(char in text for char in ".,'’٫٬") and (_reads(text, ".") or _reads(text, ","))


def _reads(text: str, sign: str) -> bool:
    try:
        decimal_in(text, sign)
    except Unreadable:
        return False
    return True


def date_order_of(cells: Sequence[Cell], usual: str = "") -> tuple[str, bool]:
    """The order, and whether somebody has to be asked; as for decimal signs."""
    orders = date_orders_in(cells)
    if usual in orders or (usual and len(orders) == 1 and _all_read(cells, usual, *orders)):
        return usual, False
    if len(orders) == 1:
        return orders.pop(), False
    return "", True


def _all_read(cells: Sequence[Cell], one: str, other: str) -> bool:
    """Whether the dates say the same in both orders, as 2021-03-31 does."""
    texts = {cell for cell in cells if isinstance(cell, str)}
    return all(_day(text, one) == _day(text, other) for text in texts)


def _day(text: str, order: str) -> datetime.date | None:
    try:
        return day_in(text, order)
    except Unreadable:
        return None


def cells_of(columns: Mapping[str, int], rows: Sequence[Sequence[Cell]], kind: str) -> list[Cell]:
    """The cells of all columns whose field holds amounts, or dates."""
    places = [at for name, at in columns.items() if FIELDS[name].kind_of_value == kind]
    return [row[at] for row in rows for at in places if at < len(row)]


def conventions(
    columns: Mapping[str, int], rows: Sequence[Sequence[Cell]], sign: str = "", order: str = "",
    *, amounts: Collection[int] = (),
) -> tuple[dict[str, str], list[str]]:  # fmt: skip
    """What a plan says of them, and the names of those to ask for.

    `amounts` are several columns of amounts (from 0), beside those of `columns`.
    """
    cells = cells_of(columns, rows, AMOUNT)
    cells += [row[at] for row in rows for at in amounts if at < len(row)]
    found, asks = decimal_sign_of(cells, sign)
    days, asks_order = date_order_of(cells_of(columns, rows, DATE), order)
    asked = [name for name, ask in (("decimal_sign", asks), ("date_order", asks_order)) if ask]
    return {"decimal_sign": found, "date_order": days}, asked
