"""Somebody who gets past the triggers and changes something is found, and where is said."""

import hashlib

import pytest
from django.db import connection

from accounts import append_only
from income.ledger import reverse
from income.ledger.verification import problems
from income.vocabulary import Kind
from tests import factories
from tests.factories import MARCH, entry, posting

pytestmark = pytest.mark.both_databases


@pytest.fixture
def books(ledger, officer, reviewer):
    """Four postings: a receipt of two lines, two receipts, the reversal of the third."""
    posting(ledger, entry("10"), entry("20", fund_id="FE", support_rate="0.13"))
    posting(
        ledger,
        entry("85.43", currency_id="SEK", units_per_usd="8.5431"),
        prepared_by=officer,
        approved_by=reviewer,
        reference="bank 2",
        note="By wire",
    )
    third = posting(ledger, entry("30", kind=Kind.PLEDGE))
    reverse(
        third, booked_month=MARCH, note="Twice", token="undo", prepared_by=None, approved_by=None
    )
    ledger.refresh_from_db()
    return ledger


@pytest.fixture
def tamper(books):
    """Runs a statement with the protection lifted, as an owner of the database could."""

    def run(statement, *values):
        connection.check_constraints()  # PostgreSQL: nothing deferred may wait for the triggers
        with append_only.lifted(connection):
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            connection.check_constraints()
        books.refresh_from_db()
        return list(problems(books))

    return run


def id_of(books, sequence):
    """The posting's key as the database keeps it."""
    key = books.postings.get(sequence=sequence).id
    return key.hex if connection.vendor == "sqlite" else key


def test_books_that_nobody_touched_are_sound(books):
    assert list(problems(books)) == []


def test_empty_books_are_sound(ledger):
    assert list(problems(ledger)) == []


def test_verification_tells_how_far_it_is(books):
    seen = []
    assert list(problems(books, progress=lambda done, of: seen.append((done, of)))) == []
    assert seen == [(4, 4)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", 999999),
        ("amount_usd", 1001),
        ("rate", 80000000000),
        ("rate_on", "2021-03-02"),
        ("rate_type", "un_operational"),
        ("programme_support_usd", 1),
        ("credited_amount", 1),
        ("bank_charge", 1),
        ("value_date", "2021-03-05"),
        ("year_for", 2022),
        ("kind", "due"),
        ("mode", "in_kind"),
        ("reason", "refund"),
        ("fund_id", "TC"),
        ("region_id", "AFRICA"),
        ("programme_id", "SMART_CITIES"),
        ("booked_month", 202104),
        ("currency_id", "JPY"),
        ("line", 7),
    ],
)
def test_a_changed_entry_names_its_posting(books, tamper, column, value):
    statement = f"UPDATE income_entry SET {column} = %s WHERE posting_id = %s"  # noqa: S608
    found = tamper(statement, value, id_of(books, 2))
    assert found[0] == "Posting 2: the entries are not those that were sealed."


def test_a_changed_donor_names_its_posting(books, tamper):
    found = tamper(
        "UPDATE income_entry SET donor_id = %s WHERE posting_id = %s",
        factories.donor().pk,
        id_of(books, 2),
    )
    assert found[0] == "Posting 2: the entries are not those that were sealed."


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "record_gift"),
        ("token", "another"),
        ("reference", "bank 3"),
        ("note", "By cheque"),
        ("booked_month", 202104),
        ("posted_at", "2021-03-05 00:00:00+00:00"),
        ("hash", "f" * 64),
    ],
)
def test_a_changed_header_names_its_posting(books, tamper, column, value):
    statement = f"UPDATE income_posting SET {column} = %s WHERE id = %s"  # noqa: S608
    found = tamper(statement, value, id_of(books, 2))
    assert found[0] == "Posting 2: its hash is not that of its header."


def test_another_approver_names_its_posting(books, tamper):
    found = tamper(
        "UPDATE income_posting SET approved_by_id = %s WHERE id = %s",
        factories.user().pk,
        id_of(books, 2),
    )
    assert found == ["Posting 2: its hash is not that of its header."]


