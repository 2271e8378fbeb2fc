"""Money that came before its instalment was owed finds it once it is.

Sweden promises SEK 7,000,000 at 8 kronor per dollar: 3,000,000 firm, 4,000,000 once the audit
report is in. All 7,000,000 arrive on 10 June 2021, at 8.40: 3,000,000 settle the first instalment
(US$ 375,000.00 agreed), 4,000,000 (US$ 476,190.48) stand without an instalment. On 1 September the
condition is met: the second instalment is due (US$ 500,000.00 agreed) and settled at once.
"""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from income import services
from income.balances import instalment_states
from income.ledger.verification import problems
from income.models import Condition, Entry, ExchangeRate
from income.services import ReceivedMoney
from income.services.actors import Actors
from income.services.conditions import Settlement, settle_condition
from income.vocabulary import ConditionState, Kind
from tests.income import agreements

pytestmark = pytest.mark.both_databases
D = Decimal
MET_ON = datetime.date(2021, 9, 1)


@pytest.fixture
def actors(officer, reviewer):
    return Actors(prepared_by=officer, approved_by=reviewer)


@pytest.fixture
def paid_early(reference, ledger, actors):
    ExchangeRate.objects.filter(currency="SEK").delete()
    for day, units in ((datetime.date(2021, 3, 1), D(8)), (datetime.date(2021, 6, 1), D("8.4"))):
        ExchangeRate.objects.create(
            currency_id="SEK", effective_on=day, units_per_usd=units, source="test",
            rate_type="un_operational",
        )  # fmt: skip
    contribution = agreements.sign(ledger, actors, conditions=[(2, "Audit report accepted")])
    money = ReceivedMoney(contribution.currency, D(7_000_000), agreements.JUNE, automatic=True)
    services.record_receipt(
        ledger, contribution, money, token="early", today=agreements.TODAY, actors=actors
    )
    return contribution


def settle(ledger, contribution, actors):
    return settle_condition(
        ledger, Condition.objects.get(contribution=contribution),
        Settlement(ConditionState.MET, MET_ON, "Report of 30 August 2021"),
        token="met", today=agreements.TODAY, actors=actors,
    )  # fmt: skip


def received(contribution):
    entries = Entry.objects.receipts().filter(contribution=contribution)
    return entries.aggregate(sek=Sum("amount"), usd=Sum("amount_usd"))


def test_early_money_settles_the_instalment_when_its_condition_is_met(paid_early, ledger, actors):
    before = received(paid_early)
    assert before == {"sek": D(7_000_000), "usd": D("833333.34")}  # 357,142.86 + 476,190.48
    settle(ledger, paid_early, actors)
    first, second = instalment_states(paid_early)
    assert (first.outstanding, second.outstanding) == (D(0), D(0))
    assert (second.due, second.credited) == (D(4_000_000), D(4_000_000))
    assert (second.due_usd, second.settled_usd) == (D("500000.00"), D("500000.00"))
    assert received(paid_early) == before
    assert list(problems(ledger)) == []


def test_undoing_it_lets_the_money_stand_without_an_instalment_again(paid_early, ledger, actors):
    posting = settle(ledger, paid_early, actors)
    services.reverse_posting(
        posting, because="The report was another one", token="undo", today=agreements.TODAY,
        actors=actors,
    )  # fmt: skip
    second = instalment_states(paid_early)[1]
    assert (second.conditional, second.due, second.credited) == (D(4_000_000), D(0), D(0))
    loose = paid_early.entries.filter(kind=Kind.RECEIPT, instalment=None)
    assert loose.aggregate(total=Sum("credited_amount"))["total"] == D(4_000_000)
    again = settle_condition(
        ledger, Condition.objects.get(contribution=paid_early),
        Settlement(ConditionState.MET, MET_ON, "The right report"),
        token="again", today=agreements.TODAY, actors=actors,
    )  # fmt: skip
    assert again.entry_count == 5
    assert instalment_states(paid_early)[1].outstanding == D(0)
