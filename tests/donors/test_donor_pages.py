"""Finding donors and adding one, as an officer does."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from donors.models import ContributorType, Donor, NameKind
from donors.services import DonorExists, DonorLooksKnown, add_donor

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client_of, officer, reference):
    return client_of(officer)


def names_listed(response):
    return [row.header.text for row in response.context["table"].rows]


@pytest.mark.parametrize(
    "typed", ["瑞典", "Швеция", "السويد", "suède", "SWEDEN", "swe", "Kingdom of Swe"]
)
def test_a_donor_is_found_by_any_of_its_names(browser, typed):
    listed = names_listed(browser.get(reverse("donor_list"), {"q": typed}))
    assert "Sweden" in listed


def test_a_donor_is_found_by_a_former_name(browser):
    listed = names_listed(browser.get(reverse("donor_list"), {"q": "European Commission"}))
    assert listed == ["European Union"]


def test_the_list_narrows_by_type_and_region(browser):
    listed = names_listed(browser.get(reverse("donor_list"), {"type": "C05"}))
    assert listed == ["Bill & Melinda Gates Foundation"]
    page = browser.get(reverse("donor_list"), {"region": "no-such-region"})
    assert names_listed(page) == []
    assert "No donor fits." in page.content.decode()


def test_the_list_sorts_both_ways_and_goes_on_to_a_next_page(browser):
    first = names_listed(browser.get(reverse("donor_list"), {"sort": "name", "type": "C01"}))
    assert first[:2] == ["Afghanistan", "Albania"]
    last = names_listed(browser.get(reverse("donor_list"), {"sort": "-name", "type": "C01"}))
    assert last[:2] == ["Zimbabwe", "Zambia"]
    page = browser.get(reverse("donor_list"), {"type": "C01"})
    assert page.context["page"].has_next
    assert "page=2" in page.content.decode()


def test_the_list_is_in_the_readers_language(browser):
    browser.cookies["django_language"] = "fr"
    assert "Allemagne" in names_listed(browser.get(reverse("donor_list"), {"q": "Germany"}))


def test_htmx_gets_the_table_alone(browser):
    page = browser.get(reverse("donor_list"), {"q": "swe"}, headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert "Sweden" in page.content.decode()


def test_the_list_asks_as_many_queries_for_fifty_donors_as_for_one(
    browser, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        browser.get(reverse("donor_list"))


def typed(**changed):
    return {"name_en": "Foundation of the Nine Rivers", "contributor_type": "C05", **changed}


def test_an_added_donor_is_found_by_its_names_and_leaves_a_trail(browser, officer):
    answer = browser.post(
        reverse("donor_new"), typed(name_zh="九河基金会", area="KEN", parent="Kenya")
    )
    donor = Donor.objects.get(code="FOUNDATION_OF_THE_NINE_RIVERS")
    assert answer.url == reverse("donor", args=[donor.code])
    assert donor.names == {"en": "Foundation of the Nine Rivers", "zh-hans": "九河基金会"}
    assert (donor.area_id, donor.parent.code, donor.is_member_state) == ("KEN", "KEN", False)
    assert Donor.objects.named_like("九河").get() == donor
    kinds = set(donor.search_names.values_list("kind", "name"))
    assert (NameKind.IDENTIFIER, donor.code) in kinds
    event = AuditEvent.objects.get(act="add_donor", subject_id=str(donor.pk))
    assert event.by == officer.uuid
    assert event.after["contributor_type"] == "C05"


def test_adding_leads_back_to_the_form_the_officer_came_from(browser):
    back = reverse("gift_new") + "?fund=FE&donor=SWE"
    answer = browser.post(reverse("donor_new"), typed(next=back))
    assert answer.url == reverse("gift_new") + "?fund=FE&donor=FOUNDATION_OF_THE_NINE_RIVERS"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org/x", "javascript:alert(1)", "/\\example.org"],
)
def test_adding_never_leads_away_from_the_portal(browser, elsewhere):
    answer = browser.post(reverse("donor_new"), typed(next=elsewhere))
    assert answer.url == "/donors/FOUNDATION_OF_THE_NINE_RIVERS/"


@pytest.mark.parametrize("name", ["Sweden", "  SWÈDEN ", "Suède", "European Commission"])
def test_a_donor_that_is_there_is_refused_and_linked(browser, name):
    before = Donor.objects.count()
    page = browser.post(reverse("donor_new"), typed(name_en=name, is_another="on"))
    assert Donor.objects.count() == before
    html = page.content.decode()
    known = page.context["known"].donors[0]
    assert known.name in {"Sweden", "European Union"}
    assert f'href="/donors/{known.code}/"' in html
    assert "is there already, with the code" in html
    assert "is_another" not in html


def test_a_name_very_like_another_asks_to_be_confirmed(browser):
    page = browser.post(reverse("donor_new"), typed(name_en="Government of Sweden"))
    assert "The name is very like that of Sweden." in page.content.decode()
    assert 'name="is_another"' in page.content.decode()
    assert not Donor.objects.filter(code="GOVERNMENT_OF_SWEDEN").exists()
    browser.post(reverse("donor_new"), typed(name_en="Government of Sweden", is_another="on"))
    assert Donor.objects.filter(code="GOVERNMENT_OF_SWEDEN").exists()


def test_the_same_form_sent_twice_adds_one_donor(browser):
    sent = typed(token="a" * 32)
    first = browser.post(reverse("donor_new"), sent)
    second = browser.post(reverse("donor_new"), sent)
    assert first.url == second.url
    assert Donor.objects.called("Foundation of the Nine Rivers").count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name_en": ""}, "This field is required."),
        ({"name_en": "… – !"}, "has no letters"),
        ({"contributor_type": "X9"}, "Select a valid choice."),
        ({"parent": "Nobody at all"}, "No single donor is called “Nobody at all”."),
        ({"name_fr": "x" * 301}, "at most 300 characters"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_adds_nothing(browser, wrong, sentence):
    before = Donor.objects.count()
    page = browser.post(reverse("donor_new"), typed(**wrong))
    assert sentence in page.content.decode()
    assert Donor.objects.count() == before


def test_markup_in_a_name_is_shown_as_typed(browser):
    browser.post(reverse("donor_new"), typed(name_en="<b>Bold</b> & Sons"))
    html = browser.get(reverse("donor_list"), {"q": "bold"}).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Sons" in html


def test_codes_are_made_from_the_name_and_never_twice(officer, reference):
    kind = ContributorType.objects.get(code="C06")
    made = [
        add_donor(names={"en": name}, contributor_type=kind, by=officer, is_another=True).code
        for name in ("Åse & Co.", "Åse Co 東京", "東京", "大阪")
    ]
    assert made == ["ASE_CO", "ASE_CO_2", "DONOR", "DONOR_2"]


def test_a_merged_donors_name_leads_to_the_one_it_was_merged_into(officer, reference, today):
    kind = ContributorType.objects.get(code="C06")
    old = add_donor(names={"en": "Quuxfield Trust"}, contributor_type=kind, by=officer)
    Donor.objects.filter(pk=old.pk).update(
        merged_into=Donor.objects.get(code="KFW"), merged_on=today
    )
    with pytest.raises(DonorExists) as refused:
        add_donor(names={"en": "Quuxfield trust"}, contributor_type=kind, by=officer)
    assert [donor.code for donor in refused.value.donors] == ["KFW"]


def test_a_name_that_contains_a_known_one_looks_known(officer, reference):
    kind = ContributorType.objects.get(code="C01")
    with pytest.raises(DonorLooksKnown) as doubted:
        add_donor(names={"en": "Embassy of Norway"}, contributor_type=kind, by=officer)
    assert [donor.code for donor in doubted.value.donors] == ["NOR"]


def test_only_those_who_edit_donors_add_them(client_of, reviewer, board_member, reference):
    assert client_of(reviewer).post(reverse("donor_new"), typed()).status_code == 403
    assert client_of(reviewer).get(reverse("donor_list")).status_code == 200
    assert client_of(board_member).get(reverse("donor_list")).status_code == 403
