"""A cell as a number. Never guessed: 1,250 is twelve hundred and fifty to one reader, one and a
quarter to another, so the file's decimal sign is an argument."""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import list_currencies

from income.imports.sources import Cell, CellError, SpoiltNumber
from income.imports.values.texts import plain_number, visible
from income.imports.values.unreadable import unreadable

POINT, COMMA = ".", ","
MOST_DIGITS, MOST_DECIMALS = 13, 6
Result = Decimal | str  # the number, or the code of what is wrong

PLAIN = {
    POINT: re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,6})?", re.ASCII).fullmatch,
    COMMA: re.compile(r"-?[0-9]{1,13}(?:,[0-9]{1,6})?", re.ASCII).fullmatch,
}
THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,6})?", re.ASCII).fullmatch


# One kind of separator, between groups of three. A space stands for every kind of space.
def _grouped(sign: str, separators: str) -> re.Pattern[str]:
    decimals = rf"(?:\{sign}[0-9]*)?"
    groups = rf"[0-9]{{1,3}}([{separators}])[0-9]{{3}}(?:\1[0-9]{{3}})*"
    return re.compile(rf"{groups}{decimals}|[0-9]+{decimals}|\{sign}[0-9]+")


GROUPED = {POINT: _grouped(POINT, ", '"), COMMA: _grouped(COMMA, ". '")}
EITHER = re.compile(r"[0-9][0-9., ']*|[.,][0-9]+")
EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?E[+-]?[0-9]+", re.IGNORECASE)
MINUS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"), "-")
APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4\u0060\u066c"), "'")
WIDE = dict(zip(map(ord, "，．（）％＋＄￥￡"), ",.()%+$¥£", strict=True))
SIGNS: dict[int, str] = {**MINUS, **APOSTROPHES, **WIDE, 0x066A: "%", 0x060C: ","}
ARABIC_DECIMAL = "\u066b"
CURRENCY_CODES = frozenset(list_currencies())
CURRENCY_WORDS = frozenset({"KR", "KR.", "RS", "RS.", "FR", "FR.", "РУБ", "РУБ.", "Р.", "元", "圆"})
# Letters with a currency sign, such as US$, or letters alone: looked up.
AROUND = re.compile(r"([^\W\d_]{0,4}\.?)([$€£¥₽₹₩₪₺₴₦₫฿₱₡₲₵₸₮₭¢¤﷼]?)")


def decimal_in(cell: Cell, sign: str, *, places: int = MOST_DECIMALS) -> Decimal:
    """The number of a cell; `sign` is what the file writes decimals with, "" if nobody said.

    Read are thousand separators in groups of three, digits of all scripts, currencies around the
    number, a minus before or behind it, accountants' brackets. At most 13 digits before and
    `places` behind the decimal sign. Numbers of a spreadsheet have 15 significant digits.
    Raises Unreadable; never returns NaN, infinity or a negative zero.
    """
    if type(cell) is str:
        if places == MOST_DECIMALS and sign and PLAIN[sign](cell):
            return Decimal(cell if sign == POINT else cell.replace(COMMA, POINT)) + 0
        if places == MOST_DECIMALS and sign == POINT and THOUSANDS(cell):
            return Decimal(cell.replace(COMMA, "")) + 0
        result = _read(cell, sign, places)
    elif type(cell) is float and cell.is_integer() and -1e13 < cell < 1e13:
        return Decimal(int(cell))
    elif type(cell) is float and len(text := repr(cell)) < 17 and PLAIN[POINT](text):
        return Decimal(text)  # of fewer than 16 digits repr and the 15 digits are the same
    else:
        result = _of_value(cell, places)
    if isinstance(result, str):
        raise unreadable(result, cell)
    return result


def decimal_signs_in(cells: Iterable[Cell]) -> set[str]:
    """The decimal signs with which every number of these cells can be read.

    What is no number with either is left out. One sign: the file is clear. None: it mixes both.
    Two: somebody has to say. Where nothing depends on the sign, the point alone.
    """
    both = [
        (_read(cell, POINT, MOST_DECIMALS), _read(cell, COMMA, MOST_DECIMALS))
        for cell in cells
        if isinstance(cell, str)
    ]
    read = [pair for pair in both if not (isinstance(pair[0], str) and isinstance(pair[1], str))]
    if all(point == comma for point, comma in read):
        return {POINT}
    possible = {POINT, COMMA}
    for point, comma in read:
        possible -= {POINT} if isinstance(point, str) else set()
        possible -= {COMMA} if isinstance(comma, str) else set()
    return possible


