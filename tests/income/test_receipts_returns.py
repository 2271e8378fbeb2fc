"""Money returned, transferred, given online, parked: values to check by hand.

Rates: SEK 8.5431 per US dollar in March 2021, 8.3966 in June 2021.
"""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.audit.personal import with_values
from accounts.models import AuditEvent, User
from donors.models import Donor
from income.balances import instalment_states
from income.errors import AmountWrong, PostingWrong
from income.ledger.verification import problems
from income.models import Allocation, Contribution, Entry, ErpReference, Fund, Ledger, ParkedReceipt
from income.periods import YearMonth
from income.services import (
    PromisedContribution,
    ReceivedMoney,
    record_online_gifts,
    reverse_posting,
)
from income.services.actors import Actors
from income.services.gifts import OnlineBatch
from income.services.parked import (
    UnidentifiedMoney,
    correct_parked,
    park_receipt,
    send_back_parked,
)
from income.services.returns import MovedMoney, received_net, return_money, transfer_money
from income.vocabulary import ParkedState, Reason
from interface.conflicts import EditConflict
from tests.income.payment_cases import JUNE_3, TODAY, agreement, currency, d, lines, pay, receipts

JUNE_30 = datetime.date(2021, 6, 30)


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


@pytest.fixture
def contribution(ledger: Ledger, actors: Actors) -> Contribution:
    """The agreement, of which the first instalment was paid."""
    made = agreement(ledger, actors)
    pay(made, "3,000,000", actors, automatic=True)
    return made


def moved(amount: str, code: str = "SEK", **changed: Any) -> MovedMoney:
    return MovedMoney(currency(code), d(amount), JUNE_30, "Letter of 30 June", **changed)


def test_a_refund_is_a_receipt_below_zero_that_leaves_the_instalments_alone(
    contribution: Contribution, actors: Actors
) -> None:
    posting = return_money(
        contribution.ledger, contribution, moved("83,966", document="5100099"), token="refund",
        today=TODAY, actors=actors,
    )  # fmt: skip
    # 83,966 / 8.3966 = 10,000.00; support inside: 10,000 × 0.13 / 1.13 = 1,150.44.
    assert lines(posting) == [("receipt", "refund", None, d("-83,966"), d("-10,000.00"))]
    [entry] = receipts(posting)
    assert entry.programme_support_usd == d("-1,150.44")
    assert (entry.credited_amount, entry.settled_usd) == (None, None)
    assert posting.reference == "Letter of 30 June"
    assert ErpReference.objects.get(posting=posting).value == "5100099"
    assert received_net(contribution, currency("SEK")) == d("2,916,034")
    assert instalment_states(contribution)[0].credited == d("3,000,000")
    assert list(problems(contribution.ledger)) == []


def test_interest_returned_bears_no_programme_support(
    contribution: Contribution, actors: Actors
) -> None:
    posting = return_money(
        contribution.ledger, contribution, moved("8,396.60", reason=Reason.INTEREST),
        token="interest", today=TODAY, actors=actors,
    )  # fmt: skip
    [entry] = receipts(posting)
    assert (entry.reason, entry.amount_usd, entry.programme_support_usd) == (
        "interest", d("-1,000.00"), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"amount": "3,000,000.01"}, AmountWrong, "no more can leave it"),
        ({"amount": "1", "code": "USD"}, AmountWrong, "no more can leave it"),
        ({"amount": "1", "reason": Reason.AMENDMENT}, PostingWrong, "as a refund or as interest"),
    ],
)
def test_no_more_goes_back_than_came(
    contribution: Contribution, actors: Actors, changed: dict[str, Any],
    error: type[Exception], sentence: str,
) -> None:  # fmt: skip
    with pytest.raises(error, match=sentence):
        return_money(
            contribution.ledger, contribution, moved(**changed), token="x", today=TODAY,
            actors=actors,
        )  # fmt: skip


def test_a_return_names_its_document(contribution: Contribution, actors: Actors) -> None:
    money = MovedMoney(currency("SEK"), d("1"), JUNE_30, " ")
    with pytest.raises(PostingWrong, match="Name the document"):
        return_money(
            contribution.ledger, contribution, money, token="x", today=TODAY, actors=actors
        )


def test_a_transfer_adds_up_to_zero_in_both_currencies(
    contribution: Contribution, actors: Actors
) -> None:
    target = agreement(contribution.ledger, actors, token="target", title="Other")
    Allocation.objects.bulk_create(
        Allocation(contribution=target, number=n, amount=amount)
        for n, amount in ((1, d("2,333,333.33")), (2, d("4,666,666.67")))
    )
    posting = transfer_money(
        contribution.ledger, contribution, target, moved("100.00"), token="transfer",
        today=TODAY, actors=actors,
    )  # fmt: skip
    # A third and two thirds: 33.33 / 8.3966 = 3.97, 66.67 / 8.3966 = 7.94.
    assert [(e.contribution_id, e.reason, e.amount, e.amount_usd) for e in receipts(posting)] == [
        (contribution.pk, "transfer", d("-33.33"), d("-3.97")),
        (contribution.pk, "transfer", d("-66.67"), d("-7.94")),
        (target.pk, "transfer", d("33.33"), d("3.97")),
        (target.pk, "transfer", d("66.67"), d("7.94")),
    ]
    assert received_net(contribution, currency("SEK")) == d("2,999,900")
    assert received_net(target, currency("SEK")) == d("100")
    assert list(problems(contribution.ledger)) == []


