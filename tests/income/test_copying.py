"""Rows in bulk arrive as they would one by one, whatever stands in them."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from donors.models import Region
from income.errors import PostingWrong
from income.ledger import copying
from income.ledger.copying import bulk_insert, insert_prepared, reserve_ids
from income.models import Contribution, ImportedRow, ImportLayout, Instalment
from tests import factories, import_factories

D = Decimal
AWKWARD = [
    "a\\b", "tab\there", "line\nfeed", "return\r", "\\N", "\\.", "\\", "", " ", "N", "\x01\x02\x7f",
    "“quoted”, ‘’ ''", "العربية", "𝄞 \u202e", "%s %(a)s", "NULL", "None", "\\None", "\\t", "\b\f\v",
]  # fmt: skip

pytestmark = pytest.mark.both_databases


def contributions(ledger, donor, titles, **options):
    rows = [
        (uuid.uuid4(), ledger.pk, donor.pk, "FE", title, "pledged", "SEK", D("10.5"), None, True)
        for title in titles
    ]
    columns = (
        "uuid", "ledger", "donor_id", "fund", "title", "state", "currency", "amount", "signed_on",
        "is_domestic",
    )  # fmt: skip
    return bulk_insert(Contribution, columns, rows, **options)


def test_every_text_is_kept_as_it_is(ledger, monkeypatch):
    monkeypatch.setattr(copying, "AT_ONCE", 4)
    keys = contributions(ledger, factories.donor(), AWKWARD, returning_ids=True)
    kept = Contribution.objects.in_bulk(keys)
    assert [kept[key].title for key in keys] == AWKWARD
    assert len(set(keys)) == len(AWKWARD)


def test_columns_that_are_left_out_take_their_default(ledger):
    donor = factories.donor()
    one = factories.contribution(ledger=ledger, donor=donor, title="By itself")
    (key,) = contributions(ledger, donor, ["In bulk"], returning_ids=True)
    kept = Contribution.objects.get(pk=key)
    assert (kept.mode, kept.version, kept.reference, kept.starts_on) == ("cash", 1, "", None)
    assert (kept.is_domestic, kept.amount, kept.programme_support_rate) == (True, D("10.5"), None)
    assert kept.created_at >= one.created_at
    assert kept.uuid != one.uuid


def test_dates_uuids_and_lists_arrive_on_both_databases(ledger):
    due = datetime.date(2022, 2, 28)
    contribution = factories.contribution(ledger=ledger)
    bulk_insert(
        Instalment, ("contribution", "number", "due_on", "amount"),
        [(contribution.pk, number, due, D("-0.0001") + number) for number in (1, 2)],
    )  # fmt: skip
    assert list(contribution.instalments.values_list("due_on", "amount")) == [
        (due, D("0.9999")), (due, D("1.9999")),
    ]  # fmt: skip
    plan = {"kind": "receipt", "columns": {"donor": "a\\b\n“c”"}, "rows": [1, None, True]}
    bulk_insert(ImportLayout, ("name", "signature", "plan"), [("One", "0" * 64, plan)])
    assert ImportLayout.objects.get(name="One").plan == plan


def test_rows_with_a_key_of_their_own_are_found_by_it(ledger):
    source, posting = import_factories.import_(), factories.posting(ledger)
    keys = [uuid.uuid4() for _ in range(3)]
    columns = ("fingerprint", "content", "source_id", "sheet", "row", "posting_id", "line")
    made = bulk_insert(
        ImportedRow, columns,
        [(key, keys[0], source.pk, 0, 2 + i, posting.pk, 1 + i) for i, key in enumerate(keys)],
    )  # fmt: skip
    assert made == []
    assert [(r.content, r.row, r.posting) for r in ImportedRow.objects.order_by("row")] == [
        (keys[0], 2, posting), (keys[0], 3, posting), (keys[0], 4, posting),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(ImportedRow, columns, [(keys[0], keys[0], source.pk, 0, 9, posting.pk, 9)])


def test_a_text_with_a_nul_is_refused(ledger):
    with pytest.raises(ValueError, match="NUL"):
        contributions(ledger, factories.donor(), ["a\0b"])


def test_what_making_a_row_raises_comes_out_as_it_was_raised(ledger):
    def row(code):
        if code == "B":
            raise PostingWrong("This row is wrong.")
        return (code, "{}", 1)

    with pytest.raises(PostingWrong, match=r"This row is wrong\."), transaction.atomic():
        insert_prepared("donors_region", ("code", "names", "order"), map(row, "AB"))
    assert not Region.objects.filter(code="A").exists()


def test_an_amount_with_too_many_places_is_refused(ledger):
    row = (factories.contribution(ledger=ledger).pk, 1, datetime.date(2022, 1, 1), D("1.00001"))
    with pytest.raises(ValueError, match="more than 4 decimals"):
        bulk_insert(Instalment, ("contribution", "number", "due_on", "amount"), [row])


def test_a_column_that_is_none_is_refused(ledger):
    with pytest.raises(ValueError, match="no column nonsense"):
        bulk_insert(Instalment, ("nonsense",), [])


def test_a_row_of_another_length_is_refused(ledger):
    with pytest.raises(ValueError, match=r"zip\(\)"):
        bulk_insert(ImportLayout, ("name", "signature", "plan"), [("One", "0")])


def test_keys_that_were_reserved_are_nobody_elses(ledger):
    first = factories.contribution(ledger=ledger).pk
    reserved = reserve_ids(Contribution, 3)
    later = factories.contribution(ledger=ledger).pk
    again = reserve_ids(Contribution, 2)
    assert reserved == sorted({*reserved})
    assert len({first, *reserved, later, *again}) == 7
    assert first < reserved[0] < reserved[2] < later < again[0] < again[1]


def test_a_key_that_was_deleted_is_not_given_again(ledger):
    gone = factories.contribution(ledger=ledger)
    key = gone.pk
    gone.delete()
    assert reserve_ids(Contribution, 1)[0] > key
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'income_contribution'")
        assert reserve_ids(Contribution, 1) == [
            (Contribution.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        ]


def test_a_table_whose_keys_are_given_counts_none(ledger):
    with pytest.raises(ValueError, match="does not count its own keys"):
        reserve_ids(ImportedRow, 1)


def test_no_rows_are_no_statement(ledger, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert contributions(ledger, ledger, []) == []


def test_nothing_is_inserted_outside_of_a_transaction(committed):
    for act in (lambda: reserve_ids(Contribution, 1), lambda: bulk_insert(Contribution, (), [])):
        with pytest.raises(RuntimeError, match=r"transaction\.atomic"):
            act()
