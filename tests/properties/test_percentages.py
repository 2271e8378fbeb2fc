"""Rounding as declared: percentages that add up, and tables that cast or say that they do not.

Ten thousand of each, drawn from one seed: the same every time, so that a failure is found again.
"""

import random
from decimal import Decimal

import pytest

from interface.formatting import format_usd, largest_remainder
from reports.figures.casting import cast_note, casts

TIMES = 10_000
NOTE = "Each amount is rounded by itself, so the parts may not add up to the total shown."


def dice(name: str) -> random.Random:
    return random.Random(name)


def amount(chance: random.Random) -> Decimal:
    """Nothing, cents, or up to some hundred millions of US dollars, to the cent."""
    most = chance.choice([0, 99, 10_000_00, 5_000_000_00, 300_000_000_00])
    return Decimal(chance.randint(0, most)) / 100


def shown(usd: Decimal) -> Decimal:
    """What a reader reads of it in a table of millions."""
    return Decimal(format_usd(usd, "en", "millions").replace(",", "").replace("\u2212", "-"))


def test_ten_thousand_splits_add_up_to_exactly_100_per_cent() -> None:
    chance = dice("splits")
    for _time in range(TIMES):
        parts = [amount(chance) for _part in range(chance.randint(1, 20))]
        places = chance.choice([0, 1, 2])
        shares = largest_remainder(parts, places)
        assert sum(shares) == (100 if any(parts) else 0), parts
        assert all(share.as_tuple().exponent == -places for share in shares)
        total = sum(parts)
        for part, share in zip(parts, shares, strict=True):
            assert share >= 0
            if total:
                assert abs(share - part * 100 / total) < Decimal(1).scaleb(-places), parts


def test_ten_thousand_tables_cast_as_printed_or_say_why_not() -> None:
    chance = dice("tables")
    noted = 0
    for _time in range(TIMES):
        funds: list[Decimal | None] = [amount(chance) for _fund in range(chance.randint(1, 6))]
        if chance.random() < 0.3:
            funds.append(-amount(chance))
        if chance.random() < 0.2:
            funds.append(None)
        known = [usd for usd in funds if usd is not None]
        total = sum(known, Decimal(0))
        adds_up = sum(map(shown, known), Decimal(0)) == shown(total)
        note = cast_note([(funds, total)])
        assert adds_up or note == NOTE, funds
        assert bool(note) is not adds_up, "a note only where it is needed"
        noted += bool(note)
    assert 1_000 < noted < 9_000  # both sorts were met


def test_exact_amounts_always_cast_and_need_no_note() -> None:
    parts = [Decimal("0.04"), Decimal("50000.01"), Decimal("49999.99")]
    total = sum(parts, Decimal(0))
    assert casts(parts, total, "exact")
    assert cast_note([(parts, total)], "exact") == ""


@pytest.mark.parametrize(
    ("parts", "total", "is_cast"),
    [
        (["40000", "40000"], "80000", False),  # 0.0 + 0.0 is printed under 0.1
        (["50000", "50000"], "100000", False),  # 0.1 + 0.1 is printed under 0.1
        (["-50000", "150000"], "100000", True),  # −0.1 + 0.2 = 0.1
        (["100000", None], "100000", True),
        ([], "0", True),
    ],
)
def test_parts_are_rounded_half_up_one_by_one(
    parts: list[str | None], total: str, is_cast: bool
) -> None:
    amounts = [None if part is None else Decimal(part) for part in parts]
    assert casts(amounts, Decimal(total)) is is_cast


def test_without_a_total_there_is_nothing_to_add_up_to() -> None:
    assert casts([Decimal(1)], None)


def test_a_negative_part_has_no_percentage() -> None:
    with pytest.raises(ValueError, match="no share"):
        largest_remainder([Decimal(2), Decimal(-1)], 1)
