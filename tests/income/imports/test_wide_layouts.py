"""Files with several amounts in a row: a column for each fund, year or currency, and totals."""

import datetime
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from income.imports import services
from income.imports.choices import Choices
from income.imports.columns.headings import combined
from income.imports.columns.layouts import wrong_plan
from income.imports.columns.plan import Plan, heading_keys
from income.imports.columns.proposing import propose
from income.imports.columns.words import Words
from income.imports.judging import Judge
from income.imports.returned.returning import error_workbook
from income.imports.sheets import count_rows, rows_to_judge
from income.models import Entry, Import, ImportedRow, Posting
from tests.income.imports.layout_sources import Sheet, Source, table
from tests.income.imports.passes_cases import TODAY, checked, csv_of, posted, sound, submitted

pytestmark = pytest.mark.django_db
D = Decimal
FUNDS = ("Contributor", "General purpose", "Special purpose", "Technical cooperation", "Total")
ROWS = (
    ("Sweden", "1000", "200.50", "–", "1200.50"),
    ("Norway", "", "300", "400", "700"),
    ("Kenya", "50", "", "", "50"),
)
OF_FUNDS = {
    "general purpose": {"fund": "FNE"}, "special purpose": {"fund": "FE"},
    "technical cooperation": {"fund": "TC"},
}  # fmt: skip
PLAN = Plan(
    kind="receipt", columns={"donor": "contributor"}, amounts=OF_FUNDS, totals={"total": {}},
    constants={"currency": "USD", "date": "2021-06-03"}, decimal_sign=".", date_order="ymd",
)  # fmt: skip


@pytest.fixture
def words(reference):
    return Words.load()


def brought(ledger, by, rows=ROWS, plan=PLAN, fields=FUNDS):
    upload = SimpleUploadedFile("wide.csv", csv_of(rows, fields))
    return services.read_in(upload, ledger=ledger, by=by, name="wide.csv", plan=plan)


def judged(ledger, plan, rows):
    """All that the judge says of a file whose headings are the first of the rows."""
    judge = Judge(plan, Choices(), ledger, today=TODAY, by_people=True, defers=True)
    problems = []
    found = list(rows_to_judge(Source(Sheet(rows, "Sheet")), plan, judge, problems))
    assert problems == []
    return found


def places(found):
    return [(p.code, p.row, p.column, p.value) for one in found for p in one.problems]


def by_fund(ledger, kind="receipt"):
    rows = Entry.objects.filter(ledger=ledger, kind=kind).values_list("fund_id")
    return dict(rows.annotate(total=Sum("amount_usd")))


# What is proposed


