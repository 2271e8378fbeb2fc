"""Weeks as the reader's language counts them: on which day they begin, what the days are called."""

import datetime

from babel import Locale
from babel.dates import get_day_names

from interface.formatting import current_language

# The language as it is used at the United Nations; a bare code does not tell the first weekday.
_PLACES = {
    "ar": "ar_EG",
    "en": "en_GB",
    "es": "es_ES",
    "fr": "fr_FR",
    "ru": "ru_RU",
    "zh-hans": "zh_Hans_CN",
}
_DAYS = 7


def first_weekday(language: str | None = None) -> int:
    """The weekday on which a week begins; Monday is 0."""
    return int(_locale(language).first_week_day)


def weekday_names(language: str | None = None) -> list[tuple[str, str]]:
    """Short and full name of each weekday, in the order of the reader's week."""
    locale, first = _locale(language), first_weekday(language)
    short = get_day_names("abbreviated", context="stand-alone", locale=locale)
    full = get_day_names("wide", context="stand-alone", locale=locale)
    return [(short[day % _DAYS], full[day % _DAYS]) for day in range(first, first + _DAYS)]


def weeks_of(
    first_day: datetime.date, last_day: datetime.date, language: str | None = None
) -> list[list[datetime.date]]:
    """Whole weeks of seven days that hold all days from the first to the last."""
    before = (first_day.weekday() - first_weekday(language)) % _DAYS
    start = first_day - datetime.timedelta(days=before)
    count = -(-((last_day - start).days + 1) // _DAYS)
    days = [start + datetime.timedelta(days=number) for number in range(count * _DAYS)]
    return [days[at : at + _DAYS] for at in range(0, len(days), _DAYS)]


def _locale(language: str | None) -> Locale:
    return Locale.parse(_PLACES.get((language or current_language()).lower(), "en_GB"))
