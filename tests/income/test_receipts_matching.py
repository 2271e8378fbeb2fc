"""Payments matched to instalments, with values a finance officer can check by hand.

Rates: SEK 8.5431 per US dollar at signature (March 2021), 8.3966 on the day of payment (June).
At signature 3,000,000 kronor are US$ 351,160.59 and 4,000,000 are US$ 468,214.11.
"""

import datetime
from decimal import Decimal

import pytest

from accounts.models import User
from income.balances import instalment_states
from income.errors import AmountWrong
from income.exchange import exchange_difference, settled_usd
from income.ledger.verification import problems
from income.models import Allocation, Contribution, ErpReference, Ledger
from income.services import reverse_posting
from income.services.actors import Actors
from tests.income.payment_cases import TODAY, agreement, currency, d, lines, pay, receipts


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


@pytest.fixture
def contribution(ledger: Ledger, actors: Actors) -> Contribution:
    return agreement(ledger, actors)


def states(contribution: Contribution) -> list[tuple[Decimal, Decimal, Decimal | None]]:
    """Credited, outstanding and outstanding dollars of each instalment."""
    return [(s.credited, s.outstanding, s.outstanding_usd) for s in instalment_states(contribution)]


def test_a_part_takes_its_share_of_the_agreed_dollars_and_the_last_part_the_rest(
    contribution: Contribution, actors: Actors
) -> None:
    first = contribution.instalments.get(number=1)
    one = pay(contribution, "1,000,000", actors, instalment=first)
    # 1,000,000 / 8.3966 = 119,095.82 arrived; 351,160.59 / 3 = 117,053.53 settled.
    [entry] = receipts(one)
    assert (entry.amount_usd, entry.settled_usd) == (d("119,095.82"), d("117,053.53"))
    assert states(contribution)[0] == (d("1,000,000"), d("2,000,000"), d("234,107.06"))
    rest = pay(contribution, "2,000,000", actors, instalment=first, token="rest")
    # All that remains: 351,160.59 - 117,053.53.
    assert receipts(rest)[0].settled_usd == d("234,107.06")
    assert states(contribution)[0] == (d("3,000,000"), d("0"), d("0"))
    assert list(problems(contribution.ledger)) == []


def test_several_instalments_are_settled_oldest_first_and_the_charge_is_split_with_them(
    contribution: Contribution, actors: Actors
) -> None:
    both = tuple(contribution.instalments.order_by("-number"))
    posting = pay(contribution, "4,999,500", actors, instalments=both, bank_charge=d("500"))
    # Credited are 5,000,000: 3/5 to the first, 2/5 to the second; amount and charge likewise.
    assert [
        (e.instalment.number, e.amount, e.bank_charge, e.credited_amount, e.year_for)  # type: ignore[union-attr]
        for e in receipts(posting)
    ] == [
        (1, d("2,999,700"), d("300"), d("3,000,000"), 2021),
        (2, d("1,999,800"), d("200"), d("2,000,000"), 2022),
    ]
    assert [entry.settled_usd for entry in receipts(posting)] == [d("351,160.59"), d("234,107.06")]


def test_what_exceeds_the_instalment_stands_without_one(
    contribution: Contribution, actors: Actors
) -> None:
    first = contribution.instalments.get(number=1)
    posting = pay(contribution, "3,100,000", actors, instalment=first)
    assert [(e.instalment, e.amount, e.settled_usd) for e in receipts(posting)] == [
        (first, d("3,000,000"), d("351,160.59")),
        (None, d("100,000"), None),
    ]


def test_without_a_choice_the_open_ones_are_settled_oldest_first_if_that_is_wanted(
    contribution: Contribution, actors: Actors
) -> None:
    posting = pay(contribution, "3,500,000", actors, automatic=True)
    assert [(e.instalment.number, e.amount) for e in receipts(posting)] == [  # type: ignore[union-attr]
        (1, d("3,000,000")),
        (2, d("500,000")),
    ]
    unmatched = pay(contribution, "1,000", actors, token="unmatched")
    assert [(e.instalment, e.settled_usd) for e in receipts(unmatched)] == [(None, None)]


def test_an_instalment_of_another_agreement_is_refused(
    contribution: Contribution, actors: Actors
) -> None:
    other = agreement(contribution.ledger, actors, token="other")
    with pytest.raises(AmountWrong, match="of another agreement"):
        pay(contribution, "1,000", actors, instalment=other.instalments.get(number=1))


def test_the_exchange_difference_is_what_arrived_less_what_it_settled(
    contribution: Contribution, actors: Actors
) -> None:
    posting = pay(contribution, "2,999,000", actors, automatic=True, bank_charge=d("1,000"))
    [entry] = receipts(posting)
    # 2,999,000 / 8.3966 = 357,168.38, and the charge 1,000 / 8.3966 = 119.10; settled 351,160.59.
    assert entry.amount_usd == d("357,168.38")
    assert exchange_difference(
        entry.amount_usd, entry.bank_charge, entry.rate, entry.settled_usd
    ) == d("6,126.89")


def test_a_settled_share_is_rounded_half_up_and_the_whole_is_exact() -> None:
    assert settled_usd(d("10.00"), d("3"), d("1")) == d("3.33")
    assert settled_usd(d("6.67"), d("2"), d("2")) == d("6.67")
    assert settled_usd(d("0.05"), d("2"), d("1")) == d("0.03")
    assert settled_usd(None, d("2"), d("1")) is None
    assert exchange_difference(None, None, None, d("1")) is None


