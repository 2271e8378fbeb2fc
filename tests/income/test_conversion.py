"""What the form shows at once is read as the form itself reads it."""

import datetime
from decimal import Decimal

import pytest

from income.conversion import conversion_of_typed


def shown(ledger, **typed):
    row = {"currency": "USD", "received_on": "2021-06-03", **typed}
    return conversion_of_typed(row, ledger)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("19,234.56", "19234.56"), ("19 234.56", "19234.56"), ("1\u202f000", "1000"), ("7", "7")],
)
def test_an_amount_that_the_form_takes_is_converted(ledger, typed, amount):
    found = shown(ledger, amount=typed)
    assert (found.amount, found.amount_usd) == (Decimal(amount), Decimal(amount))


@pytest.mark.parametrize(
    "typed", ["19.234,56", "1e6", "1,00", "NaN", "Infinity", "٥", "1_000", "", "0", "-5", "x"]
)
def test_an_amount_that_the_form_refuses_is_not_shown_converted(ledger, typed):
    assert shown(ledger, amount=typed) is None


@pytest.mark.parametrize("typed", ["2021-06-03", "03.06.2021"])
def test_a_day_is_read_as_the_form_reads_it(ledger, typed):
    assert shown(ledger, amount="1", received_on=typed).on == datetime.date(2021, 6, 3)


@pytest.mark.parametrize("typed", ["20210603", "2021-W22-4", "31/31/2021", ""])
def test_a_day_that_the_form_refuses_is_not_converted_at(ledger, typed):
    assert shown(ledger, amount="1", received_on=typed) is None


@pytest.mark.parametrize(
    ("typed", "support"),
    [("", "13.00"), ("13", "13.00"), ("0", "0.00"), ("1e1", None), ("7,5", None), ("100", None)],
)
def test_the_support_rate_is_read_as_the_form_reads_it(ledger, typed, support):
    """Inside 113.00 at 13 per cent: 113 × 0.13 / 1.13 = 13.00."""
    found = shown(ledger, amount="113", fund="FE", support_rate=typed)
    assert found.support_usd == (Decimal(support) if support else None)
