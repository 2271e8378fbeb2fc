"""Workbooks that are sent while they are made: what is in them, and that nothing waits."""

import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from defusedxml import ElementTree
from python_calamine import CalamineWorkbook

from interface import workbook_streams
from interface.workbook_streams import xlsx_stream

AT = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC).replace(tzinfo=None)
HEADER = ["Donor", "On", "Amount", "Count"]
ROWS = [
    ["Côte d’Ivoire & <co>", datetime.date(2021, 3, 4), Decimal("-1234567.8900"), 3],
    ["=SUM(A1:A2)", None, Decimal("0.1"), None],
    ["\x0bvertical\ud800", "", Decimal("9007199254740993"), 0],
]


def made(rows, **how):
    return b"".join(xlsx_stream("Entries/2021", HEADER, rows, made_at=AT, **how))


def sheets_of(content):
    """Every sheet's rows as another program reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [
        book.get_sheet_by_index(place).to_python(skip_empty_area=False)
        for place in range(len(book.sheet_names))
    ]


def test_every_cell_stands_as_it_was_given():
    content = made(ROWS, preamble=[["A mark"]])
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["Entries 2021"]
    told = sheets_of(content)[0]
    assert told[0][0] == "A mark"
    assert told[2] == HEADER
    assert told[3] == ["Côte d’Ivoire & <co>", "2021-03-04", -1234567.89, 3]
    assert told[4] == ["'=SUM(A1:A2)", "", 0.1, ""]
    assert told[5] == ["\ufffdvertical\ufffd", "", float(9007199254740993), 0]


def test_amounts_keep_their_decimals_and_look_like_money():
    with zipfile.ZipFile(io.BytesIO(made(ROWS))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
    assert '<c s="1"><v>-1234567.8900</v></c>' in sheet
    assert styles.index('numFmtId="4"') > styles.index("<cellXfs")  # #,##0.00
    assert 'ySplit="2" topLeftCell="B3"' in sheet


def test_the_same_rows_give_the_same_bytes_and_right_to_left_is_said():
    assert made(ROWS) == made(iter(ROWS))
    with zipfile.ZipFile(io.BytesIO(made(ROWS, is_right_to_left=True))) as book:
        assert b'rightToLeft="1"' in book.read("xl/worksheets/sheet1.xml")
        assert book.testzip() is None


@pytest.mark.parametrize(("count", "sheets"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_a_full_sheet_is_followed_by_another_with_the_header(count, sheets):
    """Ten rows of a sheet: an empty one, the header and eight more."""
    content = made([[n, "", Decimal(n), n] for n in range(count)], rows_of_a_sheet=10)
    found = sheets_of(content)
    assert len(found) == sheets
    assert [row[0] for sheet in found for row in sheet[2:]] == list(range(count))
    assert all(sheet[1] == HEADER for sheet in found)


def test_a_sheet_ends_before_it_is_too_long_for_a_spreadsheet(monkeypatch):
    monkeypatch.setattr(workbook_streams, "BYTES_OF_A_SHEET", 60_000)
    content = made([n, "x" * 50, None, n] for n in range(2_000))
    found = sheets_of(content)
    assert len(found) > 1
    assert [row[0] for sheet in found for row in sheet[2:]] == list(range(2_000))


def test_pieces_come_while_the_rows_are_still_being_read():
    read, seen = 0, []

    def rows():
        nonlocal read
        for read in range(1, 20_001):
            yield [f"{read * 7919 % 10007} of many", None, Decimal(read), read]

    for piece in xlsx_stream("Rows", HEADER, rows(), made_at=AT):
        seen.append((read, len(piece)))
    assert seen[0][0] < 12_000
    assert max(size for _read, size in seen) < 500_000
