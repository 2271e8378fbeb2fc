"""A file of 2,000 rows in which 40 cells are wrong: it comes back with these 40 marked."""

import datetime
import io
import re
import zipfile
from collections import Counter

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from donors.models import Donor
from income.imports import services
from income.imports.columns.plan import Plan
from income.imports.course.checking import check
from income.imports.returned.returning import error_workbook
from income.ledger.verification import problems
from income.models import Contribution, Entry, Import, ImportedRow, Posting
from tests.income.imports.passes_cases import posted

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TITLE = "Contributions of 2021, as at 31 December"
HEADINGS = (
    "Kind", "Donor", "Fund", "Date", "Currency", "Amount", "Payment reference", "Purpose",
    "Bank charge", "Financing instrument", "Ends on", "Country or area",
)  # fmt: skip
FIRST, ROWS = 4, 2_000  # the title stands in row 1, the headings in row 3
DONORS = ("Sweden", "Norway", "Government of Kenya", "Allemagne", "Japan", "Suisse", "Canada")
FUNDS = ("FNE", "FE", "General purpose", "TC")
CURRENCIES = ("USD", "SEK", "EUR", "NOK", "USD")
YEAR = datetime.date(2021, 1, 1)
DAY = datetime.timedelta(days=1)


class Failed(str):
    """What a formula ended in."""


# Field, what stands there, the code of what is said about it.
SORTS = (
    ("Kind", "gift of time", "unknown_kind"),
    ("Donor", "Kingdom of Nowhere", "unknown_donor"),
    ("Donor", None, "missing_donor"),
    ("Fund", "Moonshots", "unknown_fund"),
    ("Fund", "RB", "fund_not_for_kind"),
    ("Fund", None, "missing_fund"),
    ("Date", "2021-02-30", "no_such_day"),
    ("Date", datetime.date(2022, 12, 16), "date_in_future"),
    ("Date", datetime.date(1977, 12, 31), "date_too_long_ago"),
    ("Date", "soon", "no_date"),
    ("Date", None, "missing_date"),
    ("Currency", "ZZZ", "unknown_currency"),
    ("Currency", None, "missing_currency"),
    ("Amount", "a lot", "no_number"),
    ("Amount", "1e309", "exponent"),
    ("Amount", "19.234,56", "other_sign"),
    ("Amount", 1250.505, "too_many_decimals"),
    ("Amount", "12%", "percent"),
    ("Amount", "98765432109876", "too_many_digits"),
    ("Amount", Failed("#DIV/0!"), "formula_error"),
    ("Amount", None, "missing_amount"),
    ("Amount", datetime.date(2021, 3, 4), "number_is_date"),
    ("Payment reference", "R" * 81, "too_long"),
    ("Bank charge", -5, "amount_not_above_zero"),
    ("Financing instrument", "R07", "legacy_instrument"),
    ("Financing instrument", "a loan of elephants", "unknown_instrument"),
    ("Ends on", datetime.date(2099, 1, 1), "date_wrong"),
    ("Country or area", "Atlantis", "unknown_area"),
)


def right(number):
    """The cells of a row as they should be. No two rows are alike."""
    day = YEAR + DAY * (number * 7 % 365)
    is_receipt = number % 3 != 0
    return [
        "Received" if is_receipt else "Commitment", DONORS[number % 7], FUNDS[number % 4], day,
        CURRENCIES[number % 5], 1000 + number * 12.25, f"REF-{number:05}", f"Project {number % 9}",
        25 if is_receipt and number % 10 == 1 else None, None,
        None if number % 4 else datetime.date(2023, 6, 30), "KEN" if number % 5 else "Brasil",
    ]  # fmt: skip


def _place(number, code):
    """Rows 49 apart, or the next one: only receipts have charges, and 1977 no rates."""
    start = 7 + 49 * number
    fits = ("amount_not_above_zero", "date_too_long_ago")
    return next(
        at for at in range(start, start + 49)
        if code not in fits or (right(at)[0], right(at)[4]) == ("Received", "USD")
    )  # fmt: skip


# Row → column (both as the spreadsheet counts them), what stands there, the code.
WRONG = {
    FIRST + _place(number, code): (HEADINGS.index(name) + 1, cell, code)
    for number, (name, cell, code) in enumerate([*SORTS, *SORTS[:12]])
}
assert len(WRONG) == 40
assert max(WRONG) < FIRST + ROWS


def the_file():
    rows = [[TITLE], [], list(HEADINGS), *(right(number) for number in range(ROWS))]
    for row, (column, cell, _code) in WRONG.items():
        rows[row - 1][column - 1] = cell
    return rows


