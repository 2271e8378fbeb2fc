"""Personal data: found, taken along and erased, without touching the books or breaking a seal."""

import datetime
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from accounts.audit.models import AuditEvent, AuditValue
from accounts.audit.sealing import seal_all
from accounts.audit.verification import problems
from accounts.services import record
from donors.models import Contact, Invitation, Representation
from donors.relations import add_contact, edit_contact
from income.ledger.verification import problems as problems_of_the_books
from income.models import Posting
from jobs.clock import do_duties
from reports.protection import retention
from reports.protection.erasing import ErasingRefused, erase
from reports.protection.holdings import holdings, kept
from reports.protection.persons import person_of
from tests import factories, report_factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = datetime.timedelta(days=1)
TYPED = {
    "title": "Head of unit", "name": "A Counsellor", "email": "counsellor@b.example",
    "phone": "+46 8 1", "address": "A street", "is_current": True, "is_addressee": True,
}  # fmt: skip


@pytest.fixture
def now():
    return timezone.now() + datetime.timedelta(minutes=5)


@pytest.fixture
def contact(officer):
    """Added, and given another telephone number since."""
    row = add_contact(factories.donor(), TYPED, by=officer)
    return edit_contact(row, {**TYPED, "phone": "+46 8 2"}, version=1, by=officer)


@pytest.fixture
def browser(administrator, client_of):
    return client_of(administrator)


def held(person):
    return [(one.table, one.field, one.value) for one in holdings(person)]


def test_what_is_held_of_a_contact_is_its_row_and_every_value_in_the_trail(contact):
    found = held(person_of(contact))
    assert found[:4] == [
        ("donors.Contact", "name", "A Counsellor"),
        ("donors.Contact", "email", "counsellor@b.example"),
        ("donors.Contact", "phone", "+46 8 2"),
        ("donors.Contact", "address", "A street"),
    ]
    assert sorted(found[4:]) == [
        ("accounts.AuditValue", "address", "A street"),
        ("accounts.AuditValue", "email", "counsellor@b.example"),
        ("accounts.AuditValue", "name", "A Counsellor"),
        ("accounts.AuditValue", "phone", "+46 8 1"),
        ("accounts.AuditValue", "phone", "+46 8 1"),
        ("accounts.AuditValue", "phone", "+46 8 2"),
    ]


def test_an_erased_contact_leaves_the_post_the_history_and_a_valid_seal(
    contact, administrator, now
):
    other = factories.contact(donor=contact.donor, name="Another", email="another@b.example")
    seal_all(now)
    events = AuditEvent.objects.filter(act__endswith="_contact").count()
    done = erase(person_of(contact), by=administrator, now=now)
    contact.refresh_from_db()
    assert (done.fields, done.audit_values) == (4, 6)
    assert (contact.name, contact.email, contact.phone, contact.address) == ("", "", "", "")
    assert (contact.title, contact.is_current, contact.is_addressee) == (
        "Head of unit",
        False,
        False,
    )
    assert AuditEvent.objects.filter(act__endswith="_contact").count() == events == 2
    assert AuditValue.objects.count() == 0
    assert list(problems(now)) == []
    other.refresh_from_db()
    assert other.name == "Another"
    event = AuditEvent.objects.get(act="erase_person")
    assert event.by == administrator.uuid
    assert event.after["audit_values"] == 6
    assert "ounsellor" not in json.dumps(event.after)
    assert held(person_of(contact)) == []


