"""Text on charts: how wide it will be, where it breaks, and how mixed directions stay apart."""

import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_RIGHT_TO_LEFT = {"R", "AL"}
_ZERO_WIDTH = {"Mn", "Me", "Cf"}
_NARROW = set("iljtfrI.,:;'|!()[] \u00a0\u202f·")
_WIDE = set("mwMW@%ШЩЖЮшщжюмы")


def width_of(text: str, size: float) -> float:
    """About how wide the text stands at that font size, a little too wide rather than too narrow.

    The fonts are the reader's own, so no exact measure exists.
    """
    return sum(_share_of_em(character) for character in text) * size


def wrap(text: str, size: float, room: float, lines: int = 2) -> list[str]:
    """The text in at most `lines` lines that fit in `room`; what does not fit ends in "…"."""
    wrapped: list[str] = []
    rest = text.strip()
    while rest and len(wrapped) < lines - 1 and width_of(rest, size) > room:
        line = _first_line(rest, size, room)
        wrapped.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    if rest:
        wrapped.append(shorten(rest, size, room))
    return wrapped


def shorten(text: str, size: float, room: float) -> str:
    """The text if it fits, otherwise as much of it as fits with "…" at its end."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(kept + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def isolated(text: str) -> str:
    """Right-to-left text shut in, so that it orders itself and not its neighbours."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


@lru_cache(maxsize=4096)
def _share_of_em(character: str) -> float:
    if unicodedata.category(character) in _ZERO_WIDTH:
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    if unicodedata.name(character, "").startswith("CYRILLIC"):
        return 0.74 if character.isupper() else 0.65
    return 0.68 if character.isupper() else 0.58


def _first_line(text: str, size: float, room: float) -> str:
    """The longest opening that fits: up to a space, or in the middle of a word without one."""
    end = len(text)
    while end > 1 and width_of(text[:end].rstrip(), size) > room:
        end -= 1
    space = text.rfind(" ", 0, end + 1)
    return text[: space + 1] if space > 0 else text[:end]
