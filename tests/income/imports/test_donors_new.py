"""Donors that an import makes: all together, audited, and refused where they are there by now."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from donors.adding import NewDonor, NewDonorsWrong, NewDonorTaken
from donors.models import Area, Donor, DonorName, NameKind
from donors.services import DonorNameWrong, add_donor, code_from
from income.imports.choices import Choices
from income.imports.naming.donors import (
    KNOWN,
    NEW,
    DonorBook,
    check_donor_choices,
    make_new,
    new_donor_choice,
)
from income.imports.naming.new_donors import codes_taken, likely_type, new_donors_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def new(code, name, kind="C05", iso3=""):
    return {"new": {"code": code, "name": name, "contributor_type": kind, "iso3": iso3}}


def choices(**donors):
    return Choices(donors=donors)


def test_new_donors_are_made_with_names_codes_and_one_audit_event_each(reference, officer):
    chosen = choices(
        b=new("GREEN", "Green  Trust"), a=new("BLUE", "Blue Trust", "C06", "KEN"),
        c=new("GREEN", "Green Trust"),
    )  # fmt: skip
    made = make_new(chosen, by=officer)
    blue, green = Donor.objects.get(code="BLUE"), Donor.objects.get(code="GREEN")
    assert made == {"BLUE": blue.pk, "GREEN": green.pk}
    assert (green.names, green.contributor_type_id, green.area_id) == (
        {"en": "Green Trust"}, "C05", None,
    )  # fmt: skip
    assert (blue.contributor_type_id, blue.area_id, blue.is_member_state) == ("C06", "KEN", False)
    names = green.search_names.order_by("pk").values_list("kind", "language", "name", "normalized")
    assert list(names) == [
        (NameKind.OFFICIAL, "en", "Green Trust", "green trust"),
        (NameKind.IDENTIFIER, "", "GREEN", "green"),
    ]
    event = AuditEvent.objects.get(act="add_donor", subject_id=str(green.pk))
    assert (event.subject, event.by) == ("donors.donor", officer.uuid)
    assert event.after["code"] == "GREEN"


def test_they_read_like_donors_that_were_added_one_by_one(reference, officer):
    kind = factories.ContributorType.objects.get(code="C05")
    one = add_donor(names={"en": "Quux Trust"}, contributor_type=kind, by=officer)
    pk = make_new(choices(a=new("GREEN", "Green Trust")), by=officer)["GREEN"]
    first, second = (AuditEvent.objects.get(act="add_donor", subject_id=str(key)).after
                     for key in (one.pk, pk))  # fmt: skip
    assert set(first) == set(second)
    assert {**first, "code": "", "names": ""} == {**second, "code": "", "names": ""}


def test_a_thousand_are_made_with_a_handful_of_queries(reference, officer):
    chosen = choices(**{f"n{n}": new(f"N{n}", f"Number {n} Trust") for n in range(1000)})
    with CaptureQueriesContext(connection) as asked:
        assert len(make_new(chosen, by=officer)) == 1000
    assert len(asked) < 70  # SQLite takes a hundred rows at a time


def test_when_they_were_made_is_what_the_caller_says(reference, officer):
    at = datetime.datetime(2022, 12, 15, 9, 30, tzinfo=datetime.UTC)
    make_new(choices(a=new("GREEN", "Green Trust")), by=officer, at=at)
    assert Donor.objects.get(code="GREEN").created_at == at


def test_nothing_new_makes_nothing(reference, officer):
    assert make_new(choices(a={"donor": "SWE"}, b={"leave_out": True}), by=officer) == {}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("SWE", "Green Trust"), ("swe", "Green Trust"), ("SE", "Green Trust"),
        ("GREEN", "Sweden"), ("GREEN", "Suède"), ("GREEN", "Government of Sweden"),
        ("GREEN", "Kreditanstalt fur Wiederaufbau"),
    ],
)  # fmt: skip
def test_a_code_or_name_that_is_somebodys_by_now_asks_to_check_again(
    reference, officer, code, name
):
    chosen = choices(a=new("ALONE", "Alone Trust"), b=new(code, name))
    with pytest.raises(NewDonorTaken, match="Check the file again"), transaction.atomic():
        make_new(chosen, by=officer)
    assert not Donor.objects.filter(code="ALONE").exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (new("", "Green Trust"), "two ways"), (new("A B", "Green Trust"), "cannot be the code"),
        (new("x" * 41, "Green Trust"), "cannot be the code"), ({"new": "Green"}, "two ways"),
        (new("GREEN", "Green Trust", "C77"), "what kind of contributor"),
        (new("GREEN", "Green Trust", "C05", "ZZZ"), "not known"),
        (new("OTHER", "Other Trust"), "two ways"), (new("green2", "OTHER trust."), "added twice"),
    ],
)  # fmt: skip
def test_new_donors_that_cannot_be_are_refused_with_a_sentence(reference, wrong, sentence):
    chosen = choices(a=new("OTHER", "Other Trust", "C06"), b=wrong)
    with pytest.raises(NewDonorsWrong, match=sentence):
        check_donor_choices(chosen)


def test_a_name_without_letters_is_refused(reference):
    with pytest.raises(DonorNameWrong):
        check_donor_choices(choices(a=new("GREEN", "…")))


def test_a_government_that_was_not_there_gets_its_area_and_all_its_names(reference, officer):
    chosen = new_donor_choice(
        "Aruba, Government of", contributor_type="C01", iso3="abw", taken=codes_taken(Choices())
    )
    assert chosen == new("ABW", "Aruba", "C01", "ABW")
    donor = Donor.objects.get(pk=make_new(choices(a=chosen), by=officer)["ABW"])
    assert (donor.area_id, donor.is_member_state, donor.names["zh-hans"]) == (
        "ABW",
        False,
        "阿鲁巴",
    )
    found = DonorBook(Choices()).find("阿鲁巴政府", iso3="ABW")
    assert (found.pk, found.status) == (donor.pk, KNOWN)


def test_a_state_without_a_donor_becomes_a_member_state_and_its_ministry_does_not(
    reference, officer
):
    area = factories.area(iso3="XAA", names={"en": "Testland", "fr": "Essai"})
    chosen = choices(a=new("XAA", "Testland", "C01", area.iso3),
                     b=new("XAA_MIN", "Ministry of Works of Testland", "C01", area.iso3),
                     c=new("TESTLAND_CO", "Testland Works Ltd", "C06", area.iso3))  # fmt: skip
    made = make_new(chosen, by=officer)
    states = Donor.objects.filter(pk__in=made.values(), is_member_state=True)
    assert [one.code for one in states] == ["XAA"]
    assert set(Donor.objects.filter(area=area).values_list("code", flat=True)) == set(made)


def test_a_second_donor_of_a_state_is_no_member_state(reference, officer):
    sweden = Area.objects.get(iso3="SWE")
    DonorName.objects.filter(donor__code="SWE").delete()
    Donor.objects.filter(code="SWE").update(code="OLD")
    made = make_new(choices(a=new("SWEDEN_2", "Sweden", "C01", "SWE")), by=officer)
    donor = Donor.objects.get(pk=made["SWEDEN_2"])
    assert (donor.area, donor.is_member_state) == (sweden, False)


def test_once_made_every_text_finds_the_same_code_and_status(reference, officer):
    area = factories.area(iso3="XAA", names={"en": "Testland", "fr": "Essai"})
    chosen = choices(greens=new("GREEN", "Green Trust"), t=new("XAA", "Testland", "C01", area.iso3))
    texts = ("Greens", "green trust", "Gouvernement de l'Essai", "Sweden", "T", "GREEN", "Nobody")
    before = [DonorBook(chosen).find(text) for text in texts]
    made = make_new(chosen, by=officer)
    after = [DonorBook(chosen, made).find(text) for text in texts]
    assert [(one.code, one.status) for one in after] == [(one.code, one.status) for one in before]
    assert [one.code for one in before] == ["GREEN", "GREEN", "XAA", "SWE", "XAA", "GREEN", ""]
    assert (before[0].status, after[0].pk) == (NEW, made["GREEN"])


def test_the_order_of_choices_makes_no_difference():
    one = choices(a=new("B", "Bee Trust"), b=new("A", "Ant Trust"))
    other = choices(b=new("A", "Ant Trust"), a=new("B", "Bee Trust"))
    assert new_donors_of(one) == new_donors_of(other) == [
        NewDonor("A", "Ant Trust", "C05"), NewDonor("B", "Bee Trust", "C05"),
    ]  # fmt: skip


def test_a_code_that_is_free_is_found_among_thousands_and_is_never_too_long():
    taken = set()
    for _number in range(3000):
        taken.add(code_from("An Uncommonly Long Name of a Foundation for Cities", taken))
    assert len(taken) == 3000
    assert max(map(len, taken)) == 40
    assert code_from("Côte d'Ivoire & Co.", set()) == "COTE_D_IVOIRE_CO"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Universidad de los Andes", "C07"), ("Fondation Abbé Pierre", "C05"),
        ("Acme Ltd.", "C06"), ("Kuwait Red Crescent Society", "C02"), ("City of Bonn", "C01"),
        ("Government of Flanders", "C01"), ("Gavi Alliance", "C08B"),
    ],
)  # fmt: skip
def test_the_words_of_a_name_propose_its_type(name, code):
    assert likely_type(name) == code
