"""What people send by mistake: said in a sentence with its place, and nothing stays behind.

Each file goes the whole way, from `read_in` through `check`, as the portal takes it.
"""

import csv
import datetime
import io
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from donors.models import Donor
from income.imports import services
from income.imports.choices import Choices
from income.imports.columns.plan import Plan
from income.imports.course.checking import check
from income.imports.reading import MOST_BYTES, FileRefused
from income.models import Contribution, Draft, Entry, Import, Posting
from income.sheets import entries_csv
from tests.income.imports import workbook_bytes as made
from tests.income.imports.passes_cases import TODAY, csv_of, imported, plan, posted, sound

pytestmark = pytest.mark.django_db
HEADINGS = ("Donor", "Fund", "Date", "Currency", "Amount")
GIFT = ("Sweden", "FNE", "2021-06-03", "USD", "1000")
DAY = 44_350  # 3 June 2021, in workbooks of the 1900 system


class Tried:
    """What came of a file: refused by `read_in`, or checked."""

    def __init__(self, refusal=None, import_=None, report=None):
        self.refusal, self.import_, self.report = refusal, import_, report

    @property
    def problems(self):
        return [(one["code"], one["sheet"], one["row"], one["column"])
                for one in self.report.problems]  # fmt: skip


@pytest.fixture
def attempt(ledger, officer, django_capture_on_commit_callbacks):
    """Bring a file in and check it; where it is refused, see that nothing stays."""

    def tried(content, name="a.xlsx", **changed):
        before = left_behind()
        limits = {"most_bytes": changed.pop("most_bytes", MOST_BYTES)}
        try:
            import_ = services.read_in(SimpleUploadedFile(name, content), ledger=ledger,
                                       by=officer, name=name, **limits)  # fmt: skip
        except FileRefused as error:
            assert error.sentence
            assert left_behind() == before
            return Tried(refusal=error)
        said = Plan.of_json(import_.plan).with_(**changed)
        services.change_plan(import_, said, version=import_.version, by=officer)
        import_.refresh_from_db()
        try:
            report = check(import_, today=TODAY)
        except FileRefused as error:
            with django_capture_on_commit_callbacks(execute=True):
                services.discard(import_, by=officer)
            assert left_behind() == before
            return Tried(refusal=error)
        assert left_behind()[0][1:] == before[0][1:]
        assert all(one["sentence"] for one in report.problems)
        return Tried(import_=import_, report=report)

    return tried


def left_behind():
    models = (Import, Draft, Posting, Entry, Contribution, Donor)
    kept = {file.name for file in (Path(settings.MEDIA_ROOT) / "imports").glob("*")}
    return [model.objects.count() for model in models], kept


def rows_with(*changed):
    """Headings, and a gift per argument, in which some cells say something else."""
    rows = [dict(zip(HEADINGS, GIFT, strict=True)) | one for one in changed]
    return [HEADINGS, *([row[name] for name in HEADINGS] for row in rows)]


