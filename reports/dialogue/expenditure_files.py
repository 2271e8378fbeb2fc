"""A file of expenditure, read and checked: year, place or ISO3, region if wanted, US dollars."""

import datetime
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.core.files.base import File
from django.utils.translation import gettext as _

from donors.models import Area, Region
from donors.names import searchable
from income.imports.reading import open_source
from income.imports.sources import Cell, SourceRow
from income.imports.values.amounts import decimal_in, decimal_signs_in, whole_in
from income.imports.values.texts import text_in
from income.imports.values.unreadable import Unreadable
from interface.errors import PortalError
from reports.dialogue.lines import Spent

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
FIRST_YEAR = 1978  # UN-Habitat's first
LONGEST_PLACE = 120
KINDS = ("csv", "xlsx")
# How a heading is written, in the form that `searchable` gives it.
HEADINGS = {
    "year": {"year"},
    "place": {"place", "country", "location"},
    "iso3": {"iso3", "iso 3"},
    "region": {"region", "unhabitat region"},
    "amount": {"amount", "amount usd", "us dollars", "usd", "expense usd", "expenditure usd"},
}


class ExpenditureFileWrong(PortalError):
    """A file that cannot be taken over: every problem as a sentence with its row and column."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            problems[0] if len(problems) == 1 else _("Nothing was taken over. Mend the file.")
        )
        self.problems = problems


@dataclass(frozen=True)
class _Places:
    """Areas by code and by searchable name (None where two share it), regions by name or code."""

    areas: dict[str, Area]
    named: dict[str, Area | None]
    regions: dict[str, str]

    @classmethod
    def load(cls) -> "_Places":
        areas = {area.iso3: area for area in Area.objects.all()}
        named: dict[str, Area | None] = {}
        for area in areas.values():
            for name in {searchable(name) for name in (*area.names.values(), area.formal_name)}:
                named[name] = None if name in named else area
        regions: dict[str, str] = {}
        for region in Region.objects.all():
            for name in (region.code, *region.names.values()):
                regions[searchable(name)] = region.code
        return cls(areas, named, regions)


def read_expenditure(file: File, *, today: datetime.date, decimal_sign: str = "") -> list[Spent]:
    """The lines of a checked file, in US dollars. Raises ExpenditureFileWrong, FileRefused.

    Without a `decimal_sign` the file has to show it by itself.
    """
    with tempfile.NamedTemporaryFile(suffix=".upload") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        source = open_source(
            Path(copy.name), name=str(file.name), most_bytes=MOST_BYTES, most_rows=MOST_ROWS
        )
        if source.kind not in KINDS:
            raise ExpenditureFileWrong([_("Save the file as .csv or .xlsx, and choose it again.")])
        rows = list(source.sheets[0].rows())
    if len(rows) < 2:
        raise ExpenditureFileWrong([_("The file has no rows below its headings.")])
    return _Reader(rows, today, decimal_sign).lines()


class _Reader:
    """The rows of one file, below the row of its headings."""

    def __init__(self, rows: list[SourceRow], today: datetime.date, sign: str) -> None:
        self._rows, self._today = rows[1:], today
        self._columns = _columns(rows[0])
        self._places = _Places.load()
        self._sign = sign or self._found_sign()
        self._problems: list[str] = []
        self._seen: dict[tuple[int, str], int] = {}

    def lines(self) -> list[Spent]:
        found = [line for row in self._rows if (line := self._line(row))]
        if self._problems:
            raise ExpenditureFileWrong(self._problems)
        return found

    def _found_sign(self) -> str:
        signs = decimal_signs_in(self._cell(row, "amount") for row in self._rows)
        if len(signs) != 1:
            raise ExpenditureFileWrong(
                [_("Say whether the amounts are written with a decimal point or a comma.")]
            )
        return signs.pop()

    def _cell(self, row: SourceRow, column: str) -> Cell:
        at = self._columns.get(column)
        return row.cells[at] if at is not None and at < len(row.cells) else None

    def _line(self, row: SourceRow) -> Spent | None:
        """None where something is wrong; every wrong cell of the row is told."""
        before = len(self._problems)
        year, amount = self._year(row), self._amount(row)
        area, place = self._place(row)
        region = self._region(row, area)
        if len(self._problems) > before or year is None or amount is None:
            return None
        first = self._seen.setdefault((year, place), row.number)
        if first != row.number:
            told = _("%(place)s stands in row %(first)s already for %(year)s.")
            values = {"place": place, "first": first, "year": year}
            self._wrong(row, "place", told % values)
            return None
        return Spent(year, place, area.iso3 if area else None, region, amount)

    def _year(self, row: SourceRow) -> int | None:
        try:
            year = whole_in(self._cell(row, "year"))
        except Unreadable as error:
            self._wrong(row, "year", error.sentence)
            return None
        if not FIRST_YEAR <= year <= self._today.year:
            told = _("%(year)s is not a year between %(first)s and %(last)s.")
            values = {"year": year, "first": FIRST_YEAR, "last": self._today.year}
            self._wrong(row, "year", told % values)
            return None
        return year

    def _amount(self, row: SourceRow) -> Decimal | None:
        try:
            return decimal_in(self._cell(row, "amount"), self._sign, places=2)
        except Unreadable as error:
            self._wrong(row, "amount", error.sentence)
            return None

    def _place(self, row: SourceRow) -> tuple[Area | None, str]:
        """The area, None where the place is none of them, and the place as the file names it."""
        code, name = self._text(row, "iso3").upper(), self._text(row, "place")
        if code and code not in self._places.areas:
            self._wrong(row, "iso3", _("“%(code)s” is no code of an area.") % {"code": code[:20]})
        if len(name) > LONGEST_PLACE:
            told = _("The name is longer than %(most)s characters.") % {"most": LONGEST_PLACE}
            self._wrong(row, "place", told)
        if not (code or name):
            self._wrong(row, "place", _("Name the place, or give its ISO3 code."))
        area = self._places.areas.get(code) or self._places.named.get(searchable(name))
        return area, name or (str(area.names["en"]) if area else "")

    def _region(self, row: SourceRow, area: Area | None) -> str | None:
        """As the file says it, else the area's; a place that is no area may have none."""
        if text := self._text(row, "region"):
            code = self._places.regions.get(searchable(text))
            if code is None:
                told = _("“%(name)s” is no reporting region.") % {"name": text[:40]}
                self._wrong(row, "region", told)
            return code
        return area.region_id if area else None

    def _text(self, row: SourceRow, column: str) -> str:
        try:
            return " ".join(text_in(self._cell(row, column)).split())
        except Unreadable as error:
            self._wrong(row, column, error.sentence)
            return ""

    def _wrong(self, row: SourceRow, column: str, sentence: str) -> None:
        at = self._columns.get(column, self._columns.get("iso3", 0))
        values = {"row": row.number, "column": at + 1, "sentence": sentence}
        self._problems.append(_("Row %(row)s, column %(column)s: %(sentence)s") % values)


def _columns(heading: SourceRow) -> dict[str, int]:
    """Where each column stands, from 0. Raises ExpenditureFileWrong for what is missing."""
    found: dict[str, int] = {}
    for at, text in _headings(heading):
        for column, names in HEADINGS.items():
            if text in names:
                found.setdefault(column, at)
    missing = [name for name in ("year", "amount") if name not in found]
    if not {"place", "iso3"} & set(found):
        missing.append("place")
    if missing:
        told = _("Row %(row)s: the column “%(column)s” is missing.")
        raise ExpenditureFileWrong(
            [told % {"row": heading.number, "column": name} for name in missing]
        )
    return found


def _headings(heading: SourceRow) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(heading.cells):
        if isinstance(cell, str):
            yield at, searchable(cell)