def test_a_transfer_needs_two_agreements_and_money_to_move(
    contribution: Contribution, actors: Actors
) -> None:
    target = agreement(contribution.ledger, actors, token="target")
    with pytest.raises(PostingWrong, match="two different"):
        transfer_money(contribution.ledger, target, target, moved("1"), token="x", today=TODAY,
                       actors=actors)  # fmt: skip
    with pytest.raises(AmountWrong, match="no more can leave it"):
        transfer_money(contribution.ledger, target, contribution, moved("1"), token="x",
                       today=TODAY, actors=actors)  # fmt: skip


def batch(ledger: Ledger, actors: Actors, token: str, **changed: Any) -> Any:
    """412 gifts of US$ 10,300.00 in May 2021, of which the platform kept 309.00."""
    promise = PromisedContribution(
        donor=Donor.objects.get(code="OTHER_CONTRIBUTORS"), fund=Fund.objects.get(code="FNE"),
        title="Online gifts", currency=currency("USD"), amount=d("10,300.00"),
        promised_on=JUNE_3, year_for=2021,
    )  # fmt: skip
    money = ReceivedMoney(
        currency("USD"), d("9,991.00"), JUNE_3, year_for=2021, bank_charge=d("309.00")
    )
    return record_online_gifts(
        ledger, OnlineBatch(YearMonth(2021, 5), "Give Now", 412), promise, money, token=token,
        today=TODAY, actors=actors, **changed,
    )  # fmt: skip


def test_a_months_online_gifts_are_agreed_and_due_gross_and_received_net_of_fees(
    ledger: Ledger, actors: Actors
) -> None:
    posting = batch(ledger, actors, "one")
    assert lines(posting) == [
        ("agreement", "ordinary", None, d("10,300.00"), d("10,300.00")),
        ("due", "ordinary", 1, d("10,300.00"), d("10,300.00")),
        ("receipt", "ordinary", 1, d("9,991.00"), d("9,991.00")),
    ]
    [receipt] = receipts(posting)
    assert (receipt.bank_charge, receipt.settled_usd) == (d("309.00"), d("10,300.00"))
    assert receipt.contribution is not None
    assert receipt.contribution.reference == "online:202105:give now"


def test_a_second_batch_of_the_month_and_platform_must_be_meant(
    ledger: Ledger, actors: Actors
) -> None:
    batch(ledger, actors, "one")
    with pytest.raises(PostingWrong, match="stand in the books"):
        batch(ledger, actors, "two")
    batch(ledger, actors, "three", is_another=True)
    received = Entry.objects.filter(kind="receipt", ledger=ledger).values_list("amount", flat=True)
    assert list(received) == [d("9,991.00"), d("9,991.00")]


def test_a_batch_that_was_reversed_may_be_entered_again(ledger: Ledger, actors: Actors) -> None:
    wrong = batch(ledger, actors, "one")
    reverse_posting(wrong, because="Wrong month", token="undo", today=TODAY, actors=actors)
    again = batch(ledger, actors, "two")
    assert again.sequence == 3


def parked(ledger: Ledger, by: User, amount: str = "1,000.00") -> ParkedReceipt:
    money = UnidentifiedMoney(currency("SEK"), d(amount), JUNE_3, "SIDA?", "BANK-9")
    return park_receipt(ledger, money, today=TODAY, by=by)


def test_parked_money_counts_nowhere_until_the_same_money_is_posted(
    contribution: Contribution, actors: Actors, officer: User
) -> None:
    row = parked(contribution.ledger, officer)
    before = Entry.objects.count()
    for wrong in ({"amount": "999.00"}, {"amount": "1,000.00", "code": "USD"},
                  {"amount": "1,000.00", "received_on": JUNE_30}):  # fmt: skip
        with pytest.raises(AmountWrong):
            pay(contribution, actors=actors, token="x", parked=row, credited=d("999"), **wrong)
    assert Entry.objects.count() == before
    posting = pay(contribution, "990.00", actors, token="found", automatic=True, parked=row,
                  coordination_levy=d("10.00"))  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.posting, row.settled_on, row.version) == (
        ParkedState.MATCHED, posting, TODAY, 2,
    )  # fmt: skip
    with pytest.raises(PostingWrong, match="matched or sent back before"):
        pay(contribution, "1,000.00", actors, token="again", automatic=True, parked=row)
    reverse_posting(posting, because="Not theirs", token="undo", today=TODAY, actors=actors)
    row.refresh_from_db()
    assert (row.state, row.posting) == (ParkedState.PARKED, None)


def test_parked_money_is_corrected_once_per_version_and_sent_back(
    ledger: Ledger, officer: User
) -> None:
    row = parked(ledger, officer)
    better = UnidentifiedMoney(currency("SEK"), d("1,000.00"), JUNE_3, "SIDA", "BANK-9", "Asked")
    correct_parked(row, better, version=1, today=TODAY, by=officer)
    with pytest.raises(EditConflict):
        correct_parked(row, better, version=1, today=TODAY, by=officer)
    (event,) = with_values(AuditEvent.objects.filter(act="correct_parked"))
    assert (event.before["payer"], event.after["payer"]) == ("SIDA?", "SIDA")
    sent = send_back_parked(row, sent_on=JUNE_30, note="Not for us", version=2, today=TODAY,
                            by=officer)  # fmt: skip
    assert (sent.state, sent.settled_on, sent.note) == (
        ParkedState.RETURNED, JUNE_30, "Asked · Not for us",
    )  # fmt: skip
    assert Decimal(sent.amount) == d("1,000.00")
