"""The life of an agreement in the books, with amounts a finance officer can check by hand.

Rates used: SEK 8.5431 per US dollar (monthly average, March 2021), 8.3966 (June 2021).
"""

import datetime
from decimal import Decimal

import pytest

from accounts.models import User
from income import services
from income.balances import instalment_states
from income.errors import AmountWrong, DateWrong, PostingWrong
from income.ledger.verification import problems
from income.models import Amendment, Condition, Contribution, Currency, Entry, Ledger, Posting
from income.services.actors import Actors
from income.services.amended_schedule import Rescheduled
from income.services.amendments import AmendedAgreement, amend_agreement, extend_agreement
from income.services.changes import Ground
from income.services.conditions import Settlement, note_condition, settle_condition
from income.services.endings import cancel_contribution, close_contribution, rests, write_off
from income.services.promises import PromisedPart
from income.vocabulary import AmendmentKind, ConditionState, ContributionState, Kind
from tests.income.agreements import JUNE, SIGNED, TODAY, pay, sign, standing_sums

D = Decimal
Row = tuple[str, str, str, Decimal, Decimal | None]


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


def lines(posting: Posting) -> list[Row]:
    return [
        (e.kind, e.reason, e.value_date.isoformat(), e.amount, e.amount_usd)
        for e in posting.entries.order_by("line")
    ]


GROUND = Ground(agreed_on=JUNE, reason="Agreed by exchange of letters")


def amend(
    ledger: Ledger, contribution: Contribution, actors: Actors, *rows: Rescheduled,
    token: str = "amend", **changed: object,
) -> Posting:  # fmt: skip
    return amend_agreement(
        ledger, contribution, AmendedAgreement(GROUND, rows, **changed),  # type: ignore[arg-type]
        token=token, today=TODAY, actors=actors,
    )  # fmt: skip


def test_a_condition_keeps_its_instalment_apart_until_it_is_met(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors, conditions=((2, "The parliament votes the budget"),))
    # 3,000,000 / 8.5431 = 351,160.59; 4,000,000 / 8.5431 = 468,214.11.
    assert lines(Posting.objects.get()) == [
        ("agreement", "ordinary", "2021-03-04", D(3_000_000), D("351160.59")),
        ("due", "ordinary", "2021-06-01", D(3_000_000), D("351160.59")),
        ("conditional", "ordinary", "2021-03-04", D(4_000_000), D("468214.11")),
    ]
    settlement = Settlement(ConditionState.MET, JUNE, "Official gazette 2021/44")
    posting = settle_condition(
        ledger, Condition.objects.get(), settlement, token="met", today=TODAY, actors=actors
    )
    assert lines(posting) == [
        ("conditional", "condition", "2021-06-10", D(-4_000_000), D("-468214.11")),
        ("agreement", "condition", "2021-06-10", D(4_000_000), D("468214.11")),
        ("due", "condition", "2022-06-01", D(4_000_000), D("468214.11")),
    ]
    condition = Condition.objects.get()
    assert (condition.state, condition.settled_on) == ("met", JUNE)
    assert [s.is_conditional for s in instalment_states(contribution)] == [False, False]
    services.reverse_posting(
        posting, because="Wrong gazette", token="u", today=TODAY, actors=actors
    )
    condition.refresh_from_db()
    assert (condition.state, condition.settled_on, condition.evidence) == ("open", None, "")
    assert standing_sums(contribution) == {
        "agreement": D(3_000_000), "due": D(3_000_000), "conditional": D(4_000_000),
    }  # fmt: skip
    assert list(problems(ledger)) == []


def test_all_conditions_of_an_instalment_are_settled_before_it_moves(
    ledger: Ledger, actors: Actors, officer: User
) -> None:
    contribution = sign(ledger, actors, conditions=((2, "A vote"), (0, "A co-financier signs")))
    assert standing_sums(contribution) == {"conditional": D(7_000_000)}
    vote, whole = Condition.objects.order_by("pk")
    settled = Settlement(ConditionState.WAIVED, JUNE, "Letter of 10 June")
    with pytest.raises(PostingWrong, match="Another condition"):
        settle_condition(ledger, vote, settled, token="c", today=TODAY, actors=actors)
    note_condition(vote, settled, today=TODAY, by=officer)
    settle_condition(ledger, whole, settled, token="c", today=TODAY, actors=actors)
    assert standing_sums(contribution) == {
        "agreement": D(7_000_000), "due": D(7_000_000), "conditional": D(0),
    }  # fmt: skip


