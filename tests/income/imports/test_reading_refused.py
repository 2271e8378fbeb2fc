"""What cannot be read is refused with a sentence that names file, sheet, row and column."""

import io
import struct
import time
import zipfile

import pytest

from income.imports.reading import FileRefused, paste_source
from tests.income.imports.workbook_bytes import (
    cells,
    ods,
    ods_number,
    ods_row,
    ods_text,
    ole,
    opened,
    record,
    with_part,
    with_sheet_data,
    xls,
    xls_number,
    xlsx,
)

ROW = b'<row r="%d"><c r="%s%d"><v>1</v></c></row>'


@pytest.fixture
def refusal(tmp_path):
    def told(content, name="a.xlsx", **options):
        with pytest.raises(FileRefused) as error:
            source = opened(tmp_path, content, name, **options)
            for number in range(len(source.sheets)):
                cells(source, number)
        assert error.value.sentence
        return error.value

    return told


def archive(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


@pytest.mark.parametrize("content", [b"", b"  \n\r\n", b"\xef\xbb\xbf", b"\n" * 1000])
def test_an_empty_file(refusal, content):
    found = refusal(content, "rates.csv")
    assert (found.code, "rates.csv is empty" in found.sentence) == ("empty_file", True)


@pytest.mark.parametrize(("content", "what"), [
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    (b"<!DOCTYPE html><html><table>", "a web page"),
    (b"\n <TABLE border=1><tr>", "a web page"),
    (b'<?xml version="1.0"?><Workbook>', "an XML document"),
    (b"{\\rtf1", "a text document"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "a picture"),
    (b"\x1f\x8b\x08\x00", "an archive"),
    (bytes(range(32)) * 20, "a file of another program"),
    (archive(word__document_xml="<w/>"), "a Word document"),
    (archive(notes="x"), "an archive (.zip)"),
])  # fmt: skip
def test_other_content_is_named(refusal, content, what):
    found = refusal(content, "receipts.xls")
    assert found.code == "other_content"
    assert f"receipts.xls is {what}, not a table" in found.sentence


@pytest.mark.parametrize(("content", "name", "ending"), [
    (xlsx(rows=[[1]]), "receipts.csv", ".xlsx"), (b"a,b\n1,2\n", "receipts.xlsx", ".csv"),
    (xls([xls_number(0, 0, 1)]), "receipts.xlsx", ".xls"), (b"a,b\n", "receipts.pdf", ".csv"),
    (ods(ods_row(ods_text("a"))), "RECEIPTS.XLS", ".ods"),
])  # fmt: skip
def test_a_name_that_ends_as_another_kind_is_refused_with_both(refusal, content, name, ending):
    found = refusal(content, name)
    assert found.code == "other_ending"
    assert name in found.sentence
    assert f"ends in {ending}" in found.sentence


def test_a_name_without_a_telling_ending_is_read_by_its_content(tmp_path):
    assert opened(tmp_path, xlsx(rows=[[1]]), "receipts").kind == "xlsx"
    assert opened(tmp_path, b"a;b\n1;2\n", "receipts.2021").delimiter == ";"


@pytest.mark.parametrize(("content", "name"), [
    (ole(b"secret" * 1000, title="EncryptedPackage"), "a.xls"),
    (ods("", encrypted=True), "a.ods"),
    (xls([], before=record(0x2F, struct.pack("<HHH", 1, 1, 1))), "a.xls"),
    (xls([], before=record(0x2F, struct.pack("<HHH", 0, 1, 1))), "a.xls"),
])  # fmt: skip
def test_a_protected_file(refusal, content, name):
    found = refusal(content, name)
    assert (found.code, "password" in found.sentence) == ("encrypted", True)


def test_an_encrypted_workbook_is_called_so_under_its_own_name(refusal):
    assert refusal(ole(b"x" * 5000, title="EncryptedPackage"), "a.xlsx").code == "encrypted"


def test_an_encrypted_part_of_an_archive(refusal):
    content = bytearray(xlsx(rows=[[1]]))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    assert refusal(bytes(content)).code == "encrypted"


@pytest.mark.parametrize("kept", [30, 100, 1000, 4000, -1])
def test_truncated_files(refusal, kept):
    assert refusal(xlsx(rows=[["text", 1]] * 50)[:kept]).code == "corrupt"


def test_a_zip_bomb_by_its_directory(refusal):
    content = with_part(xlsx(rows=[[1]]), "xl/styles.xml", lambda old: b" " * 60_000_000)
    assert refusal(content).code == "bomb"


def test_a_zip_bomb_that_lies_about_its_size(refusal):
    content = bytearray(with_part(xlsx(rows=[[1]]), "xl/styles.xml", lambda old: b" " * 60_000_000))
    size = struct.pack("<I", 60_000_000)
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = struct.pack("<I", 1000)
    assert refusal(bytes(content)).code == "bomb"


def test_a_wrong_checksum(refusal):
    content = bytearray(xlsx(rows=[[1]]))
    at = content.rindex(b"PK\x01\x02")
    content[at + 16] ^= 1
    assert refusal(bytes(content)).code == "corrupt"


@pytest.mark.parametrize("data", [
    b"".join(ROW % (row, column, row) for row, column in ((1, b"A"), (1_048_576, b"ZZ"))),
    b"".join(ROW % (row, column, row) for row, column in ((1, b"A"), (1_048_576, b"KN"))),
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="XFD1048576"><v>1</v></c></row>',
])  # fmt: skip
def test_two_cells_far_apart_do_not_take_the_memory_of_all_between(refusal, data):
    assert refusal(with_sheet_data(xlsx(), data)).code in ("sheet_columns", "too_many_cells")


def test_repetitions_of_an_opendocument_sheet_do_not_take_memory_either(refusal):
    for repeats in ("columns", "rows"):
        cell = ods_number(1).replace("/>", f' table:number-{repeats}-repeated="999999999"/>')
        row = ods_row(cell) if repeats == "columns" else ods_row(*[ods_number(1)] * 20).replace(
            "<table:table-row>", '<table:table-row table:number-rows-repeated="4000000000">'
        )  # fmt: skip
        assert refusal(ods(row), "a.ods").code in ("sheet_columns", "too_many_cells")
    spaces = ods_row(ods_text('<text:s text:c="4000000000"/>'))
    assert refusal(ods(spaces), "a.ods").code == "corrupt"


def test_counts_that_a_workbook_only_claims_take_no_memory(refusal, tmp_path):
    strings = with_part(
        xlsx(rows=[["a"]]), "xl/sharedStrings.xml",
        lambda old: old.replace(b'uniqueCount="1"', b'uniqueCount="99999999999"'),
    )  # fmt: skip
    assert refusal(strings).code == "corrupt"
    claimed = record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFFF, 0))
    source = opened(tmp_path, xls([claimed, xls_number(0, 0, 5)]), "a.xls")
    assert cells(source) == {1: [5.0]}


