"""Who an unknown name may be, why, and what one click decides for all of them."""

import random

import pytest

from donors.likely import LikelyNames, Why
from donors.lookalikes import ALIKE_NAMES, likeness_of, telling_words
from donors.names import searchable
from income.imports.choices import Choices
from income.imports.course.report import UnknownName
from income.imports.naming.donors import DonorBook, choose_for_all
from income.imports.naming.new_donors import CREATE, LEAVE_OUT, TAKE
from tests import factories

LETTERS = "abdefgiklmnoprstuw"


@pytest.fixture
def book(reference):
    for name in ("Rockefeller Foundation", "Green Climate Fund", "联合国人口基金"):
        code = searchable(name).replace(" ", "_")
        donor = factories.donor(code=code, names={"en": name}, contributor_type_id="C05")
        factories.donor_name(name, donor=donor)
    return DonorBook(Choices())


def told(book, text, iso3=""):
    return [(one["code"], one["why"]) for one in book.suggestions(text, iso3)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "iso3", "first"),
    [
        ("Rockefeler Foundation", "", ("rockefeller_foundation", "almost the same letters")),
        ("Foundation, Rockefeller", "", ("rockefeller_foundation", "almost the same letters")),
        ("The Green Climate Fund", "", ("green_climate_fund", "almost the same letters")),
        ("GreenClimate Fund", "", ("green_climate_fund", "almost the same letters")),
        ("Germany - Federal Foreign Office", "", ("DEU", "contains the name")),
        ("UNICEF National Committee/Norway", "", ("NOR", "contains the name")),
        ("加拿大全球事务部", "", ("CAN", "contains the name")),
        ("Rockefeller", "", ("rockefeller_foundation", "is a part of the name")),
        ("Volvo", "SWE", ("SWE", "same country")),
        ("swe", "", ("SWE", "the code is this donor's")),
        ("Government of Untied Arab Emirates", "", ("ARE", "almost the same letters")),
    ],
)
def test_the_best_suggestion_comes_first_and_says_why(book, text, iso3, first):
    assert told(book, text, iso3)[0] == first


@pytest.mark.django_db
def test_names_that_have_nothing_in_common_suggest_nobody(book):
    assert told(book, "Volvo") == told(book, "of the") == told(book, "–") == []
    assert told(book, "Fund") != told(book, "Fu")
    assert told(book, "Fu") == []


@pytest.mark.django_db
def test_the_country_keeps_its_place_among_five(book):
    told_of = told(book, "Norway Sweden Finland Denmark Iceland Estonia", "KEN")
    assert len(told_of) == 5
    assert told_of[-1] == ("KEN", "same country")


def made_up(source):
    words = ["".join(source.choices(LETTERS, k=source.randint(3, 9))) for _ in range(200)]
    return [" ".join(source.sample(words, source.randint(1, 4))) for _ in range(300)]


def mistyped(name, source):
    at = source.randrange(len(name))
    return searchable(name[:at] + source.choice(LETTERS) + name[at + source.choice((0, 1)) :])


@pytest.mark.parametrize("seed", range(3))
def test_the_index_finds_every_look_alike_that_comparing_with_all_names_finds(seed):
    source = random.Random(seed)
    names = made_up(source)
    index = LikelyNames((name, number) for number, name in enumerate(names))
    for name in source.sample(names, 60):
        typed = mistyped(name, source)
        words = telling_words(typed)
        alike = {number for number, known in enumerate(names)
                 if likeness_of(words, telling_words(known)) >= ALIKE_NAMES}  # fmt: skip
        assert {one.donor for one in index.of(typed) if one.why is Why.ALMOST} >= alike


def unknown(text, *reasons, contributor_type="", iso3="", **changed):
    suggestions = [{"code": f"D{number}", "name": "Donor", "why": "…", "reason": reason}
                   for number, reason in enumerate(reasons)]  # fmt: skip
    return UnknownName(
        key=searchable(text), text=text, rows=1, suggestions=suggestions, iso3=iso3,
        contributor_type=contributor_type, **changed,
    )  # fmt: skip


def test_the_only_look_alike_is_taken_and_nothing_less_certain():
    names = [
        unknown("One", "almost"), unknown("Two", "almost", "country"),
        unknown("Three", "almost", "contains"), unknown("Four", "contains"),
        unknown("Five", "almost", "almost"), unknown("Six"), unknown("Seven", "same"),
    ]  # fmt: skip
    assert choose_for_all(names, how=TAKE) == {
        "one": {"donor": "D0", "text": "One"}, "two": {"donor": "D0", "text": "Two"},
    }  # fmt: skip


def test_what_is_left_is_left_out_and_what_was_chosen_since_the_check_stays():
    names = [
        unknown("One"),
        unknown("Two", "almost"),
        unknown("Three"),
        unknown("Four", choice={"donor": "GONE"}),
        unknown("Five", choice={"donor": "GONE"}),
    ]
    choices = Choices(donors={"three": {"donor": "NOR"}, "four": {"donor": "GONE"},
                              "five": {"donor": "SWE"}})  # fmt: skip
    chosen = choose_for_all(names, how=LEAVE_OUT, choices=choices)
    assert chosen == {key: {"leave_out": True} for key in ("one", "two", "four")}


@pytest.mark.django_db
def test_everybody_without_a_suggestion_becomes_a_new_donor(reference):
    names = [
        unknown("Aruba, Government of", contributor_type="C01", iso3="ABW"),
        unknown("Volvo", "country", contributor_type="C06", iso3="SWE"),
        unknown("Scania", "country", iso3="SWE"), unknown("Like another", "almost"),
        unknown("Quux Foundation"), unknown("x" * 400), unknown("東京"), unknown("大阪"),
    ]  # fmt: skip
    made = {key: one["new"] for key, one in choose_for_all(names, how=CREATE).items()}
    assert made == {
        "aruba government of": {"code": "ABW", "name": "Aruba", "contributor_type": "C01",
                                "iso3": "ABW"},
        "volvo": {"code": "VOLVO", "name": "Volvo", "contributor_type": "C06", "iso3": "SWE"},
        "quux foundation": {"code": "QUUX_FOUNDATION", "name": "Quux Foundation",
                            "contributor_type": "C05", "iso3": ""},
        "东京": {"code": "DONOR", "name": "東京", "contributor_type": "C08B", "iso3": ""},
        "大阪": {"code": "DONOR_2", "name": "大阪", "contributor_type": "C08B", "iso3": ""},
    }  # fmt: skip


@pytest.mark.django_db
def test_of_new_names_that_look_like_one_another_the_first_becomes_a_donor(reference):
    names = [unknown("Gavi Alliance"), unknown("The Gavi Alliance"), unknown("GAVI Aliance"),
             unknown("Quux Foundation")]  # fmt: skip
    chosen = choose_for_all(names, how=CREATE)
    assert list(chosen) == ["gavi alliance", "quux foundation"]
    again = DonorBook(Choices(donors=chosen))
    assert told(again, "The Gavi Alliance") == [("GAVI_ALLIANCE", "almost the same letters")]
