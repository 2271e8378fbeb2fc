"""Headings: where they stand, what two rows of them say together, what repeats them."""

import pytest
from django.conf import settings
from django.utils import translation

from income.imports.columns.fields import FIELDS, KINDS, phrases_of_headings, required_fields
from income.imports.columns.headings import (
    combined,
    find_heading,
    headings_of,
    is_heading_again,
    is_total_row,
    rows_below,
)
from income.imports.columns.matching import by_name
from income.imports.columns.phrases import phrase
from income.imports.columns.plan import Plan, heading_keys
from income.vocabulary import Kind
from tests.income.imports.layout_sources import Sheet, table

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", FIELDS)
def test_the_label_of_each_field_is_found_back_in_each_language(code, language):
    with translation.override(language):
        label = str(FIELDS[code].label)
    found = by_name(phrase(label))
    assert max(found, key=found.get) == code
    assert list(found.values()).count(1.0) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_fields_have_one_label_in_a_language(language):
    with translation.override(language):
        keys = heading_keys([str(field.label) for field in FIELDS.values()])
    assert len(keys) == len(set(keys))
    assert not [key for key in keys if "#" in key]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Posting date", "date"), ("Document number", "document"), ("srcOrganization", "donor"),
        ("Amount in doc. curr.", "amount"), ("WBS element", "agreement"), ("Grant", "agreement"),
        ("Business partner", "donor_code"), ("originalAmount", "amount"),
        ("originalCurrency", "currency"), ("amountUSD", "amount_usd"), ("refCode", "reference"),
        ("budgetYear", "year_for"), ("destPlanCode", "note"), ("ceb_code", "instrument"),
        ("contributor_type", "contributor_type"), ("Funding agency", "donor"),
        ("Country office", "area"), ("Devise", "currency"), ("Importe", "amount"),
        ("Сумма", "amount"), ("العملة", "currency"), ("捐助方", "donor"), ("币种", "currency"),
        ("US$", "amount_usd"), ("Amount (in US dollars)", "amount_usd"),
        ("Date of the donor’s payment", "date"), ("AMOUNT\nRECEIVED", "amount"),
        ("\u200fالمبلغ\u200f", "amount"), ("Ｄｏｎｏｒ", "donor"),
    ],
)  # fmt: skip
def test_a_heading_is_its_field(heading, field):
    found = by_name(phrase(heading))
    assert max(found, key=found.get) == field


@pytest.mark.parametrize(
    "heading",
    ["Donor e-mail", "destOrganization", "Target amount", "Goal USD", "Outstanding amount",
     "Balance", "Rank", "Number of donors", "Budget amount"],
)  # fmt: skip
def test_a_heading_about_something_else_is_no_field(heading):
    assert by_name(phrase(heading)) == {}


def test_there_is_a_synonym_of_every_field_in_every_script():
    scripts = {"latin": "a", "cyrillic": "а", "arabic": "ا", "chinese": "一"}
    ranges = {"a": ("a", "z"), "а": ("а", "я"), "ا": ("ء", "ي"), "一": ("一", "鿿")}
    missing = {
        (code, name)
        for code in FIELDS
        for name, key in scripts.items()
        if not any(
            ranges[key][0] <= char <= ranges[key][1]
            for text, codes in phrases_of_headings().items()
            if code in dict(codes)
            for char in text
        )
    }
    assert missing == set()


# Rows of headings


def test_a_group_holds_for_the_columns_below_it_and_for_no_others():
    assert combined(
        [["Donor", "Amount", None, "Date", None], [None, "USD", "original", None, "Remarks"]]
    ) == ["Donor", "Amount USD", "Amount original", "Date", "Remarks"]


def test_a_text_merged_over_both_rows_stands_once_and_formats_are_dropped():
    assert combined([["Donor", "Date"], ["Donor", "yyyy-mm-dd"]]) == ["Donor", "Date"]


