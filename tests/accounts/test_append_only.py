"""The database itself refuses to change or remove what was posted."""

import pytest
from django.core.checks import Tags, run_checks
from django.db import IntegrityError, connection, transaction

from accounts import append_only
from accounts.models import AuditEvent
from income.models import Entry, Posting
from tests import audit_factories, board_factories, factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TABLES = append_only.PROTECTED_TABLES


@pytest.fixture
def posted(ledger):
    """A posting, its entry, a closed month, an audit event; a target's path; files told."""
    factories.month(ledger=ledger, month=202001)
    factories.monthly_target()
    board_factories.update_file(update=board_factories.monthly_update(ledger=ledger))
    factories.audit_event()
    audit_factories.audit_seal()
    board_factories.publication_file()
    return factories.posting(ledger)


def refused(statement, *values):
    with (
        pytest.raises(IntegrityError, match=r"append-only: .* refuses"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed(posted, table):
    refused(f"UPDATE {table} SET id = id")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_removed(posted, table):
    refused(f"DELETE FROM {table}")  # noqa: S608


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced_by_an_insert(posted, table):
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608
    else:
        statement = (
            f"INSERT INTO {table} SELECT * FROM {table} "  # noqa: S608
            "ON CONFLICT (id) DO UPDATE SET id = excluded.id"
        )
    refused(statement)


def test_nothing_gets_by_through_the_models_either(posted):
    acts = [
        lambda: Entry.objects.update(amount=1),
        lambda: Entry.objects.all().delete(),
        lambda: Posting.objects.filter(pk=posted.pk).update(note="x"),
        posted.save,
        lambda: AuditEvent.objects.first().delete(),
    ]
    for act in acts:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def test_what_was_refused_is_as_it_was(posted):
    refused("UPDATE income_entry SET amount = 1")
    assert posted.entries.get().amount == 100


def test_every_trigger_is_there_after_the_migrations():
    assert append_only.missing_triggers(connection) == []
    assert [
        e
        for e in run_checks(tags=[Tags.database], databases=["default"])
        if e.id == "accounts.E001"
    ] == []


def test_a_missing_trigger_is_an_error_of_the_system_check():
    on = " ON income_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER income_entry_refuses_delete{on}")
    (error,) = (
        e
        for e in run_checks(tags=[Tags.database], databases=["default"])
        if e.id == "accounts.E001"
    )
    assert error.msg == "The append-only trigger income_entry_refuses_delete is missing."


def test_installing_twice_changes_nothing(posted):
    connection.check_constraints()
    append_only.install(connection)
    append_only.install(connection)
    assert append_only.missing_triggers(connection) == []
    refused("DELETE FROM income_entry")


def test_lifting_ends_with_its_block_even_when_the_block_fails(posted):
    connection.check_constraints()
    with pytest.raises(RuntimeError), append_only.lifted(connection):
        assert len(append_only.missing_triggers(connection)) == 2 * len(TABLES)
        raise RuntimeError
    assert append_only.missing_triggers(connection) == []
    refused("DELETE FROM income_entry")


def test_the_head_and_the_rollups_may_move(posted):
    # They change with every posting, so it is verification that watches over them.
    assert not {"income_ledger", "income_monthlytotal"} & set(TABLES)
