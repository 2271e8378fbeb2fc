"""Forms in which governments are written: turned round, with “Government of”, with an article.

Everything works on names in their search form (donors.names.searchable), in six languages.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from donors.names import searchable

PARTS = re.compile(r"[,()\[\]،，（）]")  # as three scripts write them
# Words for a government, and what may stand between them and the name.
GOVERNMENTS = tuple(
    searchable(one)
    for one in (
        "government", "federal government", "royal government", "national government",
        "central government", "govt", "gov", "gov't", "goverment", "gouvernement",
        "gouvernement fédéral", "gobierno", "gobierno federal", "правительство", "حكومة",
    )
)  # fmt: skip
LINKS = (
    "of the",
    "of",
    "du",
    "de la",
    "de l",
    "des",
    "del",
    "de los",
    "de las",
    "de el",
    "de",
    "d",
)
ARTICLES = ("the", "la", "le", "les", "l", "el", "los", "las")
# In these the name stands beside the word, without a link.
UNLINKED = frozenset(searchable(one) for one in ("правительство", "حكومة"))
CHINESE_GOVERNMENT = "政府"
OPENING = re.compile(
    "^(?:the )?(?:"
    + "|".join(
        f"{word}{'' if word in UNLINKED else ' (?:' + '|'.join(LINKS) + ')'}"
        for word in sorted(GOVERNMENTS, key=len, reverse=True)
    )
    + ") (?P<rest>.+)$"
)
ENDING = re.compile(
    "^(?P<rest>.+?) (?:the )?(?:"
    + "|".join(sorted(GOVERNMENTS, key=len, reverse=True))
    + ")(?: (?:" + "|".join(LINKS) + "))?$"
)  # fmt: skip
ALONE = re.compile(f"^(?:the )?(?:{'|'.join(GOVERNMENTS)})(?: (?:{'|'.join(LINKS)}))?$")
CYRILLIC_ENDING = re.compile("(?:ого|его|ых|их|ов|ев|ои|ем|ом|[аеиоуыэюяь]+)$")
SHORTEST_STEM = 3


@dataclass(frozen=True)
class Written:
    """How a text may name a State: `names` in their search form, the likeliest first.

    `is_government` says that the text calls itself a government's; `rest` is what it says
    beside that, "" for nothing. `is_inflected`: the names may stand in the Russian genitive.
    """

    names: tuple[str, ...]
    is_government: bool
    rest: str
    is_inflected: bool


def written(text: str) -> Written:
    """Read a name as its writer typed it, commas and brackets with it. Never raises."""
    parts = [part for part in map(searchable, PARTS.split(text)) if part]
    named = [part for part in parts if not is_only_government(part)]
    is_government = len(named) < len(parts)
    kept: list[str] = []
    for part in named:
        rest = rest_of_government(part)
        is_government = is_government or rest is not None
        kept.append(part if rest is None else rest)
    if not is_government and (rest := rest_of_government(searchable(text))) is not None:
        is_government, kept = True, [rest] if rest else []
    names = dict.fromkeys(_orders(kept))
    rest = " ".join(kept)
    return Written(tuple(names), is_government, rest, is_government and is_cyrillic(rest))


def _orders(parts: list[str]) -> Iterator[str]:
    for joined in (" ".join(parts), " ".join(reversed(parts))):
        if joined:
            yield joined
            yield without_article(joined)


def is_only_government(name: str) -> bool:
    """Whether a name in its search form says “Government” or “Government of” and nothing else."""
    return bool(ALONE.match(name)) or name == CHINESE_GOVERNMENT


def rest_of_government(name: str) -> str | None:
    """What stands beside the word for a government; None where there is no such word."""
    if is_only_government(name):
        return ""
    if name.endswith(CHINESE_GOVERNMENT):
        return name.removesuffix(CHINESE_GOVERNMENT).strip()
    found = OPENING.match(name) or ENDING.match(name)
    return found["rest"] if found else None


def without_article(name: str) -> str:
    first, _space, rest = name.partition(" ")
    return rest if rest and first in ARTICLES else name


def is_cyrillic(name: str) -> bool:
    return any("а" <= char <= "я" for char in name)


def stems(name: str) -> str:
    """Russian words without their endings: the same for a name and its genitive.

    Two names may have the same stems (Niger, Nigeria): who asks has to count them.
    """
    return " ".join(_stem(word) for word in name.split())


def _stem(word: str) -> str:
    stem = CYRILLIC_ENDING.sub("", word)
    return stem if len(stem) >= SHORTEST_STEM else word


def visible(text: str) -> str:
    """The text without signs that nobody sees (directions, joiners), on one line."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in HIDDEN
    )
    return " ".join(kept.split())


HIDDEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
