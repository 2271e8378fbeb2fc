"""The page of columns for files with several amounts in a row; numbers that nobody named."""

import pytest

from donors.names import searchable
from income.imports.choices import Choices
from income.imports.columns.contents import is_day
from income.imports.columns.plan import Plan
from income.imports.columns.proposing import propose
from income.imports.columns.words import Words
from income.imports.naming.donors import DonorBook
from income.models import Import, ImportLayout, Ledger
from tests.income.imports.layout_sources import Source, table
from tests.income.imports.test_import_pages import Hand

pytestmark = pytest.mark.django_db
FILE = (
    "Contributor,General purpose,Special purpose,Total\n"
    "Sweden,100.50,200.25,300.75\n"
    "Norway,,50.25,50.25\n"
)
UNKNOWN = (
    "Donor,Date,Currency,Money one,Money two\n"
    "Sweden,2022-03-01,USD,100,\n"
    "Norway,2022-03-02,USD,,70\n"
)
SAID = {"constant_currency": "USD", "constant_date": "2022-03-01"}


@pytest.fixture
def books(reference):
    return Ledger.objects.get(code="UNH")


@pytest.fixture
def hand(client_of, officer, django_capture_on_commit_callbacks):
    return Hand(client_of(officer), django_capture_on_commit_callbacks)


def amounts_of(found):
    return Plan.of_json(Import.objects.get(pk=found.pk).plan).amounts


def test_the_page_shows_what_each_amount_is_for(books, hand):
    found = hand.upload(FILE)
    form = hand.get("import_columns", found.uuid).context["form"]
    rows = {row.column.heading: row for row in form.column_rows()}
    assert [(name, row.field.value()) for name, row in rows.items()] == [
        ("Contributor", "donor"), ("General purpose", "amount"), ("Special purpose", "amount"),
        ("Total", "total"),
    ]  # fmt: skip
    assert [one.value() for one in rows["Special purpose"].beside] == ["FE", "", ""]
    assert rows["Total"].beside == []


def test_what_is_confirmed_is_checked_and_its_layout_known_again(books, hand):
    found = hand.checked(FILE, **SAID, layout_name="By fund")
    assert (found.found["rows"], found.found["accepted"]) == (3, 3)
    assert "several amounts: each counts as a row" in hand.text("import", found.uuid)
    again = hand.upload(FILE.replace("50.25", "60.25").replace("300.75", "310.75"))
    assert again.layout == ImportLayout.objects.get(name="By fund")
    assert amounts_of(again) == {
        "general purpose": {"fund": "FNE"}, "special purpose": {"fund": "FE"},
    }  # fmt: skip
    assert Plan.of_json(again.plan).totals == {"total": {}}


def test_a_person_corrects_what_an_amount_is_for(books, hand):
    found = hand.checked(FILE, **SAID, beside_fund_3="TC", beside_year_3="2021", column_4="")
    assert amounts_of(found) == {
        "general purpose": {"fund": "FNE"}, "special purpose": {"fund": "TC", "year": "2021"},
    }  # fmt: skip
    assert Plan.of_json(found.plan).totals == {}


def test_two_columns_that_a_person_calls_amounts_are_asked_about(books, hand):
    found = hand.upload(UNKNOWN)
    response = hand.confirm(found, kind="receipt", column_4="amount", column_5="amount")
    form = response.context["form"]
    assert response.status_code == 422
    assert set(form.errors) == {"column_4", "column_5"}
    assert {"beside_fund_4", "beside_currency_5"} <= set(form.fields)
    said = {"beside_fund_4": "FNE", "beside_fund_5": "FE", "beside_year_5": "20x1"}
    two = {"kind": "receipt", "column_4": "amount", "column_5": "amount"}
    response = hand.confirm(found, **two, **said)
    assert set(response.context["form"].errors) == {"beside_year_5"}
    assert hand.confirm(found, **two, **{**said, "beside_year_5": ""}).status_code == 302
    assert amounts_of(found) == {"money one": {"fund": "FNE"}, "money two": {"fund": "FE"}}


