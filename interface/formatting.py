"""How numbers, money and dates are printed: pages, charts, PDFs and sheets all ask here.

One policy for all six languages: Latin digits, the language's own separators and order of words,
a real minus sign, a non-breaking space between a number and its unit. Zero, not applicable and
not reported look different. `language` is a Django language code; left out, it is the reader's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError, dates, numbers
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override

NOT_APPLICABLE = "–"
NOT_REPORTED = gettext_lazy("not reported")

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
LEFT_TO_RIGHT_MARK = "\u200e"

Units = Literal["exact", "millions"]
Length = Literal["long", "medium"]

# The United Nations writes English dates with the day first, as en_GB does.
_LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans"}
_MILLION = Decimal(1_000_000)
_RATE_PLACES = range(2, 9)
MOST_DAYS = 4096  # days and months whose names are kept ready
_COMMAS = {"ar": "، ", "zh": "，"}
_BETWEEN = {",": {"ar": "، ", "zh": "、"}, ";": {"ar": "؛ ", "zh": "；"}}


def current_language() -> str:
    """The language code active for this reader, or the installation's own."""
    return get_language() or settings.LANGUAGE_CODE


def is_right_to_left(language: str | None = None) -> bool:
    """Whether the language is written from right to left."""
    return _locale(language).text_direction == "rtl"


def comma(language: str | None = None) -> str:
    """What stands between a name and its day, with the space of the language."""
    return _COMMAS.get(_locale(language).language, ", ")


def joined(
    parts: Iterable[object], mark: Literal[",", ";"] = ",", language: str | None = None
) -> str:
    """The parts one after another, between them the language's own comma or semicolon."""
    return _BETWEEN[mark].get(_locale(language).language, f"{mark} ").join(map(str, parts))


