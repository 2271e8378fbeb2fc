"""A million kronor, paid in two parts at two other rates: the exchange difference is a line.

Signed at 10.00 kronor per US dollar: SEK 1,000,000 is agreed and due as 100,000.00 dollars.

                   credited    rate  bank charge    arrived     settles  exchange difference
    part        SEK 400,000    8.00            0  50,000.00   40,000.00           +10,000.00
    the rest    SEK 600,000   12.50    SEK 1,000  47,920.00   60,000.00           -12,000.00
    together  SEK 1,000,000                       97,920.00  100,000.00            -2,000.00

The rest: 599,000 / 12.50 = 47,920 arrived, the bank kept 1,000 / 12.50 = 80, and 47,920 + 80 -
60,000 is the difference.

Due 100,000 - exchange difference 2,000 - bank charge 80 = received 97,920.
"""

import datetime
from decimal import Decimal

import pytest

from income.balances import instalment_states
from income.exchange import exchange_difference
from income.ledger.verification import problems
from income.models import Entry
from income.vocabulary import RateType
from tests import factories
from tests.examples.worked import adds_up, lines, of_year, receive, sign, three

D = Decimal
SIGNED, PART_ON, REST_ON = (datetime.date(2021, month, 10) for month in (2, 5, 9))


@pytest.fixture
def agreement(ledger, actors):
    for month, rate in ((2, "10"), (5, "8"), (9, "12.5")):
        factories.exchange_rate(
            currency_id="SEK", rate_type=RateType.UN_OPERATIONAL, units_per_usd=D(rate),
            effective_on=datetime.date(2021, month, 2),
        )  # fmt: skip
    schedule = [(datetime.date(2021, 6, 30), "1000000.00")]
    return sign(ledger, actors, SIGNED, schedule, donor="SWE", currency="SEK")


def outstanding(agreement):
    [state] = instalment_states(agreement)
    return state.outstanding, state.outstanding_usd


def test_a_partial_payment_settles_its_share_of_the_agreed_dollars(ledger, actors, agreement):
    assert outstanding(agreement) == (1_000_000, 100_000)
    receive(ledger, actors, agreement, PART_ON, "400000.00")
    assert outstanding(agreement) == (600_000, 60_000)


@pytest.fixture
def paid(ledger, actors, agreement):
    receive(ledger, actors, agreement, PART_ON, "400000.00")
    receive(ledger, actors, agreement, REST_ON, "599000.00", bank_charge=D("1000.00"))
    return agreement


def test_each_payment_has_its_exchange_difference(ledger, paid):
    receipts = Entry.objects.in_books(ledger).receipts().order_by("value_date")
    told = [
        (e.amount_usd, e.settled_usd,
         exchange_difference(e.amount_usd, e.bank_charge, e.rate, e.settled_usd))
        for e in receipts
    ]  # fmt: skip
    assert told == [
        (D("50000.00"), D("40000.00"), D("10000.00")),
        (D("47920.00"), D("60000.00"), D("-12000.00")),
    ]


def test_the_bridge_has_the_exchange_difference_and_the_charge_as_lines(ledger, paid):
    found = of_year(ledger, 2021)
    assert three(found) == ["100,000", "100,000", "97,920"]
    assert lines(found, "to_received") == [("exchange", "-2,000"), ("bank_charges", "-80")]
    assert adds_up(found)


def test_nothing_is_left_to_the_cent(ledger, paid):
    assert outstanding(paid) == (0, 0)
    assert list(problems(ledger)) == []
