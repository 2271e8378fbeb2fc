"""A file that went back with its errors marked, and comes again: read as it was before."""

import io

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import translation
from python_calamine import CalamineWorkbook

from income.imports import services
from income.imports.columns.headings import combined
from income.imports.columns.layouts import recognise, save_layout, signature_of
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import propose
from income.imports.course.findings import Problem
from income.imports.returned.marking import write_marked
from income.imports.returned.marks import heading_of_marks, is_mark
from income.imports.returned.returning import error_workbook
from income.models import Import
from income.vocabulary import Grade
from tests.income.imports.layout_sources import Source, table
from tests.income.imports.passes_cases import (
    FIELDS,
    KENYA,
    NORWAY,
    SWEDEN,
    TODAY,
    brought,
    checked,
    plan,
)

LANGUAGES = [code for code, _name in settings.LANGUAGES]
UNREADABLE = ("Kenya", "FNE", "some day", "USD", "40000", "B-3")
TWO_ROWS = """
    Donor|Fund|Date|Amount||Reference
    |||USD|original|
    Sweden|FNE|2021-06-03|100|900|B-1
    Norway|FNE|some day|200|1900|B-2
"""
GROUPED = """
    Payment||Money|
    Donor|Received on|Amount|Currency
    Sweden|2021-06-03|100|SEK
"""
UNITS = """
    Donor|Date|Amount|Fund
    |yyyy-mm-dd|USD|
    Sweden|2021-06-03|100|FNE
"""


def marked(source, header_row, problems=None):
    """The file as it goes back, as rows of its first sheet."""
    out = io.BytesIO()
    write_marked(source, problems or {}, header_row, out)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def returned(import_, language="en"):
    """The file with its errors, brought in once more as a person would."""
    with translation.override(language):
        content = error_workbook(import_, today=TODAY).read()
    again = services.read_in(
        ContentFile(content), ledger=import_.ledger, by=import_.uploaded_by, name="again.xlsx"
    )
    return Import.objects.get(pk=again.pk)


def test_of_two_heading_rows_the_last_has_the_heading_and_what_is_wrong_with_the_file():
    source = Source(table(TWO_ROWS))
    problem = Problem(Grade.ROW, "no_date", "No such day.", row=4, column=3)
    whole = Problem(Grade.FILE, "no_fund", "No column says the fund.")
    rows = marked(source, 2, {(0, 4): [problem], (0, 0): [whole]})
    assert [row[6] for row in rows] == ["", heading_of_marks(), "", "No such day."]


@pytest.mark.parametrize("header_row", [0, 9])
def test_without_headings_the_first_row_says_what_is_wrong_with_the_file(header_row):
    whole = Problem(Grade.FILE, "no_headings", "There are no headings in row 9.")
    source = Source([["Sweden", 5], ["Norway", 6]])
    rows = marked(source, header_row, {(0, 0): [whole]})
    assert [row[2] for row in rows] == ["There are no headings in row 9.", ""]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "count"), [(TWO_ROWS, 2), (UNITS, 2), (GROUPED, 1)])
def test_several_heading_rows_are_read_again_as_before(reference, text, count):
    first = propose(Source(table(text))).plan
    assert first.header_rows == count
    rows = marked(Source(table(text)), first.header_row)
    assert propose(Source(rows)).plan == first


def test_a_group_of_headings_does_not_reach_over_the_added_column():
    rows = [["Donor", "Amount", None], [None, "USD", "EUR", heading_of_marks()]]
    assert combined(rows) == ["Donor", "Amount USD", "Amount EUR", heading_of_marks()]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_every_language_the_added_column_is_no_field_and_the_layout_the_same(
    ledger, officer, language
):
    fields = ("donor", "fund", "date", "currency", "amount")
    rows = [row[:5] for row in (SWEDEN, NORWAY, UNREADABLE)]
    save_layout("Ours", plan(fields=fields), by=officer, headings=fields)
    import_ = brought(ledger, officer, rows, fields=fields)
    assert checked(import_).accepted == 2
    again = returned(import_, language)
    assert again.layout.name == "Ours"
    assert again.plan["columns"] == {name: name for name in fields}
    with translation.override(language):
        headings = [*fields, heading_of_marks()]
    assert is_mark(headings[-1])
    assert recognise(headings).is_exact
    found = checked(again)
    assert (found.accepted, found.failing) == (2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proposal_leaves_it_alone_whatever_stands_in_it(reference, language):
    with translation.override(language):
        heading = heading_of_marks()
    rows = [["Donor", "Amount", "Currency", None, heading]]
    rows += [["Sweden", 5, "SEK", None, word] for word in ("Norway", "2021-05-01", "FNE", "USD")]
    plain = [row[:3] for row in rows]
    proposed = propose(Source(rows))
    assert proposed.plan.columns == propose(Source(plain)).plan.columns
    assert 5 not in {doubt.column for doubt in proposed.doubts}


def test_the_added_column_is_no_part_of_a_layouts_signature():
    headings = ["Donor", "Amount"]
    assert signature_of([*headings, None, heading_of_marks()]) == signature_of(headings)
    assert signature_of([heading_of_marks(), *headings]) != signature_of(headings)


@pytest.mark.django_db
def test_totals_and_notes_are_still_told_from_rows(ledger, officer):
    rows = [SWEDEN, UNREADABLE, ("Total", "", "", "", "1040000"), ("Source: FTS",)]
    import_ = brought(ledger, officer, rows)
    first = checked(import_)
    assert first.problem_counts["total_row"] == first.problem_counts["no_row"] == 1
    again = returned(import_)
    services.change_plan(again, plan(), version=again.version, by=officer)
    second = checked(Import.objects.get(pk=again.pk))
    assert second.problem_counts == first.problem_counts
    assert (second.rows, second.accepted, second.failing) == (2, 1, 1)


@pytest.mark.django_db
def test_a_row_that_was_emptied_but_for_its_mark_is_none(ledger, officer):
    fields = [*FIELDS, heading_of_marks()]
    rows = [(*SWEDEN, ""), ("", "", "", "", "", "", "The date is missing."), (*KENYA, "")]
    import_ = brought(ledger, officer, rows, fields=fields, columns={n: n for n in FIELDS})
    found = checked(import_)
    assert (found.rows, found.accepted, found.problems) == (2, 2, [])


@pytest.mark.django_db
def test_sent_back_again_the_column_is_written_anew(ledger, officer):
    import_ = brought(ledger, officer, [SWEDEN, UNREADABLE])
    checked(import_)
    again = returned(import_)
    services.change_plan(again, plan(), version=again.version, by=officer)
    again.refresh_from_db()
    content = error_workbook(again, today=TODAY)
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert rows[0] == [*FIELDS, heading_of_marks()]
    assert rows[1][6] == ""
    assert rows[2][6]
    assert Plan.of_json(again.plan).header_row == 1
