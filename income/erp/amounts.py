"""How a file writes its amounts: with a decimal point or a comma. Never guessed."""

import re
from collections.abc import Iterable
from decimal import Decimal

POINT, COMMA = ".", ","
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'")
SHAPES = {
    POINT: re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?-?"),
    COMMA: re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?-?"),
}


def amount_of(typed: str, decimal_sign: str) -> Decimal | None:
    """The amount, a minus before or behind it; None where it is not written that way."""
    text = typed.translate(SPACES)
    if not (text.isascii() and SHAPES[decimal_sign].fullmatch(text)) or text.count("-") > 1:
        return None
    grouping = COMMA if decimal_sign == POINT else POINT
    plain = text.replace(grouping, "").replace(decimal_sign, ".")
    return -Decimal(plain.strip("-")) if "-" in plain else Decimal(plain)


def decimal_signs(cells: Iterable[str]) -> set[str]:
    """The signs with which every one of the amounts can be read; both only if it is the same.

    One: the file is clear. None: it mixes both. Two: somebody has to say which it is, because
    1,250 is twelve hundred and fifty to one reader and one and a quarter to another.
    """
    read = [{sign: amount_of(cell, sign) for sign in SHAPES} for cell in cells]
    read = [one for one in read if any(value is not None for value in one.values())]
    possible = {sign for sign in SHAPES if all(one[sign] is not None for one in read)}
    if len(possible) == 2 and all(one[POINT] == one[COMMA] for one in read):
        return {POINT}
    return possible
