"""Which rate is in force on a day. Amounts of reference: 1 March 2021 and the days after."""

import datetime
from decimal import Decimal

import pytest

from income.rates import last_day_of, rate_in_force
from income.vocabulary import RateType
from tests import factories

D = Decimal

pytestmark = pytest.mark.django_db
MARCH_1 = datetime.date(2021, 3, 1)


@pytest.fixture
def code(reference):
    """A currency without any rate yet."""
    return factories.currency().code


def has(code, on, units, rate_type):
    factories.exchange_rate(
        currency_id=code, effective_on=on, units_per_usd=D(units), rate_type=rate_type
    )


def day(number, month=3):
    return datetime.date(2021, month, number)


def test_a_dollar_is_a_dollar_on_any_day(ledger):
    found = rate_in_force("USD", day(4), ledger=ledger)
    assert (found.units_per_usd, found.on, found.rate_type) == (D(1), day(4), RateType.PARITY)


def test_the_krona_in_december_2021_has_the_average_of_that_month(ledger):
    found = rate_in_force("SEK", day(10, 12), ledger=ledger)
    assert (found.units_per_usd, found.on, found.rate_type, found.source) == (
        D("9.0896"),
        day(1, 12),
        RateType.MONTHLY_AVERAGE,
        "fed-monthly",
    )


def test_without_any_rate_nothing_is_guessed(ledger, code):
    assert rate_in_force(code, day(4), ledger=ledger) is None


def test_a_rate_is_not_in_force_before_its_day(ledger, code):
    has(code, day(2), "8", RateType.UN_OPERATIONAL)
    assert rate_in_force(code, day(1), ledger=ledger) is None
    assert rate_in_force(code, day(2), ledger=ledger).units_per_usd == D(8)


def test_a_un_rate_lasts_until_the_next_one(ledger, code):
    has(code, MARCH_1, "8", RateType.UN_OPERATIONAL)
    has(code, day(15), "9", RateType.UN_OPERATIONAL)
    assert rate_in_force(code, day(14), ledger=ledger).units_per_usd == D(8)
    assert rate_in_force(code, day(15), ledger=ledger).units_per_usd == D(9)


def test_a_un_rate_that_nobody_renewed_expires_after_45_days(ledger, code):
    has(code, MARCH_1, "8", RateType.UN_OPERATIONAL)
    assert last_day_of(RateType.UN_OPERATIONAL, MARCH_1) == day(15, 4)
    assert rate_in_force(code, day(15, 4), ledger=ledger).on == MARCH_1
    assert rate_in_force(code, day(16, 4), ledger=ledger) is None


def test_a_monthly_average_counts_in_its_month_only(ledger, code):
    has(code, MARCH_1, "8", RateType.MONTHLY_AVERAGE)
    assert rate_in_force(code, day(31), ledger=ledger).units_per_usd == D(8)
    assert rate_in_force(code, day(1, 4), ledger=ledger) is None


def test_a_un_rate_goes_before_an_average_that_is_newer(ledger, code):
    has(code, day(1, 2), "7", RateType.UN_OPERATIONAL)
    has(code, MARCH_1, "8", RateType.MONTHLY_AVERAGE)
    assert rate_in_force(code, day(18), ledger=ledger).units_per_usd == D(7)
    # From the 46th day the UN rate has expired, and the average takes its place.
    assert rate_in_force(code, day(19), ledger=ledger).units_per_usd == D(8)


def test_a_demonstration_rate_is_for_demonstration_books_only(ledger, code):
    has(code, MARCH_1, "8", RateType.DEMONSTRATION)
    demonstration = factories.ledger(is_demonstration=True)
    assert rate_in_force(code, day(4), ledger=ledger) is None
    assert rate_in_force(code, day(4), ledger=demonstration).units_per_usd == D(8)


def test_a_demonstration_rate_comes_last(reference, code):
    demonstration = factories.ledger(is_demonstration=True)
    has(code, day(4), "8", RateType.DEMONSTRATION)
    has(code, MARCH_1, "7", RateType.MONTHLY_AVERAGE)
    assert rate_in_force(code, day(4), ledger=demonstration).units_per_usd == D(7)
