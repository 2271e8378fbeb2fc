"""A month is closed, then corrected: the correction is booked in the present month.

March 2021 has one receipt of 500,000 US dollars when it is closed. In May somebody finds that it
was 450,000, and that 20,000 of 30 March were never entered.

    March 2021 as it was closed                      500,000
    reversal, booked in May                         -500,000
    what it was, booked in May                       450,000
    entered late, booked in May                       20,000
    March 2021 as it is known now                    470,000

The three lines of May add up to the difference: -500,000 + 450,000 + 20,000 = -30,000. April, in
which nothing happened, and May itself have no money of their own.
"""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from income.errors import MonthClosed
from income.ledger.verification import problems
from income.models import Entry, Ledger, Month
from income.periods import YearMonth
from income.services import close_month, reverse_posting
from reports.figures.restatement import restatement, since_of
from tests.examples.worked import receive, sign, token

D = Decimal
MARCH, APRIL, MAY = (YearMonth(2021, number) for number in (3, 4, 5))
IN_MARCH, LATE_IN_MARCH = datetime.date(2021, 3, 12), datetime.date(2021, 3, 30)
IN_MAY = datetime.date(2021, 5, 18)


@pytest.fixture
def agreement(ledger, actors):
    schedule = [(datetime.date(2021, 3, 31), "600000.00")]
    return sign(ledger, actors, datetime.date(2021, 2, 1), schedule)


@pytest.fixture
def corrected(ledger, actors, agreement):
    """The closed month's row, after everything."""
    wrong = receive(ledger, actors, agreement, IN_MARCH, "500000.00")
    close_month(ledger, MARCH, by=None, at=datetime.datetime(2021, 4, 10, 9, tzinfo=datetime.UTC))
    reverse_posting(
        wrong, because="The bank advice says 450,000", token=token(), today=IN_MAY, actors=actors
    )
    for on, amount in ((IN_MARCH, "450000.00"), (LATE_IN_MARCH, "20000.00")):
        receive(ledger, actors, agreement, on, amount, today=IN_MAY, adjusts=True)
    return Month.objects.get(ledger=ledger, month=MARCH.key)


def received(ledger, month, **known):
    entries = Entry.objects.in_books(ledger).receipts().filter(
        value_date__gte=month.first_day, value_date__lte=month.last_day, **known
    )  # fmt: skip
    return entries.aggregate(total=Sum("amount_usd"))["total"] or D(0)


def test_march_as_it_was_closed_comes_back(ledger, corrected):
    assert received(ledger, MARCH, posting__sequence__lte=corrected.sequence) == 500_000
    assert received(ledger, MARCH) == 470_000


def test_the_corrections_are_booked_in_may_and_add_up_to_the_difference(ledger, corrected):
    late = Entry.objects.in_books(ledger).receipts().filter(booked_month=MAY.key)
    assert list(late.order_by("posting__sequence").values_list("amount_usd", flat=True)) == [
        D("-500000.00"), D("450000.00"), D("20000.00"),
    ]  # fmt: skip
    assert sum(entry.amount_usd for entry in late) == 470_000 - 500_000
    assert {entry.value_date for entry in late} == {IN_MARCH, LATE_IN_MARCH}


def test_the_restatement_since_the_closing_adds_up(ledger, corrected):
    told = restatement(ledger, since_of(ledger, "2021-03"), with_persons=True)
    [row] = told.rows
    assert (row.fund, row.year) == ("FE", 2021)
    assert (row.old_usd, row.change_usd, row.new_usd) == (500_000, -30_000, 470_000)
    assert [(one.amount_usd, one.value_month, one.booked) for one in told.changes] == [
        (D("-500000.00"), MARCH, MAY), (D("450000.00"), MARCH, MAY), (D("20000.00"), MARCH, MAY),
    ]  # fmt: skip
    assert told.changes[0].note == "The bank advice says 450,000"
    assert {one.approved_by for one in told.changes} == {"Reviewer"}


def test_april_and_may_have_no_money_of_their_own(ledger, corrected):
    assert (received(ledger, APRIL), received(ledger, MAY)) == (0, 0)


def test_nothing_is_booked_in_march_any_more(ledger, actors, agreement, corrected):
    with pytest.raises(MonthClosed):
        receive(ledger, actors, agreement, LATE_IN_MARCH, "5000.00", today=IN_MAY)
    kept = Ledger.objects.get(pk=ledger.pk)
    assert list(problems(kept)) == []
    assert kept.sequence == corrected.sequence + 3
