"""Names in six languages: choosing one, and the form they are searched by."""

import unicodedata
from collections.abc import Mapping


def in_language(names: Mapping[str, str], language: str | None) -> str:
    """The name in the language, else in English, else in whatever language there is.

    Language codes are Django's (`zh-hans`); the base code (`zh`) is tried as well.
    """
    wanted = (language or "en").lower()
    for code in (wanted, wanted.split("-")[0], "en"):
        if names.get(code):
            return names[code]
    return next((name for name in names.values() if name), "")


# A file has as many names as rows, most of them plain: no look at each of their letters.
_PLAIN = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))


def searchable(name: str) -> str:
    """Lower case, without accents, punctuation and repeated spaces; the same for all scripts."""
    if name.isascii():
        return " ".join(name.lower().translate(_PLAIN).split())
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    kept = (
        char if unicodedata.category(char)[0] in "LN" else " "
        for char in decomposed
        if not unicodedata.combining(char)
    )
    return " ".join("".join(kept).split())