def test_where_the_agreement_is_not_converted_nothing_is_settled_in_dollars(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = agreement(ledger, actors, currency=currency("KES"))
    posting = pay(contribution, "2,999,990", actors, code="KES", automatic=True)
    assert [(e.amount_usd, e.settled_usd) for e in receipts(posting)] == [(None, None)]
    # Nobody knows what 10 shillings are worth in dollars: they stay open.
    assert instalment_states(contribution)[0].outstanding == d("10")


@pytest.mark.parametrize(
    ("amount", "forgiven", "open_afterwards"),
    [
        ("2,999,573", "427", "0"),  # 427 / 8.5431 = US$ 49.98
        ("2,999,572", None, "428"),  # US$ 50.10
    ],
)
def test_a_difference_within_the_tolerance_settles_the_instalment(
    contribution: Contribution, actors: Actors, amount: str, forgiven: str | None,
    open_afterwards: str,
) -> None:  # fmt: skip
    first = contribution.instalments.get(number=1)
    posting = pay(contribution, amount, actors, instalment=first)
    written = [line[:4] for line in lines(posting)[1:]]
    assert written == (
        [("due", "tolerance", 1, -d(forgiven)), ("agreement", "tolerance", None, -d(forgiven))]
        if forgiven
        else []
    )
    assert instalment_states(contribution)[0].outstanding == d(open_afterwards)


def test_the_tolerance_is_posted_at_the_instalments_rate_and_leaves_no_cent(
    contribution: Contribution, actors: Actors
) -> None:
    first = contribution.instalments.get(number=1)
    posting = pay(contribution, "2,999,600", actors, instalment=first)
    # 400 / 8.5431 = 46.82 leave the due; 351,160.59 - 46.82 are settled.
    assert lines(posting)[1:] == [
        ("due", "tolerance", 1, d("-400"), d("-46.82")),
        ("agreement", "tolerance", None, d("-400"), d("-46.82")),
    ]
    assert receipts(posting)[0].settled_usd == d("351,113.77")
    state = instalment_states(contribution)[0]
    assert (state.due, state.due_usd, state.is_settled) == (d("2,999,600"), d("351,113.77"), True)
    assert list(problems(contribution.ledger)) == []


def test_a_small_instalment_is_not_settled_by_more_than_half_a_per_cent(
    ledger: Ledger, actors: Actors
) -> None:
    day = datetime.date(2021, 6, 1)
    contribution = agreement(
        ledger, actors, currency=currency("USD"), amount=d("1,000"), schedule=((day, d("1,000")),)
    )
    # Half a per cent of 1,000 is 5.
    pay(contribution, "994.99", actors, code="USD", automatic=True)
    assert instalment_states(contribution)[0].outstanding == d("5.01")
    pay(contribution, "0.01", actors, code="USD", automatic=True, token="one cent")
    assert instalment_states(contribution)[0].is_settled


def test_the_difference_stays_open_when_the_officer_says_so_and_comes_back_with_a_reversal(
    contribution: Contribution, actors: Actors
) -> None:
    first = contribution.instalments.get(number=1)
    pay(contribution, "2,999,600", actors, instalment=first, leave_open=True)
    assert instalment_states(contribution)[0].outstanding == d("400")
    last = pay(contribution, "399", actors, instalment=first, token="last")
    assert instalment_states(contribution)[0].is_settled
    reverse_posting(last, because="Wrong", token="undo", today=TODAY, actors=actors)
    state = instalment_states(contribution)[0]
    assert (state.outstanding, state.due) == (d("400"), d("3,000,000"))
    contribution.refresh_from_db()
    assert contribution.state == "signed"


def test_levies_stand_apart_and_are_no_income(contribution: Contribution, actors: Actors) -> None:
    first = contribution.instalments.get(number=1)
    posting = pay(
        contribution, "1,000,000", actors, instalment=first, coordination_levy=d("10,000"),
        agent_fee=d("5,000"),
    )  # fmt: skip
    # 10,000 / 8.3966 = 1,190.96 and 5,000 / 8.3966 = 595.48.
    assert lines(posting) == [
        ("receipt", "ordinary", 1, d("1,000,000"), d("119,095.82")),
        ("levy", "levy", None, d("10,000"), d("1,190.96")),
        ("levy", "agent_fee", None, d("5,000"), d("595.48")),
    ]
    assert instalment_states(contribution)[0].credited == d("1,000,000")
    assert posting.entries.filter(kind="levy", programme_support_usd=None).count() == 2
    assert list(problems(contribution.ledger)) == []


def test_over_allocations_everything_adds_up_again(
    contribution: Contribution, actors: Actors
) -> None:
    Allocation.objects.bulk_create(
        Allocation(contribution=contribution, number=n, amount=d(amount))
        for n, amount in ((1, "2,333,333.33"), (2, "4,666,666.67"))
    )
    first = contribution.instalments.get(number=1)
    posting = pay(contribution, "2,999,600.01", actors, instalment=first, bank_charge=d("0.01"))
    paid = receipts(posting)
    assert [e.amount for e in paid] == [d("999,866.67"), d("1,999,733.34")]
    assert sum(e.credited_amount or 0 for e in paid) == d("2,999,600.02")
    assert sum(e.bank_charge or 0 for e in paid) == d("0.01")
    state = instalment_states(contribution)[0]
    assert (state.outstanding, state.outstanding_usd) == (d("0"), d("0"))
    assert state.due_usd == state.settled_usd
    assert list(problems(contribution.ledger)) == []


def test_the_erps_document_number_is_kept_with_the_posting(
    contribution: Contribution, actors: Actors
) -> None:
    posting = pay(contribution, "1,000", actors, automatic=True, document="5100012345")
    [reference] = ErpReference.objects.filter(posting=posting)
    assert (reference.scheme, reference.value) == ("document", "5100012345")
