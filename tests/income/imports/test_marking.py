"""The workbook that goes back: the same values, what is wrong marked, and nothing that runs."""

import datetime
import io
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from income.imports.course.findings import Problem
from income.imports.returned.marking import heading_of_marks, write_marked
from income.imports.sources import CellError, SourceRow, SpoiltNumber
from income.vocabulary import Grade

MOMENT = datetime.datetime.fromisoformat("2021-03-05T13:30:00")
HEADING = ["Donor", "Date", "Amount"]
ROWS = [
    SourceRow(1, HEADING),
    SourceRow(2, ["Sweden", datetime.date(2021, 3, 4), Decimal("12345.67")]),
    SourceRow(4, ["=1+1", "2021-13-40", CellError("#DIV/0!")]),
    SourceRow(5, ["Norway", MOMENT, True, 12345678901234567890]),
    SourceRow(6, ["Kenya", None, SpoiltNumber("NaN")]),
]


@dataclass
class AsSheet:
    name: str
    given: list = field(default_factory=list)

    def rows(self):
        return iter(self.given)


@dataclass
class AsSource:
    sheets: tuple
    kind: str = "csv"
    encoding: str = ""
    delimiter: str = ""


def problem(row, column, sentence, grade=Grade.ROW):
    return Problem(grade, "no_date", sentence, row=row, column=column)


def marked(sheets, problems):
    out = io.BytesIO()
    write_marked(AsSource(tuple(sheets)), problems, 1, out)
    out.seek(0)
    return out


def read(out, number=0):
    out.seek(0)
    return CalamineWorkbook.from_filelike(out).get_sheet_by_index(number).to_python()


def comments(out):
    with zipfile.ZipFile(out) as parts:
        names = [name for name in parts.namelist() if "comments" in name]
        return "".join(parts.read(name).decode() for name in names)


def test_the_values_are_the_same_and_in_the_same_cells():
    out = marked([AsSheet("Receipts", ROWS)], {})
    rows = read(out)
    assert rows[0] == [*HEADING, "", heading_of_marks()]
    assert rows[1][:3] == ["Sweden", datetime.date(2021, 3, 4), 12345.67]
    assert rows[2] == ["", "", "", "", ""]  # row 3 was blank, so that numbers stay
    assert rows[3][:3] == ["=1+1", "2021-13-40", "#DIV/0!"]
    assert rows[4][:4] == [
        "Norway", MOMENT, True, "12345678901234567890",
    ]  # fmt: skip
    assert rows[5][:3] == ["Kenya", "", "NaN"]


def test_a_bad_cell_has_a_comment_and_the_row_says_all_of_it_in_the_added_column():
    told = [problem(4, 2, "No such day."), problem(4, 3, "The formula ended in an error.")]
    out = marked([AsSheet("Receipts", ROWS)], {(0, 4): told})
    assert read(out)[3][4] == "No such day.\nThe formula ended in an error."
    assert "No such day." in comments(out)
    assert 'ref="B4"' in comments(out)
    assert 'ref="C4"' in comments(out)


def test_an_empty_cell_that_should_not_be_is_marked_too():
    out = marked([AsSheet("", ROWS)], {(0, 6): [problem(6, 5, "The currency is missing.")]})
    assert 'ref="E6"' in comments(out)


def test_what_is_wrong_with_the_whole_file_stands_at_the_heading():
    whole = Problem(Grade.FILE, "no_amount", "No column holds the amount.")
    out = marked([AsSheet("", ROWS)], {(0, 0): [whole]})
    assert "No column holds the amount." in comments(out)
    assert 'ref="E1"' in comments(out)


def test_no_cell_is_a_formula():
    out = marked([AsSheet("", [SourceRow(1, ["=1+1", "+1", "-1", "@A1", "\t=1"])])], {})
    with zipfile.ZipFile(out) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert read(out)[0][:4] == ["=1+1", "+1", "-1", "@A1"]


def test_sheets_keep_their_names_as_far_as_a_workbook_may_have_them():
    names = ["Africa", "Arab/States", "africa", "", "x" * 40]
    out = marked([AsSheet(name, [SourceRow(1, ["a"])]) for name in names], {})
    assert CalamineWorkbook.from_filelike(out).sheet_names == [
        "Africa", "Arab_States", "africa 3", "4", "x" * 31,
    ]  # fmt: skip


@pytest.mark.parametrize(("grade", "colour"), [(Grade.ROW, "FFD5CC"), (Grade.WARNING, "FFF1C2")])
def test_a_warning_has_another_colour_than_what_stops_the_row(grade, colour):
    out = marked([AsSheet("", ROWS)], {(0, 4): [problem(4, 2, "Look here.", grade)]})
    with zipfile.ZipFile(out) as parts:
        sheet, styles = (
            parts.read(f"xl/{n}.xml").decode() for n in ("worksheets/sheet1", "styles")
        )
    style = int(sheet.split('r="B4" s="')[1].split('"')[0])
    fills = styles.split("<cellXfs")[1].split("<xf ")[1:]
    fill = int(fills[style].split('fillId="')[1].split('"')[0])
    assert styles.split("<fill>")[1:][fill].count(colour) == 1
