"""Identifiers of activities: given by an officer, unique, and for good once they were published."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from donors.models import DonorName, IdentifierScheme
from reports.iati.identifiers import IdentifierRefused, set_iati_identifier
from tests import board_factories, factories
from tests.reports.iati.iati_cases import activities, published_state

pytestmark = pytest.mark.both_databases
PROJECT = "XM-DAC-41120-PROJECT-31980"


@pytest.fixture
def contribution(ledger):
    """With one public receipt of March 2021."""
    made = factories.contribution(ledger=ledger)
    row = {"contribution": made, "fund_id": "FE", "donor": made.donor}
    factories.posting(ledger, factories.entry("100.00", **row))
    return made


def publish(ledger, month=202112, **changed):
    """IATI files of the books as they stand."""
    ledger.refresh_from_db()
    update = board_factories.monthly_update(
        ledger=ledger, month=month, state="published", published_at=timezone.now(),
        published_by=factories.user(),
    )  # fmt: skip
    row = {"is_cast": True, "state": "published", "published_at": timezone.now()}
    return board_factories.publication(
        ledger=ledger, kind="iati", month=month, update=update, sequence=ledger.sequence,
        **{"published_by": factories.user(), **row, **changed},
    )  # fmt: skip


def test_a_project_carries_the_identifier_that_it_has_already(contribution, ledger, officer):
    set_iati_identifier(contribution, f" {PROJECT} ", by=officer)
    [activity] = activities(published_state(ledger))
    assert activity.findtext("iati-identifier") == PROJECT
    receiver = activity.find("transaction/receiver-org")
    assert receiver.get("receiver-activity-id") == PROJECT
    event = AuditEvent.objects.get(act="set_iati_identifier")
    assert event.after == {"iati_identifier": PROJECT}


def test_an_identifier_that_was_published_never_changes(contribution, ledger, officer):
    set_iati_identifier(contribution, PROJECT, by=officer)
    publish(ledger)
    for changed in ("", "XM-DAC-41120-OTHER"):
        with pytest.raises(IdentifierRefused, match="never changes"):
            set_iati_identifier(contribution, changed, by=officer)
    contribution.refresh_from_db()
    assert contribution.iati_identifier == PROJECT
    set_iati_identifier(contribution, PROJECT, by=officer)  # the same again is no change


def test_neither_does_the_one_that_the_portal_made(contribution, ledger, officer):
    publish(ledger)
    with pytest.raises(IdentifierRefused, match="never changes"):
        set_iati_identifier(contribution, PROJECT, by=officer)


def test_what_was_only_prepared_or_not_yet_in_the_file_may_still_change(
    contribution, ledger, officer
):
    publish(ledger, state="prepared", published_at=None, published_by=None)
    publish(ledger, month=202102)  # its receipt is of March
    set_iati_identifier(contribution, PROJECT, by=officer)
    later = factories.contribution(ledger=ledger)
    row = {"contribution": later, "fund_id": "FE", "donor": later.donor}
    day = datetime.date(2021, 4, 1)
    factories.posting(ledger, factories.entry("5.00", value_date=day, **row))
    set_iati_identifier(later, "XM-DAC-41120-LATER", by=officer)


@pytest.mark.parametrize("text", ["31980", "XM-DAC-41120", "XM-DAC-41120-A B", "XM-DAC-41120-A/B"])
def test_an_identifier_is_written_as_the_standard_asks(contribution, officer, text):
    with pytest.raises(IdentifierRefused, match="begins with XM-DAC-41120-"):
        set_iati_identifier(contribution, text, by=officer)


def test_no_two_contributions_have_the_same(contribution, ledger, officer):
    set_iati_identifier(contribution, PROJECT, by=officer)
    other = factories.contribution(ledger=ledger)
    with pytest.raises(IdentifierRefused, match="Another contribution"):
        set_iati_identifier(other, PROJECT, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.contribution(ledger=ledger, iati_identifier=PROJECT)
    factories.contribution(ledger=ledger)  # any number without one


def test_donors_have_the_identifiers_of_the_oecd(reference):
    identifiers = DonorName.objects.filter(scheme=IdentifierScheme.IATI)
    known = dict(identifiers.values_list("donor__code", "name"))
    assert len(known) == 59
    assert (known["SWE"], known["EU"], known["KOR"]) == ("XM-DAC-10", "XM-DAC-918", "XM-DAC-742")