def text_of(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def bomb():
    return made.with_part(
        made.xlsx(rows=[[1]]), "xl/styles.xml", lambda _old: b" " * 60_000_000
    )  # fmt: skip


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("holiday.jpg", "x")
    return out.getvalue()


@pytest.mark.parametrize(("content", "name", "code"), [
    (b"", "a.csv", "empty_file"),
    (b" \r\n\r\n", "a.csv", "empty_file"),
    (made.xlsx(rows=[]), "a.xlsx", "empty_file"),
    (made.ole(b"x" * 5000, title="EncryptedPackage"), "a.xlsx", "encrypted"),
    (made.ods("", encrypted=True), "a.ods", "encrypted"),
    (made.xlsx(rows=[["text", 1]] * 50)[:3000], "a.xlsx", "corrupt"),
    (made.xlsx(rows=[["text", 1]] * 50)[500:], "a.xlsx", "other_content"),
    (bomb(), "a.xlsx", "bomb"),
    (archive(), "a.xlsx", "other_content"),
    (b"%PDF-1.7\n%\xe2\xe3", "a.xlsx", "other_content"),
    (made.xlsx(rows=[[1]]), "a.csv", "other_ending"),
    (text_of([HEADINGS, GIFT]), "a.xlsx", "other_ending"),
    (b"Donor,Amount\nSweden,\"1\n", "a.csv", "quotes"),
    (b"Donor,Amount\nSweden,1\x00\x00\n", "a.csv", "nul"),
    (made.xlsx(rows=[range(301)]), "a.xlsx", "sheet_columns"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_by_its_name(attempt, content, name, code):
    refusal = attempt(content, name).refusal
    assert refusal.code == code
    assert name in refusal.sentence or refusal.sheet == "Sheet1"


def test_a_refusal_in_the_middle_of_a_file_names_row_and_column(attempt):
    wide = b"Donor,Amount\n" + b"Sweden,1\n" * 500 + b"," * 300 + b"1\n"
    refusal = attempt(wide, "a.csv").refusal
    assert (refusal.code, refusal.row, refusal.column) == ("too_many_columns", 502, 301)
    assert "502" in refusal.sentence


def test_an_upload_over_the_limit(attempt, client_of, officer, settings):
    refusal = attempt(b"a,b\n" * 1_000_000, "a.csv", most_bytes=1 << 20).refusal
    assert "a.csv is larger than 1 MB" in refusal.sentence
    settings.MOST_BYTES_OF_A_FILE = 1024
    before = left_behind()
    file = SimpleUploadedFile("a.csv", b"a,b\n" * 257)
    response = client_of(officer).post(reverse("import_new"), {"file": file})
    assert response.status_code == 422
    assert "at most. Divide it into several files." in response.content.decode()
    assert left_behind() == before


def test_a_million_blank_rows_below_the_rows_take_little_time(attempt):
    started = time.process_time()
    found = attempt(text_of([HEADINGS, GIFT]) + b",,,,\n" * 1_000_000, "a.csv")
    assert (found.report.rows, found.report.accepted) == (1, 1)
    styled = b"".join(b'<row r="%d" ht="15"/>' % row for row in range(3, 1_000_001))
    content = made.with_part(
        made.xlsx(rows=rows_with({})), "xl/worksheets/sheet1.xml",
        lambda old: old.replace(b"</sheetData>", styled + b"</sheetData>"),
    )  # fmt: skip
    found = attempt(content)
    assert (found.report.rows, found.report.accepted) == (1, 1)
    assert time.process_time() - started < 30


def test_two_rows_of_headings_with_merged_cells(attempt):
    def fill(_book, sheet):
        sheet.merge_range("A1:E1", "Contributions of 2021")
        sheet.merge_range("A2:A3", "Donor")
        sheet.merge_range("B2:B3", "Fund")
        sheet.merge_range("C2:E2", "Payment")
        for column, text in enumerate(("Date", "Currency", "Amount"), start=2):
            sheet.write(2, column, text)
        sheet.write_row(3, 0, GIFT[:4])
        sheet.write(3, 4, 1000)

    found = attempt(made.xlsx(fill))
    assert (found.report.accepted, found.report.failing, found.problems) == (1, 0, [])


def test_merged_cells_among_the_rows_leave_the_others_empty_and_say_so(attempt):
    def fill(book, sheet):
        for at, row in enumerate(rows_with({}, {}, {})):
            sheet.write_row(at, 0, row)
        sheet.merge_range("A2:A4", "Sweden", book.add_format({"bold": True}))

    found = attempt(made.xlsx(fill))
    assert found.report.accepted == 1
    assert found.problems == [("missing_donor", "Sheet1", 3, 1), ("missing_donor", "Sheet1", 4, 1)]


def test_formulas_with_errors_and_numbers_that_are_none_name_their_cell(attempt):
    def fill(_book, sheet):
        for at, row in enumerate(rows_with(*({"Amount": str(number)} for number in range(1, 7)))):
            sheet.write_row(at, 0, row)
        sheet.write_formula("E2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("A3", "=VLOOKUP(1,B:B,1)", None, "#N/A")
        sheet.write_formula("C4", "=1/0", None, "#VALUE!")

    found = attempt(made.xlsx(fill))
    assert found.report.accepted == 3
    assert sorted(found.problems) == [
        ("formula_error", "Sheet1", 2, 5), ("formula_error", "Sheet1", 4, 3),
        ("spoilt_cell", "Sheet1", 3, 1),
    ]  # fmt: skip
    for told in ("NaN", "inf", "-Infinity", "1e309", "١e٣٠٩"):
        found = attempt(text_of(rows_with({"Amount": told}, {})), "a.csv")
        assert (found.report.accepted, found.report.failing) == (1, 1)
        assert [place[1:] for place in found.problems] == [("", 2, 5)]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_of_both_systems_are_the_same_days(attempt, is_1904):
    def fill(book, sheet):
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, GIFT)
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime(1, 2, datetime.datetime.fromisoformat("2021-06-03"), day)

    [told] = attempt(made.xlsx(fill, date_1904=is_1904)).report.samples[:1]
    assert told["value_date"] == "2021-06-03"


@pytest.mark.parametrize(("order", "told", "day"), [
    ("dmy", "3.6.2021", "2021-06-03"), ("mdy", "06/03/2021", "2021-06-03"),
    ("ymd", "2021/6/3", "2021-06-03"), ("dmy", "03 June 2021", "2021-06-03"),
    ("ymd", "٢٠٢١-٠٦-٠٣", "2021-06-03"), ("ymd", "2021年6月3日", "2021-06-03"),
    ("ymd", "20210603", "2021-06-03"), ("dmy", str(DAY), "no_date"),
    ("dmy", "03/06/21", "short_year"), ("ymd", "31/12/2021", "other_order"),
    ("mdy", "31/12/2021", "other_order"), ("dmy", "31.6.2021", "no_such_day"),
    ("dmy", "June 2021", "no_day"), ("dmy", "13:30", "time_only"),
])  # fmt: skip
def test_days_as_texts_in_any_order_are_read_as_chosen_or_told(attempt, order, told, day):
    found = attempt(text_of(rows_with({"Date": told})), "a.csv", date_order=order)
    if found.problems:
        assert found.problems == [(day, "", 2, 3)]
    else:
        assert found.report.samples[0]["value_date"] == day


def test_days_as_bare_numbers_of_a_workbook(attempt):
    content = made.xlsx(rows=rows_with({"Date": DAY}, {"Date": 60}, {"Date": 20210603}))
    found = attempt(content)
    assert {one["value_date"] for one in found.report.samples} == {"2021-06-03"}
    assert found.report.accepted == 2
    assert ("serial_60", "Sheet1", 3, 3) in found.problems


def test_a_day_that_can_be_read_in_two_ways_is_asked_for_and_not_guessed(attempt):
    found = attempt(text_of(rows_with({"Date": "03/04/2021"})), "a.csv")
    assert found.problems == [("which_order", "", 2, 3)]


@pytest.mark.parametrize(("sign", "told", "amount"), [
    (".", "1,234,567.89", "1234567.89"), (",", "1 234 567,89", "1234567.89"),
    (",", "1.234.567,89", "1234567.89"), (",", "1\u00a0234\u00a0567,89", "1234567.89"),
    (",", "1\u202f234\u202f567,89", "1234567.89"), (".", "1'234'567.89", "1234567.89"),
    (".", "١٬٢٣٤٬٥٦٧٫٨٩", "1234567.89"), (".", "١٢٣٤٫٥", "1234.5"), (".", "１，２３４", "1234"),
    (".", "USD 1,000", "1000"), (".", "(1,000)", "-1000"), (".", "1,000-", "-1000"),
    (".", "\u22121000", "-1000"), (",", "19.234,56", "19234.56"), (".", "19.234,56", None),
    (".", "\u200e1000\u200f", "1000"), (".", "1,00,000", None), (".", "12,34", None),
])  # fmt: skip
def test_amounts_as_six_languages_write_them_are_never_misread(attempt, sign, told, amount):
    found = attempt(text_of(rows_with({"Amount": told})), "a.csv", decimal_sign=sign)
    if amount is None:
        assert found.problems == [("other_sign", "", 2, 5)]
        return
    [receipt] = [one for one in found.report.totals if one.kind == "receipt"]
    assert receipt.amount == amount


def test_an_amount_that_can_be_read_in_two_ways_is_asked_for_and_not_guessed(attempt):
    found = attempt(text_of(rows_with({"Amount": "1.234"})), "a.csv")
    assert found.problems == [("which_sign", "", 2, 5)]


def test_rows_below_zero_and_of_zero_are_no_mistakes(attempt):
    found = attempt(text_of(rows_with({"Amount": "-250.50"}, {"Amount": "0"})), "a.csv")
    assert (found.report.accepted, found.report.zero, found.report.failing) == (1, 1, 0)
    assert [(one.kind, one.amount) for one in found.report.totals] == [("receipt", "-250.50")]


def test_what_nobody_sees_does_not_make_another_donor(attempt):
    names = ("\u200fSweden\u200e", "Swe\u00adden", "\ufeffSweden", " Sweden\u00a0", "S\u200bweden")
    found = attempt(text_of(rows_with(*({"Donor": name} for name in names))), "a.csv")
    assert (found.report.accepted, found.report.unknown_donors) == (5, [])
    assert {one["donor"] for one in found.report.samples} == {"SWE"}


def test_three_hundred_columns_are_read(attempt):
    more = [f"Column {number}" for number in range(6, 301)]
    rows = [[*HEADINGS, *more], [*GIFT, *["x"] * 295]]
    for content, name in ((made.xlsx(rows=rows), "a.xlsx"), (text_of(rows), "a.csv")):
        found = attempt(content, name)
        assert (found.report.accepted, found.problems) == (1, [])


@pytest.mark.both_databases
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_a_text_and_exports_are_guarded(
    ledger, officer, reviewer, sign
):
    text = f"{sign}HYPERLINK(1)"
    fields = ("donor", "fund", "date", "currency", "amount", "title")
    rows = csv_of([(text, *GIFT[1:], text)], fields)
    import_ = services.read_in(
        SimpleUploadedFile("a.csv", rows), ledger=ledger, by=officer, name="a.csv",
        plan=plan(fields=fields),
    )  # fmt: skip
    [unknown] = check(import_, today=TODAY).unknown_donors
    assert unknown.text == text
    new = {"code": "NEW", "name": text, "contributor_type": "C08B", "iso3": ""}
    import_.refresh_from_db()
    services.change_choices(import_, Choices(donors={unknown.key: {"new": new}}),
                            version=import_.version, by=officer)  # fmt: skip
    import_.refresh_from_db()
    check(import_, today=TODAY)
    import_.refresh_from_db()
    posted(services.submit(import_, version=import_.version, by=officer), reviewer)
    assert Donor.objects.get(code="NEW").names["en"] == text
    assert Contribution.objects.get().title == text
    assert sound(ledger)
    exported = entries_csv(Entry.objects.filter(ledger=ledger), ledger, with_bank_data=True)
    rows = list(csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))))
    assert {row["donor_name"] for row in rows} == {f"'{text}"}


@pytest.mark.both_databases
def test_a_character_that_no_text_has_stops_its_row_alone(attempt):
    """PostgreSQL keeps no NUL, in no column."""
    texts = [made.xls_text(0, column, text) for column, text in enumerate(HEADINGS)]
    rows = [("Swe\x00den", *GIFT[1:]), GIFT]
    for at, row in enumerate(rows, start=1):
        texts += [made.xls_text(at, column, text) for column, text in enumerate(row)]
    found = attempt(made.xls(texts), "a.xls")
    assert found.problems == [("unknown_donor", "Sheet1", 2, 1)]
    assert (found.report.accepted, found.report.problems[0]["value"]) == (1, "Swe\ufffdden")


def test_half_a_file_is_no_file(attempt, ledger, officer, reviewer):
    """A text cut off in the middle of a row cannot be told from a whole one: the row is."""
    found = attempt(text_of(rows_with({}, {}))[:-12], "a.csv")
    assert (found.report.accepted, found.report.failing) == (1, 1)
    assert imported(ledger, officer, reviewer)
