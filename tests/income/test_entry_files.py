"""Entries as files: the workbook holds what the CSV file holds, and both are sent in pieces."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from income import sheets
from income.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(reference, ledger):
    for number in range(5):
        factories.posting(ledger, factories.entry(f"{100 + number}.00"))
    return Entry.objects.in_books(ledger)


def test_the_workbook_holds_what_the_csv_file_holds(entries, ledger, client_of, reviewer):
    client = client_of(reviewer)
    asked = {"books": ledger.code, "kind": "receipt"}
    text = client.get(reverse("entry_csv"), asked).getvalue().decode("utf-8-sig")
    answer = client.get(reverse("entry_xlsx"), asked)
    assert answer.streaming
    assert answer["Content-Disposition"].endswith(f'"entries-{ledger.code}.xlsx"')
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    header, *lines = list(csv.reader(io.StringIO(text)))
    at = rows.index(header)
    place = header.index("amount")
    assert [Decimal(str(row[place])) for row in rows[at + 1 :]] == [
        Decimal(line[place]) for line in lines
    ]
    assert sorted(Decimal(line[place]) for line in lines) == [100, 101, 102, 103, 104]


def test_a_wrong_address_makes_no_workbook(entries, ledger, client_of, reviewer):
    answer = client_of(reviewer).get(reverse("entry_xlsx"), {"books": ledger.code, "kind": "x"})
    assert answer.status_code == 400


def test_donors_are_read_once_for_many_entries(entries, monkeypatch):
    monkeypatch.setattr(sheets, "AT_ONCE", 2)
    with CaptureQueriesContext(connection) as asked:
        read = list(sheets.in_pieces(entries))
        names = {one.donor.name for one in read if one.donor}
    assert len(read) == 5
    assert names == {"Sweden"}
    assert len(asked) == 2
