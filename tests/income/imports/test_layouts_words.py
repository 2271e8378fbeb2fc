"""What the words in cells stand for: kinds, funds, instruments, places, types, currencies."""

import pytest

from income.imports.columns.words import Words
from income.models import Fund


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Words.load()


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("kind", "paid", "receipt"), ("kind", "Commitment", "agreement"),
        ("kind", "pledge", "pledge"), ("kind", "Reçu", "receipt"), ("kind", "Firmado", "agreement"),
        ("kind", "Обещано", "pledge"), ("kind", "مدفوع", "receipt"), ("kind", "认捐", "pledge"),
        ("kind", "Audited revenue", "audited"), ("kind", "carryover", None),
        ("kind", "Programme support income", "support"),
        ("fund", "general purpose", "FNE"), ("fund", "Core", "FNE"),
        ("fund", "Non-earmarked", "FNE"), ("fund", "special purpose", "FE"),
        ("fund", "FE_TC", "EARMARKED"), ("fund", "technical co-operation", "TC"),
        ("fund", "Ressources de base", "FNE"), ("fund", "Recursos básicos", "FNE"),
        ("fund", "Нецелевые средства Фонда", "FNE"), ("fund", "基金会非专用", "FNE"),
        ("fund", "التعاون التقني", "TC"), ("fund", "fne", "FNE"),
        ("fund", "Foundation earmarked", "FE"),
        ("fund", "Voluntary non-core (earmarked) contributions", "EARMARKED"),
        ("fund", "TOTAL", None), ("fund", "VOLUNTARY", None), ("fund", "Assessed", "RB"),
        ("instrument", "r02a", "R02A"), ("instrument", "R08b", "R08B"),
        ("instrument", "Thematic funds", "R03B"), ("instrument", "R99", None),
        ("earmarking", "Softly earmarked", "softly_earmarked"),
        ("earmarking", "tight", "tightly_earmarked"), ("earmarking", "1", "unearmarked"),
        ("earmarking", "Целевые средства", "earmarked"),
        ("programme", "SDG Cities", "SDG_CITIES"), ("programme", "Ciudades ODS", "SDG_CITIES"),
        ("region", "États arabes", "ARAB"), ("region", "非洲", "AFRICA"),
        ("area", "KEN", "KEN"), ("area", "ke", "KEN"), ("area", "Кения", "KEN"),
        ("area", "JOR,PSE", ""), ("area", "JOR, JOR", "JOR"), ("area", "JOR,Atlantis", None),
        ("area", "Global", ""), ("area", "the Republic of Kenya", "KEN"), ("area", "404", "KEN"),
        ("contributor_type", "Government", "C01"),
        ("contributor_type", "Multilateral - UN organizations excluding pooled funds", "C04C"),
        ("contributor_type", "Other - European Commission", "C08A"),
        ("contributor_type", "Private organization/foundation", "C05"),
        ("contributor_type", "Non-government (legacy code)", ""),
        ("currency", "usd", "USD"), ("currency", "US$", "USD"), ("currency", "€", "EUR"),
        ("currency", "Norwegian Krone", "NOK"), ("currency", "$", None), ("currency", "ZZZ", None),
        ("fund", "", ""), ("area", " - ", ""), ("fund", "n/a", ""), ("colour", "red", None),
    ],
)  # fmt: skip
def test_a_word_stands_for_its_code(words, field, text, code):
    assert words.code(field, text) == code


def test_every_name_of_every_fund_that_takes_money_is_its_own(words, reference):
    wrong = {
        (fund.code, name): words.fund(name)
        for fund in Fund.objects.exclude(code="CORE")
        for name in (fund.code, *fund.names.values())
        if words.fund(name) != fund.code
    }
    assert wrong == {}


def test_what_the_user_chose_goes_first_and_does_not_spoil_others(words):
    theirs = words.with_chosen({"fund": {"core": "RB", "32few": "FE"}, "kind": {"paid": ""}})
    assert (theirs.fund("Core"), theirs.fund("32FEW"), theirs.kind("Paid")) == ("RB", "FE", "")
    assert (words.fund("Core"), words.fund("32FEW")) == ("FNE", None)


def test_a_donor_is_known_by_its_names_and_codes(words):
    assert words.is_donor("Норвегия") and words.is_donor("NOR") and words.is_donor("turkey")
    assert not words.is_donor("Canada, Province of Atlantis")


def test_words_are_loaded_with_few_queries(reference, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        Words.load()


def test_asking_a_million_times_asks_nobody(reference, words, django_assert_num_queries):
    with django_assert_num_queries(0):
        for number in range(60_000):
            words.fund(f"fund {number}")
        assert words.fund("core") == "FNE"
    assert len(words._seen) <= 50_000
