"""The list of donors: filters, merged names, and as many queries however long it is."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from donors.models import Donor
from tests import factories

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def browser(client_of, officer, reference):
    return client_of(officer)


def listed(browser, **asked):
    answer = browser.get(reverse("donor_list"), asked)
    return [row.header.text for row in answer.context["table"].rows]


def test_mine_are_those_whose_focal_point_one_is(browser, officer, other_officer):
    Donor.objects.filter(code="SWE").update(focal_point=officer)
    Donor.objects.filter(code="NOR").update(focal_point=other_officer)
    assert listed(browser, focal="mine") == ["Sweden"]
    assert "Norway" not in listed(browser, focal="none", q="Nor")
    assert listed(browser, sort="-focal")[:2] == ["Norway", "Sweden"]


def test_the_list_narrows_by_parent_and_member_state(browser):
    agency = factories.donor(names={"en": "Swedish agency"}, parent=Donor.objects.get(code="SWE"))
    factories.donor_name("Swedish agency", donor=agency)
    assert listed(browser, parent="SWE") == ["Swedish agency"]
    assert listed(browser, q="Swed", state="yes") == ["Sweden"]
    assert listed(browser, q="Swedish agency", state="no") == ["Swedish agency"]
    assert listed(browser, parent="NOBODY") == []


def test_a_merged_donors_name_and_identifier_find_the_standing_one(browser):
    kept = Donor.objects.get(code="KFW")
    gone = factories.donor(merged_into=kept, merged_on=datetime.date(2022, 1, 1))
    factories.donor_name("Quuxfield Bank", donor=gone)
    factories.donor_name("BP-4455", donor=gone, kind="identifier")
    assert listed(browser, q="quuxfield") == [kept.name]
    assert listed(browser, q="bp-4455") == [kept.name]


def queries_of(browser, **asked):
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("donor_list"), asked)
    return len(queries)


def test_as_many_queries_for_fifty_donors_as_for_five(browser, officer):
    counts = []
    for number in range(1, 51):
        factories.donor(focal_point=officer, area_id="SWE")
        if number in (5, 50):
            counts.append(queries_of(browser, focal="mine"))
    assert counts[0] == counts[1] <= MOST_QUERIES