def test_an_account_that_acted_keeps_a_pseudonym_and_the_books_are_the_same(
    ledger, officer, reviewer, administrator, now, representative
):
    from donors.models import Donor

    sweden = Donor.objects.get(code="SWE")
    posting = factories.posting(ledger)
    factories.saved_view(user=representative, name="My list")
    factories.draft(ledger=ledger, written_by=representative)
    representative.is_active = False
    representative.save()
    record("sign_in_failed", representative, by=None, after={"email": representative.email})
    hash_ = Posting.objects.get(pk=posting.pk).hash
    done = erase(person_of(representative), by=administrator, now=now)
    representative.refresh_from_db()
    assert representative.name == f"Former account {representative.pk}"
    assert representative.email == f"former-{representative.pk}@erased.invalid"
    assert not representative.has_usable_password()
    assert representative.last_login is None
    assert (done.fields, done.audit_values, done.rows) == (2, 1, 1)
    bound = Representation.objects.get(user=representative, donor=sweden)
    assert bound.ends_on == timezone.localdate(now)
    assert Posting.objects.get(pk=posting.pk).hash == hash_
    assert list(problems_of_the_books(ledger)) == []
    (books,) = [one for one in kept(person_of(representative)) if "books" in one.what]
    assert books.count == 2  # the draft and the representation


def test_an_active_account_and_ones_own_are_refused(officer, administrator, now):
    with pytest.raises(ErasingRefused, match="may still sign in"):
        erase(person_of(officer), by=administrator, now=now)
    with pytest.raises(ErasingRefused, match="your own account"):
        erase(person_of(administrator), by=administrator, now=now)
    with pytest.raises(PermissionDenied):
        erase(person_of(factories.contact()), by=officer, now=now)
    officer.refresh_from_db()
    assert officer.email == "officer@example.org"


def test_an_invitation_that_waits_is_withdrawn_when_its_person_is_erased(administrator, now):
    made = report_factories.invitation(email="invited@b.example", name="Invited")
    erase(person_of(made), by=administrator, now=now)
    made.refresh_from_db()
    assert (made.name, made.email) == ("", f"invitation-{made.pk}@erased.invalid")
    assert (made.withdrawn_at, made.withdrawn_by) == (now, administrator)


def test_everybody_is_found_by_name_or_address(contact, browser, administrator):
    report_factories.invitation(email="invited@b.example", name="Invited")
    for kind, sought, name in (
        ("contact", "counsell", "A Counsellor"), ("contact", "+46 8 2", "A Counsellor"),
        ("account", "administrator@", administrator.name), ("invitation", "invited@", "Invited"),
    ):  # fmt: skip
        response = browser.get("/data-protection/", {"kind": kind, "q": sought})
        assert [one.name for one in response.context["shown"]] == [name]
    response = browser.get("/data-protection/", {"kind": "account", "q": "counsell"})
    assert response.context["shown"] == []


def test_the_page_tells_what_is_held_what_stays_and_who_has_the_same_address(contact, browser):
    user = factories.user(email="Counsellor@b.example", is_active=False)
    text = browser.get(f"/data-protection/contact/{contact.pk}/").content.decode()
    for word in ("A Counsellor", "+46 8 1", "salted digest", str(user.uuid)):
        assert word in text
    assert browser.get("/data-protection/contact/999999/").status_code == 404
    assert browser.get("/data-protection/robot/1/").status_code == 404
    assert browser.get("/data-protection/account/not-a-uuid/").status_code == 404


def test_the_archive_holds_every_value_as_json_and_csv(contact, browser, administrator):
    response = browser.get(f"/data-protection/contact/{contact.pk}/data.zip")
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        told = json.loads(file.read("data.json"))
        text = file.read("data.csv").decode("utf-8-sig")
    assert len(told["held"]) == 10
    assert told["held"][0] == {
        "table": "donors.Contact", "key": str(contact.pk), "field": "name", "value": "A Counsellor",
    }  # fmt: skip
    assert text.splitlines()[0] == "Table,Key of the row,Field,Value"
    assert "'+46 8 2" in text  # no spreadsheet reads it as a formula
    event = AuditEvent.objects.get(act="export_person")
    assert (event.by, event.after) == (administrator.uuid, {"kind": "contact"})


