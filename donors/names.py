"""Names in six languages: choosing one, and the form they are searched by."""

import functools
import re
import unicodedata
from collections.abc import Mapping

from django.conf import settings

from interface.names import Name
from interface.sorting import LATIN, stored_key

# A file has as many names as rows, most of them plain: no look at each of their letters.
_PLAIN = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))
# Forms of Arabic letters that people write for one another; signs that they leave out; digits.
_ARABIC = str.maketrans({"ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None, "ء": None})
_DIGITS = {first + digit: str(digit) for first in (0x660, 0x6F0) for digit in range(10)}
_LETTERS = LATIN | _ARABIC | _DIGITS
_HAN = re.compile(r"[\u3400-\u9fff]")


def in_language(names: Mapping[str, str], language: str | None) -> str:
    """The name in the language, else in English, else in whatever language there is.

    Language codes are Django's (`zh-hans`); the base code (`zh`) is tried as well. A name in
    another language than the one asked for knows its own (interface/names.py).
    """
    wanted = (language or "en").lower()
    for code in (wanted, wanted.split("-")[0]):
        if names.get(code):
            return names[code]
    for code in ("en", *names):
        if names.get(code):
            return Name(names[code], code)
    return ""


def order_keys(names: Mapping[str, str]) -> dict[str, str]:
    """What rows with the names are sorted by, for a reader of each language."""
    return {code: stored_key(in_language(names, code), code) for code, _name in settings.LANGUAGES}


def searchable(name: str) -> str:
    """The form that names are found by: what people leave out or write otherwise does not count.

    Case, accents, punctuation, repeated spaces; Arabic vowel signs and hamza; Turkish dotless i;
    traditional Chinese signs. What is stored of it is renewed by `manage.py renew_names`.
    """
    if name.isascii():
        return plain_form(name)
    folded = plain_form(name).translate(_LETTERS)
    if _HAN.search(folded):
        folded = folded.translate(_simplified())
    return " ".join(folded.split())


def plain_form(name: str) -> str:
    """Lower case, without accents, punctuation and repeated spaces.

    Rows of imported files are recognised again by it, so it never changes.
    """
    if name.isascii():
        return " ".join(name.lower().translate(_PLAIN).split())
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    kept = (
        char if unicodedata.category(char)[0] in "LN" else " "
        for char in decomposed
        if not unicodedata.combining(char)
    )
    return " ".join("".join(kept).split())


class _Simplified(dict[int, str]):
    """Sign by sign, so that a part of a name is written as it is in the whole."""

    def __init__(self) -> None:
        from opencc import OpenCC  # only for Chinese

        self._convert = OpenCC("t2s").convert

    def __missing__(self, code: int) -> str:
        self[code] = self._convert(chr(code)) if code >= 0x3400 else chr(code)
        return self[code]


@functools.cache
def _simplified() -> _Simplified:
    return _Simplified()
