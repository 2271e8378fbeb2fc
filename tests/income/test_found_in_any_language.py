"""Lists and fields find a donor by its name in any language and spelling, and sort by it."""

import pytest
from django.urls import reverse

from donors.models import Donor
from income.finding import keep_starts
from income.forms.fields import DonorField
from income.models import Contribution
from tests import factories

pytestmark = pytest.mark.django_db

SWEDEN = ["Suecia", "السويد", "瑞典", "швеция", "SWE", "suede"]
IVORY_COAST = ["cote d'ivoire", "COTE D’IVOIRE", "Кот-д’Ивуар", "科特迪瓦"]


@pytest.fixture
def browser(client_of, officer, ledger):
    for code in ("SWE", "CIV", "DEU"):
        donor = Donor.objects.get(code=code)
        contribution = factories.contribution(ledger=ledger, donor=donor, title=f"Of {code}")
        factories.report_due(contribution=contribution)
    return client_of(officer)


@pytest.mark.parametrize("typed", SWEDEN)
def test_sweden_is_found_in_every_list(browser, ledger, typed):
    donors = browser.get(reverse("donor_list"), {"q": typed}).context["table"].rows
    assert [row.header.text for row in donors] == ["Sweden"]
    page = browser.get(reverse("contribution_list"), {"books": ledger.code, "q": typed})
    assert "Of SWE" in page.content.decode()
    assert "Of DEU" not in page.content.decode()
    page = browser.get(reverse("report_list"), {"books": ledger.code, "donor": typed})
    assert {one.contribution.donor.code for one in page.context["page"].items} == {"SWE"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [*((name, "SWE") for name in SWEDEN), *((name, "CIV") for name in IVORY_COAST),
     ("الامارات العربية المتحدة", "ARE"), ("德國", "DEU"), ("TURKIYE", "TUR")],
)  # fmt: skip
def test_a_field_of_a_form_takes_the_name_in_any_language(reference, typed, code):
    assert DonorField().clean(typed).code == code


@pytest.mark.both_databases
def test_contributions_by_donor_stand_as_the_readers_language_has_them(browser, ledger, officer):
    orders = {"en": ["CIV", "DEU", "SWE"], "fr": ["DEU", "CIV", "SWE"], "ru": ["DEU", "CIV", "SWE"]}
    for language, order in orders.items():
        officer.language = language
        officer.save()
        page = browser.get(reverse("contribution_list"), {"books": ledger.code, "sort": "donor"})
        assert [one.donor.code for one in page.context["page"].items] == order, language
        page = browser.get(reverse("report_list"), {"books": ledger.code, "sort": "donor"})
        rows = page.context["page"].items
        assert [one.contribution.donor.code for one in rows] == order, language
    assert Contribution.objects.count() == 3


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["ÉCOLES", "écoles", "ecol", "жилье", "(фаза 2)"])
def test_a_purpose_is_found_whatever_the_case_of_its_letters(browser, ledger, typed):
    found = Contribution.objects.get(donor__code="CIV")
    found.title = "Écoles, Жилье (Фаза 2)"
    found.save()
    keep_starts([found])
    page = browser.get(reverse("contribution_list"), {"books": ledger.code, "q": typed})
    assert [one.donor.code for one in page.context["page"].items] == ["CIV"]


def test_a_contribution_that_is_named_twice_is_written_down_once(browser, ledger):
    found = Contribution.objects.get(donor__code="CIV")
    found.title = "Water and schools"
    found.save()
    keep_starts([found, found])
    starts = found.starts.order_by("text").values_list("text", flat=True)
    assert [one for one in starts if "schools" in one] == [
        "and schools", "schools", "water and schools",
    ]  # fmt: skip
