"""How files are proposed to be read: the columns, the kind, the conventions, and what is asked."""

import datetime

import pytest

from income.imports.columns.plan import Plan
from income.imports.columns.proposing import ROWS_LOOKED_AT, propose
from income.imports.columns.words import Words
from tests.income.imports.invented_layouts import ENGLISH
from tests.income.imports.invented_layouts_elsewhere import ELSEWHERE
from tests.income.imports.layout_sources import Sheet, Source, table

INVENTED = [*ENGLISH, *ELSEWHERE]


@pytest.fixture
def words(reference):
    return Words.load()


@pytest.mark.parametrize("layout", INVENTED, ids=lambda layout: layout.name)
def test_each_invented_layout_is_read_as_it_is_meant(words, layout):
    proposal = propose(Source(layout.rows), words=words)
    plan = proposal.plan
    assert plan.columns == layout.columns
    assert (plan.kind, plan.header_row) == (layout.kind, layout.header_row)
    assert (plan.header_rows, plan.constants) == (layout.header_rows, layout.constants)
    assert layout.sign in (None, plan.decimal_sign)
    assert layout.order in (None, plan.date_order)
    assert set(layout.doubted) <= {doubt.field for doubt in proposal.doubts}


@pytest.mark.parametrize("layout", INVENTED, ids=lambda layout: layout.name)
def test_columns_in_another_order_are_the_same_columns(words, layout):
    if not layout.header_row or layout.header_rows > 1:
        return
    width = max(len(row) for row in layout.rows)
    top = layout.header_row - 1
    wide = [row + [None] * (width - len(row)) for row in layout.rows]
    turned = wide[:top] + [row[::-1] for row in wide[top:]]
    assert propose(Source(turned), words=words).plan.columns == layout.columns


# What is asked


def asked(proposal, field):
    return [doubt.code for doubt in proposal.doubts if doubt.field == field]


def receipts(*amounts, dates=("2021-03-31",)):
    rows = [["Donor", "Date received", "Amount", "Currency", "Fund"]]
    for number, amount in enumerate(amounts):
        rows.append(["Norway", dates[number % len(dates)], amount, "NOK", "FNE"])
    return Source(rows)


@pytest.mark.parametrize(
    ("amounts", "sign", "is_asked"),
    [
        (("19.234,56", "5"), ",", False),
        (("19,234.56", "5"), ".", False),
        (("19.234", "7.000"), "", True),  # nineteen thousand, or nineteen and a quarter
        (("19.234,56", "19,234.56"), "", True),  # both in one file
        (("19234", "5"), "", False),  # nothing depends on it so far: never assumed
        ((19234, 5.5), "", False),
    ],
)
def test_the_decimal_sign_is_found_out_or_asked_never_assumed(words, amounts, sign, is_asked):
    proposal = propose(receipts(*amounts), words=words)
    assert proposal.plan.decimal_sign == sign
    assert asked(proposal, "decimal_sign") == (["open"] if is_asked else [])


@pytest.mark.parametrize(
    ("dates", "order", "is_asked"),
    [
        (("31/03/2021", "01/02/2021"), "dmy", False),
        (("03/31/2021", "01/02/2021"), "mdy", False),
        (("01/02/2021", "03/04/2021"), "", True),
        (("2021-02-01",), "ymd", False),
        ((datetime.date(2021, 2, 1),), "ymd", False),
    ],
)
def test_the_order_of_dates_is_found_out_or_asked(words, dates, order, is_asked):
    proposal = propose(receipts("1", "2", dates=dates), words=words)
    assert proposal.plan.date_order == order
    assert asked(proposal, "date_order") == (["open"] if is_asked else [])