def test_three_hundred_columns_are_read_and_one_more_is_refused(refusal, tmp_path):
    wide = [list(range(1, 301))]
    text = ",".join(map(str, wide[0])).encode()
    assert len(cells(opened(tmp_path, xlsx(rows=wide), "a.xlsx"))[1]) == 300
    assert len(cells(opened(tmp_path, text, "a.csv"))[1]) == 300
    assert cells(opened(tmp_path, text + b"," * 50, "a.csv"))[1][-1] == "300"
    found = refusal(xlsx(rows=[[*wide[0], 301]]))
    assert (found.code, found.sheet, found.column) == ("sheet_columns", "Sheet1", 301)
    found = refusal(b"a\n" + text + b",301\n", "a.csv")
    assert (found.code, found.row, found.column) == ("too_many_columns", 2, 301)


def test_columns_that_are_only_styled_do_not_count(tmp_path):
    def fill(book, sheet):
        sheet.write(0, 0, 1)
        sheet.write_blank(0, 5000, None, book.add_format({"bold": True}))

    assert cells(opened(tmp_path, xlsx(fill), "a.xlsx")) == {1: [1.0]}


def test_more_rows_than_allowed_in_all_sheets_together(refusal):
    def fill(book, sheet):
        book.add_worksheet("Second").write_column(0, 0, [1] * 6)

    content = xlsx(fill, rows=[[1]] * 5)
    found = refusal(content, most_rows=10)
    assert (found.code, found.sheet, found.row) == ("too_many_rows", "Second", 6)
    assert refusal(b"a\n\n" * 11, "a.csv", most_rows=10).row == 21


def test_rows_read_again_are_not_counted_twice(tmp_path):
    source = opened(tmp_path, b"a\nb\nc\n", "a.csv", most_rows=3)
    assert len(cells(source)) == len(cells(source)) == 3


def test_a_file_over_the_limit(refusal):
    found = refusal(b"a" * 1_100_000, "a.csv", most_bytes=1024 * 1024)
    assert (found.code, "larger than 1 MB" in found.sentence) == ("too_large", True)


def test_a_million_blank_rows_are_cheap(tmp_path):
    started = time.process_time()
    blank = b"".join(b'<row r="%d" ht="15"/>' % row for row in range(2, 1_000_001))
    content = with_sheet_data(xlsx(), ROW % (1, b"A", 1) + blank)
    assert cells(opened(tmp_path, content, "a.xlsx")) == {1: [1.0]}
    assert cells(opened(tmp_path, b"a,b\n" + b",\n" * 1_000_000, "a.csv")) == {1: ["a", "b"]}
    assert time.process_time() - started < 20


def test_a_workbook_without_a_sheet_with_cells_has_no_rows(tmp_path):
    assert cells(opened(tmp_path, xlsx(), "a.xlsx")) == {}


def test_nothing_pasted():
    with pytest.raises(FileRefused) as error:
        paste_source(" \r\n\t")
    assert error.value.code == "empty_block"
