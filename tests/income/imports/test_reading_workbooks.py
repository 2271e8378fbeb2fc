"""Workbooks give their cells as a spreadsheet shows them, in all three formats."""

from datetime import date, datetime, time, timedelta

import pytest

from income.imports.sources import CellError, SpoiltNumber
from income.imports.values import day_in, decimal_in
from tests.income.imports.workbook_bytes import (
    cells,
    ods,
    ods_number,
    ods_row,
    ods_text,
    opened,
    with_sheet_data,
    xls,
    xls_error,
    xls_number,
    xls_text,
    xlsx,
)


@pytest.fixture
def read(tmp_path):
    return lambda content, name="a.xlsx", **options: cells(
        opened(tmp_path, content, name, **options)
    )


def dated(book, sheet):
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_number(0, 0, 44259, day)
    sheet.write_datetime(1, 0, datetime(2021, 3, 4, 5, 6), day)  # noqa: DTZ001
    sheet.write_number(2, 0, 0.25, book.add_format({"num_format": "hh:mm"}))
    sheet.write_number(3, 0, 1.5, book.add_format({"num_format": "[h]:mm:ss"}))
    sheet.write_number(4, 0, 44259)


def test_dates_times_and_durations_of_a_workbook(read):
    found = read(xlsx(dated))
    assert found[1] == [date(2021, 3, 4)]
    assert found[2] == [datetime(2021, 3, 4, 5, 6)]  # noqa: DTZ001
    assert found[3] == [time(6)]
    assert found[4] == [timedelta(days=1, hours=12)]
    assert day_in(found[5][0], "") == date(2021, 3, 4)


def test_a_workbook_that_counts_days_from_1904(read):
    found = read(xlsx(dated, date_1904=True))
    assert found[1] == [date(2025, 3, 5)]
    assert day_in(found[5][0], "") == date(2025, 3, 5)
    assert decimal_in(found[5][0], ".") == 44259


def test_rows_keep_the_number_and_columns_the_place_that_the_spreadsheet_gives(read):
    found = read(xlsx(lambda book, sheet: sheet.write(6, 3, "here")))
    assert found == {7: [None, None, None, "here"]}


def test_empty_rows_and_cells_at_the_end_are_left_out(read):
    def fill(book, sheet):
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["a", "b", "   ", ""])
        for row in range(1, 500):
            sheet.write_blank(row, 5, None, bold)
        sheet.write_string(600, 0, "  ")

    assert read(xlsx(fill)) == {1: ["a", "b"]}


def test_formulas_that_failed_are_told_from_empty_cells(read):
    def fill(book, sheet):
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 1, "=NA()", None, "#N/A")
        sheet.write_formula(0, 2, '=""', None, "")
        sheet.write_formula(0, 3, "=1+1", None, 2)

    assert read(xlsx(fill)) == {1: [CellError("#DIV/0!"), CellError("#N/A"), None, 2.0]}


def test_numbers_that_are_none_are_spoilt(read):
    data = b"".join(
        b'<c r="%s1"><v>%s</v></c>' % pair
        for pair in ((b"A", b"1e309"), (b"B", b"NaN"), (b"C", b"-1e400"), (b"D", b"1.5"))
    )
    found = read(with_sheet_data(xlsx(), b'<row r="1">' + data + b"</row>"))
    assert [type(cell) for cell in found[1]] == [SpoiltNumber] * 3 + [float]


def test_the_sum_of_a_tenth_and_two_tenths_is_three_tenths(read):
    data = b'<row r="1"><c r="A1"><v>0.30000000000000004</v></c></row>'
    assert str(decimal_in(read(with_sheet_data(xlsx(), data))[1][0], ".")) == "0.3"


def test_cells_without_a_reference_stand_one_after_the_other(read):
    data = b"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert read(with_sheet_data(xlsx(), data)) == {1: [1.0, 2.0], 2: [3.0]}