def test_a_condition_is_not_settled_before_the_signature_nor_without_evidence(
    ledger: Ledger, actors: Actors
) -> None:
    sign(ledger, actors, conditions=((1, "A vote"),))
    condition = Condition.objects.get()
    early = Settlement(ConditionState.MET, datetime.date(2021, 1, 1), "x")
    with pytest.raises(DateWrong, match="signed on 2021-03-04"):
        settle_condition(ledger, condition, early, token="c", today=TODAY, actors=actors)
    with pytest.raises(PostingWrong, match="what shows"):
        settle_condition(
            ledger, condition, Settlement(ConditionState.MET, JUNE, " "), token="c", today=TODAY,
            actors=actors,
        )  # fmt: skip


def test_money_may_come_before_its_condition_is_met(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors, conditions=((1, "A vote"),))
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    settle_condition(
        ledger, Condition.objects.get(), Settlement(ConditionState.MET, JUNE, "Voted"), token="c",
        today=TODAY, actors=actors,
    )  # fmt: skip
    assert standing_sums(contribution) == {
        "agreement": D(7_000_000), "due": D(7_000_000), "conditional": D(0),
        "receipt": D(3_000_000),
    }  # fmt: skip
    # It came without an instalment: it pays the earliest one.
    assert [rest for _state, rest in rests(contribution)] == [D(0), D(4_000_000)]


