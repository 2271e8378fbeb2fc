"""A cell as a day. 03/04/2021 is March to one reader, April to another, so the file's order of
day, month and year is an argument; a year in front, or a month's name, needs none."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from income.imports.sources import Cell, CellError, SpoiltNumber
from income.imports.values.amounts import MINUS, ascii_digits
from income.imports.values.months import month_key, month_numbers
from income.imports.values.texts import visible
from income.imports.values.unreadable import unreadable

FIRST_YEAR, LAST_YEAR = 1900, 2100
ORDERS = ("ymd", "dmy", "mdy")
Result = datetime.date | str  # the day, or the code of what is wrong

WHOLE_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch
TIME = re.compile(
    r"(?:T|[,\s]+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:\s*[ap]\.?\s?m\.?|\s*[صم])?(?:\s*(?:Z|UTC|GMT)?(?:[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
CHINESE = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月(?:\s*([0-9]{1,2})\s*[日号號])?")
NUMBERS = re.compile(r"([0-9]+)(?:\s*([./-])\s*|\s+)([0-9]+)(?:\s*([./-])\s*|\s+)([0-9]+)\.?")
PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
# What may stand around the parts of a date: 1er, 4th, of, de, г. (года), م (of the common era).
FILLERS = frozenset(
    {"st", "nd", "rd", "th", "er", "ere", "o", "a", "of", "de", "del", "the", "le", "el"}
    | {"г", "год", "года", "го", "е", "م"}
)
STRANGE = re.compile(r"[^\w\s,.'’°،/-]")
TIMES_ONLY = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?(\s*[ap]m)?", re.IGNORECASE)
LAST_SERIAL = 73415  # 2100-12-31
YEARS_AS_NUMBERS = range(FIRST_YEAR, LAST_YEAR + 1)  # as serials, days of 1905
LONGEST = 60  # characters of a date
SIGNS: dict[int, str] = {**MINUS, ord("／"): "/", ord("．"): "."}
SERIAL_1904 = 1462  # days between the two systems


class Serial1904(float):
    """A number of a workbook that counts its days from 1904."""


def day_in(cell: Cell, order: str) -> datetime.date:
    """The day of a cell; `order` is "ymd", "dmy" or "mdy", "" if nobody said.

    A time of day is left out. Numbers are a spreadsheet's days since 1900 (since 1904 where the
    workbook says so), or eight digits yyyymmdd. Years have four digits. Raises Unreadable.
    """
    if type(cell) is str:
        if WHOLE_ISO(cell):
            result: Result = _iso(cell)
        else:
            result = _read(cell, order)
    elif type(cell) is datetime.date:
        result = _within(cell)
    else:
        result = _of_value(cell)
    if isinstance(result, str):
        raise unreadable(result, cell)
    return result


def date_orders_in(cells: Iterable[Cell]) -> set[str]:
    """The orders under which every date of these cells can be read.

    What is no date under any order is left out. One order: the file is clear. None: it mixes
    them. Two: somebody has to say. Where nothing depends on the order, "ymd" alone.
    """
    texts = {cell for cell in cells if isinstance(cell, str)}
    all_read = [{order: _read(text, order) for order in ORDERS} for text in texts]
    read = [one for one in all_read if any(not isinstance(day, str) for day in one.values())]
    if all(len(set(one.values())) == 1 for one in read):
        return {"ymd"}
    return {order for order in ORDERS if not any(isinstance(one[order], str) for one in read)}


def _iso(text: str) -> Result:
    try:
        return _within(datetime.date.fromisoformat(text))
    except ValueError:
        return "no_such_day"


def _day(year: str, month: str, day: str) -> Result:
    try:
        return _within(datetime.date(int(year), int(month), int(day)))
    except ValueError:
        return "no_such_day"


def _within(day: datetime.date) -> Result:
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else "year_out"


def _of_value(cell: Cell) -> Result:
    if isinstance(cell, datetime.datetime):
        return _within(cell.date())
    if isinstance(cell, datetime.date):
        return _within(cell)
    if isinstance(cell, CellError):
        return "formula_error"
    if isinstance(cell, datetime.time | datetime.timedelta):
        return "time_only"
    if isinstance(cell, bool | SpoiltNumber):
        return "no_date"
    if isinstance(cell, int | float | Decimal):
        return _of_number(cell)
    return "empty"


def _of_number(number: float | Decimal) -> Result:
    if isinstance(number, Decimal) and not number.is_finite():  # it cannot be compared
        return "no_date"
    if not -1e9 < number < 1e9:  # nor NaN
        return "no_date"
    serial = int(number)
    if serial in YEARS_AS_NUMBERS:
        return "no_day"
    if len(str(serial)) == 8 and serial == number:
        return _eight_digits(str(serial))
    if isinstance(number, Serial1904):
        serial += SERIAL_1904
    elif serial == 60:  # Excel counts a 29 February 1900
        return "serial_60"
    if not 1 <= serial <= LAST_SERIAL:
        return "no_date"
    start = datetime.date(1899, 12, 31 if serial < 60 else 30)
    return start + datetime.timedelta(days=serial)


def _eight_digits(digits: str) -> Result:
    day = _day(digits[:4], digits[4:6], digits[6:])
    return "no_date" if isinstance(day, str) else day


@lru_cache(maxsize=4096)  # the days of a file repeat
def _read(cell: str, order: str) -> Result:
    """The day that a text writes, or the code of what is wrong with it."""
    text = ascii_digits(visible(cell)).translate(SIGNS)
    if not text or len(text) > LONGEST:
        return "no_date" if text else "empty"
    if (match := TIME.search(text)) and match.end() == len(text):
        text = text[: match.start()].strip()
    if match := NUMBERS.fullmatch(text):
        if match[2] != match[4]:
            return "no_date"
        return _of_three(match[1], match[3], match[5], order)
    if match := CHINESE.fullmatch(text):
        return _day(match[1], match[2], match[3]) if match[3] else "no_day"
    if TIMES_ONLY.fullmatch(text):
        return "time_only"
    return _of_digits(text) if text.isdigit() else _with_name(text)


def _of_digits(digits: str) -> Result:
    if len(digits) == 4:
        return "no_day"
    return _eight_digits(digits) if len(digits) == 8 else "no_date"


def _of_three(first: str, second: str, third: str, order: str) -> Result:
    if len(first) == 4 and len(second) <= 2 and len(third) <= 2:
        return _day(first, second, third)
    if max(len(first), len(second), len(third)) <= 2:
        return "short_year"
    if len(third) != 4 or len(first) > 2 or len(second) > 2:
        return "no_date"
    found = {"dmy": _day(third, second, first), "mdy": _day(third, first, second)}
    days = [day for day in found.values() if not isinstance(day, str)]
    if not days:
        return found["dmy"]
    if not order:
        return days[0] if len(set(days)) == 1 else "which_order"
    chosen = found.get(order, "other_order")
    return "other_order" if isinstance(chosen, str) else chosen


def _with_name(text: str) -> Result:
    """4 March 2021, March 4th, 2021, 4-mars-2021, ٤ آذار ٢٠٢١: the name says which is the month."""
    if STRANGE.search(text):
        return "no_date"
    numbers, names = [], []
    for written in month_key(text).split("/"):  # the United Nations' آذار/مارس: both names
        parts = PARTS.findall(written)
        numbers += [part for part in parts if part[0].isdigit()]
        names += [" ".join(p for p in parts if not p[0].isdigit() and p not in FILLERS)]
    months = {month_numbers().get(name) for name in names if name}
    if len(months) != 1 or None in months:
        return "no_date"
    month = months.pop()
    years = [part for part in numbers if len(part) == 4]
    days = [part for part in numbers if len(part) <= 2]
    if len(years) == 1 and len(days) == 1 and len(numbers) == 2:
        return _day(years[0], str(month), days[0])
    if len(days) == 2 and len(numbers) == 2:
        return "short_year"
    return "no_day" if len(numbers) < 2 else "no_date"
