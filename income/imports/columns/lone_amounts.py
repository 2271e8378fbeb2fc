"""The one column of numbers of a file whose heading nobody knows: an amount, for somebody to check.

Too many other things are numbers (serial numbers, codes of donors, shares, years) to take just any
such column for amounts: where two are left, or one that looks like these, none is taken.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal

from income.imports.columns.contents import ENOUGH, Looks
from income.imports.columns.headings import TOTAL
from income.imports.columns.matching import FROM_CONTENT, Candidate, classes_of, name_scores
from income.imports.values import Unreadable, decimal_in

MOSTLY = 0.9  # of the cells
LEAST_MONEY = 100  # in some row: smaller numbers are counts and shares
LIKE_MONEY = frozenset({"amount", "currency"})  # sorts of things that a heading may be about
FEWEST_DIGITS = 3  # of a code


def lone_amount(
    taken: Collection[int], headings: Sequence[Sequence[str]], looks: Sequence[Looks]
) -> Candidate | None:
    """The only column, of those not taken, that can be an amount. `headings` are phrases."""
    left = [
        at
        for at, (parts, seen) in enumerate(zip(headings, looks, strict=True))
        if at not in taken and parts and _is_money(parts, seen)
    ]
    return Candidate(FROM_CONTENT, "amount", left[0]) if len(left) == 1 else None


def _is_money(parts: Sequence[str], seen: Looks) -> bool:
    is_other = name_scores(parts) or classes_of(parts[0]) - LIKE_MONEY
    if is_other or TOTAL.match(parts[0]) or seen.is_empty or seen.numbers < MOSTLY:
        return False
    if seen.dates > 0 or seen.years > ENOUGH:
        return False
    plain = [text.removesuffix(".0") for text in seen.texts]
    if all(text.isdecimal() for text in plain) and _are_numbered(plain, seen.cells):
        return False
    return any(_size(text) >= LEAST_MONEY for text in plain)


def _are_numbered(texts: Sequence[str], cells: int) -> bool:
    """Whether whole numbers are a count of the rows, or codes: alike in length, no two the same."""
    numbers = sorted(map(int, texts))
    if any(text[0] == "0" and len(text) > 1 for text in texts):
        return True
    if len(texts) < cells or len(texts) < 2:
        return False
    if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return True
    is_round = sum(number % 10 == 0 for number in numbers) > len(numbers) / 2
    return len({*map(len, texts)}) == 1 and len(texts[0]) >= FEWEST_DIGITS and not is_round


def _size(text: str) -> Decimal:
    """How large a number is at most, whatever its signs mean."""
    return max(_read(text, sign) for sign in (".", ","))


def _read(text: str, sign: str) -> Decimal:
    try:
        return abs(decimal_in(text, sign))
    except Unreadable:
        return Decimal(0)