def test_hidden_and_chart_sheets_are_left_out(tmp_path):
    def fill(book, sheet):
        sheet.write(0, 0, "seen")
        hidden = book.add_worksheet("Lists")
        hidden.hide()
        hidden.write(0, 0, "unseen")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$2"})
        book.add_chartsheet("Chart").set_chart(chart)
        book.add_worksheet("Second").write(0, 0, "too")

    source = opened(tmp_path, xlsx(fill), "a.xlsx")
    assert [sheet.name for sheet in source.sheets] == ["Sheet1", "Second"]
    assert source.left_out == ("Lists",)
    assert (cells(source, 0), cells(source, 1)) == ({1: ["seen"]}, {1: ["too"]})


def test_merged_cells_have_their_value_in_the_first_cell(tmp_path):
    def fill(book, sheet):
        sheet.merge_range(0, 0, 0, 2, "Receipts")
        sheet.write_row(1, 0, ["a", "b", "c"])

    source = opened(tmp_path, xlsx(fill), "a.xlsx")
    assert source.sheets[0].merged() == ((1, 1, 1, 3),)
    assert cells(source) == {1: ["Receipts"], 2: ["a", "b", "c"]}


def test_rows_may_be_asked_for_again(tmp_path):
    source = opened(tmp_path, xlsx(rows=[["a"], [1]]), "a.xlsx")
    first = source.sheets[0].rows()
    next(first)
    assert cells(source) == cells(source) == {1: ["a"], 2: [1.0]}
    assert next(first).cells == [1.0]


def test_an_opendocument_sheet(tmp_path):
    value = "<table:table-cell office:value-type="
    rows = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    rows += ods_row(
        '<table:table-cell table:number-columns-repeated="2"/>',
        ods_text("Côte d&apos;Ivoire"), ods_number("1.5"), ods_number("NaN"),
        f'{value}"date" office:date-value="2021-03-04"/>',
        f'{value}"string" office:string-value="" table:formula="of:=1/0" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
    )  # fmt: skip
    rows += ods_row(
        '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
        "<text:p>Err:502</text:p></table:table-cell>"
    )
    rows += ods_row(
        '<table:table-cell table:number-columns-spanned="2" office:value-type="string">'
        "<text:p>wide</text:p></table:table-cell><table:covered-table-cell/>"
    )
    rows += ods_row("<table:table-cell/>").replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1048571">'
    )
    source = opened(tmp_path, ods(rows), "a.ods")
    assert source.kind == "ods"
    assert cells(source) == {
        3: [None, None, "Côte d'Ivoire", 1.5, SpoiltNumber("nan"), date(2021, 3, 4),
            CellError("#DIV/0!")],
        4: [CellError("Err:502")],
        5: ["wide"],
    }  # fmt: skip
    assert source.sheets[0].merged() == ((5, 1, 5, 2),)


def test_a_workbook_of_the_old_format(tmp_path):
    content = xls([
        xls_text(0, 0, "Donor"), xls_text(0, 1, "Ümit"), xls_number(1, 0, 19234.56),
        xls_number(1, 1, 44259, style=1), xls_error(1, 3), xls_error(4, 1, 0x2A),
    ])  # fmt: skip
    source = opened(tmp_path, content, "a.xls")
    assert (source.kind, source.sheets[0].name) == ("xls", "Sheet1")
    assert cells(source) == {
        1: ["Donor", "Ümit"],
        2: [19234.56, date(2021, 3, 4), None, CellError("#DIV/0!")],
        5: [None, CellError("#N/A")],
    }


def test_an_old_workbook_that_counts_days_from_1904(tmp_path):
    content = xls([xls_number(0, 0, 44259), xls_number(0, 1, 44259, style=1)], is_1904=True)
    plain, formatted = cells(opened(tmp_path, content, "a.xls"))[1]
    assert day_in(plain, "") == day_in(formatted, "") == date(2025, 3, 5)