def test_an_amount_resealed_without_the_chain_is_still_found(books, tamper):
    tamper("UPDATE income_entry SET amount_usd = 1001 WHERE posting_id = %s", id_of(books, 2))
    found = tamper(
        "UPDATE income_posting SET content_hash = %s WHERE id = %s",
        hashlib.sha256(b"what the forger wrote").hexdigest(),
        id_of(books, 2),
    )
    assert "Posting 2: its hash is not that of its header." in found


def test_a_posting_cut_off_from_the_one_before_is_named(books, tamper):
    found = tamper(
        "UPDATE income_posting SET previous_hash = %s WHERE id = %s", "0" * 64, id_of(books, 3)
    )
    assert "Posting 3: not chained to the posting before it." in found


def test_dollars_that_are_not_the_amount_at_its_rate_are_named(books, tamper):
    found = tamper(
        "UPDATE income_entry SET amount_usd = 1001 WHERE posting_id = %s", id_of(books, 2)
    )
    assert "Posting 2, line 1: the US dollars are not the amount at its rate." in found


def test_a_line_that_is_gone_names_its_posting(books, tamper):
    found = tamper("DELETE FROM income_entry WHERE posting_id = %s AND line = 2", id_of(books, 1))
    assert found[:2] == [
        "Posting 1: 1 entries, the posting says 2.",
        "Posting 1: the entries are not those that were sealed.",
    ]


def test_a_posting_that_is_gone_is_missed_at_the_next_one(books, tamper):
    gone = id_of(books, 2)
    tamper("DELETE FROM income_entry WHERE posting_id = %s", gone)
    found = tamper("DELETE FROM income_posting WHERE id = %s", gone)
    assert found[:2] == [
        "Posting 3: expected sequence 2.",
        "Posting 3: not chained to the posting before it.",
    ]


def test_a_last_posting_that_is_gone_is_missed_by_the_head(books, tamper):
    gone = id_of(books, 4)
    tamper("DELETE FROM income_entry WHERE posting_id = %s", gone)
    found = tamper("DELETE FROM income_posting WHERE id = %s", gone)
    assert found[0] == "The head says 4, the last posting is 3."


@pytest.mark.parametrize(("column", "value"), [("sequence", 5), ("head_hash", "f" * 64)])
def test_a_head_that_was_moved_is_found(books, tamper, column, value):
    statement = f"UPDATE income_ledger SET {column} = %s WHERE id = %s"  # noqa: S608
    (found,) = tamper(statement, value, books.pk)
    assert found.startswith("The head says ")


@pytest.mark.parametrize(
    "table",
    ["income_monthlytotal", "income_donortotal", "income_donormonthtotal", "income_yearlytotal"],
)
def test_a_rollup_that_differs_from_the_entries_names_its_cell(books, tamper, table):
    statement = f"UPDATE {table} SET amount_usd = amount_usd + 1 WHERE fund_id = %s"  # noqa: S608
    (found,) = tamper(statement + " AND kind = %s", "FE", "receipt")
    assert found.lower().startswith(table.removeprefix("income_"))
    assert "'receipt', 'cash', 'FE'" in found
    support = ", 2.30" if table == "income_monthlytotal" else ""  # 20 × 0.13 / 1.13
    assert found.endswith(f"kept 20.01{support}, entries say 20.00{support}")


def test_a_rollup_cell_that_is_gone_is_missed(books, tamper):
    (found,) = tamper("DELETE FROM income_monthlytotal WHERE fund_id = %s", "FE")
    assert found.endswith("kept 0, 0, entries say 20.00, 2.30")


def test_a_reversal_that_is_no_mirror_image_is_named(books, tamper):
    found = tamper("UPDATE income_entry SET amount = -10000 WHERE posting_id = %s", id_of(books, 4))
    assert "Posting 4: not a mirror image of what it reverses." in found


def test_what_is_wrong_in_other_books_is_not_said_of_these(books, tamper):
    other = factories.ledger()
    posting(other)
    posting(other)
    assert tamper("UPDATE income_entry SET amount = 1 WHERE posting_id = %s", id_of(other, 2)) == []
    other.refresh_from_db()
    assert next(problems(other)).startswith("Posting 2: ")
