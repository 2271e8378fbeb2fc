"""Names in six languages: which one is shown, and under which a donor is found."""

import pytest
from django.utils import translation

from donors.models import Donor
from donors.names import in_language, searchable
from tests import factories

TURKEY = {"en": "Türkiye", "fr": "Türkiye", "zh-hans": "土耳其", "ar": "تركيا"}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-hans", "土耳其"),
        ("ar", "تركيا"),
        ("fr-ca", "Türkiye"),  # the base language of a variant
        ("ru", "Türkiye"),  # English where the language is missing
        (None, "Türkiye"),
    ],
)
def test_a_name_is_shown_in_the_readers_language_else_in_english(language, shown):
    assert in_language(TURKEY, language) == shown


def test_without_english_any_language_is_better_than_none():
    assert in_language({"en": "", "fr": "Genève"}, "ru") == "Genève"
    assert in_language({}, "en") == ""


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Côte d’Ivoire", "cote d ivoire"),
        ("  São   Tomé & Príncipe ", "sao tome principe"),
        ("TÜRKİYE", "turkiye"),
        ("Großbritannien", "grossbritannien"),
        ("Южная Корея", "южная корея"),
        ("السُّويد", "السويد"),  # without its vowel signs
        ("瑞典", "瑞典"),
        ("ＵＮ－Ｈａｂｉｔａｔ", "un habitat"),  # full-width letters
        ("C&A Foundation (2021)", "c a foundation 2021"),
        ("…", ""),
    ],
)
def test_the_search_form_drops_accents_case_and_punctuation(name, form):
    assert searchable(name) == form


@pytest.mark.parametrize("name", ["Côte d’Ivoire", "Россия", "СССР № 1", "السُّويد", "ﬁnance ½"])
def test_the_search_form_of_a_search_form_is_itself(name):
    assert searchable(searchable(name)) == searchable(name)


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.mark.parametrize("text", ["swed", "SUÈDE", "suede", "Швеция", "瑞典", "السويد", "swe"])
def test_a_donor_is_found_by_part_of_a_name_in_any_language_or_by_code(sweden, text):
    assert sweden in Donor.objects.named_like(text)


def test_a_donor_found_by_two_names_is_listed_once(sweden):
    for name in ("Swedish agency", "Sweden's agency"):
        factories.donor_name(name, donor=sweden)
    assert list(Donor.objects.named_like("agency")) == [sweden]


def test_text_without_a_letter_finds_everybody(sweden):
    assert Donor.objects.named_like(" … ").count() == Donor.objects.count()


def test_a_whole_name_is_needed_to_be_called_so(sweden):
    other = factories.donor()
    factories.donor_name("Sweden Green Fund", donor=other)
    assert sweden in Donor.objects.called("SWEDEN")
    assert other not in Donor.objects.called("sweden")
    assert list(Donor.objects.called("sweden green fund")) == [other]


def test_a_donor_shows_the_name_of_the_language_in_force(sweden):
    with translation.override("fr"):
        assert str(sweden) == "Suède"
    with translation.override("en"):
        assert sweden.name == "Sweden"
