"""A cell as a text: without what cannot be seen, numbers as a spreadsheet shows them."""

import datetime
import unicodedata
from decimal import Decimal

from income.imports.sources import Cell, CellError, SpoiltNumber
from income.imports.values.unreadable import unreadable

MIDNIGHT = datetime.time()
# What interface.sheets.guard_cell puts an apostrophe before.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INVISIBLE = ("Cc", "Cf", "Cs")  # controls, direction marks and joiners, halves of characters


def visible(text: str) -> str:
    """The text without invisible and direction characters; every kind of space becomes one."""
    if text.isprintable():  # nothing invisible, no space but the ordinary one
        return text.strip()
    kept = (
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in INVISIBLE
    )
    return "".join(kept).strip()


def plain_number(number: float | Decimal) -> str:
    """A number without exponent. Floats have 15 significant digits, which is what a spreadsheet
    keeps and shows of them: 0.1 + 0.2 is 0.3."""
    text = format(number, ".15g") if isinstance(number, float) else format(number, "f")
    if "e" in text:
        text = format(Decimal(text), "f")
    return "0" if text == "-0" else text


def text_in(cell: Cell) -> str:
    """What the cell says, in one form however the file was written; "" for an empty one.

    Lines of a text are kept, other space is one space. Raises Unreadable for formulas that ended
    in an error.
    """
    if type(cell) is str:
        if cell[:1] == "'":
            cell = _unguarded(cell)
        if cell.isprintable() and "  " not in cell:
            if cell.isascii():  # in that form already
                return cell.strip()
            return unicodedata.normalize("NFC", cell.strip())
        lines = (" ".join(visible(line).split()) for line in cell.splitlines())
        return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))
    return "" if cell is None else _text_of_value(cell)


def _unguarded(text: str) -> str:
    """Without the apostrophe that exports put before what a spreadsheet would take as a formula."""
    return text[1:] if text[1:].lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


def _text_of_value(cell: Cell) -> str:
    if isinstance(cell, CellError):
        raise unreadable("formula_error", cell)
    if isinstance(cell, SpoiltNumber):
        raise unreadable("no_number", cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | Decimal):
        return plain_number(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == MIDNIGHT else cell.isoformat(" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