def test_one_amount_alone_is_an_ordinary_column_again(books, hand):
    found = hand.upload(UNKNOWN)
    response = hand.confirm(found, kind="receipt", column_4="amount", constant_fund="FNE")
    assert response.status_code == 302
    found.refresh_from_db()
    assert Plan.of_json(found.plan).columns["amount"] == "money one"
    assert amounts_of(found) == {}


# The one column of numbers


@pytest.fixture
def words(reference):
    return Words.load()


@pytest.mark.parametrize("heading", ["Betrag", "Zahlung", "Kiasi EUR"])
def test_the_only_column_of_numbers_is_an_amount_that_is_asked_about(words, heading):
    rows = table("Donor|Date|Fund|X\nChad|2021-03-04|FNE|1250.50\nIndia|2021-03-05|FE|70")
    rows[0][3] = heading
    proposal = propose(Source(rows), words=words)
    assert proposal.plan.columns["amount"] == heading.casefold()
    assert [(d.column, d.code) for d in proposal.doubts if d.field == "amount"] == [
        (4, "by_content")
    ]
    assert proposal.plan.constants == ({"currency": "EUR"} if "EUR" in heading else {})


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "2", "3"), ("101", "102", "103"),  # serial numbers
        ("4711", "4803", "5219"), ("00120", "00130", "00140"),  # codes
        ("3", "12", "7"), ("0.5", "12.5", "7"),  # counts and shares
        ("2019", "2020", "2021"),
    ],
)  # fmt: skip
def test_numbers_that_may_be_something_else_are_left_alone(words, numbers):
    rows = [["Donor", "Date", "Fund", "Lfd"]]
    rows += [["Chad", f"2021-03-0{n}", "FNE", number] for n, number in enumerate(numbers, start=1)]
    assert "amount" not in propose(Source(rows), words=words).plan.columns


def test_of_two_columns_of_numbers_none_is_taken_and_of_one_with_codes_the_other(words):
    rows = table(
        "Donor|Date|Fund|Eins|Zwei\nChad|2021-03-04|FNE|1250|900\nIndia|2021-03-05|FE|70|30"
    )
    assert "amount" not in propose(Source(rows), words=words).plan.columns
    rows = table("Donor|Date|Fund|Nr|Zwei\nChad|2021-03-04|FNE|1|900\nIndia|2021-03-05|FE|2|30")
    assert propose(Source(rows), words=words).plan.columns["amount"] == "zwei"


def test_what_is_received_is_an_amount_by_its_name(words):
    rows = table("Donor|Date|Fund|Sum received\nChad|2021-03-04|FNE|1250\nIndia|2021-03-05|FE|3")
    proposal = propose(Source(rows), words=words)
    assert proposal.plan.columns["amount"] == "sum received"
    assert [doubt for doubt in proposal.doubts if doubt.field == "amount"] == []


# Small ones


def test_numbers_with_a_part_are_no_dates(words):
    assert [is_day(one) for one in ("4711-1", "2021-13", "2021-00", "2021-7", "٢٠٢١-٠٧")] == [
        False, False, False, True, True,
    ]  # fmt: skip
    rows = table(
        "Donor|Fund|Amount|Currency|Belegnummer\nChad|FNE|5|USD|4711-1\nIndia|FE|6|USD|4711-2"
    )
    assert "date" not in propose(Source(rows), words=words).plan.columns


def test_arabic_funds_are_known_without_the_article(words):
    assert [words.fund(one) for one in ("أغراض خاصة", "لأغراض خاصة", "أغراض عامة")] == [
        "FE", "FE", "FNE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Commission européenne", "EU"), ("Comisión Europea", "EU"), ("Европейская комиссия", "EU"),
        ("المفوضية الأوروبية", "EU"), ("欧盟委员会", "EU"), ("ПРООН", "UNDP"), ("PNUD", "UNDP"),
        ("开发署", "UNDP"), ("BCAH", "UN_OCHA"), ("УКГВ", "UN_OCHA"),
        ("Фонд Билла и Мелинды Гейтс", "GATES_FOUNDATION"), ("قطر الخيرية", "QATAR_CHARITY"),
    ],
)  # fmt: skip
def test_large_donors_are_known_in_other_languages(reference, name, code):
    assert searchable(name)
    assert DonorBook(Choices()).find(name).code == code
