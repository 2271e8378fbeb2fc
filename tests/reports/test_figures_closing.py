"""What a figure says of its own standing: closed, adjusted afterwards, not reported, not begun.

The hand-made books hold US$ 195.8 million for 2021. In the tests of adjustments all months of 2021
are closed with the books at sequence 2, after Sweden's receipt of 0.7 million in May 2021.
"""

import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from donors.models import Donor
from income import ledger as door
from income.models import Entry
from income.periods import YearMonth, months_of
from income.totals import adjusted, closed_months, reach
from reports.figures.statement import statement
from reports.figures.words import months_said
from tests import factories
from tests.reports import hand_made
from tests.reports.hand_made import ask, audited, received

pytestmark = pytest.mark.django_db

LATER = YearMonth(2022, 6)


@pytest.fixture
def books(ledger):
    hand_made.fill(ledger)
    return ledger


@pytest.fixture
def wrong(books):
    """A receipt that turns out to be another's once every month of its year is closed."""
    posting = factories.posting(books, received("0.7", "FNE", "SWE", "2021-05-05"))
    for month in months_of(2021):
        factories.month(ledger=books, month=month.key, sequence=2)
    return posting


def reverse(posting):
    return door.reverse(
        posting, booked_month=LATER, note="Another's", token="undo", prepared_by=None,
        approved_by=None,
    )  # fmt: skip


def plain(texts):
    return [text.replace("\u00a0", " ") for text in texts]


WAITS = (
    "All months are closed. The figures stay provisional until the year's audited revenue is in "
    "the same books."
)


def test_a_closed_year_stays_provisional_until_its_audited_figures_are_in_the_same_books(
    books, wrong
):
    answer = ask(books, as_at="2021-12")
    assert answer.provenance.status == "closed, provisional until audited"
    assert answer.provenance.is_provisional
    assert answer.notes[0] == WAITS
    factories.posting(books, audited("190.0", "EARMARKED", None, 2020), booked_month=LATER)
    assert ask(books, as_at="2021-12").provenance.is_provisional
    posting = factories.posting(
        books, audited("195.0", "EARMARKED", None, 2021), booked_month=LATER
    )
    answer = ask(books, as_at="2021-12")
    assert answer.provenance.status == "final"
    assert not answer.provenance.is_provisional
    assert WAITS not in answer.notes
    assert not [note for note in answer.notes if "closing" in note]
    reverse(posting)
    assert ask(books, as_at="2021-12").provenance.status == "closed, provisional until audited"


def test_a_reversal_after_closing_is_told_with_its_amount(books, wrong):
    before = ask(books, as_at="2021-12").funds.total.progress.actual_usd
    reverse(wrong)
    answer = ask(books, as_at="2021-12")
    assert (before, answer.funds.total.progress.actual_usd) == (
        Decimal("196500000"),
        Decimal("195800000"),
    )
    assert answer.provenance.status == "closed and adjusted, provisional until audited"
    assert plain(answer.notes)[1] == "Adjusted after closing: 1 entry, US$ −700,000.00."
    factories.posting(books, audited("195.0", "EARMARKED", None, 2021), booked_month=LATER)
    assert ask(books, as_at="2021-12").provenance.status == "final, adjusted after closing"


def test_what_replaces_the_reversed_is_counted_with_it(books, wrong):
    reverse(wrong)
    factories.posting(
        books, received("0.4", "FNE", "NOR", "2021-05-05"),
        factories.entry("900.00", currency_id="SEK"), booked_month=LATER,
    )  # fmt: skip
    assert plain(ask(books, as_at="2021-12").notes)[1] == (
        "Adjusted after closing: 3 entries, US$ −300,000.00 and SEK 900.00."
    )


def test_an_adjustment_is_told_only_where_its_month_is_counted(books, wrong):
    reverse(wrong)
    assert ask(books, as_at="2021-04").provenance.status == "closed, provisional until audited"
    assert ask(books, as_at="2021-05").provenance.adjustments == 1
    assert ask(books, as_at="2020-12").provenance.status == "provisional"


def test_a_late_booking_into_a_month_still_open_is_no_adjustment(books):
    factories.posting(books, received("0.7", "FNE", "SWE", "2021-05-05"), booked_month=LATER)
    factories.month(ledger=books, month=202105, sequence=2)
    assert ask(books, as_at="2021-12").provenance.adjustments == 0


def test_adjustments_cost_one_query_however_many_months_are_closed(
    books, wrong, django_assert_num_queries
):
    reverse(wrong)
    closed = closed_months(books, 2021)
    assert len(closed) > 2
    entries = Entry.objects.in_books(books).receipts()
    for months in (closed, dict(list(closed.items())[:2])):
        with django_assert_num_queries(1):
            adjusted(entries, months)


