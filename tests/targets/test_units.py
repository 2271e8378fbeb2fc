"""Counted units: the noun follows the number, in each language by its own rule."""

from decimal import Decimal

import pytest
from django.utils import translation

from targets.units import counted


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1", "member_states", "1 Member State"), ("0", "member_states", "0 Member States"),
        ("1200", "followers", "1,200 followers"), ("1", "countries", "1 country"),
        ("7", "focal_points", "7 focal points"),
        ("3", "programmes", "3 programmes"), ("4", "milestone", "4 milestone"),
    ],
)  # fmt: skip
def test_the_noun_follows_the_number(value: str, unit: str, text: str) -> None:
    assert counted(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["0 État Membre", "1 État Membre", "2 États Membres"]),
        ("es", ["1 Estado Miembro", "2 Estados Miembros"]),
        ("ru", ["1 государство-член", "3 государства-члена", "15 государств-членов"]),
        ("zh-hans", ["1个会员国", "15个会员国"]),
    ],
)
def test_each_language_has_its_own_plurals(language: str, texts: list[str]) -> None:
    numbers = [int("".join(filter(str.isdigit, text))) for text in texts]
    with translation.override(language):
        assert [counted(Decimal(number), "member_states") for number in numbers] == texts