FOUND = [
    ("Contributor|General purpose|Special purpose|Technical cooperation|Total\nChad|1|2|3|6",
     OF_FUNDS, {"total": {}}),
    ("Donateur|Fins générales|Fins spéciales|Total\nTchad|1|2|3",
     {"fins générales": {"fund": "FNE"}, "fins spéciales": {"fund": "FE"}}, {"total": {}}),
    ("Donante|Fines generales|Fines especiales|Suma\nChad|1|2|3",
     {"fines generales": {"fund": "FNE"}, "fines especiales": {"fund": "FE"}}, {"suma": {}}),
    ("Донор|Общего назначения|Специального назначения|Итого\nЧад|1|2|3",
     {"общего назначения": {"fund": "FNE"}, "специального назначения": {"fund": "FE"}},
     {"итого": {}}),
    ("المانح|أغراض عامة|أغراض خاصة|المجموع\nتشاد|1|2|3",
     {"أغراض عامة": {"fund": "FNE"}, "أغراض خاصة": {"fund": "FE"}}, {"المجموع": {}}),
    ("捐助方|普通用途|特别用途|合计\n乍得|1|2|3",
     {"普通用途": {"fund": "FNE"}, "特别用途": {"fund": "FE"}}, {"合计": {}}),
    ("Donor|Core contributions (US$)|Earmarked contributions (US$)\nChad|1|2",
     {"core contributions (us$)": {"currency": "USD", "fund": "FNE"},
      "earmarked contributions (us$)": {"currency": "USD", "fund": "EARMARKED"}}, {}),
    ("Donor|2019|FY 2020|2021 (US$)|Sum\nChad|100|200|300|600",
     {"2019": {"year": "2019"}, "fy 2020": {"year": "2020"},
      "2021 (us$)": {"year": "2021", "currency": "USD"}}, {"sum": {}}),
    ("Donor|Date|Fund|USD|EUR\nChad|2021-03-04|FNE|5|\nIndia|2021-03-05|FE||6",
     {"usd": {"currency": "USD"}, "eur": {"currency": "EUR"}}, {}),
    ("Donor|FNE|FE|Grand sum of it\nChad|1|2|3\nIndia|2|3|5",
     {"fne": {"fund": "FNE"}, "fe": {"fund": "FE"}}, {"grand sum of it": {}}),
    ("Donor|Agreement|Contribution (USD)|Core|Earmarked\nChad|A-1|7.5|2|5.5\nIndia|A-2|3|1|2",
     {"core": {"fund": "FNE"}, "earmarked": {"fund": "EARMARKED"}}, {"contribution (usd)": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amounts", "totals"), FOUND)
def test_columns_of_funds_years_and_currencies_are_amounts_and_totals_are_not(
    words, text, amounts, totals
):
    proposal = propose(Source(table(text)), words=words)
    assert proposal.plan.amounts == amounts
    assert proposal.plan.totals == totals
    assert "donor" in proposal.plan.columns
    assert not {"amount", "amount_usd"} & set(proposal.plan.columns)
    assert "side_by_side" in [doubt.code for doubt in proposal.doubts]


GROUPED = [
    "Donor|2020||2021||Sum\n|Core|Non-core|Core|Non-core|\nChad|1|2|3|4|10",
    "Money received||||\n|2020||2021|\nDonor|Core|Non-core|Core|Non-core\nChad|1|2|3|4",
    "Donor|Core||Non-core|\n|2020|2021|2020|2021\nChad|1|2|3|4",
]


@pytest.mark.parametrize("text", GROUPED)
def test_years_above_funds_and_funds_above_years_are_both(words, text):
    plan = propose(Source(table(text)), words=words).plan
    told = {(one["year"], one["fund"]) for one in plan.amounts.values()}
    assert told == {(y, f) for y in ("2020", "2021") for f in ("FNE", "EARMARKED")}
    assert (plan.header_rows, plan.kind) == (2, "audited")


def test_years_that_a_workbook_holds_as_numbers_are_headings(words):
    rows = [["Donor", 2020.0, 2021.0], ["Chad", 5.0, 6.5], ["India", 2020.0, 1999.0]]
    plan = propose(Source(rows), words=words).plan
    assert (plan.header_row, list(plan.amounts)) == (1, ["2020", "2021"])
    assert (
        wrong_plan(plan.with_(constants={"fund": "FNE", "currency": "USD"}), combined(rows[:1]))
        == []
    )


def test_a_sheet_with_other_columns_of_amounts_is_told(words):
    first = [("Donor", "Core", "Non-core"), ("Chad", "1", "2")]
    other = [("Giver", "General purpose", "Special purpose"), ("Chad", "1", "2")]
    same = Sheet(first, "2021")
    proposal = propose(Source(Sheet(first, "2020"), same, Sheet(other, "2022")), words=words)
    assert set(proposal.plan.amounts) == {"core", "non-core"}
    assert ["“2022”" in d.sentence for d in proposal.doubts if d.field == "sheets"] == [True]


ORDINARY = [
    # US dollars beside what they are worth, and a file whose rows say their fund.
    "Donor|Date|Fund|EUR|USD\nChad|2021-03-04|FNE|10|11.9\nIndia|2021-03-05|FE|20|23.8",
    "Donor|Date|Fund|Amount|Core|Non-core\nChad|2021-03-04|FNE|5|1|1\nIndia|2021-03-05|FE|6|2|2",
    # Not of one sort: what was paid and what is owed.
    "Donor|Date|Fund|Amount|Currency|Pledged 2020|Paid 2020\nChad|2021-03-04|FNE|5|USD|7|8",
    # The row's own year, and a budget.
    "Donor|Year|Fund|Amount (USD)|Budget 2020|Budget 2021\nChad|2020|FNE|5|7|8",
    # Without headings.
    "Chad|2020|2021|FNE|500.00|USD\nIndia|2020|2021|FNE|600.00|USD",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_other_columns_of_numbers_stay_what_they_were(words, text):
    plan = propose(Source(table(text)), words=words).plan
    assert (plan.amounts, plan.totals) == ({}, {})


# Judging


def test_each_amount_is_judged_by_itself_and_names_its_own_cell(ledger):
    rows = [FUNDS, ("Sweden", "1000", "some", "3.123", "1003"), ("Norway", "", "n/a", "7", "2")]
    found = judged(ledger, PLAN, rows)
    assert [bool(one.accepted and not one.is_stopped) for one in found] == [
        True, False, False, False, True,
    ]  # fmt: skip
    told = places(found)
    assert [one[1:] for one in told] == [(2, 3, "some"), (2, 4, "3.123"), (3, 3, "n/a")]


def test_an_amount_that_its_fund_does_not_take_is_told_at_the_amount(ledger):
    plan = PLAN.with_(amounts={**OF_FUNDS, "special purpose": {"fund": "RB"}})
    found = judged(ledger, plan, [FUNDS, ("Sweden", "1000", "200", "", "1200")])
    assert places(found) == [("fund_not_for_kind", 2, 3, "200")]


def test_totals_that_do_not_add_up_are_warned_of_at_the_total(ledger):
    rows = [FUNDS, ("Sweden", "1000", "200.50", "", "1200.51"), ("Kenya", "–", "", "5", "4.995")]
    found = judged(ledger, PLAN, rows)
    assert places(found) == [("total_differs", 2, 5, "1200.51")]
    assert [one.sentence for one in found[2].problems] == [
        "The amounts of this row add up to 1,200.50, its total says 1,200.51. The amounts count: "
        "check them."
    ]


def test_a_total_of_a_year_adds_up_the_amounts_of_that_year(ledger):
    fields = ("Donor", "2020 core", "2020 non-core", "2020 total", "2021 core")
    amounts = {
        "2020 core": {"year": "2020", "fund": "FNE"}, "2021 core": {"year": "2021", "fund": "FNE"},
        "2020 non-core": {"year": "2020", "fund": "EARMARKED"},
    }  # fmt: skip
    plan = PLAN.with_(
        kind="audited", columns={"donor": "donor"}, amounts=amounts,
        totals={"2020 total": {"year": "2020"}}, constants={"currency": "USD"},
    )  # fmt: skip
    found = judged(ledger, plan, [fields, ("Sweden", "1", "2", "3", "50")])
    assert places(found) == []
    days = [one.accepted.lines[0].value_date for one in found]
    assert days == [datetime.date(2020, 12, 31)] * 2 + [datetime.date(2021, 12, 31)]
    assert places(judged(ledger, plan, [fields, ("Sweden", "1", "2", "53", "50")])) == [
        ("total_differs", 2, 4, "53")
    ]


def test_rows_of_totals_headings_again_and_rows_without_amounts_post_nothing(ledger):
    rows = [
        ("Donor", 2020, 2021), ("Sweden", 5, "–"), ("Donor", 2020.0, 2021.0),
        ("A note of somebody", None, None), ("Total", 5, 0),
    ]  # fmt: skip
    plan = PLAN.with_(
        kind="audited", columns={"donor": "donor"}, totals={},
        amounts={"2020": {"year": "2020"}, "2021": {"year": "2021"}},
        constants={"currency": "USD", "fund": "FNE"},
    )  # fmt: skip
    found = judged(ledger, plan, rows)
    assert [one[:2] for one in places(found)] == [
        ("heading_again", 3), ("no_row", 4), ("total_row", 5),
    ]  # fmt: skip
    assert len([one for one in found if one.accepted]) == 1
    empty = judged(ledger, PLAN, [FUNDS, ("Chad", "", "–", "", "7"), ("Kenya", "", "", "", "")])
    assert places(empty) == [
        ("no_amounts", 2, 2, ""), ("total_differs", 2, 5, "7"), ("no_amounts", 3, 2, ""),
    ]  # fmt: skip


def test_a_kind_that_needs_a_day_is_not_satisfied_by_years():
    headings = ["Donor", "2020", "2021"]
    plan = Plan(
        kind="receipt", columns={"donor": "donor"}, constants={"currency": "USD", "fund": "FNE"},
        amounts={"2020": {"year": "2020"}, "2021": {"year": "2021"}},
    )  # fmt: skip
    assert [one.code for one in wrong_plan(plan, headings)] == ["no_date"]
    assert wrong_plan(plan.with_(kind="audited"), headings) == []
    beside = plan.with_(kind="audited", columns={"donor": "donor", "amount_usd": "2021"})
    assert {one.code for one in wrong_plan(beside, headings)} == {
        "column_twice", "amount_beside_amounts",
    }  # fmt: skip


# Into the books


def test_a_wide_file_is_posted_with_the_totals_of_each_fund(ledger, officer, reviewer):
    import_ = brought(ledger, officer)
    found = checked(import_)
    assert (found.rows, found.accepted, found.failing, found.warnings) == (5, 5, 0, 0)
    assert {(one.fund, one.rows, one.amount) for one in found.totals if one.kind == "receipt"} == {
        ("FNE", 2, "1050"), ("FE", 2, "500.50"), ("TC", 1, "400"),
    }  # fmt: skip
    posted(submitted(import_, officer), reviewer)
    assert by_fund(ledger) == {"FNE": D("1050"), "FE": D("500.50"), "TC": D("400")}
    kept = ImportedRow.objects.order_by("row", "line").values_list("row", flat=True)
    assert list(kept) == [2, 2, 3, 3, 4]
    assert sound(ledger)


def test_the_same_wide_file_again_creates_nothing(ledger, officer, reviewer):
    posted(submitted(brought(ledger, officer), officer), reviewer)
    before = Posting.objects.count()
    again = checked(brought(ledger, officer))
    assert (again.accepted, again.in_books, again.similar) == (0, 5, 0)
    assert not again.may_be_submitted
    assert Posting.objects.count() == before


def test_of_a_corrected_wide_file_only_what_is_new_is_posted(ledger, officer, reviewer):
    wrong = (("Sweden", "1000", "2oo.50", "–", "1200.50"), *ROWS[1:])
    first = brought(ledger, officer, wrong)
    found = checked(first)
    assert (found.accepted, found.failing) == (4, 1)
    posted(submitted(first, officer), reviewer)
    assert by_fund(ledger) == {"FNE": D("1050"), "FE": D("300"), "TC": D("400")}
    second = brought(ledger, officer)
    found = checked(second)
    assert (found.accepted, found.in_books) == (1, 4)
    posted(submitted(second, officer), reviewer)
    assert by_fund(ledger) == {"FNE": D("1050"), "FE": D("500.50"), "TC": D("400")}
    assert sound(ledger)


def test_the_returned_workbook_marks_the_one_wrong_amount_of_several(ledger, officer):
    import_ = brought(ledger, officer, (*ROWS[:2], ("Nobody", "50", "x", "60", "100")))
    found = checked(import_)
    # One name that nobody knows, however many amounts stand beside it.
    assert found.problem_counts == {"unknown_donor": 1, "no_number": 1}
    content = error_workbook(Import.objects.get(pk=import_.pk), today=TODAY).read()
    parts = zipfile.ZipFile(io.BytesIO(content))
    marked = re.findall(r'<comment ref="(\w+)"', parts.read("xl/comments1.xml").decode())
    assert sorted(marked) == ["A4", "C4"]
    assert "“x” is no number" in CalamineWorkbook.from_filelike(
        io.BytesIO(content)
    ).get_sheet_by_index(0).to_python()[3][5]  # fmt: skip
    again = services.read_in(
        SimpleUploadedFile("again.xlsx", content), ledger=ledger, by=officer, name="again.xlsx"
    )
    assert again.plan["amounts"] == OF_FUNDS


def test_an_identifier_of_the_row_is_told_apart_by_the_amount(ledger, officer, reviewer):
    fields = ("ID", *FUNDS)
    plan = PLAN.with_(columns={"donor": "contributor", "row_id": "id"})
    rows = [(f"R-{n}", *row) for n, row in enumerate(ROWS)]
    posted(submitted(brought(ledger, officer, rows, plan, fields), officer), reviewer)
    changed = [("R-0", "Sweden", "1000", "999", "–", "1999"), *rows[1:]]
    found = checked(brought(ledger, officer, changed, plan, fields))
    assert (found.in_books, found.failing, found.accepted) == (4, 1, 0)
    assert found.problem_counts == {"changed_since_import": 1}


def test_the_rows_of_a_wide_file_are_counted_by_their_amounts(ledger, officer):
    rows = [FUNDS, *ROWS]
    assert count_rows(Source(rows), PLAN) == 5
    import_ = brought(ledger, officer)
    assert checked(import_).rows == 5


AMOUNT = st.one_of(st.none(), st.decimals(D("0.01"), D(10**9), places=2))
DONORS = ("Sweden", "Norway", "Kenya", "Chad")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(st.sampled_from(DONORS), AMOUNT, AMOUNT, AMOUNT), max_size=6))
def test_a_wide_file_gives_the_same_entries_as_the_file_written_long(ledger, rows):
    wide = [FUNDS, *([*row, sum(one or 0 for one in row[1:])] for row in rows)]
    long = [("donor", "fund", "amount")]
    for donor, *amounts in rows:
        named = zip(("FNE", "FE", "TC"), amounts, strict=True)
        long += [(donor, fund, amount) for fund, amount in named if amount is not None]
    columns = {name: name for name in long[0]}
    of_long = judged(ledger, PLAN.with_(columns=columns, amounts={}, totals={}), long)
    of_wide = [one for one in judged(ledger, PLAN, wide) if one.accepted]
    assert len(of_wide) == len(long) - 1
    assert [told(one) for one in of_wide] == [told(one) for one in of_long]


def told(one):
    found = one.accepted
    lines = [(n.kind, n.fund_id, n.donor_id, n.amount, n.amount_usd) for n in found.lines]
    return found.identity, found.content, found.month, lines


def test_keys_of_headings_are_the_same_for_years_as_texts_and_as_numbers():
    assert heading_keys(combined([["Donor", 2020.0, 2021]])) == ["donor", "2020", "2021"]
