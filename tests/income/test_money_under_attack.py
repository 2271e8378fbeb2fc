"""Orders of acts in which money could be lost, counted twice, or put into a wrong year."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import Sum

from income import services
from income.balances import instalment_states
from income.conversion import conversion_of_typed
from income.errors import AmountWrong, PostingWrong
from income.forms import AmendmentForm
from income.ledger.verification import problems
from income.models import Condition, Currency
from income.services import ReceivedMoney
from income.services.actors import Actors
from income.services.amended_schedule import Rescheduled
from income.services.amendments import AmendedAgreement, amend_agreement
from income.services.changes import Ground
from income.services.conditions import Settlement, settle_condition
from income.services.endings import close_contribution, write_off
from income.services.promises import PromisedPart
from income.services.replacing import replace_posting
from income.services.returns import MovedMoney, return_money
from income.vocabulary import ConditionState, Kind
from tests import factories
from tests.income import agreements
from tests.income.agreements import TODAY, pay, sign

pytestmark = pytest.mark.both_databases
D = Decimal


@pytest.fixture
def actors(officer, reviewer):
    return Actors(prepared_by=officer, approved_by=reviewer)


def undo(posting, actors, token="undo"):
    return services.reverse_posting(
        posting, because="It was wrong", token=token, today=TODAY, actors=actors
    )


def give_back(ledger, contribution, actors, amount, day=datetime.date(2022, 1, 10)):
    money = MovedMoney(contribution.currency, D(amount), day, "Letter of 10 January")
    return return_money(
        ledger, contribution, money, token=f"back {amount}", today=TODAY, actors=actors
    )


def amend(ledger, contribution, actors, rows, day, token):
    contribution.refresh_from_db()
    amendment = AmendedAgreement(Ground(day, "Agreed by letter"), rows)
    return amend_agreement(ledger, contribution, amendment, token=token, today=TODAY, actors=actors)


def due_by_year(contribution):
    rows = contribution.entries.filter(kind=Kind.DUE).order_by().values_list("value_date__year")
    return {year: amount for year, amount in rows.annotate(total=Sum("amount")) if amount}


def paid_early_and_moved(ledger, actors):
    """All 7 million arrive; 4 million wait for a condition and are moved once it is met."""
    contribution = sign(ledger, actors, conditions=[(2, "Audit report accepted")])
    money = ReceivedMoney(contribution.currency, D(7_000_000), agreements.JUNE, automatic=True)
    early = services.record_receipt(
        ledger, contribution, money, token="early", today=TODAY, actors=actors
    )
    met = settle_condition(
        ledger, Condition.objects.get(contribution=contribution),
        Settlement(ConditionState.MET, datetime.date(2021, 9, 1), "Report"),
        token="met", today=TODAY, actors=actors,
    )  # fmt: skip
    return contribution, early, met, money


def test_a_receipt_whose_early_money_was_moved_is_not_reversed_before_the_move(
    reference, ledger, actors
):
    contribution, early, met, _money = paid_early_and_moved(ledger, actors)
    with pytest.raises(PostingWrong, match=f"Reverse posting {met.sequence} first"):
        undo(early, actors)
    undo(met, actors, "first")
    undo(early, actors, "then")
    first, second = instalment_states(contribution)
    assert (first.outstanding, first.credited) == (D(3_000_000), D(0))
    assert (second.conditional, second.credited) == (D(4_000_000), D(0))


def test_a_receipt_whose_early_money_was_moved_is_replaced_by_one_that_covers_the_move(
    reference, ledger, actors
):
    contribution, early, _met, money = paid_early_and_moved(ledger, actors)

    factories.draft(ledger=ledger, posting=early, act="record_receipt", state="posted")

    def again(amount):
        return replace_posting(
            early, because="Another reference", token=f"again {amount}", today=TODAY,
            actors=actors,
            post_it=lambda new: services.record_receipt(
                ledger, contribution, replace(money, amount=amount), token=f"new {amount}",
                today=TODAY, actors=new,
            ),
        )  # fmt: skip

    with pytest.raises(PostingWrong, match="Reverse posting"):
        again(D(6_000_000))
    again(D(7_000_000))
    assert [s.outstanding for s in instalment_states(contribution)] == [D(0), D(0)]
    assert list(problems(ledger)) == []


def test_a_receipt_of_which_a_part_was_returned_is_not_reversed_before_the_return(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    receipt = pay(ledger, contribution, actors, D(3_000_000), number=1)
    back = give_back(ledger, contribution, actors, 400_000)
    with pytest.raises(PostingWrong, match=f"Reverse posting {back.sequence} first"):
        undo(receipt, actors)
    undo(back, actors, "back")
    undo(receipt, actors, "then")
    assert agreements.standing_sums(contribution)[Kind.RECEIPT] == 0


def test_a_signature_is_not_reversed_while_a_receipt_stands_that_was_returned_whole(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    signature = contribution.entries.order_by("posting__sequence").first().posting
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    give_back(ledger, contribution, actors, 3_000_000)
    with pytest.raises(PostingWrong, match="Reverse its receipts first"):
        undo(signature, actors)


def test_a_closed_agreement_stays_closed_when_a_return_under_it_is_reversed(
    reference, ledger, actors, officer
):
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    pay(ledger, contribution, actors, D(4_000_000), number=2)
    close_contribution(contribution, because="All received", today=TODAY, by=officer)
    undo(give_back(ledger, contribution, actors, 400_000), actors)
    contribution.refresh_from_db()
    assert contribution.state == "closed"


def test_what_was_received_stays_due_in_its_year_when_the_rest_moves_twice(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(1_000_000), number=1)
    for number, year in enumerate((2022, 2023)):
        rows = [Rescheduled(1, datetime.date(year, 6, 1), D(3_000_000))]
        amend(ledger, contribution, actors, rows, datetime.date(2021, 7, 1), f"move {number}")
    assert due_by_year(contribution) == {2021: D(1_000_000), 2022: D(4_000_000), 2023: D(2_000_000)}


def test_a_write_off_after_a_move_takes_off_what_is_open_and_not_what_was_received(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(1_000_000), number=1)
    rows = [Rescheduled(1, datetime.date(2022, 9, 1), D(3_000_000))]
    amend(ledger, contribution, actors, rows, datetime.date(2021, 7, 1), "move")
    ground = Ground(datetime.date(2022, 12, 1), "Given up", "Controller", "Memo 4")
    write_off(
        ledger, contribution.instalments.get(number=1), ground, token="off", today=TODAY,
        actors=actors,
    )  # fmt: skip
    assert due_by_year(contribution) == {2021: D(1_000_000), 2022: D(4_000_000)}


def test_a_decrease_after_a_move_takes_off_what_is_open_and_not_what_was_received(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(1_000_000), number=1)
    rows = [Rescheduled(1, datetime.date(2023, 9, 1), D(3_000_000))]
    amend(ledger, contribution, actors, rows, datetime.date(2021, 7, 1), "move")
    rows = [Rescheduled(1, datetime.date(2023, 9, 1), D(1_500_000))]
    amend(ledger, contribution, actors, rows, datetime.date(2021, 8, 1), "less")
    assert due_by_year(contribution) == {2021: D(1_000_000), 2022: D(4_000_000), 2023: D(500_000)}


def test_a_part_that_is_nothing_in_the_currency_paid_loses_nothing_of_what_is_credited(
    reference, ledger, actors
):
    yen = Currency.objects.get(code="JPY")
    contribution = sign(
        ledger, actors, currency=yen, amount=D(1_000_000), schedule=(),
        parts=[PromisedPart(D(999_999)), PromisedPart(D(1))], support_rate=None,
    )  # fmt: skip
    money = ReceivedMoney(
        Currency.objects.get(code="USD"), D("4613.33"), agreements.JUNE, credited=D(500_000),
        automatic=True,
    )  # fmt: skip
    services.record_receipt(ledger, contribution, money, token="yen", today=TODAY, actors=actors)
    assert instalment_states(contribution)[0].outstanding == D(500_000)


def test_in_one_currency_what_is_credited_is_what_was_paid(reference, ledger, actors):
    contribution = sign(ledger, actors)
    money = ReceivedMoney(
        contribution.currency, D(2_500_000), agreements.JUNE, credited=D(3_000_000),
        instalment=contribution.instalments.get(number=1),
    )  # fmt: skip
    with pytest.raises(AmountWrong):
        services.record_receipt(
            ledger, contribution, money, token="much", today=TODAY, actors=actors
        )


@pytest.mark.parametrize("typed", [{"amount": "10.005"}, {"bank_charge": "1.005"}])
def test_what_is_typed_with_too_many_decimals_has_no_preview_and_breaks_no_page(
    reference, ledger, actors, typed
):
    contribution = sign(ledger, actors)
    row = {
        "contribution": str(contribution.uuid), "amount": "10", "currency": "SEK",
        "received_on": "2021-06-10", **typed,
    }  # fmt: skip
    found = conversion_of_typed(row, ledger)
    assert found and found.settlement is None


def test_an_amendment_of_what_was_received_meanwhile_is_refused_and_not_left_out(
    reference, ledger, actors
):
    contribution = sign(ledger, actors)
    typed = {
        "contribution": str(contribution.uuid), "agreed_on": "2021-07-01", "reason": "By letter",
        "due_on_1": "2021-06-01", "amount_1": "2000000", "due_on_2": "2022-06-01",
        "amount_2": "5000000", "seen": str(contribution.version),
    }  # fmt: skip
    assert AmendmentForm(typed, ledger=ledger, today=TODAY).is_valid()
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    form = AmendmentForm(typed, ledger=ledger, today=TODAY)
    assert not form.is_valid()
    assert "was received or taken away in the meantime" in str(form.errors)
    typed["amount_1"] = "3000000"  # as it stood, so nothing of it is to change
    assert AmendmentForm(typed, ledger=ledger, today=TODAY).is_valid()
