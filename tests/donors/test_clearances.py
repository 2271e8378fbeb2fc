"""Due diligence: asked by one person, decided by another, valid for a time."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEvent
from donors.clearances import (
    ClearanceWrong,
    decide_clearance,
    is_cleared,
    is_private,
    request_clearance,
)
from donors.models import ClearanceState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(reference):
    return factories.donor(contributor_type_id="C06")


@pytest.fixture
def cleared(company, officer, reviewer, today):
    """From today for a year."""
    asked = request_clearance(company, by=officer, reference="DD-7")
    until = today.replace(year=today.year + 1)
    return decide_clearance(
        asked, is_clear=True, by=reviewer, today=today, valid_until_on=until
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "private"),
    [("C01", False), ("C02", False), ("C03", True), ("C05", True), ("C06", True), ("C07", False)],
)
def test_private_are_partnerships_foundations_and_companies(reference, code, private):
    assert is_private(factories.donor(contributor_type_id=code)) is private


def test_a_donor_is_cleared_from_the_first_day_to_the_last(company, cleared, today):
    day = datetime.timedelta(days=1)
    assert [
        is_cleared(company, on)
        for on in (today - day, today, cleared.valid_until_on, cleared.valid_until_on + day)
    ] == [False, True, True, False]


def test_the_clearance_of_a_merged_donor_is_that_of_the_kept_one(company, cleared, today):
    kept = factories.donor(contributor_type_id="C06")
    assert not is_cleared(kept, today)
    company.merged_into, company.merged_on = kept, today
    company.save()
    assert is_cleared(kept, today)


def test_a_later_refusal_ends_a_clearance(company, cleared, officer, reviewer, today):
    asked = request_clearance(company, by=officer)
    assert is_cleared(company, today)
    decide_clearance(asked, is_clear=False, by=reviewer, today=today, note="Sanctions list")
    assert not is_cleared(company, today)


def test_both_acts_stand_in_the_donors_history(company, cleared, officer, reviewer):
    events = AuditEvent.objects.filter(subject="donors.donor", subject_id=str(company.pk))
    assert [(event.act, event.by, event.after["state"]) for event in events.order_by("pk")] == [
        ("request_clearance", officer.uuid, "requested"),
        ("decide_clearance", reviewer.uuid, "cleared"),
    ]


def test_who_asked_does_not_decide_and_an_officer_never(company, officer, reviewer, today):
    own = factories.clearance(donor=company, requested_by=reviewer)
    with pytest.raises(ClearanceWrong, match="Another person has to decide"):
        decide_clearance(own, is_clear=False, by=reviewer, today=today, note="No")
    with pytest.raises(PermissionDenied):
        decide_clearance(own, is_clear=False, by=officer, today=today, note="No")
    own.refresh_from_db()
    assert own.state == ClearanceState.REQUESTED


def test_a_second_request_and_one_for_a_state_are_refused(company, officer, reviewer):
    request_clearance(company, by=officer)
    with pytest.raises(ClearanceWrong, match="asked for already"):
        request_clearance(company, by=officer)
    with pytest.raises(ClearanceWrong, match="Only private donors"):
        request_clearance(factories.donor(contributor_type_id="C01"), by=officer)
    with pytest.raises(PermissionDenied):
        request_clearance(company, by=reviewer)


@pytest.mark.parametrize(
    ("days", "sentence"), [(None, "until when"), (-1, "would be over already")]
)
def test_a_clearance_ends_on_a_day_that_is_still_to_come(
    company, officer, reviewer, today, days, sentence
):
    until = None if days is None else today + datetime.timedelta(days=days)
    asked = request_clearance(company, by=officer)
    with pytest.raises(ClearanceWrong, match=sentence):
        decide_clearance(asked, is_clear=True, by=reviewer, today=today, valid_until_on=until)


def test_a_refusal_needs_a_reason_and_a_decision_is_final(company, officer, reviewer, today):
    asked = request_clearance(company, by=officer)
    with pytest.raises(ClearanceWrong, match="Say why"):
        decide_clearance(asked, is_clear=False, by=reviewer, today=today, note="  ")
    decide_clearance(asked, is_clear=False, by=reviewer, today=today, note="No")
    with pytest.raises(ClearanceWrong, match="decided already"):
        decide_clearance(asked, is_clear=False, by=reviewer, today=today, note="No")


def test_the_pages_take_both_acts(client_of, company, officer, reviewer):
    asked = client_of(officer).post(
        reverse("clearance_new", args=[company.code]), {"reference": "DD-9"}
    )
    assert asked.url == f"/donors/{company.code}/#clearance"
    row = company.clearances.get()
    page = client_of(reviewer).get(reverse("donor", args=[company.code])).content.decode()
    assert "DD-9" in page
    assert reverse("clearance_decide", args=[row.uuid]) in page
    address = reverse("clearance_decide", args=[row.uuid])
    wrong = client_of(reviewer).post(address, {"decision": "clear"})
    assert wrong.status_code == 422
    assert "Say until when the clearance is valid." in wrong.content.decode()
    client_of(reviewer).post(address, {"decision": "clear", "valid_until_on": "2999-12-31"})
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (ClearanceState.CLEARED, reviewer)
