"""From the cells of a row to values, field by field: prepared once per sheet, then quick."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from income.imports.columns.contents import YEAR_TEXT
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.words import Words
from income.imports.judging.known import Known
from income.imports.judging.memory import Remembered
from income.imports.judging.row import Place, Row
from income.imports.sources import Cell, CellError, SourceRow, SpoiltNumber
from income.imports.values import Unreadable, day_in, decimal_in, text_in, whole_in
from income.models import Contribution, ErpLine

Read = Callable[[Cell], Any]
FIRST_YEAR, LAST_YEAR = 1978, 2100  # as the forms take years
AMOUNTS = ("amount", "amount_usd", "exchange_rate", "support_rate", "bank_charge")
DAYS = ("date", "due_on", "ends_on")
YEARS = ("year", "year_for")
MOST_NAME = 300
NOTHING: Mapping[str, str] = {}
CUT = ("title", "note")  # what tells, and decides nothing: cut where it is too long


class Shortened(Unreadable):
    """A text of which only the beginning, `kept`, can be kept."""

    def __init__(self, sentence: str, kept: str) -> None:
        super().__init__("shortened", sentence)
        self.kept = kept


def longest_texts() -> dict[str, int]:
    """How many characters each text may have: as many as the column that keeps it."""
    kept: dict[str, tuple[Any, str]] = {
        "title": (Contribution, "title"), "reference": (Contribution, "reference"),
        "agreement": (Contribution, "reference"), "note": (Contribution, "valuation_method"),
        "document": (ErpLine, "document"),
    }  # fmt: skip
    most = {
        name: model._meta.get_field(column).max_length for name, (model, column) in kept.items()
    }
    names = ("donor", "donor_code", "channel", "entity", "row_id")
    return {**dict.fromkeys(names, MOST_NAME), **most}


class Cells:
    """How every field of a plan is read; `sheet` prepares it for the columns of a sheet."""

    def __init__(self, plan: Plan, known: Known, words: Words) -> None:
        self._plan = plan
        self._readers = _readers(plan, known, words)
        self._constants: list[tuple[str, str]] = [
            (field, text) for field, text in plan.constants.items() if field in self._readers
        ]

    def sheet(
        self, index: int, name: str, heading: Sequence[Cell], *, amount: str = "",
        beside: Mapping[str, str] = NOTHING,
    ) -> "SheetCells":  # fmt: skip
        """For the sheet with these headings. Fields without a column of it are not read.

        `amount` is the heading of the amounts that are read, of several in a row, and `beside`
        what else each of them says: what is wrong with that is told at the amount.
        """
        keys = {key: place for place, key in enumerate(heading_keys(heading))}
        given = {**self._plan.columns, "amount": amount} if amount else self._plan.columns
        columns = {
            field: keys[key] for field, key in given.items()
            if key in keys and field in self._readers and field not in beside
        }  # fmt: skip
        told = columns | dict.fromkeys(beside, columns["amount"]) if beside else columns
        constants = [one for one in self._constants if one[0] not in beside]
        constants += [one for one in beside.items() if one[0] in self._readers]
        return SheetCells(Place(index, name, told), columns, self._readers, constants)

    def number(self, cell: Cell) -> Decimal | None:
        """What the cell says as an amount; None where it is empty or cannot be read."""
        if cell is None or cell == "":
            return None
        try:
            number: Decimal | None = self._readers["amount"](cell)
        except Unreadable:
            return None
        return number


class SheetCells:
    """The columns of one sheet."""

    def __init__(
        self, place: Place, columns: Mapping[str, int], readers: Mapping[str, Read],
        constants: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        self.place = place
        self._columns = [(field, at, readers[field]) for field, at in columns.items()]
        self._is_read = frozenset(columns)
        self._constant: dict[str, Any] = {}
        self._broken: list[tuple[str, Unreadable]] = []  # constants that cannot be read
        for field, text in constants:
            try:
                value = readers[field](text)
            except Unreadable as error:
                self._broken.append((field, error))
            else:
                if value is not None:
                    self._constant[field] = value

    def row(self, source: SourceRow) -> Row:
        """What the row says; cells that cannot be read are noted with it."""
        cells = source.cells
        row = Row(self.place, source.number, cells)
        said = row.__dict__
        said.update(self._constant)
        width = len(cells)
        for field, at, read in self._columns:
            if at >= width:
                continue
            cell = cells[at]
            if cell is None or cell == "":
                continue
            try:
                value = read(cell)
            except Unreadable as error:
                self._told(row, field, error)
            else:
                if value is not None:
                    said[field] = value
        for field, broken in self._broken:
            if field not in self._is_read or row.cell_of(field) in (None, ""):
                self._told(row, field, broken)
        return row

    @staticmethod
    def _told(row: Row, field: str, error: Unreadable) -> None:
        if isinstance(error, Shortened):
            setattr(row, field, error.kept)
            row.warn(error.code, field, error.sentence)
            return
        row.unread = (*row.unread, field)
        row.wrong(error.code, field, error.sentence)


def _readers(plan: Plan, known: Known, words: Words) -> dict[str, Read]:
    sign, order = plan.decimal_sign, plan.date_order
    readers: dict[str, Read] = {field: _amounts(sign) for field in AMOUNTS}
    readers["support_rate"] = _percent(sign)
    readers |= {field: _remembered(lambda cell: day_in(cell, order)) for field in DAYS}
    readers |= {field: _remembered(_year, (str, int, float)) for field in YEARS}
    readers |= {field: _text(most, is_cut=field in CUT) for field, most in longest_texts().items()}
    tables: dict[str, Mapping[str, Any]] = {
        "fund": known.funds, "currency": known.currencies, "instrument": known.instruments,
    }  # fmt: skip
    codes = ("kind", "iso3", "contributor_type", "earmarking", "programme", "region", "area")
    for field in (*tables, *codes):
        readers[field] = _remembered(_code(field, words, tables.get(field)))
    for field in ("donor", "donor_code", "channel", "entity"):
        readers[field] = _remembered(readers[field])
    return readers


def _remembered(read: Read, classes: tuple[type, ...] = (str,)) -> Read:
    """Texts repeat, and equal texts are alike; cells of other classes are read each time."""
    known: Remembered[Any, Any] = Remembered(read)

    def answer(cell: Cell) -> Any:
        return known[cell] if cell.__class__ in classes else read(cell)

    return answer


def _amounts(sign: str) -> Read:
    def amount(cell: Cell) -> Decimal | None:
        if cell.__class__ is str and cell.isspace():
            return None
        return decimal_in(cell, sign)

    return amount


def _percent(sign: str) -> Read:
    """A rate in per cent, with its sign or without; a fraction is a cell formatted as per cent."""

    def percent(cell: Cell) -> Decimal | None:
        if isinstance(cell, str):
            cell = cell.replace("%", "").replace("٪", "").strip()
            return decimal_in(cell, sign) if cell else None
        rate = decimal_in(cell, sign)
        return rate * 100 if 0 < rate < 1 else rate

    return percent


def _year(cell: Cell) -> int | None:
    if isinstance(cell, datetime.date):
        return cell.year
    if isinstance(cell, str) and cell.isspace():
        return None
    told = YEAR_TEXT.fullmatch(cell.strip()) if isinstance(cell, str) else None
    year = int(told[1]) if told else whole_in(cell)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(
            "year_wrong",
            _("%(year)s cannot be right. Write a year such as 2021.") % {"year": year},
        )
    return year


def _text(most: int, *, is_cut: bool) -> Read:
    def text(cell: Cell) -> str | None:
        said = _plain(cell)
        if len(said) > most and is_cut:
            raise Shortened(
                _("The text has %(count)s characters and is shortened to %(most)s.")
                % {"count": len(said), "most": most},
                said[: most - 1].rstrip() + "…",
            )
        if len(said) > most:
            raise Unreadable(
                "too_long",
                _("The text has %(count)s characters; at most %(most)s can be kept. Shorten it.")
                % {"count": len(said), "most": most},
            )
        return said or None

    return text


def _plain(cell: Cell) -> str:
    """The text of a cell in one line, without what nobody sees."""
    if isinstance(cell, CellError | SpoiltNumber):
        raise Unreadable("spoilt_cell", _("The cell holds an error. Put a value in its place."))
    said = text_in(cell)
    if not said.isprintable():
        said = " ".join(said.split())
        if not said.isprintable():
            raise Unreadable(
                "control_characters",
                _("The text holds control characters. Type it again."),
            )
    return said


def _code(field: str, words: Words, table: Mapping[str, Any] | None) -> Read:
    """A word of the portal's own tables: its code, or its row where a table is given."""

    def code(cell: Cell) -> Any:
        said = _plain(cell)
        found = words.code(field, said)
        if found == "":
            return None
        if found is None or (table is not None and found not in table):
            raise Unreadable(
                f"unknown_{field}",
                _(
                    "“%(value)s” is not known here. Choose what it stands for, or write a code of "
                    "the portal."
                )
                % {"value": said[:80]},
            )
        return found if table is None else table[found]

    return code
