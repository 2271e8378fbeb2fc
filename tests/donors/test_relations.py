"""Contacts and engagements: added, changed, ended, and in the donor's history."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.audit.personal import with_values
from accounts.models import AuditEvent
from donors.models import Contact, Donor, Engagement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def browser(client_of, officer, reference):
    return client_of(officer)


def acts_of(donor):
    events = AuditEvent.objects.filter(subject="donors.donor", subject_id=str(donor.pk))
    return [(one.act, one.before, one.after) for one in with_values(events.order_by("pk"))]


CONTACT = {"title": "Director", "email": "director@example.org", "is_current": "on"}


def test_a_contact_is_added_changed_and_ended(browser, sweden):
    added = browser.post(reverse("contact_new", args=["SWE"]), {**CONTACT, "is_addressee": "on"})
    assert added.url == "/donors/SWE/#contacts"
    row = sweden.contacts.get()
    assert (row.title, row.is_current, row.is_addressee) == ("Director", True, True)
    address = reverse("contact_edit", args=["SWE", row.pk])
    ended = {"title": "Director", "email": "", "is_addressee": "on", "version": "1"}
    assert browser.post(address, ended).status_code == 302
    row.refresh_from_db()
    assert (row.is_current, row.is_addressee, row.email, row.version) == (False, False, "", 2)
    assert [act for act, _before, _after in acts_of(sweden)] == ["add_contact", "edit_contact"]
    assert acts_of(sweden)[1][1:] == (
        {"contact": str(row.pk), "email": "director@example.org", "is_current": True,
         "is_addressee": True},
        {"contact": str(row.pk), "email": "", "is_current": False, "is_addressee": False},
    )  # fmt: skip


def test_a_contact_that_somebody_else_saved_is_not_overwritten(browser, sweden):
    row = factories.contact(donor=sweden)
    Contact.objects.filter(pk=row.pk).update(title="Minister", version=2)
    address = reverse("contact_edit", args=["SWE", row.pk])
    answer = browser.post(address, {**CONTACT, "version": "1"})
    found = [(one.label, one.saved, one.typed) for one in answer.context["conflict"]]
    assert ("Post or title", "Minister", "Director") in found
    assert 'name="version" value="2"' in answer.content.decode()
    row.refresh_from_db()
    assert row.title == "Minister"


def test_a_contact_of_another_donor_is_not_there(browser, sweden):
    row = factories.contact()
    assert browser.get(reverse("contact_edit", args=["SWE", row.pk])).status_code == 404


def meeting(**changed):
    row = {"kind": "meeting", "happened_on": "2022-03-04", "subject": "On core funding"}
    return {**row, **changed}


def test_an_engagement_is_added_and_changed(browser, sweden, officer):
    browser.post(reverse("engagement_new", args=["SWE"]), meeting(is_from_donor="on"))
    row = sweden.engagements.get()
    assert (row.happened_on, row.recorded_by) == (datetime.date(2022, 3, 4), officer)
    address = reverse("engagement_edit", args=["SWE", row.uuid])
    browser.post(address, meeting(summary="They will raise it.", version="1"))
    row.refresh_from_db()
    assert (row.summary, row.is_from_donor, row.version) == ("They will raise it.", False, 2)
    assert [act for act, _before, _after in acts_of(sweden)] == [
        "add_engagement", "edit_engagement",
    ]  # fmt: skip


def test_what_has_not_happened_and_anothers_document_are_refused(browser, sweden):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    address = reverse("engagement_new", args=["SWE"])
    ahead = browser.post(address, meeting(happened_on=tomorrow.isoformat()))
    assert "lies in the future" in ahead.content.decode()
    others = factories.donor_document()
    wrong = browser.post(address, meeting(document=others.pk))
    assert "Select a valid choice" in wrong.content.decode()
    assert not Engagement.objects.exists()


def test_the_representative_sees_none_of_it(client_of, representative, sweden, officer):
    factories.contact(donor=sweden, name="Private Person", email="private@example.org")
    factories.engagement(donor=sweden, subject="Private talk")
    factories.donor_document(donor=sweden, title="Private letter")
    factories.clearance(donor=sweden, reference="Private clearance")
    partner = factories.donor_name("BP-PRIVATE", donor=sweden, kind="identifier")
    type(partner).objects.filter(pk=partner.pk).update(scheme="erp")
    Donor.objects.filter(pk=sweden.pk).update(note="Private note", focal_point=officer)
    factories.audit_event(subject_id=str(sweden.pk), after={"note": "Private change"})
    page = client_of(representative).get(reverse("donor", args=["SWE"])).content.decode()
    assert "Sweden" in page
    for word in ("Private", "private@", "BP-PRIVATE", officer.name + "<"):
        assert word not in page
