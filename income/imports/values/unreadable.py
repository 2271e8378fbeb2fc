"""The one error of reading a cell: its code for reports, its sentence for people."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from income.imports.sources import Cell, CellError, SpoiltNumber
from interface.errors import PortalError

SHOWN = 80  # characters of a cell in a sentence


class Unreadable(PortalError):
    """A cell that does not say what its column holds. `code` is short and stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


# Functions, so that the sentence is in the language that is active when it is asked for.
SENTENCES: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The cell is empty."),
    "formula_error": lambda: _("The formula of the cell ends in the error %(value)s. Correct it."),
    "no_number": lambda: _("“%(value)s” is no number. Write the number in digits."),
    "number_is_date": lambda: _(
        "“%(value)s” is a date or a time, not a number. Change the format of the cell to a number."
    ),
    "other_sign": lambda: _(
        "“%(value)s” is not written with the decimal sign chosen for the file. Correct it, or "
        "choose the other sign for the whole file."
    ),
    "which_sign": lambda: _(
        "“%(value)s” can be read in two ways. Choose whether the file writes decimals with a "
        "point or with a comma."
    ),
    "exponent": lambda: _(
        "“%(value)s” is written with an exponent, which may hide digits. Write the whole number."
    ),
    "percent": lambda: _("“%(value)s” is a percentage. Write it as a number without the sign."),
    "too_many_digits": lambda: _(
        "“%(value)s” is too large: at most 13 digits can stand before the decimal sign."
    ),
    "too_many_decimals": lambda: _("“%(value)s” has too many decimals. Round it."),
    "no_whole_number": lambda: _("“%(value)s” is no whole number. Write it in digits only."),
    "no_date": lambda: _("“%(value)s” is no date. Write it as year-month-day: 2021-03-04."),
    "no_such_day": lambda: _("“%(value)s” is no day of the calendar. Correct the date."),
    "other_order": lambda: _(
        "“%(value)s” is not written in the order of day, month and year chosen for the file. "
        "Correct it, or choose another order for the whole file."
    ),
    "which_order": lambda: _(
        "“%(value)s” can be read in two ways. Choose whether the file writes the day or the month "
        "first."
    ),
    "short_year": lambda: _("“%(value)s” has a year of two digits. Write the year in four digits."),
    "no_day": lambda: _("“%(value)s” names no day. Write the whole date: 2021-03-04."),
    "year_out": lambda: _("“%(value)s” is not between the years 1900 and 2100. Correct the date."),
    "time_only": lambda: _("“%(value)s” is a time without a date. Write the date: 2021-03-04."),
    "serial_60": lambda: _(
        "The number %(value)s stands for 29 February 1900, a day that never was. Correct the date."
    ),
}


def unreadable(code: str, cell: Cell) -> Unreadable:
    """The error of that code about the cell."""
    text = cell.text if isinstance(cell, CellError | SpoiltNumber) else str(cell)
    shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return Unreadable(code, SENTENCES[code]() % {"value": shown})
