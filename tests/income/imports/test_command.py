"""`manage.py import_income`: a file from the command line, its exit status and its report."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from donors.models import Donor
from income.imports import jobs
from income.models import (
    Contribution,
    Draft,
    Entry,
    Import,
    ImportedRow,
    ImportLayout,
    Ledger,
    Posting,
)
from tests import factories
from tests.income.imports.passes_cases import NORWAY, ROWS, SWEDEN, csv_of, sound

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOBODY = ("Friends of Quiet Harbours", "FNE", "2021-07-02", "USD", "10", "B-4")
WRONG = ("Sweden", "FNE", "sometime", "USD", "10", "B-5")
FLAGS = ("--kind", "receipt", "--decimal-sign", ".", "--date-order", "ymd")
POST = ("--post", "--by", "officer@example.org", "--approved-by", "reviewer@example.org")


@pytest.fixture
def books(reference, officer, reviewer):
    return factories.ledger(code="T", name="Books of a test")


@pytest.fixture
def run(books, tmp_path, django_capture_on_commit_callbacks):
    """Run the command; exit status, what it says, the report it writes."""

    def ran(rows, *options, name="receipts.csv"):
        file, report, out = tmp_path / name, tmp_path / "report.json", io.StringIO()
        report.unlink(missing_ok=True)
        if rows is not None:
            file.write_bytes(rows if isinstance(rows, bytes) else csv_of(rows))
        status, said = 0, ""
        try:
            with django_capture_on_commit_callbacks(execute=True):
                call_command("import_income", str(file), "--books", "T", "--report", str(report),
                             *FLAGS, *options, stdout=out)  # fmt: skip
        except CommandError as error:
            status, said = error.returncode, str(error)
        return status, out.getvalue() + said, json.loads(report.read_text("utf-8"))

    return ran


def kept():
    """What a file may leave behind."""
    models = (Import, Draft, Posting, Entry, Contribution, ImportedRow, Donor)
    folder = Path(settings.MEDIA_ROOT) / "imports"
    return [model.objects.count() for model in models], set(folder.glob("*"))


def test_a_dry_run_tells_what_would_be_posted_and_keeps_nothing(run):
    before = kept()
    status, said, report = run(ROWS, "--dry-run")
    assert kept() == before
    assert status == 0
    assert "receipts.csv: 3 rows; 3 to post" in said
    assert "T Receipt FNE SEK 1,000,000 (US$ 119,095.82)" in said
    assert "Nothing was posted." in said
    counts = [report[name] for name in ("status", "rows", "accepted", "failing", "entries")]
    assert counts == ["checked", 3, 3, 0, 9]
    [sek] = [one for one in report["totals"]
             if (one["kind"], one["currency"]) == ("receipt", "SEK")]  # fmt: skip
    assert (sek["amount"], sek["amount_usd"], sek["rows"]) == ("1000000", "119095.82", 1)
    assert (report["import"], report["draft"]) == ("", "")


def test_a_file_is_submitted_for_review(run, officer):
    status, said, report = run(ROWS, "--by", "officer@example.org")
    assert (status, report["status"]) == (0, "submitted")
    assert "Another person now reviews it" in said
    draft = Draft.objects.get(uuid=report["draft"])
    assert draft.written_by == officer
    assert Import.objects.get(uuid=report["import"]).draft == draft
    assert not Posting.objects.exists()


def test_a_file_is_posted_in_the_name_of_two_people_and_only_once(run, books, officer, reviewer):
    status, said, report = run(ROWS, *POST)
    assert (status, report["status"]) == (0, "posted")
    postings = list(Posting.objects.order_by("sequence"))
    assert [(one["books"], one["sequence"], one["hash"], one["month"], one["entries"])
            for one in report["postings"]] == [
        ("T", one.sequence, one.hash, one.booked_month, one.entry_count) for one in postings
    ]  # fmt: skip
    assert [(one.booked_month, one.entry_count) for one in postings] == [(202106, 6), (202107, 3)]
    assert {(one.prepared_by, one.approved_by) for one in postings} == {(officer, reviewer)}
    assert "Posted: T 1, T 2." in said
    status, said, report = run(ROWS, *POST)
    assert (status, report["status"], report["in_books"]) == (0, "checked", 3)
    assert (Posting.objects.count(), Import.objects.count()) == (2, 1)
    assert sound(books)


def test_wrong_rows_keep_the_file_out_unless_it_may_be_partial(run, books):
    before = kept()
    status, said, report = run([*ROWS, WRONG], *POST)
    assert (status, report["status"], report["failing"]) == (1, "checked", 1)
    assert "row 5, C 'sometime': " in said
    assert "Rows are wrong; nothing was posted." in said
    assert kept() == before
    status, said, report = run([*ROWS, WRONG], *POST, "--partial")
    assert (status, report["status"]) == (1, "posted")
    assert "Rows were left out." in said
    assert ImportedRow.objects.count() == 3
    assert sound(books)


def test_names_that_nobody_has_are_added_or_said(run):
    assert run([*ROWS, NOBODY], "--dry-run")[0] == 1
    status, _said, report = run([*ROWS, NOBODY], "--dry-run", "--new-donors")
    assert (status, report["accepted"]) == (0, 4)
    assert [one["name"] for one in report["new_donors"]] == ["Friends of Quiet Harbours"]
    status, _said, report = run([*ROWS, NOBODY], *POST, "--donor", "Friends of quiet harbours=SWE")
    assert (status, report["new_donors"]) == (0, [])
    assert set(Entry.objects.filter(amount=10).values_list("donor__code", flat=True)) == {"SWE"}
    other = ("Friends of Loud Harbours", *NOBODY[1:])
    _status, _said, report = run(
        [NORWAY, NOBODY, other], "--dry-run", "--donor", "Friends of Loud Harbours=leave_out"
    )
    assert (report["in_books"], report["left_out"]) == (2, 1)


def test_a_file_that_cannot_be_posted_as_it_is_read_ends_with_2(run):
    status, said, report = run(csv_of([SWEDEN[:3]], ("donor", "fund", "date")), "--dry-run")
    assert status == 2
    assert report["file_problems"] > 0
    assert "cannot be posted as it is read" in said


@pytest.mark.parametrize(("options", "sentence"), [
    (("--mapping", "Moon", "--dry-run"), "There is no layout “Moon”. There are: "),
    (("--by", "nobody@example.org"), "Nobody signs in as nobody@example.org."),
    (("--post", "--by", "officer@example.org"), "Posting needs two people"),
    ((), "Say who brings the file in: --by."),
    (("--books", "MOON", "--dry-run"), "There are no books MOON."),
    (("--set", "moon=1", "--dry-run"), "--set takes FIELD=TEXT"),
    (("--donor", "Sweden", "--dry-run"), "--donor takes NAME=CODE."),
    (("--by", "board@example.org"), "may not enter income"),
    (("--post", "--by", "reviewer@example.org", "--approved-by", "reviewer@example.org"),
     "Nobody approves their own draft."),
    (("--post", "--by", "officer@example.org", "--approved-by", "other.officer@example.org"),
     "may not review drafts"),
])  # fmt: skip
def test_a_question_that_is_wrong_ends_with_2_and_keeps_nothing(
    run, board_member, other_officer, options, sentence
):
    before = kept()
    status, said, report = run(ROWS, *options)
    assert (status, report["status"]) == (2, "refused")
    assert sentence in said
    assert report["sentence"] in said
    assert kept() == before


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04 broken"])
def test_a_file_that_cannot_be_read_ends_with_2_and_keeps_nothing(run, content):
    before = kept()
    status, said, report = run(content, "--dry-run")
    assert (status, report["status"]) == (2, "refused")
    assert "receipts.csv" in said
    assert kept() == before


def test_a_file_that_is_not_there(run):
    status, said, _report = run(None, "--dry-run")
    assert status == 2
    assert "There is no file" in said


def test_a_mapping_reads_the_file_whatever_would_be_recognised(run):
    plan = {"kind": "receipt", "columns": {"donor": "donor", "fund": "fund", "date": "date",
            "amount_usd": "amount"}, "decimal_sign": ".", "date_order": "ymd"}  # fmt: skip
    ImportLayout.objects.create(name="All dollars", signature="0" * 64, plan=plan)
    _status, _said, report = run(ROWS, "--dry-run", "--mapping", "all DOLLARS")
    assert {(one["currency"], one["amount"]) for one in report["totals"]} == {
        ("USD", "1290000.50"),
    }  # fmt: skip


def test_what_holds_for_every_row_may_hold_a_sign_of_its_own(run):
    rows = csv_of([row[:1] + row[2:] for row in ROWS], ("donor", "date", "currency", "amount"))
    status, _said, report = run(
        rows.replace(b"reference", b""), "--dry-run", "--set", "fund=FNE", "--set", "note=a=b"
    )
    assert (status, report["accepted"]) == (0, 3)


@pytest.mark.slow
def test_the_browsers_limits_do_not_hold_here(run, monkeypatch):
    """One row more than the browser takes; all but two are zero, which is quick."""
    most = jobs.MOST_ROWS_BROWSER
    zeros = b"Sweden,FNE,2021-06-03,SEK,0,\n" * (most - 1)
    content = csv_of([SWEDEN, NORWAY]) + zeros
    status, _said, report = run(content, "--dry-run")
    assert (status, report["rows"], report["accepted"]) == (0, 100_001, 2)
    assert report["zero"] == 99_999


def test_more_bytes_than_the_browser_takes_are_let_in(run, monkeypatch):
    monkeypatch.setattr("income.imports.services.MOST_BYTES", 100)
    assert run(ROWS, "--by", "officer@example.org")[0] == 0


def test_the_working_books_are_taken_where_none_are_named(run, tmp_path, books):
    file, out = tmp_path / "a.csv", io.StringIO()
    file.write_bytes(csv_of(ROWS))
    call_command("import_income", str(file), "--dry-run", *FLAGS, stdout=out)
    assert f"{Ledger.objects.get(code='UNH').code} Receipt FNE SEK" in out.getvalue()


DOUBTFUL = b"When,Who,Fund,Amount,Currency\n2021-06-10,Norway,FNE,250000.50,USD\n"


def test_what_the_page_would_ask_the_command_has_to_be_told(run, monkeypatch):
    monkeypatch.setitem(globals(), "FLAGS", ())
    before = kept()
    status, said, _report = run(DOUBTFUL, "--by", "officer@example.org")
    assert status == 2
    assert "How to read the file is not certain" in said
    assert "--as-proposed" in said
    assert kept() == before
    taken = ("--kind", "receipt", "--decimal-sign", ".", "--date-order", "ymd", "--as-proposed")
    status, said, _report = run(DOUBTFUL, "--by", "officer@example.org", *taken)
    assert (status, "Submitted." in said) == (0, True)
