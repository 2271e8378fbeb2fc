"""Seals over the audit trail: what was changed behind the portal's back is found and named."""

import datetime
import json
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import append_only
from accounts.audit import sealing
from accounts.audit.models import AuditEvent, AuditSeal, AuditValue
from accounts.audit.sealing import seal_all, sealed_times
from accounts.audit.verification import problems
from accounts.services import record
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = datetime.timedelta(minutes=5)
LONG_AFTER = datetime.timedelta(days=3)


@pytest.fixture
def now():
    return timezone.now() + LATER


@pytest.fixture
def three(now):
    """Three events under the first seal."""
    events = [factories.audit_event(act=f"act{n}", after={"n": n}) for n in (1, 2, 3)]
    assert seal_all(now) == 3
    return events


def tampered(statement, *values):
    """Run past every protection, as whoever owns the tables can."""
    connection.check_constraints()
    with append_only.lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def found(now):
    return list(problems(now))


def test_a_seal_covers_each_event_once_and_follows_the_one_before(three, now):
    factories.audit_event()
    assert seal_all(now) == 1
    first, second = AuditSeal.objects.order_by("number")
    assert (first.number, first.first_id, first.last_id) == (1, 1, three[-1].pk)
    assert (first.event_count, first.previous_hash) == (3, "0" * 64)
    assert (second.first_id, second.event_count) == (three[-1].pk + 1, 1)
    assert second.previous_hash == first.hash
    assert found(now) == []
    assert seal_all(now) == 0


def test_what_is_not_settled_waits(now):
    event = factories.audit_event()
    assert seal_all(event.at + datetime.timedelta(seconds=119)) == 0
    assert seal_all(event.at + datetime.timedelta(seconds=121)) == 1


def test_many_events_are_sealed_in_batches(monkeypatch, now):
    monkeypatch.setattr(sealing, "MOST_EVENTS", 2)
    for _ in range(5):
        factories.audit_event()
    assert seal_all(now) == 5
    assert list(AuditSeal.objects.order_by("number").values_list("event_count", flat=True)) == [
        2, 2, 1,
    ]  # fmt: skip
    assert found(now) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "other"), ("subject", "x.y"), ("subject_id", "77"), ("request_id", "r"),
        ("after", '{"n": 9}'), ("before", '{"n": 9}'), ("donor_pk", 4),
        ("at", "2020-01-01 00:00:00+00:00"), ("by", "1" * 32),
    ],
)  # fmt: skip
def test_a_changed_event_is_named(three, now, column, value):
    name = connection.ops.quote_name(column)
    tampered(f"UPDATE accounts_auditevent SET {name} = %s WHERE id = %s", value, three[1].pk)  # noqa: S608
    assert found(now) == [f"Event {three[1].pk} was changed (seal 1)."]


def test_a_removed_event_is_named(three, now):
    tampered("DELETE FROM accounts_auditevent WHERE id = %s", three[0].pk)
    assert found(now) == [f"Event {three[0].pk} was removed (seal 1)."]


def test_an_event_that_slipped_into_a_gap_is_named_once_it_is_too_late(three, now):
    factories.audit_event(pk=three[-1].pk + 10)
    seal_all(now)
    factories.audit_event(pk=three[-1].pk + 5)
    assert found(now) == []  # its transaction may have taken long
    named = f"Event {three[-1].pk + 5} was inserted (seal 2)."
    assert found(now + LONG_AFTER) == [named]
    assert seal_all(now + LONG_AFTER) == 0  # nor is it taken up then
    assert found(now + LONG_AFTER) == [named]


def test_an_event_before_the_first_number_is_named(three, now):
    factories.audit_event(pk=-4)
    assert found(now) == ["Event -4 was inserted: its number is none."]


def test_an_event_that_was_committed_late_is_under_a_later_seal(three, now):
    last = three[-1].pk
    factories.audit_event(pk=last + 3)
    assert seal_all(now) == 1
    late = factories.audit_event(pk=last + 2)
    assert sealed_times([late.pk]) == {}
    assert seal_all(now + LATER) == 1
    seal = AuditSeal.objects.get(number=3)
    assert (seal.late, seal.first_id, seal.last_id) == ([last + 2], last + 4, last + 3)
    assert sealed_times([late.pk, three[0].pk]) == {late.pk: now + LATER, three[0].pk: now}
    assert found(now + LONG_AFTER) == []
    assert seal_all(now + LATER) == 0
    tampered("UPDATE accounts_auditevent SET act = 'x' WHERE id = %s", late.pk)
    assert found(now) == [f"Event {late.pk} was changed (seal 3)."]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE accounts_auditseal SET event_count = 2 WHERE number = 1", "Seal 1 was changed."),
        ("UPDATE accounts_auditseal SET last_id = 99 WHERE number = 1", "Seal 1 was changed."),
        ("DELETE FROM accounts_auditseal WHERE number = 1", "Seal 1 was removed."),
    ],
)
def test_a_changed_or_removed_seal_is_named(three, now, change, named):
    factories.audit_event()
    seal_all(now)
    tampered(change)
    assert found(now)[0] == named


def test_a_seal_made_anew_over_a_changed_event_breaks_the_chain(three, now):
    factories.audit_event()
    seal_all(now)
    tampered("UPDATE accounts_auditevent SET act = 'x' WHERE id = %s", three[0].pk)
    seal = AuditSeal.objects.get(number=1)
    rows = AuditEvent.objects.filter(pk__lte=seal.last_id).order_by("pk")
    seal.digests = b"".join(sealing.digest_of(row) for row in rows)
    seal.hash = sealing.hash_of(seal)
    connection.check_constraints()
    with append_only.lifted(connection):
        seal.save()
    assert found(now) == ["Seal 2 was changed."]  # its own hash is of the true first seal


def test_erasing_a_personal_value_leaves_the_seal_valid_and_changing_one_does_not(now):
    event = record("act", factories.user(), by=None, after={"email": "a@b.example"})
    seal_all(now)
    assert found(now) == []
    AuditValue.objects.filter(event=event).update(value=json.dumps("b@b.example"))
    assert found(now) == [f"A personal value of event {event.pk} was changed (after/email)."]
    AuditValue.objects.filter(event=event).delete()
    assert found(now) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_transaction_that_commits_after_the_seal_is_not_missed():
    begun, sealed = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                factories.audit_event(act="slow")  # takes its number now
                begun.set()
                sealed.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    quick = factories.audit_event(act="quick")
    now = timezone.now() + LATER
    assert seal_all(now) == 1
    sealed.set()
    thread.join(10)
    slow_one = AuditEvent.objects.get(act="slow")
    assert slow_one.pk < quick.pk
    assert seal_all(now) == 1
    assert AuditSeal.objects.get(number=2).late == [slow_one.pk]
    assert found(now + LONG_AFTER) == []
