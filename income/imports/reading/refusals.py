"""Why a file cannot be read, in a sentence that says what to do; and how much is read."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from interface.errors import PortalError

MOST_BYTES = 50 * 1024 * 1024  # of a file from the browser
MOST_BYTES_COMMAND = 2 * 1024 * 1024 * 1024  # of a file from the command line
MOST_ROWS_BROWSER = 100_000  # that are not blank, in all sheets together
MOST_ROWS_COMMAND = 5_000_000
MOST_COLUMNS = 300
MOST_CELLS = 16_000_000  # that one sheet of a workbook may span: calamine holds them all
MOST_UNPACKED = 1024 * 1024 * 1024  # bytes of a workbook once its compression is undone
MOST_RATIO = 100  # unpacked to packed, beyond
RATIO_FREE = 20 * 1024 * 1024  # unpacked bytes, below which repetition is no bomb


class FileRefused(PortalError):
    """The file, a sheet or a row of it cannot be read. `code` is short and stable.

    `row` and `column` count from 1 as the spreadsheet does; 0 where it is about no row.
    """

    def __init__(
        self, code: str, sentence: str, *, sheet: str = "", row: int = 0, column: int = 0
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sheet = sheet
        self.row = row
        self.column = column


# Functions, so that the sentence is in the language that is active when the file is refused.
SENTENCES: dict[str, Callable[[], str]] = {
    "empty_file": lambda: _("%(name)s is empty. Choose a file with a heading and rows."),
    "empty_block": lambda: _("Nothing was pasted. Copy the cells, with their heading, again."),
    "too_large": lambda: _("%(name)s is larger than %(most)s MB. Divide it into smaller files."),
    "encrypted": lambda: _(
        "%(name)s is protected with a password. Save it without a password and choose it again."
    ),
    "corrupt": lambda: _(
        "%(name)s is damaged or not complete. Open it in a spreadsheet, save it again as .xlsx and "
        "choose the new file."
    ),
    "bomb": lambda: _(
        "%(name)s becomes far too large when it is unpacked. Copy its rows into a new workbook, or "
        "save it as .csv."
    ),
    "other_content": lambda: _(
        "%(name)s is %(content)s, not a table. Save it as .xlsx, .xls, .ods or .csv."
    ),
    "other_ending": lambda: _(
        "The name %(name)s ends in %(ending)s, but the file is %(content)s. Rename it so that it "
        "ends in %(right)s, or choose another file."
    ),
    "no_sheet": lambda: _("%(name)s has no sheet with cells. Choose a workbook with rows."),
    "too_many_columns": lambda: _(
        "Row %(row)s has a value in column %(column)s: at most %(most)s columns can be read. "
        "Delete the columns that are not needed."
    ),
    "sheet_columns": lambda: _(
        "The sheet “%(sheet)s” has values beyond column %(most)s. Delete the columns that are not "
        "needed."
    ),
    "too_many_rows": lambda: _(
        "Row %(row)s: %(name)s has more than %(most)s rows. Divide it into smaller files."
    ),
    "too_many_cells": lambda: _(
        "The sheet “%(sheet)s” spans too many cells. Delete empty rows and columns, or save it as "
        ".csv."
    ),
    "encoding": lambda: _(
        "Row %(row)s of %(name)s holds bytes that are no text in %(encoding)s. Choose the encoding "
        "that the file was saved with, such as UTF-8."
    ),
    "unknown_encoding": lambda: _("%(encoding)s is no encoding that can be read. Choose another."),
    "unknown_delimiter": lambda: _("Columns cannot be divided by “%(delimiter)s”. Choose another."),
    "nul": lambda: _(
        "Row %(row)s of %(name)s holds bytes that no text has. Choose another encoding, or save "
        "the file again as .csv in UTF-8."
    ),
    "quotes": lambda: _(
        "Row %(row)s of %(name)s: a quotation mark is not closed, or stands inside a cell without "
        "being doubled. Correct it, or save the file as .xlsx."
    ),
    "long_cell": lambda: _(
        "Row %(row)s of %(name)s has a cell of more than %(most)s characters. A quotation mark "
        "may not be closed; correct it."
    ),
    "gone": lambda: _("%(name)s cannot be opened. Choose it again."),
}  # fmt: skip


def refused(
    code: str, *, row: int = 0, column: int = 0, sheet: str = "", **named: object
) -> FileRefused:
    """The refusal of that code; its placeholders are `named`, besides sheet, row and column."""
    values = {"sheet": sheet, "row": row, "column": column, **named}
    return FileRefused(code, SENTENCES[code]() % values, sheet=sheet, row=row, column=column)