def workbook(rows):
    """The rows as an .xlsx of one sheet “Receipts”."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page, day = book.add_worksheet("Receipts"), book.add_format({"num_format": "dd.mm.yyyy"})
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, Failed):
                page.write_formula(at, column, "=1/0", None, str(cell))
            elif isinstance(cell, datetime.date):
                page.write_datetime(at, column, cell, day)
            elif cell not in (None, ""):
                page.write(at, column, cell)
    book.close()
    return out.getvalue()


def read(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def cells_of(content):
    """Row and column → what stands there, without empty cells."""
    rows = read(content).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return {
        (at, column): cell
        for at, cells in enumerate(rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if cell != ""
    }


def commented(content):
    """Row and column of every comment."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"xl/comments\d+\.xml", name):
                refs = re.findall(r'<comment ref="([A-Z])(\d+)"', parts.read(name).decode())
                found += [(int(row), ord(letter) - ord("A") + 1) for letter, row in refs]
    return found


def brought(ledger, by, content, name="receipts-2021.xlsx"):
    """Read in as it is proposed; conventions as the user would choose them where asked."""
    upload = SimpleUploadedFile(name, content)
    import_ = services.read_in(upload, ledger=ledger, by=by, name=name)
    plan = Plan.of_json(import_.plan).with_(decimal_sign=".", date_order="ymd")
    return services.change_plan(import_, plan, version=import_.version, by=by)


def book_counts():
    models = (Posting, Entry, Contribution, ImportedRow, Donor)
    return [model.objects.count() for model in models]


def post(import_, officer, reviewer):
    import_.refresh_from_db()
    posted(services.submit(import_, version=import_.version, by=officer), reviewer)


def mended(content):
    """The returned workbook with the 40 cells corrected; what was marked is still beside them."""
    found = cells_of(content)
    for row, (column, _cell, _code) in WRONG.items():
        found[row, column] = right(row - FIRST)[column - 1]
    width = max(column for _row, column in found)
    last = max(row for row, _column in found)
    return workbook(
        [[found.get((row, column)) for column in range(1, width + 1)] for row in range(1, last + 1)]
    )


def test_forty_wrong_cells_come_back_marked_and_once_mended_only_their_rows_are_posted(
    ledger, officer, reviewer, today
):
    assert len({code for _column, _cell, code in WRONG.values()}) >= 15
    content, before = workbook(the_file()), book_counts()
    first = brought(ledger, officer, content)
    found = check(first, today=today)
    assert found.problem_counts == Counter(code for _column, _cell, code in WRONG.values())
    assert (found.rows, found.accepted, found.failing) == (2_000, 1_960, 40)
    assert (found.warnings, found.similar, found.zero) == (0, 0, 0)
    told = {one["row"]: (one["column"], one["code"], one["sheet"]) for one in found.problems}
    assert told == {row: (column, code, "Receipts") for row, (column, _cell, code) in WRONG.items()}

    returned = error_workbook(first, today=today).read()
    places = {(row, column) for row, (column, _cell, _code) in WRONG.items()}
    assert sorted(commented(returned)) == sorted(places)
    assert read(returned).sheet_names == read(content).sheet_names == ["Receipts"]
    values, extra = cells_of(returned), len(HEADINGS) + 1
    marks = {row: cell for (row, column), cell in values.items() if column == extra}
    assert marks.pop(3) == "What is wrong"
    assert marks == {one["row"]: one["sentence"] for one in found.problems}
    kept = {place: cell for place, cell in values.items() if place[1] != extra}
    failed = {
        (row, column): str(cell)  # which calamine leaves empty
        for row, (column, cell, _code) in WRONG.items()
        if isinstance(cell, Failed)
    }
    assert kept == cells_of(content) | failed
    assert book_counts() == before

    post(first, officer, reviewer)
    assert ImportedRow.objects.count() == Contribution.objects.count() == 1_960
    second = brought(ledger, officer, mended(returned), "receipts-2021-mended.xlsx")
    found = check(second, today=today)
    assert (found.rows, found.accepted, found.in_books, found.failing) == (2_000, 40, 1_960, 0)
    post(second, officer, reviewer)
    assert set(ImportedRow.objects.filter(source=second).values_list("row", flat=True)) == set(
        WRONG
    )
    assert ImportedRow.objects.count() == Contribution.objects.count() == 2_000
    assert Entry.objects.filter(ledger=ledger, kind="due").count() == 2_000
    assert list(problems(ledger)) == []
    third = check(brought(ledger, officer, mended(returned)), today=today)
    assert (third.rows, third.accepted, third.in_books) == (2_000, 0, 2_000)
    assert Import.objects.filter(postings__isnull=False).distinct().count() == 2
