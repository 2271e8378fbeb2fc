"""Who a name that is nobody's may be: names that look like it, contain it or stand in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from donors.lookalikes import ALIKE_NAMES, SMALL_WORDS, likeness_of, telling_words

SHORTEST_NAME = 3  # letters; a shorter name stands in too many others
SHORTEST_CHINESE = 2
MOST_WORDS = 40  # of a text that are looked at
LONGEST_INSIDE = 16  # words of a known name that is looked for in a text
RAREST = 8  # three letters in a row, by which candidates are found
MOST_CANDIDATES = 400


class Why(StrEnum):
    """Why a donor is suggested, the best reason first."""

    SAME = "same"
    CODE = "code"
    ALMOST = "almost"
    CONTAINS = "contains"
    PART = "part"
    COUNTRY = "country"

    @property
    def sentence(self) -> str:
        return {
            Why.SAME: _("the same name"),
            Why.CODE: _("the code is this donor's"),
            Why.ALMOST: _("almost the same letters"),
            Why.CONTAINS: _("contains the name"),
            Why.PART: _("is a part of the name"),
            Why.COUNTRY: _("same country"),
        }[self]


ORDER = {why: place for place, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Likely:
    donor: int  # primary key
    why: Why
    likeness: float  # from 0 to 1, among those with the same reason


class LikelyNames:
    """An index over names in their search form; asking it costs a millisecond or two.

    `rows` are (name, donor's primary key), identifiers left out.
    """

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        self._donors: dict[str, dict[int, None]] = {}
        for name, donor in rows:
            self._donors.setdefault(name, {})[donor] = None
        self._names = list(self._donors)
        self._place_of = {name: place for place, name in enumerate(self._names)}
        self._words = [telling_words(name) for name in self._names]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_three: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._by_letters: dict[str, list[int]] = defaultdict(list)
        for place, (name, words) in enumerate(zip(self._names, self._words, strict=True)):
            self._by_letters[_letters(name)].append(place)
            for word in set(name.split()):
                self._by_word[word].append(place)
            for three in _threes(words):
                self._by_three[len(words), three].append(place)

    def of(self, name: str) -> list[Likely]:
        """Donors that a name in its search form may mean, each once, best first."""
        best: dict[int, Likely] = {}
        for place, why, likeness in self._found(name):
            for donor in self._donors[self._names[place]]:
                one = Likely(donor, why, likeness)
                if donor not in best or _rank(one) < _rank(best[donor]):
                    best[donor] = one
        return sorted(best.values(), key=_rank)

    def _found(self, name: str) -> Iterator[tuple[int, Why, float]]:
        yield from self._almost(name)
        yield from self._inside(name)
        yield from self._around(name)

    def _almost(self, name: str) -> Iterator[tuple[int, Why, float]]:
        """The rules of donors.lookalikes, and the same letters with spaces elsewhere."""
        typed, letters = telling_words(name), _letters(name)
        if len(letters) >= SHORTEST_NAME:
            yield from ((place, Why.ALMOST, 1.0) for place in self._by_letters.get(letters, ()))
        lists = [self._by_three[key] for three in _threes(typed)
                 if (key := (len(typed), three)) in self._by_three]  # fmt: skip
        lists.sort(key=len)
        seen: set[int] = set()
        for places in lists[:RAREST]:
            if seen and len(places) > MOST_CANDIDATES:
                break
            seen.update(places)
        for place in seen:
            likeness = likeness_of(typed, self._words[place])
            if likeness >= ALIKE_NAMES:
                yield place, Why.ALMOST, likeness

    def _inside(self, name: str) -> Iterator[tuple[int, Why, float]]:
        """Known names that stand in the text as whole words."""
        for part in _parts(name):
            if part in self._place_of and part != name:
                yield self._place_of[part], Why.CONTAINS, len(part) / len(name)

    def _around(self, name: str) -> Iterator[tuple[int, Why, float]]:
        """Known names in which the text stands as whole words."""
        words = name.split()[:MOST_WORDS]
        if len(name) < SHORTEST_NAME or set(words) <= SMALL_WORDS:
            return
        lists = [self._by_word.get(word, []) for word in words]
        wanted = f" {name} "
        for place in min(lists, key=len)[:MOST_CANDIDATES]:
            known = self._names[place]
            if known != name and wanted in f" {known} ":
                yield place, Why.PART, len(name) / len(known)


def _rank(one: Likely) -> tuple[int, float, int]:
    return ORDER[one.why], -one.likeness, one.donor


def _letters(name: str) -> str:
    return "".join(word for word in name.split() if word not in SMALL_WORDS)


def _threes(words: Iterable[str]) -> set[str]:
    """Every three letters in a row of the words, with their beginnings and ends."""
    marked = (f"^{word}$" for word in words)
    return {word[at : at + 3] for word in marked for at in range(len(word) - 2)}


def _parts(name: str) -> Iterator[str]:
    """Every run of words of the name; of Chinese, which writes no spaces, every run of signs."""
    words = name.split()[:MOST_WORDS]
    for first in range(len(words)):
        for last in range(first + 1, min(first + LONGEST_INSIDE, len(words)) + 1):
            run = words[first:last]
            part = " ".join(run)
            if len(part) >= SHORTEST_NAME and not set(run) <= SMALL_WORDS:
                yield part
        yield from _chinese_parts(words[first])


def _chinese_parts(word: str) -> Iterator[str]:
    if not any("\u4e00" <= sign <= "\u9fff" for sign in word):
        return
    for first in range(len(word[:MOST_WORDS])):
        for last in range(first + SHORTEST_CHINESE, min(first + LONGEST_INSIDE, len(word)) + 1):
            yield word[first:last]