def whole_in(cell: Cell) -> int:
    """The whole number of a cell, such as a year: digits of any script, nothing around them but
    what says that there are no decimals (2021.0). Raises Unreadable."""
    if type(cell) is str:
        if cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS:
            return int(cell)
        text = ascii_digits(visible(cell)).translate(SIGNS).replace(ARABIC_DECIMAL, POINT)
        if not text:
            raise unreadable("empty", cell)
        match = re.fullmatch(r"(-?[0-9]{1,13})(?:[.,]0{1,2})?", text)
        if not match:
            raise unreadable("no_whole_number", cell)
        return int(match[1])
    result = _of_value(cell, MOST_DECIMALS)
    if isinstance(result, str):
        raise unreadable("no_whole_number" if result.startswith("too_many") else result, cell)
    if result != int(result):
        raise unreadable("no_whole_number", cell)
    return int(result)


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
    )


def _of_value(cell: Cell, places: int) -> Result:
    if isinstance(cell, CellError):
        return "formula_error"
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return "number_is_date"
    if isinstance(cell, SpoiltNumber | bool):
        return "no_number"
    if isinstance(cell, int):
        return Decimal(cell) if -(10**MOST_DIGITS) < cell < 10**MOST_DIGITS else "too_many_digits"
    if isinstance(cell, float | Decimal):
        number = Decimal(cell) if isinstance(cell, float) else cell
        if not number.is_finite():
            return "no_number"
        if number.adjusted() >= MOST_DIGITS:  # before it is written out: 1e999999 is long
            return "too_many_digits"
        return "too_many_decimals" if number and number.adjusted() < -20 else _limited(
            plain_number(cell), places
        )  # fmt: skip
    return "empty"


def _read(text: str, sign: str, places: int) -> Result:
    """The number that a text writes, or the code of what is wrong with it."""
    text = ascii_digits(visible(text)).translate(SIGNS)
    if not text:
        return "empty"
    if "%" in text:
        return "percent"
    if EXPONENT.fullmatch(text):
        return "exponent"
    negative, text = _without_sign(text)
    stripped = _without_currency(text)
    if stripped != text and negative is False:  # USD -5, -USD 5, (USD 5)
        negative, stripped = _without_sign(stripped)
    if negative is None or not stripped:
        return "no_number"
    if sign:
        return _written(stripped, sign, negative, places)
    point, comma = (_written(stripped, one, negative, places) for one in (POINT, COMMA))
    if isinstance(point, str) or isinstance(comma, str):
        return comma if isinstance(point, str) else point
    return point if point == comma else "which_sign"


def _without_sign(text: str) -> tuple[bool | None, str]:
    """Whether it is negative, and the rest; None where two signs contradict each other."""
    negative = False
    if text[:1] == "(" and text[-1:] == ")":
        negative, text = True, text[1:-1].strip()
    elif text[:1] in ("-", "+"):
        negative, text = text[0] == "-", text[1:].strip()
    elif text[-1:] == "-":
        negative, text = True, text[:-1].strip()
    return (None if text[:1] in ("-", "+", "(") or text[-1:] in ("-", "+", ")") else negative), text


def _without_currency(text: str) -> str:
    """Without a currency before or behind it: US$ 5, 5 EUR, 5 руб. Others stay, and spoil it."""
    if text[:1].isdigit() and text[-1:].isdigit():
        return text
    before = AROUND.match(text)
    if before and before[0] and _is_currency(before[1], before[2]):
        return text[before.end() :].strip()
    tail = re.search(r"[^0-9.,' -][^0-9 -]*$", text)
    if tail:
        behind = AROUND.fullmatch(tail[0])
        if behind and _is_currency(behind[1], behind[2]):
            return text[: tail.start()].strip()
    return text


def _is_currency(letters: str, symbol: str) -> bool:
    if symbol:
        return letters.isascii() and len(letters) <= 3
    return letters.upper() in CURRENCY_WORDS or letters in CURRENCY_CODES


def _written(text: str, sign: str, negative: bool, places: int) -> Result:
    text = text.replace(ARABIC_DECIMAL, sign)
    if not GROUPED[sign].fullmatch(text):
        return "other_sign" if EITHER.fullmatch(text) else "no_number"
    plain = re.sub(r"[ ']", "", text.replace(COMMA if sign == POINT else POINT, ""))
    result = _limited(plain.replace(sign, POINT), places)
    return -result + 0 if negative and isinstance(result, Decimal) else result


def _limited(plain: str, places: int) -> Result:
    """The number of plain digits, unless the ledger could not hold it; no zeros are added."""
    whole, _, decimals = plain.lstrip("-").partition(POINT)
    if len(whole.lstrip("0")) > MOST_DIGITS:
        return "too_many_digits"
    if len(decimals) > places and len(decimals.rstrip("0")) > places:
        return "too_many_decimals"
    number = Decimal(plain if len(decimals) <= places else plain[: places - len(decimals)])
    return number + 0  # zero has no sign