def test_erasing_takes_two_steps(contact, browser):
    address = f"/data-protection/contact/{contact.pk}/erase/"
    assert "A Counsellor" in browser.get(address).content.decode()
    refused = browser.post(address, {})
    assert refused.status_code == 422
    assert "Tick the box if you mean it." in refused.content.decode()
    assert Contact.objects.get(pk=contact.pk).name == "A Counsellor"
    assert browser.post(address, {"is_meant": "on"}).status_code == 302
    assert Contact.objects.get(pk=contact.pk).name == ""
    again = browser.post(
        f"/data-protection/account/{factories.user().uuid}/erase/", {"is_meant": "on"}
    )
    assert again.status_code == 422
    assert "may still sign in" in again.content.decode()


def test_what_is_over_its_time_is_erased_and_nothing_else(contact, officer, settings, now):
    settings.RETENTION_CONTACT_DAYS, settings.RETENTION_INVITATION_DAYS = 730, 365
    settings.RETENTION_IP_DAYS, settings.RETENTION_SIGN_IN_DAYS = 180, 90
    left = {**TYPED, "phone": "+46 8 2", "is_current": False}
    edit_contact(contact, left, version=2, by=officer)
    stays = factories.contact(name="Stays")
    over = report_factories.invitation(email="over@b.example")
    record(
        "sign_in_failed", officer, by=None, after={"email": "typed@b.example", "ip": "192.0.2.1"}
    )
    early = now + 89 * DAY
    assert retention.apply(early) == {
        "contacts": 0, "invitations": 0, "network addresses": 0, "failed sign-ins": 0,
        "sessions": 0,
        "answers to programs": 0,
    }  # fmt: skip
    much_later = now + 731 * DAY
    counted = retention.apply(much_later, is_rehearsal=True)
    assert counted == {
        "contacts": 1, "invitations": 1, "network addresses": 1, "failed sign-ins": 1,
        "sessions": 0,
        "answers to programs": 0,
    }  # fmt: skip
    contact.refresh_from_db()
    assert contact.name == "A Counsellor"  # a rehearsal only counts
    assert retention.apply(much_later) == counted
    contact.refresh_from_db()
    stays.refresh_from_db()
    assert (contact.name, stays.name) == ("", "Stays")
    assert Invitation.objects.get(pk=over.pk).email.endswith("@erased.invalid")
    assert AuditValue.objects.count() == 0
    assert AuditEvent.objects.filter(act="apply_retention").count() == 2
    assert sum(retention.apply(much_later).values()) == 0


def test_zero_days_keep_for_ever(contact, officer, settings, now):
    settings.RETENTION_CONTACT_DAYS = settings.RETENTION_INVITATION_DAYS = 0
    settings.RETENTION_IP_DAYS = settings.RETENTION_SIGN_IN_DAYS = 0
    edit_contact(contact, {**TYPED, "is_current": False}, version=2, by=officer)
    record("sign_in_failed", officer, by=None, after={"email": "t@b.example", "ip": "192.0.2.1"})
    assert sum(retention.apply(now + 9999 * DAY).values()) == 0


def test_the_command_prints_the_counts(capsys):
    call_command("apply_retention", "--dry-run")
    assert capsys.readouterr().out.splitlines() == [
        "contacts: 0 would be erased", "invitations: 0 would be erased",
        "network addresses: 0 would be erased", "failed sign-ins: 0 would be erased",
        "sessions: 0 would be erased",
        "answers to programs: 0 would be erased",
    ]  # fmt: skip
    assert AuditEvent.objects.count() == 0


def test_the_clock_seals_and_erases_once_a_day(officer):
    old = timezone.now() - datetime.timedelta(hours=1)
    event = factories.audit_event()
    event.at = old
    assert do_duties()["apply the times of retention"] == 0
    assert AuditEvent.objects.filter(act="apply_retention").count() == 1
    do_duties()
    assert AuditEvent.objects.filter(act="apply_retention").count() == 1
    assert set(do_duties()) >= {"seal the audit trail", "apply the times of retention"}
