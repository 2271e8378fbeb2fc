"""Names that are almost the same are taken for one donor until a person says otherwise."""

import pytest
from django.urls import reverse

from donors.lookalikes import likeness_of, telling_words
from donors.models import Donor
from donors.services import similar_donors
from tests import factories

pytestmark = pytest.mark.django_db


def likeness(one, other):
    return likeness_of(telling_words(one), telling_words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ministry of foreign affairs of norway", "norway ministry of foreign affairs"),
        ("the rockefeller foundation", "rockefeler foundation"),
        ("agence francaise de developpement", "agence francaise developement"),
        ("cities alliance", "alliance cities"),
    ],
)
def test_the_same_words_in_another_order_and_small_typos_look_alike(one, other):
    assert likeness(one, other) >= 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ministry of foreign affairs of norway", "ministry of foreign affairs of sweden"),
        ("fund 2021", "fund 2022"),
        ("iran", "iraq"),
        ("niger", "nigeria"),
        ("austria", "australia"),
        ("city of bonn", "city of lyon"),
    ],
)
def test_names_that_differ_in_a_word_do_not(one, other):
    assert likeness(one, other) < 0.9


@pytest.fixture
def ministry(reference):
    donor = factories.donor(names={"en": "Ministry of Urban Works of Norway"})
    factories.donor_name("Ministry of Urban Works of Norway", donor=donor)
    return donor


def test_look_alikes_are_listed_the_merged_as_the_one_they_are_today(ministry, today):
    assert ministry in similar_donors(["Norway: ministry for urban works"])
    kept = factories.donor()
    ministry.merged_into, ministry.merged_on = kept, today
    ministry.save()
    found = similar_donors(["Norway: ministry for urban works"])
    assert kept in found
    assert ministry not in found


def test_look_alikes_show_while_typing(client_of, officer, reviewer, ministry):
    address = reverse("donor_similar")
    page = client_of(officer).get(address, {"name_en": "norway ministry of urban worsk"})
    html = page.content.decode()
    assert "<html" not in html
    assert f'href="/donors/{ministry.code}/"' in html
    assert "Ministry of Urban Works of Norway" in html
    assert "href" not in client_of(officer).get(address, {"name_en": "xy"}).content.decode()
    assert client_of(reviewer).get(address).status_code == 403


def test_the_form_without_scripts_refuses_and_names_them(client_of, officer, ministry):
    typed = {"name_en": "Norway Ministry of Urban Works", "contributor_type": "C01"}
    page = client_of(officer).post(reverse("donor_new"), typed)
    assert ministry in page.context["known"].donors
    assert not Donor.objects.filter(code__startswith="NORWAY_MINISTRY").exists()
