"""What changed since: lines that sum to the difference, fund by fund, to the cent.

March 2021 is closed with 150.00 non-earmarked (100.00 and 50.00) and 30.00 earmarked. Later 12.34
more is found, the 50.00 is reversed, 7.00 in kind is added, and 99.00 comes in April.
"""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from income.entry_filter import EntryFilter
from income.ledger import reverse
from income.models import Entry, Ledger
from income.periods import YearMonth
from income.services import close_month
from income.vocabulary import Kind, Mode, Reason
from reports.figures.restatement import SinceWrong, restatement, since_of
from tests import factories
from tests.reports.hand_made import query_of

pytestmark = pytest.mark.django_db
APRIL = YearMonth(2021, 4)
D = Decimal


@pytest.fixture
def books(ledger, officer, reviewer):
    factories.posting(ledger, factories.entry("100.00"))
    second = factories.posting(ledger, factories.entry("50.00"))
    factories.posting(ledger, factories.entry("30.00", fund_id="FE"))
    close_month(ledger, factories.MARCH, by=None, at=timezone.now())
    late = {"booked_month": APRIL, "prepared_by": officer, "approved_by": reviewer}
    factories.posting(
        ledger, factories.entry("12.34", reason=Reason.TRANSFER), note="Found", **late
    )
    reverse(second, note="Twice", token="back", **late)
    factories.posting(ledger, factories.entry("7.00", mode=Mode.IN_KIND), **late)
    april = factories.entry("99.00", value_date=datetime.date(2021, 4, 2))
    factories.posting(ledger, april, booked_month=APRIL)
    return Ledger.objects.get(pk=ledger.pk)


def rows(told):
    return [(r.fund, r.year, r.is_cash, r.old_usd, r.change_usd, r.new_usd) for r in told.rows]


def test_since_a_closed_month_its_figures_are_restated(books):
    told = restatement(books, since_of(books, "2021-03"))
    assert rows(told) == [
        ("FNE", 2021, True, D("150.00"), D("-37.66"), D("112.34")),
        ("FNE", 2021, False, D("0.00"), D("7.00"), D("7.00")),
    ]
    assert [(c.sequence, c.amount_usd, c.value_month, c.booked) for c in told.changes] == [
        (4, D("12.34"), factories.MARCH, APRIL), (5, D("-50.00"), factories.MARCH, APRIL),
        (6, D("7.00"), factories.MARCH, APRIL),
    ]  # fmt: skip
    assert told.change_usd == D("-37.66")
    assert since_of(books, "").sequence == 3  # the last closed month


@pytest.mark.parametrize("sequence", range(8))
def test_the_old_total_is_what_postings_up_to_the_sequence_add_up_to(books, sequence):
    told = restatement(books, since_of(books, str(sequence)))
    for row in told.rows:
        entries = (
            Entry.objects.in_books(books).in_year(row.year).filter(kind=Kind.RECEIPT, fund=row.fund)
        )
        entries = entries.in_cash() if row.is_cash else entries.exclude(mode=Mode.CASH)
        then = entries.filter(posting__sequence__lte=sequence).aggregate(t=Sum("amount_usd"))["t"]
        assert row.old_usd == (then or 0)
        assert row.new_usd == entries.aggregate(t=Sum("amount_usd"))["t"]
        listed = [
            c.amount_usd for c in told.changes if (c.fund, c.is_cash) == (row.fund, row.is_cash)
        ]
        assert sum(listed) == row.change_usd == row.new_usd - row.old_usd
        asked = EntryFilter.parse(query_of(row.link))
        assert asked.misunderstood == ()
        found = asked.apply(Entry.objects.in_books(books))
        assert found.aggregate(t=Sum("amount_usd"))["t"] == row.change_usd


def test_what_changed_a_closed_month_says_why_and_who_approved_it(books):
    told = restatement(books, since_of(books, "3"))
    assert (told.changes[0].note, told.changes[0].approved_by) == ("Found", "Reviewer")
    in_time = [c for c in told.changes if c.booked == c.value_month]
    assert {(c.note, c.approved_by) for c in in_time if c.act != "Reversal"} <= {("", "")}


def test_what_is_not_converted_is_listed_in_its_currency(books):
    factories.posting(books, factories.entry("500.00", currency_id="KES"), booked_month=APRIL)
    told = restatement(books, since_of(books, "7"))
    [change] = told.changes
    assert (change.amount_usd, change.not_converted[0].amount) == (None, D(500))
    assert rows(told)[0][3:] == (D("112.34") + 99, D(0), D("112.34") + 99)


def test_a_day_is_the_end_of_that_day(books):
    today = timezone.localdate()
    assert since_of(books, today.isoformat()).sequence == 7
    assert since_of(books, (today - datetime.timedelta(days=2)).isoformat()).sequence == 0


@pytest.mark.parametrize("text", ["2021-02", "8", "yesterday", "2021-13", "2021-02-31"])
def test_a_moment_that_is_not_there_is_refused(books, text):
    with pytest.raises(SinceWrong):
        since_of(books, text)
