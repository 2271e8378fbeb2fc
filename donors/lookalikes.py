"""Names that are almost the same: other word order, small typing errors."""

from difflib import SequenceMatcher

from donors.models import DonorName, NameKind

# Words that tell no two names apart.
SMALL_WORDS = frozenset({
    "a", "and", "au", "aux", "d", "da", "de", "del", "der", "des", "di", "do", "du", "el", "et",
    "for", "fur", "in", "l", "la", "las", "le", "les", "los", "of", "para", "pour", "the", "to",
    "und", "y",
})  # fmt: skip
# Shares of equal letters, of 1, from which two words, or two names, are taken for the same.
ALIKE_WORDS = 0.8
ALIKE_NAMES = 0.9
SHORTEST_TYPO = 5  # letters; shorter names differ by a letter and are different


def look_alikes(wanted: str) -> list[int]:
    """Primary keys of the donors whose name is almost `wanted`, a name in its search form."""
    known = DonorName.objects.exclude(kind=NameKind.IDENTIFIER).order_by("pk")
    rows = known.values_list("donor", "normalized").distinct()
    typed = telling_words(wanted)
    if not typed:
        return []
    found = [
        (likeness, donor)
        for donor, name in rows
        if (likeness := likeness_of(typed, telling_words(name))) >= ALIKE_NAMES
    ]
    found.sort(key=lambda pair: -pair[0])
    return list(dict.fromkeys(donor for _likeness, donor in found))


def telling_words(name: str) -> tuple[str, ...]:
    """The words of a name in its search form, in the alphabet's order, without small ones."""
    return tuple(sorted(word for word in name.split() if word not in SMALL_WORDS))


def likeness_of(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """From 0 to 1 (the same words in whatever order)."""
    if one == other:
        return 1.0
    if len(one) != len(other):
        return 0.0
    first, second = "".join(one), "".join(other)
    if min(len(first), len(second)) < SHORTEST_TYPO or abs(len(first) - len(second)) > 3:
        return 0.0
    return _by_words(one, other)


def _by_words(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Words are paired; one word that has no like makes the names different."""
    left, shares = list(other), []
    for word in one:
        share, like = max((_share(word, candidate), candidate) for candidate in left)
        if share < ALIKE_WORDS:
            return 0.0
        left.remove(like)
        shares.append(share)
    return sum(shares) / len(shares)


def _share(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if not (word.isalpha() and other.isalpha()) or word[0] != other[0]:
        return 0.0  # numbers that differ are different; nobody mistypes the first letter
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE_WORDS else 0.0
