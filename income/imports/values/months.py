"""The names of the months in six languages, long and short, as people write them."""

import unicodedata
from functools import cache

from babel.dates import get_month_names

# ar: the Nile's and the Gulf's names; ar_LB the Levant's; ar_MA Morocco's.
LOCALES = ("en", "fr", "es", "ru", "ar", "ar_LB", "ar_MA", "zh")
# What the tables leave out: other short forms; Algeria's and Tunisia's names.
MORE: dict[str, int] = {
    "sep": 9, "sept": 9, "set": 9, "setiembre": 9, "jan": 1, "janv": 1, "fev": 2, "fevr": 2,
    "avr": 4, "juil": 7, "jul": 7, "aou": 8, "dec": 12, "мар": 3, "май": 5, "мая": 5, "июн": 6,
    "июл": 7, "сен": 9, "ноя": 11, "جانفي": 1, "فيفري": 2, "افريل": 4, "ماي": 5, "جوان": 6,
    "جويلية": 7, "اوت": 8, "اذار": 3, "ايار": 5, "ايلول": 9,
}  # fmt: skip


def month_key(name: str) -> str:
    """A month's name as it is looked up: without case, accents, points and repeated spaces."""
    spread = unicodedata.normalize("NFKD", name).casefold()
    kept = (" " if char == "." else char for char in spread if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


@cache
def month_numbers() -> dict[str, int]:
    """The number of each name, by its key; Chinese 3月 is read without this table."""
    numbers = {month_key(name): number for name, number in MORE.items()}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    numbers.setdefault(month_key(name), number)
    return {name: number for name, number in numbers.items() if not name[0].isdigit()}
