"""Whom a donor's cell means: choices, codes, names, countries; and never a guess."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donors.models import Area, Donor, IdentifierScheme, NameKind
from income.imports.choices import Choices
from income.imports.naming.donors import (
    CHOSEN,
    KNOWN,
    LEFT_OUT,
    NEW,
    NONE,
    UNKNOWN,
    DonorBook,
    key_of,
)
from tests import factories

pytestmark = pytest.mark.django_db
GREEN_TRUST = {
    "code": "GREEN", "name": "Green Trust", "contributor_type": "C05", "iso3": "KEN",
}  # fmt: skip


def named(name, **changed):
    donor = factories.donor(**{"names": {"en": name}, **changed})
    factories.donor_name(name, donor=donor, kind=NameKind.OFFICIAL, language="en")
    return donor


def known_as(donor, identifier, scheme):
    name = factories.donor_name(identifier, donor=donor, kind=NameKind.IDENTIFIER)
    name.scheme = scheme
    name.save()


def found(text, *, code="", iso3="", choices=None):
    return DonorBook(choices or Choices()).find(text, code=code, iso3=iso3)


def test_an_empty_cell_is_nobody(reference):
    assert found("").status == found(" \u200b\n").status == NONE
    assert found("—").status == UNKNOWN


def test_former_names_and_aliases_are_the_donor(reference):
    donor = named("Urban Relief Fund", contributor_type_id="C05")
    factories.donor_name("Habitat Relief Society", donor=donor, kind=NameKind.FORMER)
    factories.donor_name("URF", donor=donor)
    for text in ("urban relief fund", "Habitat Relief Society", "URF", "U.R.F", "urf"):
        assert found(text).code == (donor.code if text != "U.R.F" else "")


@pytest.mark.parametrize("scheme", ["erp", "iati", "ceb", "fts"])
def test_identifiers_of_every_scheme_stand_in_the_column_of_codes(reference, scheme):
    donor = named("Urban Relief Fund")
    known_as(donor, "XM-DAC-77-1", IdentifierScheme(scheme))
    assert found("Some spelling", code="xm-dac-77-1").pk == donor.pk
    assert found("", code="SWE").code == "SWE"
    assert found("", code="se").code == "SWE"


def test_a_code_and_a_name_of_two_donors_are_nobody(reference):
    assert found("Norway", code="SWE").status == UNKNOWN
    codes = [one["code"] for one in DonorBook(Choices()).suggestions("Norway", code="SWE")]
    assert codes == ["NOR", "SWE"]
    assert found("Norway", code="no such code").code == "NOR"


def test_one_code_of_two_donors_is_decided_by_the_name_alone(reference):
    one, other = named("Blue Fund"), named("Red Fund")
    known_as(one, "1000", IdentifierScheme.ERP)
    known_as(other, "1000", IdentifierScheme.FTS)
    assert found("", code="1000").status == UNKNOWN
    assert found("Red Fund", code="1000").pk == other.pk


def test_two_donors_with_one_name_are_never_guessed(reference):
    one, other = named("Green Fund"), named("GREEN fund")
    book = DonorBook(Choices())
    assert book.find("Green Fund").status == UNKNOWN
    told = book.suggestions("Green Fund")
    assert [(t["code"], t["why"]) for t in told] == [
        (one.code, "the same name"), (other.code, "the same name"),
    ]  # fmt: skip


def test_a_merged_donor_is_the_one_it_became(reference, today):
    last, middle, first = named("Last Fund"), named("Middle Fund"), named("Firstborn Fund")
    for gone, kept in ((first, middle), (middle, last)):
        gone.merged_into, gone.merged_on = kept, today
        gone.save()
    book = DonorBook(Choices(donors={"x": {"donor": first.code}}))
    assert book.find("Firstborn Fund").code == last.code
    assert book.find("", code=first.code).pk == last.pk
    assert (book.find("X").pk, book.find("X").status) == (last.pk, CHOSEN)
    assert book.suggestions("Firstborm Fund")[0]["code"] == last.code


def test_the_country_alone_decides_where_nothing_else_is_said(reference):
    assert found("", iso3="swe").code == "SWE"
    assert found("Government", iso3="SWE").code == "SWE"
    assert found("Gouvernement", iso3="FRA").code == "FRA"
    assert found("Korea Republic Government", iso3="KOR").code == "KOR"
    assert found("", iso3="SWE", code="?17").status == UNKNOWN
    assert found("Volvo", iso3="SWE").status == UNKNOWN
    assert found("Government of Scotland", iso3="GBR").status == UNKNOWN
    assert found("", iso3="ZZZ").status == UNKNOWN


def test_a_government_of_another_country_than_the_row_says_is_nobody(reference):
    assert found("Congo", iso3="COG").code == "COG"
    assert found("Congo", iso3="COD").status == UNKNOWN
    told = DonorBook(Choices()).suggestions("Congo", "COD")
    assert {"COG", "COD"} <= {one["code"] for one in told}
    assert found("KfW", iso3="DEU").code == "KFW"


def test_a_ministry_is_not_its_country(reference):
    ministry = named("Ministry of Urban Works of Norway", area=Area.objects.get(iso3="NOR"))
    assert found("", iso3="NOR").code == "NOR"
    assert found("Ministry of Urban Works of Norway", iso3="NOR").code == ministry.code


def test_the_users_choice_wins_always(reference):
    choices = Choices(donors={
        "sweden": {"donor": "NOR"}, "volvo": {"leave_out": True},
        "the greens": {"new": GREEN_TRUST}, "scania": {"donor": "NO_SUCH"},
    })  # fmt: skip
    book = DonorBook(choices)
    assert (book.find("Sweden").code, book.find("Sweden").status) == ("NOR", CHOSEN)
    assert book.find("SWEDEN", code="SWE", iso3="SWE").code == "NOR"
    assert book.find("Volvo", code="SWE").status == LEFT_OUT
    assert book.find("The Greens").status == NEW
    assert book.find("Scania").status == UNKNOWN


def test_a_new_donor_has_a_key_below_zero_and_is_found_by_its_own_name(reference):
    other = {**GREEN_TRUST, "code": "BLUE", "name": "Blue Trust"}
    choices = Choices(donors={"greens": {"new": GREEN_TRUST}, "blues": {"new": other},
                              "green trust of old": {"donor": "GREEN"}})  # fmt: skip
    book = DonorBook(choices)
    assert [(book.find(t).pk, book.find(t).code, book.find(t).status)
            for t in ("Blues", "Greens", "GREEN TRUST", "Green trust of old")] == [
        (-1, "BLUE", NEW), (-2, "GREEN", NEW), (-2, "GREEN", NEW), (-2, "GREEN", NEW),
    ]  # fmt: skip
    assert book.find("", code="green").pk == -2


def test_a_new_donor_that_somebody_added_since_is_no_choice_unless_it_is_that_donor(reference):
    choices = Choices(donors={"greens": {"new": GREEN_TRUST}})
    donor = named("Green Trust", code="GREEN")
    assert DonorBook(choices).find("Greens").pk == donor.pk
    donor.search_names.all().delete()
    factories.donor_name("Quite another", donor=donor)
    assert DonorBook(choices).find("Greens").status == UNKNOWN


def test_broken_choices_choose_nothing(reference):
    choices = Choices(donors={"sweden": "SWE", "norway": {}, "a": {"new": "x"}, "b": {"new": {}}})
    book = DonorBook(choices)
    assert book.find("Sweden").code == "SWE"
    assert [book.find(text).status for text in ("Norway", "A", "B")] == [UNKNOWN] * 3


def test_the_book_asks_the_database_when_it_is_opened_and_never_again(reference):
    with CaptureQueriesContext(
        connection,
    ) as opening:
        book = DonorBook(Choices(donors={"greens": {"new": GREEN_TRUST}}))
    with CaptureQueriesContext(connection) as asking:
        for text in ("Sweden", "Greens", "Nobody", "Government of Canada", "Ministry of X"):
            book.find(text, iso3="KEN")
            book.suggestions(text, "KEN")
    assert len(opening) <= 4
    assert len(asking) == 0


def test_keys_are_the_first_that_says_something(reference):
    assert key_of("Volvo AB.", "17", "SWE") == "volvo ab"
    assert key_of("—", "17-B", "SWE") == "17 b"
    assert key_of("", "", "SWE") == "swe"
    assert key_of("–") == "–"
    assert key_of(" \u200b") == ""


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["Sweden", "Government", "Government of", "KfW", "=1+1", "政府", "حكومة",
                     "x" * 32_000, "\ud800", "Congo, ,(", "SWE", "Правительство Нигера"]),
)  # fmt: skip


class AnyText(TestCase):
    """Over one book, which a class can keep through all examples."""

    @classmethod
    def setUpTestData(cls):
        gone = named("Gone Sweden Fund")
        kept = named("Kept Kenya Fund")
        gone.merged_into, gone.merged_on = kept, datetime.date(2022, 1, 1)
        gone.save()
        cls.merged = gone.code
        cls.codes = set(Donor.objects.values_list("code", flat=True))
        cls.book = DonorBook(Choices())

    @given(text=TEXTS, code=TEXTS, iso3=st.sampled_from(["", "SWE", "swe ", "XXX", "\x00"]))
    def test_nothing_breaks_it_and_it_says_the_same_again(self, text, code, iso3):
        first = self.book.find(text, code=code, iso3=iso3)
        assert DonorBook.find(self.book, text, code=code, iso3=iso3) == first
        self.book._memory.clear()
        assert self.book.find(text, code=code, iso3=iso3) == first
        assert (first.pk is None) == (first.code == "")
        assert first.status in (KNOWN, UNKNOWN, NONE)
        assert first.code in {"", *self.codes} - {self.merged}

    @given(text=TEXTS, iso3=st.sampled_from(["", "SWE", "XXX"]))
    def test_suggestions_are_five_standing_donors_at_most(self, text, iso3):
        told = self.book.suggestions(text, iso3)
        assert len(told) <= 5
        codes = [one["code"] for one in told]
        assert len(set(codes)) == len(codes)
        assert set(codes) <= self.codes - {self.merged}
        assert all(one["why"] and one["name"] for one in told)

    @given(text=TEXTS, code=TEXTS, iso3=st.sampled_from(["", "SWE"]))
    def test_a_choice_wins_over_everything(self, text, code, iso3):
        key = key_of(text, code, iso3)
        if key:
            self.book._choices = {key: {"donor": "KEN"}}
            self.book._memory.clear()
            assert self.book.find(text, code=code, iso3=iso3).code == "KEN"
            self.book._choices = {}
            self.book._memory.clear()
