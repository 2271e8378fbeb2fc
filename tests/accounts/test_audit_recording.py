"""What an event of the audit trail holds, and what of it can be erased."""

import importlib
import json
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.append_only import missing_triggers
from accounts.audit import commands
from accounts.audit.models import AuditEvent, AuditValue
from accounts.audit.personal import digest_of, with_values
from accounts.audit.recording import write
from accounts.services import open_account, record
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def only_value(event):
    return AuditValue.objects.get(event=event)


def test_a_personal_value_stands_beside_the_event_and_its_digest_within():
    event = record("edit_user", factories.user(), by=None, after={"email": "ä@b.org", "n": 1})
    row = only_value(event)
    assert (row.side, row.path, row.field, row.value) == (
        "after",
        "email",
        "email",
        '"ä@b.org"',
    )
    assert event.after == {"email": {"personal": digest_of(row.salt, '"ä@b.org"')}, "n": 1}
    assert len(row.salt) == 32


def test_the_same_value_twice_gives_two_digests():
    user = factories.user()
    one, two = (record("act", user, by=None, after={"email": "a@b.example"}) for _ in range(2))
    assert one.after != two.after


def test_values_deep_within_are_found_and_empty_ones_are_left():
    after = {"people": [{"email": "a@b.example", "phone": ""}, {"code": "SWE"}]}
    event = record("act", factories.donor(), by=None, after=after)
    assert only_value(event).path == "people/0/email"
    assert event.after["people"][0]["phone"] == ""
    assert with_values([event])[0].after == after


def test_a_name_is_personal_in_the_act_on_a_contact_and_not_in_that_on_books():
    donor = factories.donor()
    contact = record("add_contact", donor, by=None, after={"name": "A person", "title": "Head"})
    books = record("open_books", donor, by=None, after={"name": "The books"})
    assert set(contact.after["name"]) == {"personal"}
    assert contact.after["title"] == "Head"
    assert books.after == {"name": "The books"}


def test_what_was_erased_is_said_to_be_erased():
    event = record("act", factories.user(), by=None, before={"phone": "+254 1"})
    AuditValue.objects.all().delete()
    (read,) = with_values(AuditEvent.objects.filter(pk=event.pk))
    assert read.before == {"phone": "(erased)"}


def test_an_event_costs_one_query_and_one_more_with_personal_values():
    donor = factories.donor()
    for after, count in (({"code": "x"}, 1), ({"email": "a@b.example", "phone": "1"}, 2)):
        with CaptureQueriesContext(connection) as queries:
            record("act", donor, by=None, after=after)
        assert len(queries) == count


def test_an_event_knows_the_donor_that_it_concerns():
    donor = factories.donor()
    contact = factories.contact(donor=donor)
    events = [record("act", row, by=None) for row in (donor, contact, factories.user())]
    assert [event.donor_pk for event in events] == [donor.pk, donor.pk, None]


def test_opening_an_account_keeps_no_address_in_the_event():
    user = open_account(email="new@b.example", name="New", role="officer", password=None, by=None)
    event = AuditEvent.objects.get(act="open_account", subject_id=str(user.pk))
    assert "new@b.example" not in json.dumps([event.before, event.after])
    assert json.loads(only_value(event).value) == "new@b.example"


def test_earlier_events_are_moved_once_and_the_triggers_are_back():
    clear = factories.audit_event(act="edit_contact", before={"name": "A"}, after={"name": "B"})
    other = factories.audit_event(after={"code": "SWE"})
    move = importlib.import_module("accounts.migrations.0006_personal_values").move
    for _ in range(2):  # the second finds nothing left to do
        move(apps, SimpleNamespace(connection=connection))
    clear.refresh_from_db()
    other.refresh_from_db()
    assert set(clear.before["name"]) == set(clear.after["name"]) == {"personal"}
    assert other.after == {"code": "SWE"}
    assert [one.after for one in AuditEvent.objects.filter(act="move_personal_values")] == [
        {"events": 1}
    ]
    assert [one.value for one in AuditValue.objects.order_by("pk")] == ['"A"', '"B"']
    assert with_values([clear])[0].after == {"name": "B"}
    assert missing_triggers(connection) == []


def test_a_command_that_writes_is_recorded_without_what_was_typed():
    ran = []
    line = ["manage.py", "changepassword", "someone@b.example", "--database=secret", "-v"]
    commands.run(line, ran.append)
    (event,) = AuditEvent.objects.filter(act="run_command")
    assert ran == [line]
    assert (event.subject_id, event.by) == ("changepassword", None)
    assert event.after == {"options": ["--database", "-v"], "arguments": 3}


def test_a_command_that_fails_was_recorded_and_one_that_reads_is_not():
    def fails(_line):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        commands.run(["manage.py", "shell"], fails)
    with pytest.raises(RuntimeError):
        commands.run(["manage.py", "restore", "file"], fails)
    commands.run(["manage.py", "check"], lambda _line: None)
    commands.run(["manage.py", "backup", "--help"], lambda _line: None)
    found = AuditEvent.objects.filter(act="run_command").values_list("subject_id", flat=True)
    assert list(found) == ["shell"]


def test_a_restored_copy_is_recorded_once_it_is_there():
    counts = []
    commands.run(
        ["manage.py", "restore", "file"], lambda _: counts.append(AuditEvent.objects.count())
    )
    assert counts == [0]
    assert AuditEvent.objects.get().subject_id == "restore"


def test_an_event_outside_any_request_has_no_request_id():
    event = write("act", subject="x", subject_id="1", by=None)
    assert (event.request_id, event.before, event.after) == ("", {}, {})