def test_headings_and_rows_come_from_one_reading_of_the_sheet():
    sheet = Sheet(table("""
        Contributions 2021
        ~
        Donor|Amount||Date
        |USD|original|
        Norway|1|2|2021-01-01
        Chad|3|4|2021-01-02
    """))  # fmt: skip
    plan = Plan(header_row=4, header_rows=2)
    headings, rows = rows_below(sheet, plan)
    assert (
        headings == ["Donor", "Amount USD", "Amount original", "Date"] == headings_of(sheet, plan)
    )
    assert [row.number for row in rows] == [5, 6]


def test_a_row_of_headings_that_is_not_there_gives_none_and_skips_no_row():
    sheet = Sheet([["Donor"], [], ["Norway"]])
    assert headings_of(sheet, Plan(header_row=2)) == []
    headings, rows = rows_below(sheet, Plan(header_row=0))
    assert headings == [None]
    assert [row.number for row in rows] == [1, 3]


def test_a_row_of_data_is_no_row_of_headings():
    rows = list(Sheet(table("""
        Norway|2021-01-01|5|Agreement|USD|Core
        Chad|2021-01-02|6|Pledge|USD|Core
    """)).rows())  # fmt: skip
    assert find_heading(rows).row == 0


def test_words_of_the_rows_that_are_fields_as_well_do_not_make_them_headings():
    rows = list(Sheet(table("""
        Who|Type|Unit|Note
        Donor|Fund|Currency|Agreement
        Norway|Pledge|USD|Document
    """)).rows())  # fmt: skip
    assert find_heading(rows).row in (1, 2)


# Rows that are none


HEADINGS = ["Donor", "Amount USD", "Amount original", "Date", None]


@pytest.mark.parametrize(
    ("cells", "is_again"),
    [
        (["Donor", "Amount USD", "Amount original", "Date"], True),
        (["DONOR ", "Amount USD", None, "Date"], True),
        (["Donor", "Amount", None, "Date"], True),  # the upper row of two
        ([None, "USD", "original"], True),  # the lower one
        (["Donor", "5", "6", "2021-01-01"], False),
        (["Donor", 5, 6, None], False),
        (["Norway", "Amount USD", "x", "y"], False),
        (["Date"], False),
        ([], False),
    ],
)
def test_a_heading_that_stands_again_is_told_from_rows(cells, is_again):
    assert is_heading_again(cells, HEADINGS) is is_again


@pytest.mark.parametrize(
    ("cells", "is_total"),
    [
        (["Total", None, 5, 6], True), ([None, "Grand total:", "1,234.50"], True),
        (["TOTAL 2021", "", "5", "-"], True), (["Sous-total", 5], True), (["Итого", "5,00"], True),
        (["Всего", 5], True), (["المجموع", 5], True), (["合计", "5", "USD"], True),
        (["总计"], True), (["Suma", 3], True), (["Total general", 3], True),
        (["Subtotal", 4], True),
        (["TotalEnergies", "2021-01-01", "5"], False), (["Total", "2021", "FNE", "5"], False),
        (["Total", "Core contribution", 5], False), (["Norway", 5], False),
        (["Totals of Kenya Foundation", "Nairobi", 5], False), ([5, 6], False), ([], False),
    ],
)  # fmt: skip
def test_a_row_of_totals_is_told_from_rows(cells, is_total):
    assert is_total_row(cells) is is_total


# What a kind needs


def test_every_kind_that_a_file_may_bring_says_what_it_needs():
    needs = {kind: [str(need) for need in required_fields(kind)] for kind in KINDS}
    money = "one of: Amount + Currency; Amount in US dollars"
    donor = "one of: Donor; Code of the donor; ISO code of the donor’s country"
    assert needs[Kind.PLEDGE] == needs[Kind.AGREEMENT] == [donor, "Fund", "Date", money]
    assert needs[Kind.RECEIPT] == [
        f"{donor}; Agreement number", "one of: Fund; Agreement number", "Date", money,
    ]  # fmt: skip
    assert needs[Kind.AUDITED_REVENUE][:2] == ["one of: Year; Date", "Fund"]
    assert len(needs) == 6


def test_a_need_is_met_by_one_whole_set_of_fields():
    money = required_fields(Kind.RECEIPT)[-1]
    given = (["amount"], ["amount", "currency"], ["amount_usd"])
    assert [money.is_met(fields) for fields in given] == [False, True, True]