def test_a_decrease_is_taken_off_at_the_rate_of_the_signature(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    posting = amend(
        ledger, contribution, actors, Rescheduled(2, datetime.date(2022, 6, 1), D(2_500_000))
    )
    # 1,500,000 / 8.5431 = 175,580.29.
    assert lines(posting) == [
        ("due", "amendment", "2022-06-01", D(-1_500_000), D("-175580.29")),
        ("agreement", "amendment", "2021-06-10", D(-1_500_000), D("-175580.29")),
    ]
    contribution.refresh_from_db()
    assert contribution.amount == D(5_500_000)
    assert [i.amount for i in contribution.instalments.all()] == [D(3_000_000), D(2_500_000)]
    amendment = Amendment.objects.get()
    assert (amendment.kind, amendment.amount_change) == (AmendmentKind.DECREASE, D(-1_500_000))
    assert amendment.before["amount"] == "7000000.0000"
    assert list(problems(ledger)) == []


def test_an_increase_is_an_instalment_of_its_own_at_the_rate_of_the_day(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    posting = amend(
        ledger, contribution, actors, Rescheduled(2, datetime.date(2022, 6, 1), D(5_000_000))
    )
    # 1,000,000 / 8.3966 = 119,095.82.
    assert lines(posting) == [
        ("agreement", "amendment", "2021-06-10", D(1_000_000), D("119095.82")),
        ("due", "amendment", "2022-06-01", D(1_000_000), D("119095.82")),
    ]
    contribution.refresh_from_db()
    assert contribution.amount == D(8_000_000)
    assert [i.amount for i in contribution.instalments.order_by("number")] == [
        D(3_000_000), D(4_000_000), D(1_000_000),
    ]  # fmt: skip


def test_a_change_of_schedule_moves_what_is_outstanding_and_adds_nothing(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(1_000_000), number=2)
    posting = amend(
        ledger, contribution, actors, Rescheduled(2, datetime.date(2023, 6, 1), D(4_000_000))
    )
    # 3,000,000 are not received: 351,160.59 at the signature's rate.
    assert lines(posting) == [
        ("due", "reschedule", "2022-06-01", D(-3_000_000), D("-351160.59")),
        ("due", "reschedule", "2023-06-01", D(3_000_000), D("351160.59")),
    ]
    assert [e.year_for for e in posting.entries.order_by("line")] == [2022, 2023]
    assert Amendment.objects.get().kind == AmendmentKind.RESCHEDULE
    assert [i.due_on.year for i in contribution.instalments.order_by("number")] == [2021, 2023]


def test_a_change_of_day_and_amount_leaves_nothing_on_the_old_day(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    amend(ledger, contribution, actors, Rescheduled(2, datetime.date(2023, 6, 1), D("3999999.99")))
    rows = Entry.objects.filter(kind=Kind.DUE, instalment__number=2)
    by_day = {day: sum(e.amount for e in rows if e.value_date.year == day) for day in (2022, 2023)}
    assert by_day == {2022: D(0), 2023: D("3999999.99")}
    assert standing_sums(contribution) == {"agreement": D("6999999.99"), "due": D("6999999.99")}


def test_no_amendment_goes_below_what_was_received(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(1_000_000), number=2)
    with pytest.raises(AmountWrong, match="of instalment 2 were received"):
        amend(ledger, contribution, actors, Rescheduled(2, datetime.date(2022, 6, 1), D(999_999)))
    assert not Amendment.objects.exists()


def test_the_parts_of_a_split_keep_their_proportion_to_the_smallest_unit(
    ledger: Ledger, actors: Actors
) -> None:
    parts = (PromisedPart(D(2_000_000)), PromisedPart(D(5_000_000)))
    contribution = sign(ledger, actors, parts=parts)
    amend(ledger, contribution, actors, Rescheduled(2, datetime.date(2022, 6, 1), D("3000000.01")))
    # 6,000,000.01 × 2/7 = 1,714,285.717..., × 5/7 = 4,285,714.292...
    assert [a.amount for a in contribution.allocations.all()] == [
        D("1714285.72"), D("4285714.29"),
    ]  # fmt: skip
    contribution.refresh_from_db()
    assert sum(a.amount for a in contribution.allocations.all()) == contribution.amount
    assert list(problems(ledger)) == []


def test_an_amendment_undone_leaves_the_agreement_as_it_was(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    first = amend(
        ledger, contribution, actors, Rescheduled(2, datetime.date(2022, 6, 1), D(5_000_000))
    )
    second = amend(
        ledger, contribution, actors, Rescheduled(1, datetime.date(2021, 7, 1), D(2_000_000)),
        token="second",
    )  # fmt: skip
    with pytest.raises(PostingWrong, match=f"Reverse posting {second.sequence} first"):
        services.reverse_posting(first, because="x", token="u1", today=TODAY, actors=actors)
    services.reverse_posting(second, because="x", token="u2", today=TODAY, actors=actors)
    services.reverse_posting(first, because="x", token="u1", today=TODAY, actors=actors)
    contribution.refresh_from_db()
    assert contribution.amount == D(7_000_000)
    states = instalment_states(contribution)
    assert [(s.instalment.due_on.isoformat(), s.due) for s in states] == [
        ("2021-06-01", D(3_000_000)), ("2022-06-01", D(4_000_000)),
    ]  # fmt: skip
    assert list(Amendment.objects.values_list("is_undone", flat=True)) == [True, True]


def test_a_draft_written_for_another_schedule_is_refused(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    row = Rescheduled(2, datetime.date(2022, 6, 1), D(5_000_000))
    amend(ledger, contribution, actors, row, seen=1)
    with pytest.raises(PostingWrong, match="changed since"):
        amend(ledger, contribution, actors, row, token="late", seen=1)


def test_a_no_cost_extension_moves_the_end_and_posts_nothing(
    ledger: Ledger, actors: Actors, officer: User
) -> None:
    contribution = sign(ledger, actors, ends_on=datetime.date(2022, 12, 31))
    new_end = datetime.date(2023, 6, 30)
    extend_agreement(contribution, new_end, GROUND, version=1, today=TODAY, by=officer)
    contribution.refresh_from_db()
    amendment = Amendment.objects.get()
    assert (contribution.ends_on, amendment.kind, amendment.posting) == (
        new_end, AmendmentKind.EXTENSION, None,
    )  # fmt: skip
    assert amendment.before["ends_on"] == "2022-12-31"
    assert Posting.objects.count() == 1
    with pytest.raises(DateWrong, match="ends on 2023-06-30"):
        extend_agreement(contribution, new_end, GROUND, version=2, today=TODAY, by=officer)


def test_cancelling_what_nothing_came_of_leaves_nothing_on_any_basis(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors, conditions=((2, "A vote"),))
    posting = cancel_contribution(
        ledger, contribution, GROUND, token="c", today=TODAY, actors=actors
    )
    assert lines(posting) == [
        ("agreement", "cancellation", "2021-06-10", D(-3_000_000), D("-351160.59")),
        ("due", "cancellation", "2021-06-01", D(-3_000_000), D("-351160.59")),
        ("conditional", "cancellation", "2021-06-10", D(-4_000_000), D("-468214.11")),
    ]
    contribution.refresh_from_db()
    assert (contribution.state, contribution.ended_on) == (ContributionState.CANCELLED, JUNE)
    services.reverse_posting(posting, because="x", token="u", today=TODAY, actors=actors)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.ended_on) == (ContributionState.SIGNED, None)


def test_cancelling_the_rest_closes_an_agreement_that_was_paid_in_part(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    cancel_contribution(ledger, contribution, GROUND, token="c", today=TODAY, actors=actors)
    contribution.refresh_from_db()
    assert contribution.state == ContributionState.CLOSED
    assert standing_sums(contribution) == {
        "agreement": D(3_000_000), "due": D(3_000_000), "receipt": D(3_000_000),
    }  # fmt: skip


def test_a_write_off_names_who_decided_it(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(2_990_000), number=1)
    first = contribution.instalments.get(number=1)
    with pytest.raises(Exception, match="who decided"):
        write_off(ledger, first, GROUND, token="w", today=TODAY, actors=actors)
    ground = Ground(JUNE, "Bank charges of years", authority="Controller",
                    document_reference="IOM/21/7")  # fmt: skip
    posting = write_off(ledger, first, ground, token="w", today=TODAY, actors=actors)
    # 10,000 / 8.5431 = 1,170.54.
    assert lines(posting) == [
        ("agreement", "write_off", "2021-06-10", D(-10_000), D("-1170.54")),
        ("due", "write_off", "2021-06-01", D(-10_000), D("-1170.54")),
    ]
    state = instalment_states(contribution)[0]
    assert (state.written_off, state.outstanding, state.is_settled) == (D(10_000), D(0), True)


def test_an_agreement_is_closed_when_all_of_it_came(
    ledger: Ledger, actors: Actors, officer: User
) -> None:
    contribution = sign(ledger, actors)
    pay(ledger, contribution, actors, D(3_000_000), number=1)
    with pytest.raises(PostingWrong, match="Not all of it"):
        close_contribution(contribution, because="Done", today=TODAY, by=officer)
    pay(ledger, contribution, actors, D(4_000_000), number=2)
    close_contribution(contribution, because="Done", today=TODAY, by=officer)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.ended_on) == (ContributionState.CLOSED, TODAY)


def test_three_parts_leave_no_cent_behind_when_all_is_cancelled(
    ledger: Ledger, actors: Actors
) -> None:
    parts = tuple(PromisedPart(a) for a in (D("33.34"), D("33.33"), D("33.33")))
    contribution = sign(
        ledger, actors, amount=D(100), parts=parts,
        schedule=((datetime.date(2021, 6, 1), D("33.35")), (datetime.date(2022, 6, 1), D("66.65"))),
        currency=Currency.objects.get(code="SEK"),
    )  # fmt: skip
    cancel_contribution(ledger, contribution, GROUND, token="c", today=TODAY, actors=actors)
    for kind in (Kind.AGREEMENT, Kind.DUE):
        rows = Entry.objects.filter(kind=kind)
        assert sum(e.amount for e in rows) == 0
        assert sum(e.amount_usd or 0 for e in rows) == 0
        assert sum(e.programme_support_usd or 0 for e in rows) == 0
    assert SIGNED < JUNE
    assert list(problems(ledger)) == []
