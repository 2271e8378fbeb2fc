"""Money that goes back: gross, each reduction with its reason, and net.

Germany agrees to 1,000,000 US dollars for 2021 and pays all of it. At the end 150,000 were not
spent and go back, and 2,000 of interest with them.

    received, gross                      1,000,000.00
    refund of unspent balance             -150,000.00
    interest returned                       -2,000.00
    received, net                          848,000.00

The agreement stays as it was signed: 1,000,000 agreed and due, nothing outstanding. Programme
support expected inside: 1,000,000 x 0.13 / 1.13 = 115,044.25, less 150,000 x 0.13 / 1.13 =
17,256.64; the interest was never part of the contribution and bears none.
"""

import datetime
from decimal import Decimal

import pytest

from income.balances import instalment_states
from income.ledger.verification import problems
from income.models import Entry
from income.services.returns import MovedMoney, return_money
from income.vocabulary import Reason
from tests.examples.worked import TODAY, adds_up, lines, of_year, plain, receive, sign, three, token

D = Decimal
BACK_ON = datetime.date(2021, 12, 20)


@pytest.fixture
def returned(ledger, actors):
    agreement = sign(
        ledger, actors, datetime.date(2021, 1, 15), [(datetime.date(2021, 2, 1), "1000000.00")],
        support_rate=D("0.13"),
    )  # fmt: skip
    receive(ledger, actors, agreement, datetime.date(2021, 2, 1), "1000000.00")
    for amount, reason in (("150000.00", Reason.REFUND), ("2000.00", Reason.INTEREST)):
        money = MovedMoney(
            currency=agreement.currency, amount=D(amount), moved_on=BACK_ON,
            document_reference="Letter of 17 December 2021", reason=reason,
        )  # fmt: skip
        return_money(ledger, agreement, money, token=token(), today=TODAY, actors=actors)
    return agreement


def test_gross_less_each_reason_is_net(ledger, returned):
    [receipts] = [one for one in of_year(ledger, 2021).gross_net if one.kind == "receipt"]
    assert plain(receipts.gross_usd) == "1,000,000"
    assert [(one.reason, plain(one.amount_usd)) for one in receipts.changes] == [
        ("refund", "-150,000"), ("interest", "-2,000"),
    ]  # fmt: skip
    assert plain(receipts.net_usd) == "848,000"


def test_what_went_back_is_a_line_of_the_bridge_and_not_less_agreed(ledger, returned):
    found = of_year(ledger, 2021)
    assert three(found) == ["1,000,000", "1,000,000", "848,000"]
    assert lines(found, "to_received") == [("refund", "-150,000"), ("interest", "-2,000")]
    assert adds_up(found)


def test_a_refund_asks_for_nothing_again(ledger, returned):
    [state] = instalment_states(returned)
    assert (state.credited, state.outstanding) == (1_000_000, 0)
    assert list(problems(ledger)) == []


def test_expected_programme_support_is_refunded_with_the_money(ledger, returned):
    receipts = Entry.objects.in_books(ledger).receipts().order_by("posting__sequence")
    assert [entry.programme_support_usd for entry in receipts] == [
        D("115044.25"), D("-17256.64"), None,
    ]  # fmt: skip