def format_number(
    value: Decimal | int | None,
    language: str | None = None,
    *,
    digits: int = 0,
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """A number with `digits` decimals, rounded half up, its thousands grouped."""
    if value is None:
        return _missing(none, language)
    signs = _signs((language or current_language()).lower())
    rounded = _rounded(value if isinstance(value, Decimal) else Decimal(value), digits)
    text = f"{abs(rounded):,.{digits}f}".translate(signs.separators)
    return signs.minus + text if rounded < 0 else text


def format_exact(value: Decimal | int, language: str | None = None) -> str:
    """A number with the decimals it is written with: 1200.50 is "1,200.50"."""
    exponent = Decimal(value).as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_number(value, language, digits=places)


class Count(int):
    """A whole number that templates print grouped, as every other one."""

    def __str__(self) -> str:
        return format_number(int(self))


def format_usd(
    amount_usd: Decimal | None,
    language: str | None = None,
    units: Units = "exact",
    *,
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """US dollars to the cent ("exact") or in millions with one decimal ("millions").

    The unit is not repeated: a caption or heading states it once.
    """
    if amount_usd is None or units == "exact":
        return format_number(amount_usd, language, digits=2, none=none)
    return format_number(amount_usd / _MILLION, language, digits=1)


def format_amount(
    amount: Decimal | None,
    currency: str,
    language: str | None = None,
    *,
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """An amount with its ISO 4217 code, and as many decimals as that currency has."""
    if amount is None:
        return _missing(none, language)
    places = numbers.get_currency_precision(currency)
    number = format_number(amount, language, digits=places)
    if _code_comes_first(_locale(language)):
        return f"{currency}{NO_BREAK_SPACE}{number}"
    return f"{number}{NO_BREAK_SPACE}{currency}"


def format_amount_named(amount: Decimal, currency: str, language: str | None = None) -> str:
    """An amount with the currency's name in its right form: "12,500.00 Swedish kronor"."""
    return numbers.format_currency(
        amount, currency, locale=_locale(language), format_type="name", numbering_system="latn"
    )


def currency_name(currency: str, language: str | None = None) -> str:
    """What a currency is called: "Swedish krona"; its code where the language has no name."""
    return numbers.get_currency_name(currency, locale=_locale(language))


def format_percent(
    value: Decimal | None,
    digits: int = 0,
    language: str | None = None,
    *,
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """A percentage: 79 means 79 per cent (not 0.79)."""
    if value is None:
        return _missing(none, language)
    sign = _signs((language or current_language()).lower()).percent
    return f"{format_number(value, language, digits=digits)}{sign}"


def format_rate(
    rate: Decimal | None,
    language: str | None = None,
    *,
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """An exchange rate with the decimals it has: at least two, at most eight."""
    if rate is None:
        return _missing(none, language)
    exponent = rate.normalize().as_tuple().exponent
    stored = -exponent if isinstance(exponent, int) else 0
    places = min(max(stored, _RATE_PLACES.start), _RATE_PLACES.stop - 1)
    return format_number(rate, language, digits=places)


def local_day(value: date) -> date:
    """The day itself; of a moment, the day it is in the portal's time zone then."""
    return timezone.localdate(value) if isinstance(value, datetime) else value


def format_date(
    day: date | None,
    language: str | None = None,
    *,
    length: Length = "long",
    none: str | Promise = NOT_APPLICABLE,
) -> str:
    """A day: "31 December 2021", or "31 Dec 2021" when `length` is "medium".

    Of a moment the day in the portal's time zone.
    """
    if day is None:
        return _missing(none, language)
    return _day((language or current_language()).lower(), local_day(day), length)


def format_month(
    day: date | None, language: str | None = None, *, none: str | Promise = NOT_APPLICABLE
) -> str:
    """The month of a day: "December 2021"."""
    if day is None:
        return _missing(none, language)
    return _month((language or current_language()).lower(), day.year, day.month)


def short_months(language: str | None = None) -> tuple[str, ...]:
    """The twelve months, January first, short enough to stand under a chart."""
    names = dates.get_month_names("abbreviated", context="stand-alone", locale=_locale(language))
    return tuple(names[month] for month in range(1, 13))


def largest_remainder(values: Sequence[Decimal], places: int) -> list[Decimal]:
    """Percentages of the parts with `places` decimals that add up to exactly 100.

    Each share is rounded down; the units still missing go to the largest remainders, to the
    earlier part where two are equal. All zeros (or no parts) give all zeros. A negative part has
    no share of a whole and raises ValueError.
    """
    if any(value < 0 for value in values):
        raise ValueError("A negative part has no share: show the amounts instead of percentages.")
    total = sum(values, Decimal(0))
    unit = Decimal(1).scaleb(-places)
    if not total:
        return [Decimal(0).quantize(unit) for _ in values]
    exact = [value * 100 / total for value in values]
    shares = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
    missing = int((100 - sum(shares, Decimal(0))) / unit)
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_remainder[:missing]:
        shares[index] += unit
    return shares


@cache
def _locale_of(code: str) -> Locale:
    try:
        return Locale.parse(_LOCALES.get(code, code), sep="_" if code in _LOCALES else "-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


@dataclass(frozen=True)
class _Signs:
    """What a language writes numbers with: read from its locale once, not for each number."""

    separators: dict[int, str]  # for str.translate
    minus: str
    percent: str


@cache
def _signs(code: str) -> _Signs:
    locale = _locale_of(code)
    symbols = locale.number_symbols["latn"]
    # In a right-to-left line the bidirectional algorithm would put a bare minus after the number.
    minus = LEFT_TO_RIGHT_MARK + MINUS if locale.text_direction == "rtl" else MINUS
    space = NO_BREAK_SPACE if "0%" not in locale.percent_formats[None].pattern else ""
    between = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})
    return _Signs(between, minus, f"{space}%")


@lru_cache(maxsize=MOST_DAYS)
def _day(code: str, day: date, length: Length) -> str:
    locale = _locale_of(code)
    text = dates.format_date(day, format=length, locale=locale)
    # French counts the first of a month; the common patterns do not know it.
    return f"1er{text[1:]}" if locale.language == "fr" and day.day == 1 else text


@lru_cache(maxsize=MOST_DAYS)
def _month(code: str, year: int, month: int) -> str:
    return dates.format_skeleton("yMMMM", date(year, month, 1), locale=_locale_of(code))


def _locale(language: str | None) -> Locale:
    return _locale_of((language or current_language()).lower())


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(_unit(places), rounding=ROUND_HALF_UP)


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _missing(none: str | Promise, language: str | None) -> str:
    if language is None:
        return str(none)
    with override(language):
        return str(none)


def _code_comes_first(locale: Locale) -> bool:
    return bool(locale.currency_formats["standard"].pattern.startswith("¤"))
