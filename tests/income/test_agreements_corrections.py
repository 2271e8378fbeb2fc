"""What a reversal puts back beside the books: parked money, closed agreements, no second time."""

from decimal import Decimal

import pytest

from accounts.models import User
from income import services
from income.ledger.verification import problems
from income.models import Amendment, Contribution, Ledger, ParkedReceipt, Posting
from income.services import ReceivedMoney
from income.services.actors import Actors
from income.services.changes import Ground
from income.services.endings import cancel_contribution, close_contribution, write_off
from income.vocabulary import ContributionState, ParkedState
from tests.income.agreements import JUNE, TODAY, pay, promise, sign, standing_sums

D = Decimal
GROUND = Ground(JUNE, "Given up", authority="Controller", document_reference="IOM/21/7")


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


def reverse(posting: Posting, actors: Actors) -> Posting:
    return services.reverse_posting(
        posting, because="Wrong", token=f"undo {posting.sequence}", today=TODAY, actors=actors
    )


def test_a_receipt_made_of_parked_money_becomes_parked_again(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    parked = ParkedReceipt.objects.create(
        ledger=ledger, received_on=JUNE, currency=contribution.currency, amount=D(3_000_000)
    )
    money = ReceivedMoney(
        contribution.currency, D(3_000_000), JUNE, parked=parked,
        instalment=contribution.instalments.get(number=1),
    )  # fmt: skip
    posting = services.record_receipt(
        ledger, contribution, money, token="r", today=TODAY, actors=actors
    )
    parked.refresh_from_db()
    assert (parked.state, parked.posting) == (ParkedState.MATCHED, posting)
    reverse(posting, actors)
    parked.refresh_from_db()
    assert (parked.state, parked.posting, parked.settled_on) == (ParkedState.PARKED, None, None)


def test_a_receipt_taken_back_opens_an_agreement_that_was_closed(
    ledger: Ledger, actors: Actors, officer: User
) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    last = pay(ledger, contribution, actors, D(4_000_000), number=2)
    close_contribution(contribution, because="All came", today=TODAY, by=officer)
    reverse(last, actors)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.ended_on) == (ContributionState.SIGNED, None)


def test_a_write_off_undone_is_outstanding_again(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    first = contribution.instalments.get(number=1)
    posting = write_off(ledger, first, GROUND, token="w", today=TODAY, actors=actors)
    assert standing_sums(contribution) == {"agreement": D(4_000_000), "due": D(4_000_000)}
    reverse(posting, actors)
    assert standing_sums(contribution) == {"agreement": D(7_000_000), "due": D(7_000_000)}
    assert Amendment.objects.get().is_undone
    assert list(problems(ledger)) == []


def test_an_act_sent_twice_is_done_once(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    first = contribution.instalments.get(number=1)
    once = write_off(ledger, first, GROUND, token="w", today=TODAY, actors=actors)
    again = write_off(ledger, first, GROUND, token="w", today=TODAY, actors=actors)
    assert once == again
    cancelled = cancel_contribution(
        ledger, contribution, GROUND, token="c", today=TODAY, actors=actors
    )
    assert cancelled == cancel_contribution(
        ledger, contribution, GROUND, token="c", today=TODAY, actors=actors
    )
    assert [a.amount_change for a in Amendment.objects.order_by("number")] == [
        D(-3_000_000), D(-4_000_000),
    ]  # fmt: skip


def test_a_pledge_that_is_cancelled_leaves_the_books_and_comes_back(
    ledger: Ledger, actors: Actors
) -> None:

    services.record_pledge(ledger, promise(schedule=()), token="p", today=TODAY, actors=actors)
    contribution = Contribution.objects.get()
    posting = cancel_contribution(
        ledger, contribution, GROUND, token="c", today=TODAY, actors=actors
    )
    contribution.refresh_from_db()
    assert (contribution.state, standing_sums(contribution)) == ("cancelled", {"pledge": D(0)})
    reverse(posting, actors)
    contribution.refresh_from_db()
    assert (contribution.state, standing_sums(contribution)) == (
        "pledged", {"pledge": D(7_000_000)},
    )  # fmt: skip
