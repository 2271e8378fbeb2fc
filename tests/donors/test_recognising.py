"""How governments are written in six languages, and what the rest of the name is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donors.names import searchable
from donors.recognising import rest_of_government, stems, visible, without_article, written


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Government of Canada", "canada"),
        ("The Government of the Netherlands", "netherlands"),
        ("Govt. of Sweden", "sweden"),
        ("Gov't of Japan", "japan"),
        ("Royal Government of Bhutan", "bhutan"),
        ("Canada, Government of", "canada"),
        ("Canada (Government of)", "canada"),
        ("Canada Government", "canada"),
        ("Gouvernement du Canada", "canada"),
        ("Gouvernement de la République de Corée", "republique de coree"),
        ("Gouvernement de l'Inde", "inde"),
        ("Gobierno de España", "espana"),
        ("Gobierno del Perú", "peru"),
        ("Правительство Канады", "канады"),
        ("حكومة كندا", "كندا"),
        ("加拿大政府", "加拿大"),
        ("中国 政府", "中国"),
        ("Government", ""),
        ("Gouvernement du", ""),
    ],
)
def test_the_word_for_a_government_is_taken_off(text, rest):
    form = written(text)
    assert (form.is_government, form.rest) == (True, rest)


@pytest.mark.parametrize(
    "text",
    [
        "Germany - Federal Foreign Office",
        "Canada",
        "Government Pension Fund of Norway",
        "US Government Accountability Office",
        "Governance Fund",
        "Ministry of Foreign Affairs",
        "",
        "—",
    ],
)
def test_what_only_has_to_do_with_a_government_is_none(text):
    assert written(text).is_government is False


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Korea, Republic of", "republic of korea"),
        ("Korea, Republic of, Government of", "republic of korea"),
        ("Saudi Arabia (Kingdom of), Government of", "kingdom of saudi arabia"),
        ("Congo, Democratic Republic of the", "democratic republic of the congo"),
        ("Government of the Republic of Korea", "republic of korea"),
        ("Netherlands (the)", "netherlands"),
        ("The Gambia", "gambia"),
        ("大韩民国（政府）", "大韩民国"),
    ],
)
def test_names_that_are_turned_round_are_turned_back(text, name):
    assert name in written(text).names


def test_a_nested_body_is_not_the_government():
    assert "canada" not in written("Government of Canada, Global Affairs").names
    assert "germany" not in written("Germany - Federal Foreign Office").names


@pytest.mark.parametrize(
    ("nominative", "genitive"),
    [
        ("Канада", "Канады"),
        ("Швеция", "Швеции"),
        ("Китай", "Китая"),
        ("Ирак", "Ирака"),
        ("Российская Федерация", "Российской Федерации"),
        ("Соединенные Штаты Америки", "Соединенных Штатов Америки"),
        ("Объединенные Арабские Эмираты", "Объединенных Арабских Эмиратов"),
        ("Республика Корея", "Республики Корея"),
    ],
)
def test_russian_genitives_have_the_stems_of_their_names(nominative, genitive):
    assert stems(searchable(nominative)) == stems(searchable(genitive))


def test_niger_and_nigeria_have_one_stem_so_that_neither_is_certain():
    assert stems(searchable("Нигера")) == stems(searchable("Нигерии"))


def test_a_government_without_more_says_nothing_of_whose():
    assert rest_of_government("government") == ""
    assert rest_of_government("city of lyon") is None


@pytest.mark.parametrize(
    ("name", "bare"),
    [("the gambia", "gambia"), ("la france", "france"), ("the", "the"), ("therapy", "therapy")],
)
def test_only_an_article_is_left_out(name, bare):
    assert without_article(name) == bare


def test_invisible_signs_and_line_breaks_are_not_part_of_a_name():
    assert visible("\u200fSwe\u200bden\u200e \n of\t old\ufeff") == "Sweden of old"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    form = written(text)
    assert all(form.names)
    assert all(name == searchable(name) for name in form.names)


@given(st.sampled_from(["canada", "republic of korea", "france", "viet nam"]),
       st.sampled_from(["Government of {}", "{} government", "{}, Govt. of", "Gobierno de {}",
                        "Gouvernement de la {}", "حكومة {}", "Правительство {}"]))  # fmt: skip
def test_every_form_gives_the_name_back(name, form):
    found = written(form.format(name))
    assert found.is_government
    assert found.rest == name
