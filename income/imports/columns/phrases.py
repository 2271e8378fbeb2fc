"""Headings and words of files in a form in which they can be compared."""

import functools
import re
import unicodedata

from donors.names import searchable

_HUMPS = re.compile(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z])")
_DOLLARS = re.compile(
    r"\b(?:us ?dollars?(?: des etats unis)?|dollars?(?: des etats unis| us)?"
    r"|dolares?(?: de los estados unidos| ee uu| estadounidenses)?"
    r"|долл(?:ар\w*)?(?: сша)?|us|eu a?)\b"
    r"|美元|\b(?:ب|بال|ال)?دولار(?:ات)?(?: الولايات المتحده| الولايات المتحدة"
    r"| الامريكي| امريكي)?"
)
_SIGNS = {"us$": " usd ", "$us": " usd ", "$": " usd ", "€": " eur ", "£": " gbp ", "¥": " jpy ",
          "%": " per cent ", "№": " no "}  # fmt: skip
LONGEST = 300  # characters of a heading that are looked at


def phrase(text: object) -> str:
    """A heading as words: no case, accents, signs; `amountUSD` is two words, US dollars is `usd`.

    The same for all scripts; an Arabic word keeps its article.
    """
    return "" if text is None else _phrase(str(text))


@functools.lru_cache(maxsize=8192)
def _phrase(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    plain = _HUMPS.sub(" ", plain).casefold()
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, word)
    return " ".join(_DOLLARS.sub(" usd ", searchable(plain)).split())


def words_of(found: str) -> frozenset[str]:
    """The words of a phrase; Arabic ones without their article."""
    return frozenset(word.removeprefix("ال") if len(word) > 4 else word for word in found.split())
