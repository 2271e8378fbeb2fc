"""In which order names stand: that of the reader's language, the same on both databases.

A key is a text. Keys compare by code points, as Python, SQLite and PostgreSQL's collation "C" do.
Its first part decides by letters, the second by accents, the third by capitals (small ones first).

- Digits stand first, then names in the script of the language, then those in other scripts.
- Punctuation counts as a space, and a space comes before every letter: Guinea, Guinea-Bissau.
- Accents decide only between names that are otherwise the same; but ñ is a letter after n in
  Spanish, and й one after и in Russian, where ё counts as е.
- Arabic: the article at the beginning, vowel signs and the stretching line do not count; alif
  with and without hamza is one letter, and so is what looks like ta or ya at the end of a word.
- Chinese: sign by sign after its pinyin, then its tone; signs with several readings as in the word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

Item = TypeVar("Item")

KEPT = 1 << 16  # keys in memory: 5,000 names in six languages, twice
AFTER_EVERY_LETTER = "\U0010fffd"
_END = "\x01"  # before everything that a name may hold, so that the shorter name comes first
_SCRIPTS = {"ru": "CYRILLIC", "ar": "ARABIC"}
# Latin letters that Unicode does not take apart.
LATIN = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t",
    "þ": "th",
})  # fmt: skip
_ARABIC = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ت", "ک": "ك", "ـ": None})
_ARTICLE = re.compile(r"^ال(?=\w{2})")
_SIGNS = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_HAN = re.compile(_SIGNS + "+")
_READ = re.compile("[a-z]*[0-:]" + _SIGNS)  # as `_sign` writes one


def order_key(name: str, language: str | None = None) -> str:
    """What a name is sorted by in the language (a Django code), or in the reader's."""
    return _key(name, (language or get_language() or settings.LANGUAGE_CODE).partition("-")[0])


def stored_key(name: str, language: str) -> str:
    """The key without capitals: short enough to keep with each row; the same for `a` and `A`."""
    return order_key(name, language).rpartition(_END)[0]


def in_order(
    items: Iterable[Item], name: Callable[[Item], str] = str, language: str | None = None
) -> list[Item]:
    """The items by their names; those with the same name stay as they were."""
    return sorted(items, key=lambda item: order_key(name(item), language))


@lru_cache(maxsize=KEPT)
def _key(name: str, language: str) -> str:
    accented = unicodedata.normalize("NFKD", name.casefold())
    letters = _letters(accented, language)
    accents = "" if accented == letters else accented
    return _END.join((_group(letters, language) + letters, accents, name.swapcase()))


def _letters(accented: str, language: str) -> str:
    """What counts first: letters and digits without accents, words apart by one space."""
    text = unicodedata.normalize("NFC", accented)
    if language == "es":
        text = text.replace("ñ", "n" + AFTER_EVERY_LETTER)
    if language == "ar":
        text = _ARTICLE.sub("", text).translate(_ARABIC)
    parts = (char if char == "й" else unicodedata.normalize("NFD", char) for char in text)
    plain = "".join(
        char if unicodedata.category(char)[0] in "LN" or char == AFTER_EVERY_LETTER else " "
        for char in "".join(parts).translate(LATIN)
        if not unicodedata.combining(char)
    )
    words = " ".join(plain.split())
    return _HAN.sub(_by_pinyin, words) if language == "zh" else words


def _group(letters: str, language: str) -> str:
    first = letters[:1]
    if not first or first.isdecimal():
        return "0"
    if language == "zh":  # a sign begins with its pinyin by now, and so looks like a Latin letter
        return "1" if _READ.match(letters) else "2"
    return "1" if _SCRIPTS.get(language, "LATIN") in unicodedata.name(first, "") else "2"


def _by_pinyin(found: re.Match[str]) -> str:
    from pypinyin import Style, lazy_pinyin  # 0.2 s and 4 MB that only Chinese needs

    signs = found[0]
    readings = lazy_pinyin(signs, style=Style.TONE3, neutral_tone_with_five=True, errors=list)  # type: ignore[arg-type]
    return "".join(_sign(*pair) for pair in zip(signs, readings, strict=True))


def _sign(sign: str, reading: str) -> str:
    """Letters, tone, sign: lu, lü, luan. A tone is below every letter, so lu comes before luan."""
    syllable, tone = reading[:-1], reading[-1:]
    if not tone.isdecimal():
        return AFTER_EVERY_LETTER + sign  # no reading is known
    later = 5 if "v" in syllable else 0  # ü, as pypinyin writes it
    return f"{syllable.replace('v', 'u')}{chr(ord(tone) + later)}{sign}"
