"""The IATI files of the whole demonstration: valid, marked, and the ledger's sums to the cent."""

import io
import re
from decimal import Decimal

import pytest
from django.db import transaction

from income.demonstration.books import LAST_CLOSED, load_books
from income.models import Contribution, Ledger
from income.vocabulary import ContributionState
from reports.iati.ledger_sums import ledger_sums
from reports.iati.reading import read_back
from tests.reports.iati.iati_cases import (
    activity_file,
    attributes,
    found_in,
    narrative,
    organisation_file,
    published_state,
    root_of,
)

D = Decimal
MARK = "DEMONSTRATION – not UN-Habitat’s account"
pytestmark = pytest.mark.django_db  # so that the file can be run alone


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The published state of December 2021, its two files, and what the database has of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_books()
        state = published_state(Ledger.objects.get(code="DEMO"), LAST_CLOSED)
        yield {
            "state": state,
            "activities": activity_file(state),
            "again": activity_file(state),
            "organisation": organisation_file(state),
            "ledger": ledger_sums(state),
            "numbers": {one.number: one.state for one in Contribution.objects.all()},
        }
        transaction.set_rollback(True)


def test_both_files_have_no_problem(told):
    assert found_in(told["activities"]) == []
    assert found_in(told["organisation"]) == []


def test_the_file_read_back_has_the_sums_of_the_ledger(told):
    sums = read_back(io.BytesIO(told["activities"]))
    assert sums == told["ledger"]
    by = {(one.transaction_type, one.fund, one.currency): one for one in sums}
    assert by["1", "FE", "SEK"].amount == by["11", "FE", "SEK"].amount == D("7000000")
    assert by["13", "EARMARKED", "USD"].amount == D("5000000")
    assert by["1", "TC", "USD"].amount == D("121632000")
    assert sum(one.count for one in sums) == 488


def test_the_same_state_gives_the_same_bytes(told):
    assert told["activities"] == told["again"]
    assert root_of(told["activities"]).get("generated-datetime") == "2022-01-15T09:00:00Z"


def test_every_activity_says_that_it_is_a_demonstration_and_a_supplement(told):
    found = root_of(told["activities"]).findall("iati-activity")
    assert len(found) == 153
    for activity in found:
        assert narrative(activity.find("title")).startswith(MARK)
        assert narrative(activity.find("reporting-org")).startswith(MARK)
        supplement = activity.findall("description")[1]
        assert "supplements UN-Habitat’s own IATI file" in narrative(supplement)
        assert "complète le fichier IITA" in narrative(supplement, "fr")
    organisation = root_of(told["organisation"]).find("iati-organisation")
    assert narrative(organisation.find("name")).startswith(MARK)


def test_no_prospect_stands_in_the_file(told):
    shown = set(re.findall(r'other-identifier ref="(C-[0-9]+)"', told["activities"].decode()))
    assert len(shown) > 100
    assert not {told["numbers"][number] for number in shown} & {ContributionState.PROSPECT.value}


def test_allotments_are_the_organisations_budget_and_no_incoming_funds(told):
    organisation = root_of(told["organisation"]).find("iati-organisation")
    budgets = [
        (one.find("period-end").get("iso-date"), D(one.findtext("value")))
        for one in organisation.findall("total-budget")
    ]
    assert budgets == [("2020-12-31", D("15540469.83")), ("2021-12-31", D("14200000"))]
    assert not [one for one in told["ledger"] if one.fund == "RB"]


def test_the_organisations_name_stands_in_six_languages(told):
    name = root_of(told["organisation"]).find("iati-organisation/name")
    languages = [one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in name]
    assert languages == ["en", "fr", "es", "ru", "ar", "zh"]
    assert attributes(name.getparent(), "reporting-org", "ref", "type") == [("XM-DAC-41120", "40")]