def test_a_doubt_names_the_column_and_says_what_to_look_at(words):
    source = Source(table("""
        Fiscal year|Country|Fund|USD
        2019|Norway|Zorb|5.00
    """))  # fmt: skip
    doubts = {(d.field, d.column, d.code): d.sentence for d in propose(source, words=words).doubts}
    assert doubts == {
        ("donor", 2, "unsure"): "“Country” may be “Donor”. Check it.",
        ("fund", 3, "unknown_words"): "Say what these stand for: “Zorb”.",
    }


def test_two_columns_that_would_do_are_told(words):
    source = Source(table("""
        Donor|Contributor|Date received|Amount|Currency|Fund
        Norway|Norway|2021-03-31|5.50|NOK|FNE
    """))  # fmt: skip
    proposal = propose(source, words=words)
    assert proposal.plan.columns["donor"] == "donor"
    assert asked(proposal, "donor") == ["two_columns"]


def test_a_kind_that_nothing_says_is_taken_from_the_hint_or_asked(words):
    rows = table("""
        Donor|Date|Amount|Currency|Fund
        Norway|2021-03-31|5.50|NOK|FNE
    """)
    plain, hinted = propose(Source(rows), words=words), None
    hinted = propose(Source(rows), books_kind_hint="pledge", words=words)
    assert (plain.plan.kind, asked(plain, "kind")) == ("receipt", ["assumed"])
    assert (hinted.plan.kind, asked(hinted, "kind")) == ("pledge", [])


def test_the_name_of_the_sheet_may_say_the_kind(words):
    rows = table("""
        Donor|Date|Amount|Currency|Fund
        Norway|2021-03-31|5.50|NOK|FNE
    """)
    assert propose(Source(Sheet(rows, "Pledges 2021")), words=words).plan.kind == "pledge"


def test_a_column_of_states_of_which_no_word_is_known_is_left_alone(words):
    source = Source(table("""
        Donor|Status|Date received|Amount|Currency|Fund
        Norway|open|2021-03-31|5.50|NOK|FNE
    """))  # fmt: skip
    assert "kind" not in propose(source, words=words).plan.columns


# Sheets and lengths


def test_sheets_without_the_headings_are_left_and_one_with_others_is_told(words):
    rows = receipts("5.50").sheets[0]._rows
    pledges = table("""
        Contributor|Pledged on|Amount in USD|Fund name
        Chad|2021-03-31|7.50|FNE
    """)
    source = Source(
        Sheet([["How to fill in this file"], ["Write one row per payment."]], "Read me"),
        Sheet(rows, "2021"), Sheet(rows, "2022"), Sheet(pledges, "Other"), Sheet([], "Empty"),
    )  # fmt: skip
    proposal = propose(source, words=words)
    assert proposal.plan.sheets == ()
    assert proposal.plan.columns["donor"] == "donor"
    assert [d.sentence for d in proposal.doubts if d.field == "sheets"] == [
        "The sheet “Other” has its headings elsewhere, or others, and is not read. "
        "Bring it in separately."
    ]


def test_a_file_without_rows_is_proposed_nothing(words):
    assert propose(Source([]), words=words).plan == Plan()


def test_only_the_first_rows_of_a_long_file_are_looked_at(words):
    sheet = Sheet([*receipts("5.50").sheets[0]._rows, *[["Norway"]] * 100_000])
    propose(Source(sheet), words=words)
    assert sheet.asked == ROWS_LOOKED_AT


def test_a_proposal_asks_the_database_a_few_times_whatever_the_length(
    reference, django_assert_max_num_queries
):
    source = receipts(*["5.50"] * 150)
    with django_assert_max_num_queries(12):
        propose(source)


def test_three_hundred_columns_are_no_obstacle(words):
    extra = [f"Column {number}" for number in range(295)]
    rows = [row + (extra if n == 0 else [None]) for n, row in
            enumerate(receipts("5.50").sheets[0]._rows)]  # fmt: skip
    assert set(propose(Source(rows), words=words).plan.columns) == {
        "donor", "date", "amount", "currency", "fund",
    }  # fmt: skip