def test_a_statement_tells_what_was_adjusted_after_closing(books, wrong, today):
    reverse(wrong)
    sweden, norway = (Donor.objects.get(code=code) for code in ("SWE", "NOR"))
    told = statement(books, sweden, 2021, today)
    assert told.provenance.status == "closed and adjusted, provisional until audited"
    assert plain(told.notes)[1] == "Receipt: Adjusted after closing: 1 entry, US$ −700,000.00."
    waits = statement(books, norway, 2021, today).provenance.status
    assert waits == "closed, provisional until audited"


def test_a_year_before_the_books_begin_says_so(books, today):
    told = statement(books, Donor.objects.get(code="SWE"), 2015, today)
    assert told.provenance.status == "before these books begin"
    assert told.headline == "These books begin in January 2020 and say nothing of 2015."
    assert not told.provenance.is_provisional
    assert told.notes == ()


def test_audited_books_without_a_figure_of_the_year_say_not_reported(ledger, today):
    factories.posting(
        ledger, audited("2.0", "FNE", "SWE", 2019), audited("3.0", "FNE", "SWE", 2021)
    )
    sweden = Donor.objects.get(code="SWE")
    statuses = [
        statement(ledger, sweden, year, today).provenance.status for year in (2018, 2019, 2020)
    ]
    assert statuses == ["not reported", "final", "not reported"]
    assert ask(ledger, as_at="2020-12").provenance.status == "not reported"
    assert ask(ledger, as_at="2021-12").provenance.status == "final"


def test_books_begin_where_money_is_and_not_at_a_slip_that_was_reversed(books):
    slip = factories.posting(
        books, received("5.0", "FNE", "SWE", "1990-03-01"),
        factories.entry("70.00", currency_id="SEK", value_date=datetime.date(1991, 4, 1)),
    )  # fmt: skip
    assert reach(books)["receipt"][0] == YearMonth(1990, 3)
    reverse(slip)
    assert reach(books)["receipt"] == (YearMonth(2020, 3), YearMonth(2021, 12))
    answer = ask(books, as_at="2020-12")
    assert len(answer.question.choices) == 24
    assert answer.funds.total.last_year_usd is None


def test_months_in_a_row_are_said_as_one_span():
    assert months_said(months_of(2022)) == "January to December 2022"
    some = [YearMonth(2021, 12), YearMonth(2022, 1), YearMonth(2022, 2), YearMonth(2022, 5)]
    assert months_said(some) == "December 2021, January to February 2022, May 2022"
    assert months_said([]) == ""


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "March 2022"), ("fr", "mars 2022"), ("es", "marzo de 2022"),
        ("ru", "март 2022\u202fг."), ("zh-hans", "2022年3月"), ("ar", "مارس 2022"),
    ],
)  # fmt: skip
def test_a_month_is_called_as_its_language_calls_it(language, name):
    with translation.override(language):
        assert str(YearMonth(2022, 3)).replace("\u00a0", " ") == name


def test_an_amount_too_small_for_its_unit_is_told_to_the_cent(books):
    factories.posting(books, factories.entry("120.50", fund_id="EARMARKED"))
    refused = ask(books, as_at="2021-12").funds.row("FE").progress.refused
    assert refused.replace("\u00a0", " ").startswith("US$ 120.50 of earmarked money is not split")


def test_expected_support_of_a_reversed_receipt_is_taken_back(books):
    wrong = factories.posting(books, received("1.13", "FE", "SWE", "2021-06-01"))
    support = ask(books, as_at="2021-12").funds.row("EXPECTED_SUPPORT").progress.actual_usd
    reverse(wrong)
    answer = ask(books, as_at="2021-12").funds
    assert support - answer.row("EXPECTED_SUPPORT").progress.actual_usd == Decimal("130000")
    early = ask(books, as_at="2021-03").funds.row("EXPECTED_SUPPORT").progress.actual_usd
    assert early is None  # nothing earmarked before April


def test_money_on_a_fund_that_no_line_shows_is_told(ledger):
    factories.posting(
        ledger, audited("2.0", "FNE", "SWE", 2021), audited("3.0", "CORE", None, 2021)
    )
    answer = ask(ledger)
    assert answer.funds.total.progress.actual_usd == Decimal("2000000")
    assert plain(answer.notes)[0] == (
        "US$ 3.00 million was booked as “Audited revenue” in fund CORE and stands in no figure "
        "here."
    )
