"""What the cells of a column look like, whatever its heading says. No query per cell."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.imports.columns.fields import AMOUNT, DATE, FIELDS, YEAR
from income.imports.columns.words import Words
from income.imports.sources import Cell

# Python's \d is a digit of any script.
_SIGN = r"(?:[A-Za-z]{3}|US\$|[$€£¥])?"
NUMBER = re.compile(rf"[(\-−+]?\s*{_SIGN}\s*[\-−]?\d[\d\s.,'’٬٫]*{_SIGN}\s*[)\-−]?")
DAY = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ].*)?"
    r"|\d{1,2}[ .-]+(?:de )?[^\W\d]{3,}\.?[ .,-]+(?:de )?\d{2,4}(?: ?г\.?)?"
    r"|[^\W\d]{3,}\.? \d{1,2}, ?\d{4}|\d{4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?|\d{4}-\d{1,2}"
)
MONTH = re.compile(r"(\d{4})-(\d{1,2})")
FIRST_YEAR, LAST_YEAR = 1945, 2060
COMPACT_DAY = re.compile(r"(?:19|20)\d{2}[01]\d[0-3]\d")
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000  # spreadsheet days of 1954 to 2064
YEAR_TEXT = re.compile(r"(?:FY ?)?(\d{4})(?:年|г\.?)?", re.IGNORECASE)
NO_IDENTIFIER = re.compile(r"\s\S+\s")  # two spaces: words, no identifier

CODED = ("kind", "fund", "instrument", "earmarking", "programme", "region", "area",
         "contributor_type")  # fmt: skip
ENOUGH = 0.6  # of the cells, to say that a column is of a kind
TEXTS_READ = 20  # different texts of a column that are looked up
LONGEST_VALUE = 60  # characters of a number or date
UNLIKE, UNKNOWN = -1.0, -0.5  # the column cannot be it; none of its words is known


@dataclass(frozen=True)
class Looks:
    """Shares of the cells that are not empty, from 0 to 1."""

    texts: tuple[str, ...]  # each once
    cells: int
    dates: float
    day_numbers: float
    numbers: float
    years: float
    words: float  # several words each

    @property
    def is_empty(self) -> bool:
        return self.cells == 0


def looks_of(cells: Sequence[Cell]) -> Looks:
    """What the column's cells are."""
    full = [cell for cell in cells if cell is not None and str(cell).strip()]
    texts = tuple(dict.fromkeys(str(cell).strip() for cell in full))
    return Looks(
        texts, len(full), _share(full, is_day), _share(full, _is_day_number),
        _share(full, is_number), _share(full, _is_year),
        _share(full, lambda cell: bool(NO_IDENTIFIER.search(str(cell)))),
    )  # fmt: skip


def _share(cells: Sequence[Cell], test: Callable[[Cell], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def is_day(cell: Cell) -> bool:
    if isinstance(cell, datetime.date):
        return True
    return isinstance(cell, str) and _is_like(DAY, cell) and not _is_numbered(cell)


def _is_numbered(text: str) -> bool:
    """Whether what looks like a year and month is a number with a part, such as 4711-1."""
    found = MONTH.fullmatch(text.strip())
    if found is None:
        return False
    return not (FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 0 < int(found[2]) < 13)


def _is_like(shape: re.Pattern[str], text: str) -> bool:
    return len(text) <= LONGEST_VALUE and bool(shape.fullmatch(text.strip()))


def is_number(cell: Cell) -> bool:
    if isinstance(cell, bool | datetime.date):
        return False
    if isinstance(cell, int | float | Decimal):
        return True
    return isinstance(cell, str) and _is_like(NUMBER, cell) and not is_day(cell)


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        try:
            return int(cell) if cell == int(cell) else None
        except (ValueError, ArithmeticError):  # infinite, or no number
            return None
    text = str(cell).strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _is_day_number(cell: Cell) -> bool:
    """A spreadsheet's serial day, or 20210331."""
    number = _whole(cell)
    if number is None:
        return False
    return FIRST_SERIAL <= number <= LAST_SERIAL or bool(COMPACT_DAY.fullmatch(str(number)))


def _is_year(cell: Cell) -> bool:
    return year_said(cell) is not None


def year_said(cell: Cell) -> int | None:
    """The year that a cell is, as a number or “FY 2021”."""
    number = _whole(cell)
    if number is None and (found := YEAR_TEXT.fullmatch(str(cell).strip())):
        number = int(found[1])
    return number if number is not None and FIRST_YEAR <= number <= LAST_YEAR else None


def fit(code: str, looks: Looks, words: Words) -> float:
    """How well the cells go with the field: 1 exactly, 0 nothing to say, UNLIKE not at all."""
    if looks.is_empty:
        return 0.0
    kind = FIELDS[code].kind_of_value
    if kind in (DATE, YEAR, AMOUNT):
        return _fit_of_values(kind, looks)
    if looks.dates > ENOUGH:
        return UNLIKE
    if code in (*CODED, "currency", "iso3"):
        return _fit_of_words(code, looks, words)
    if code in ("donor", "channel"):
        return UNLIKE if looks.numbers > ENOUGH else _share_known_donors(looks, words)
    if code == "donor_code":
        return UNLIKE if looks.words > 0.3 else 0.3
    if code in ("title", "entity"):
        return UNLIKE if looks.numbers > ENOUGH else 0.0
    return 0.0


def _fit_of_values(kind: str, looks: Looks) -> float:
    if kind == DATE:
        if looks.day_numbers > ENOUGH:
            return 0.3
        return looks.dates if looks.dates > ENOUGH else UNLIKE
    if kind == YEAR:
        return looks.years if looks.years > ENOUGH else UNLIKE
    if looks.dates > ENOUGH or looks.numbers < ENOUGH:
        return UNLIKE
    return 0.0 if looks.years > 0.9 else looks.numbers


def _fit_of_words(code: str, looks: Looks, words: Words) -> float:
    if code == "iso3" and any(len(text) not in (2, 3) for text in looks.texts):
        return UNLIKE
    read = [words.code(code, text) for text in looks.texts[:TEXTS_READ]]
    share = sum(map(bool, read)) / (len(read) - read.count("") or 1)
    if share:
        return share
    unlike = code in ("currency", "iso3") or looks.numbers > ENOUGH or looks.years > ENOUGH
    return UNLIKE if unlike else UNKNOWN


def _share_known_donors(looks: Looks, words: Words) -> float:
    texts = looks.texts[:TEXTS_READ]
    return sum(map(words.is_donor, texts)) / len(texts)
