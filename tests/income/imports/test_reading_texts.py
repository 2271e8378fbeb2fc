"""Text files and pasted blocks: encodings, delimiters, quotation marks."""

import pytest

from income.imports.reading import FileRefused, paste_source
from income.imports.sources import CellError
from tests.income.imports.workbook_bytes import cells, opened

TEXT = "donor,montant\r\nCôte d'Ivoire,100\r\n"
READ = {1: ["donor", "montant"], 2: ["Côte d'Ivoire", "100"]}


@pytest.fixture
def read(tmp_path):
    return lambda content, **options: opened(tmp_path, content, "a.csv", **options)


@pytest.mark.parametrize(("coded", "found"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"),
    ("windows-1252", "windows-1252"),
])  # fmt: skip
def test_encodings_are_found_out(read, coded, found):
    source = read(TEXT.encode(coded))
    assert (source.encoding, cells(source)) == (found, READ)


def test_a_big_endian_file_with_its_mark(read):
    assert cells(read(b"\xfe\xff" + TEXT.encode("utf-16-be"))) == READ


@pytest.mark.parametrize("chosen", ["utf-8", "windows-1252", "utf-16-le", "iso-8859-15"])
def test_the_chosen_encoding_is_used(read, chosen):
    assert cells(read(TEXT.encode(chosen), encoding=chosen)) == READ


def test_a_mark_is_no_part_of_the_first_heading_when_utf_8_was_chosen(read):
    assert cells(read(TEXT.encode("utf-8-sig"), encoding="utf-8")) == READ


def test_cyrillic_needs_the_choice(read):
    content = "донор,сумма\nШвеция,5\n".encode("windows-1251")
    assert cells(read(content, encoding="windows-1251"))[2] == ["Швеция", "5"]


def test_bytes_that_the_encoding_has_not_are_refused_with_their_row(read):
    with pytest.raises(FileRefused) as error:
        cells(read(b"a,b\n" + b"x,y\n" * 20_000 + "é,y\n".encode("cp1252"), encoding="utf-8"))
    assert (error.value.code, error.value.row) == ("encoding", 20_002)
    with pytest.raises(FileRefused) as error:
        cells(read(b"a,b\nx,\x81\xe9\n"))
    assert error.value.row == 2


def test_unknown_choices_are_refused(read):
    with pytest.raises(FileRefused, match="idna is no encoding"):
        read(b"a,b\n", encoding="idna")
    with pytest.raises(FileRefused, match="cannot be divided"):
        read(b"a,b\n", delimiter="a")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(read, delimiter):
    rows = [["Donor", "Amount", "Date"], ['Canada; Québec, "x"', "1.234,56", "3|4"]]
    lines = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    source = read("\n".join(lines).encode())
    assert (source.delimiter, list(cells(source).values())) == (delimiter, rows)


def test_decimal_commas_do_not_pass_for_delimiters(read):
    source = read(
        b"Receipts 2021\n\ndonor;date;amount\nSweden;4.3.2021;1,5\nNorway;5.3.2021;2,25\n"
    )
    assert source.delimiter == ";"
    assert cells(source)[4] == ["Sweden", "4.3.2021", "1,5"]


def test_the_chosen_delimiter_is_used(read):
    assert cells(read(b"a;b,c\n", delimiter=";")) == {1: ["a", "b,c"]}


def test_a_line_that_names_the_delimiter_is_no_row(read):
    source = read(b"sep=;\r\na;b\r\n1;2\r\n")
    assert (source.delimiter, cells(source)) == (";", {1: ["a", "b"], 2: ["1", "2"]})


def test_a_single_column(read):
    assert cells(read(b"donor\nSweden\n")) == {1: ["donor"], 2: ["Sweden"]}


def test_rows_are_numbered_as_a_spreadsheet_does(read):
    found = cells(read(b'a,b\n\n"two\nlines",2\n , \n,,\nlast,\n'))
    assert found == {1: ["a", "b"], 3: ["two\nlines", "2"], 6: ["last"]}


def test_error_texts_are_errors(read):
    found = cells(read("a,b\n#DIV/0!,#ДЕЛ/0!\n#1,# N/A\n".encode()))
    assert found[2] == [CellError("#DIV/0!"), CellError("#ДЕЛ/0!")]
    assert found[3] == ["#1", "# N/A"]


@pytest.mark.parametrize(("content", "code", "row"), [
    (b'a,b\n1,"2\n3,4\n', "quotes", 2), (b'a,b\n1,2\n"x"y,4\n', "quotes", 3),
    (b"a,b\n1,\x002\n", "nul", 2), (b'a,b\n"' + b"x" * 200_000 + b'",1\n', "long_cell", 2),
])  # fmt: skip
def test_spoilt_text_is_refused_with_its_row(read, content, code, row):
    with pytest.raises(FileRefused) as error:
        cells(read(content))
    assert (error.value.code, error.value.row) == (code, row)
    assert "a.csv" in error.value.sentence


def test_text_of_two_bytes_a_character_without_a_mark_needs_the_choice(read):
    content = TEXT.encode("utf-16-le")
    with pytest.raises(FileRefused, match="Choose another encoding"):
        cells(read(content))
    assert cells(read(content, encoding="utf-16-le")) == READ


def test_a_very_long_cell_is_read(read):
    assert len(cells(read(b"a,b\n" + b"x" * 100_000 + b",1\n"))[2][0]) == 100_000


def test_rows_are_streamed_from_the_file(read):
    source = read(b"a,b\n" + b"1,2\n" * 100_000 + b'"never closed')
    rows = source.sheets[0].rows()
    assert [next(rows).number for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(("text", "found"), [
    ("a\tb\r\n1\t2\r\n", {1: ["a", "b"], 2: ["1", "2"]}),
    ("donor\r\nSweden\r\nNorway", {1: ["donor"], 2: ["Sweden"], 3: ["Norway"]}),
    ('a\t"two\nlines"\n3\t"say ""so"""\n', {1: ["a", "two\nlines"], 2: ["3", 'say "so"']}),
    ('a\t"Hello" world\nb\t"open\n', {1: ["a", '"Hello" world'], 2: ["b", '"open']}),
    ("a\t\t\r\n\t\t\r\n\tb\t", {1: ["a"], 3: [None, "b"]}),
    ("1,5\t#N/A", {1: ["1,5", CellError("#N/A")]}),
])  # fmt: skip
def test_pasted_blocks(text, found):
    source = paste_source(text)
    assert (source.kind, source.delimiter) == ("pasted", "\t")
    assert cells(source) == cells(source) == found


def test_a_pasted_block_has_the_same_limits():
    with pytest.raises(FileRefused) as error:
        cells(paste_source("a\n" * 11, most_rows=10))
    assert error.value.row == 11
