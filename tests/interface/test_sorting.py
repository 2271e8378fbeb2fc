"""Names stand as their language has them; the lists were put in order by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interface.sorting import in_order, order_key

IN_ORDER = {
    # A space comes before a letter; punctuation is a space; capitals decide last.
    "en": [
        "2030 Fund", "Åland Islands", "Côte d’Ivoire", "Croatia", "Guinea", "Guinea-Bissau",
        "Guinean Bank", "KfW", "Netherlands", "New Zealand", "Niger", "Nigeria", "république",
        "République", "Türkiye", "Turkmenistan", "Западный фонд",
    ],
    # Accents do not count, unless all else is the same: cote, coté, côte, côté.
    "fr": [
        "cote", "coté", "côte", "côté", "Égypte", "El Salvador", "États-Unis d'Amérique",
        "Éthiopie", "Œuvre suisse", "Ouganda", "Saint-Marin", "Sainte-Lucie", "Suède", "Suisse",
    ],
    # ñ is a letter of its own, after n; ch and ll are not.
    "es": [
        "Camerún", "Chad", "Chile", "Cuba", "España", "Estonia", "Lituania", "Llanos", "Luxemburgo",
        "Nuñez", "nzeru", "ña", "Oman", "Ómnibus", "Zambia",
    ],
    # ё counts as е, й follows и; what is not Cyrillic stands last.
    "ru": [
        "Ейск", "Ёлка", "Ель", "Ереван", "Иран", "Италия", "Йемен", "Катар", "Щит", "Эстония",
        "Япония", "Bank",
    ],
    # The article and hamza do not count: Russian Federation, Ethiopia, Azerbaijan, Argentina.
    "ar": [
        "الاتحاد الروسي", "إثيوبيا", "أذربيجان", "الأرجنتين", "آيسلندا", "البحرين", "بُلغاريا",
        "بليز", "السويد", "سويسرا", "عـمان", "غابون", "النرويج", "اليابان", "KfW",
    ],
    # By pinyin: a, a, ai, ao; chang and chong, though read otherwise elsewhere; lu before lü.
    "zh-hans": [
        "2030 基金", "阿富汗", "阿曼", "埃及", "奥地利", "比利时", "秘鲁", "长沙", "重庆",
        "卢森堡", "吕宋", "乱", "瑞典", "瑞士", "厦门", "中国", "KfW",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", IN_ORDER)
def test_names_stand_as_their_language_has_them(language):
    by_hand = IN_ORDER[language]
    assert in_order(reversed(by_hand), language=language) == by_hand


def test_things_are_sorted_by_their_name_and_equal_ones_stay(settings):
    things = [("Suède", 2), ("Égypte", 1), ("Suède", 1)]
    assert in_order(things, lambda one: one[0], "fr") == [things[1], things[0], things[2]]


LETTERS = st.text(
    st.sampled_from(list("aAéeñnzøłı Øё йиЕأإاءبةىـَ臺台长阿吕 -'’(1٢\u0301\u200f")), max_size=6
)
LANGUAGES = st.sampled_from(list(IN_ORDER))


@given(LANGUAGES, st.lists(LETTERS, unique=True, max_size=8))
def test_no_two_names_have_one_key_so_every_order_is_the_same(language, names):
    keys = {order_key(name, language) for name in names}
    assert len(keys) == len(names)
    assert in_order(names, language=language) == in_order(reversed(names), language=language)


@given(LANGUAGES, LETTERS)
def test_a_key_compares_in_a_database_as_it_does_here(language, name):
    """No null character (PostgreSQL keeps none), and bytes in the same order as code points."""
    key = order_key(name, language)
    assert "\0" not in key
    assert key.encode().decode() == key


@given(LANGUAGES, LETTERS, st.sampled_from("abz"))
def test_a_longer_name_stands_after_its_own_beginning(language, name, more):
    if name.strip():
        assert order_key(name, language) < order_key(f"{name}{more}", language)
