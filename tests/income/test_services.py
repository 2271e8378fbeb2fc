"""Acts of income with amounts a finance officer can check by hand.

Rates used: SEK 8.5431 per US dollar (monthly average, March 2021), 8.3966 (June 2021).
"""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from donors.models import Donor
from income import services
from income.balances import instalment_states
from income.errors import (
    AmountWrong,
    DateWrong,
    MonthClosed,
    PostingWrong,
    SplitDoesNotAddUp,
)
from income.ledger.verification import problems
from income.models import (
    Contribution,
    Currency,
    Entry,
    Fund,
    Instalment,
    Ledger,
    Month,
    Posting,
)
from income.periods import YearMonth
from income.services import PromisedContribution, ReceivedMoney
from income.services.actors import Actors
from income.vocabulary import Act, ContributionState, Kind
from tests import factories

TODAY = datetime.date(2022, 12, 15)
SIGNED = datetime.date(2021, 3, 4)


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


def promise(**changed: object) -> PromisedContribution:
    """Sweden promises SEK 7 million to the Foundation, earmarked, in two instalments."""
    return PromisedContribution(
        **{
            "donor": Donor.objects.get(code="SWE"),
            "fund": Fund.objects.get(code="FE"),
            "title": "Adequate housing",
            "currency": Currency.objects.get(code="SEK"),
            "amount": Decimal(7_000_000),
            "promised_on": SIGNED,
            "schedule": (
                (datetime.date(2021, 6, 1), Decimal(3_000_000)),
                (datetime.date(2022, 6, 1), Decimal(4_000_000)),
            ),
            "support_rate": Decimal("0.13"),
            **changed,
        }  # type: ignore[arg-type]
    )


def sign(ledger: Ledger, actors: Actors, token: str = "sign", **changed: object) -> Contribution:
    posting = services.sign_agreement(
        ledger, promise(**changed), token=token, today=TODAY, actors=actors
    )
    contribution = posting.entries.first().contribution  # type: ignore[union-attr]
    assert contribution is not None
    return contribution


def figures(ledger: Ledger) -> list[tuple[str, str, int, Decimal | None, Decimal | None]]:
    rows = Entry.objects.in_books(ledger).order_by("posting__sequence", "line")
    return [
        (e.kind, e.value_date.isoformat(), e.year_for, e.amount_usd, e.programme_support_usd)
        for e in rows
    ]


def test_signing_posts_the_whole_at_signature_and_each_instalment_at_its_due_date(
    ledger: Ledger, actors: Actors
) -> None:
    sign(ledger, actors)
    # 7,000,000 / 8.5431 = 819,374.70; 3,000,000 and 4,000,000 at the signature's rate.
    # Support inside: 819,374.70 × 0.13 / 1.13 = 94,264.35.
    assert figures(ledger) == [
        ("agreement", "2021-03-04", 2021, Decimal("819374.70"), Decimal("94264.35")),
        ("due", "2021-06-01", 2021, Decimal("351160.59"), Decimal("40399.01")),
        ("due", "2022-06-01", 2022, Decimal("468214.11"), Decimal("53865.34")),
    ]
    assert list(problems(ledger)) == []


def test_a_receipt_in_another_currency_settles_the_instalment_in_the_agreements_own(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    first = contribution.instalments.get(number=1)
    services.record_receipt(
        ledger,
        contribution,
        ReceivedMoney(
            currency=Currency.objects.get(code="USD"),
            amount=Decimal("357000.00"),
            received_on=datetime.date(2021, 6, 3),
            credited=Decimal(2_990_000),
            bank_charge=Decimal("25.00"),
            instalment=first,
        ),
        token="receipt",
        today=TODAY,
        actors=actors,
    )
    state = instalment_states(contribution)[0]
    assert (state.credited, state.outstanding) == (Decimal(2_990_000), Decimal(10_000))
    receipt = Entry.objects.get(kind=Kind.RECEIPT)
    assert receipt.amount_usd == Decimal("357000.00")
    assert receipt.bank_charge == Decimal("25.00")


def test_a_payment_in_another_currency_must_say_what_it_settles(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    money = ReceivedMoney(
        currency=Currency.objects.get(code="USD"),
        amount=Decimal(100),
        received_on=datetime.date(2021, 6, 3),
    )
    with pytest.raises(AmountWrong, match="The agreement is in SEK"):
        services.record_receipt(ledger, contribution, money, token="r", today=TODAY, actors=actors)


def test_a_core_gift_posts_agreement_due_and_receipt_at_once(
    ledger: Ledger, actors: Actors
) -> None:
    day = datetime.date(2021, 6, 3)
    services.record_gift(
        ledger,
        promise(
            fund=Fund.objects.get(code="FNE"), amount=Decimal(1_000_000), schedule=(),
            promised_on=day, support_rate=None, year_for=2020,
        ),
        ReceivedMoney(Currency.objects.get(code="SEK"), Decimal(1_000_000), day, year_for=2020),
        token="gift",
        today=TODAY,
        actors=actors,
    )  # fmt: skip
    # 1,000,000 / 8.3966 = 119,095.82
    assert figures(ledger) == [
        ("agreement", "2021-06-03", 2020, Decimal("119095.82"), None),
        ("due", "2021-06-03", 2020, Decimal("119095.82"), None),
        ("receipt", "2021-06-03", 2020, Decimal("119095.82"), None),
    ]


def test_a_pledge_posts_nothing_due(ledger: Ledger, actors: Actors) -> None:
    services.record_pledge(ledger, promise(schedule=()), token="pledge", today=TODAY, actors=actors)
    assert [row[0] for row in figures(ledger)] == ["pledge"]
    assert Contribution.objects.get().state == ContributionState.PLEDGED


def test_without_a_rate_in_force_nothing_is_converted_and_nothing_is_zero(
    ledger: Ledger, actors: Actors
) -> None:
    sign(ledger, actors, currency=Currency.objects.get(code="KES"))
    assert {row[3] for row in figures(ledger)} == {None}
    assert list(problems(ledger)) == []


def test_an_allotment_goes_to_the_regular_budget_and_has_no_donor(
    ledger: Ledger, actors: Actors
) -> None:
    services.record_allotment(
        ledger, amount_usd=Decimal("3550000.00"), allotted_on=SIGNED, note="First quarter",
        token="rb", today=TODAY, actors=actors,
    )  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.kind, entry.fund_id, entry.donor) == ("allotment", "RB", None)
    assert entry.amount_usd == Decimal("3550000.00")


def test_programme_support_income_is_a_kind_of_its_own(ledger: Ledger, actors: Actors) -> None:
    services.record_support_income(
        ledger, amount_usd=Decimal("100.50"), earned_on=SIGNED, note="March", token="ps",
        today=TODAY, actors=actors,
    )  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.kind, entry.fund_id, entry.amount_usd) == ("support", "PS", Decimal("100.50"))


def test_the_same_token_returns_the_first_posting_and_writes_nothing(
    ledger: Ledger, actors: Actors
) -> None:
    first = services.sign_agreement(ledger, promise(), token="x", today=TODAY, actors=actors)
    again = services.sign_agreement(
        ledger, promise(title="Other"), token="x", today=TODAY, actors=actors
    )
    assert again == first
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        ({"amount": Decimal(0)}, AmountWrong, "must be above zero"),
        ({"amount": Decimal("1.001")}, AmountWrong, "SEK amounts have 2 decimals"),
        ({"amount": Decimal(10) ** 14}, AmountWrong, "too large"),
        ({"promised_on": datetime.date(2023, 1, 1)}, DateWrong, "in the future"),
        ({"promised_on": datetime.date(1970, 1, 1)}, DateWrong, "too long ago"),
        ({"amount": Decimal(7_000_001)}, SplitDoesNotAddUp, "the difference is 1"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(
    ledger: Ledger,
    actors: Actors,
    changed: dict[str, object],
    error: type[Exception],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        sign(ledger, actors, **changed)
    assert not Contribution.objects.exists()
    assert not Posting.objects.exists()


def test_support_is_not_charged_on_core_money(ledger: Ledger, actors: Actors) -> None:
    with pytest.raises(AmountWrong, match="earmarked money only"):
        sign(ledger, actors, fund=Fund.objects.get(code="FNE"))


def test_nothing_is_booked_in_a_closed_month(
    ledger: Ledger, actors: Actors, reviewer: User
) -> None:
    at = datetime.datetime(2021, 4, 2, 9, tzinfo=datetime.UTC)
    services.close_month(ledger, YearMonth(2021, 3), by=reviewer, at=at)
    with pytest.raises(MonthClosed, match="March 2021 is closed"):
        sign(ledger, actors)
    assert not Contribution.objects.exists()


def test_a_month_closes_once_and_only_when_it_is_over(ledger: Ledger, reviewer: User) -> None:
    march = YearMonth(2021, 3)
    with pytest.raises(DateWrong, match="March 2021 is not over yet"):
        services.close_month(
            ledger, march, by=reviewer, at=datetime.datetime(2021, 3, 31, tzinfo=datetime.UTC)
        )
    after = datetime.datetime(2021, 4, 1, tzinfo=datetime.UTC)
    services.close_month(ledger, march, by=reviewer, at=after)
    with pytest.raises(MonthClosed):
        services.close_month(ledger, march, by=reviewer, at=after)
    assert Month.objects.filter(ledger=ledger).count() == 1


def test_reversing_an_agreement_cancels_the_contribution_and_nets_to_nothing(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    posting = Posting.objects.get(ledger=ledger)
    services.reverse_posting(
        posting, because="Entered twice", token="undo", today=TODAY, actors=actors
    )
    contribution.refresh_from_db()
    assert contribution.state == ContributionState.CANCELLED
    assert sum(row[3] or 0 for row in figures(ledger)) == 0
    assert list(problems(ledger)) == []


def test_an_agreement_with_receipts_is_not_reversed_before_them(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    money = ReceivedMoney(contribution.currency, Decimal(5), datetime.date(2021, 6, 3))
    services.record_receipt(ledger, contribution, money, token="r", today=TODAY, actors=actors)
    signing = Posting.objects.get(ledger=ledger, sequence=1)
    with pytest.raises(PostingWrong, match="Reverse its receipts first"):
        services.reverse_posting(signing, because="Wrong", token="undo", today=TODAY, actors=actors)
    assert Posting.objects.filter(ledger=ledger).count() == 2


def test_a_gift_for_another_year_says_so_on_all_three_bases(ledger: Ledger, actors: Actors) -> None:
    day = datetime.date(2022, 1, 10)
    dollars = Currency.objects.get(code="USD")
    services.record_gift(
        ledger,
        promise(
            fund=Fund.objects.get(code="FNE"), currency=dollars, amount=Decimal(1000),
            schedule=(), promised_on=day, support_rate=None, year_for=2021,
        ),
        ReceivedMoney(dollars, Decimal(985), day, year_for=2021, bank_charge=Decimal(15)),
        token="gift", today=TODAY, actors=actors,
    )  # fmt: skip
    assert {row[2] for row in figures(ledger)} == {2021}
    state = instalment_states(Contribution.objects.get())[0]
    assert (state.credited, state.outstanding) == (Decimal(1000), Decimal(0))


def test_a_receipt_is_for_the_year_of_the_instalment_it_pays(
    ledger: Ledger, actors: Actors
) -> None:
    contribution = sign(ledger, actors)
    money = ReceivedMoney(
        contribution.currency, Decimal(3_000_000), datetime.date(2022, 1, 20),
        instalment=contribution.instalments.get(number=1),
    )  # fmt: skip
    services.record_receipt(ledger, contribution, money, token="r", today=TODAY, actors=actors)
    assert Entry.objects.get(kind=Kind.RECEIPT).year_for == 2021


def test_what_is_credited_must_be_worth_about_what_arrived(ledger: Ledger, actors: Actors) -> None:
    contribution = sign(ledger, actors)
    money = ReceivedMoney(
        Currency.objects.get(code="USD"), Decimal(100), datetime.date(2021, 6, 3),
        credited=Decimal(1_000_000),
    )  # fmt: skip
    # 1,000,000 kronor at 8.3966 are US$ 119,095.82.
    with pytest.raises(AmountWrong, match=r"worth US\$ 100.00 that day.*119095.82"):
        services.record_receipt(ledger, contribution, money, token="r", today=TODAY, actors=actors)


def test_no_receipt_is_booked_under_a_pledge_or_a_cancelled_agreement(
    ledger: Ledger, actors: Actors
) -> None:
    services.record_pledge(ledger, promise(schedule=()), token="p", today=TODAY, actors=actors)
    contribution = Contribution.objects.get()
    money = ReceivedMoney(contribution.currency, Decimal(5), datetime.date(2021, 6, 3))
    with pytest.raises(PostingWrong, match="no signed agreement"):
        services.record_receipt(ledger, contribution, money, token="r", today=TODAY, actors=actors)


def test_a_token_of_another_act_is_refused(ledger: Ledger, actors: Actors) -> None:
    sign(ledger, actors, token="x")
    with pytest.raises(PostingWrong, match="posting 1"):
        services.record_allotment(
            ledger, amount_usd=Decimal(1), allotted_on=SIGNED, note="", token="x", today=TODAY,
            actors=actors,
        )  # fmt: skip


def test_audited_revenue_is_not_reversed(ledger: Ledger, actors: Actors) -> None:
    entry = factories.entry("5", kind="audited", value_date=SIGNED)
    posting = factories.posting(ledger, entry, act=Act.RECORD_AUDITED_REVENUE)
    with pytest.raises(PostingWrong, match="as its source published it"):
        services.reverse_posting(posting, because="Wrong", token="u", today=TODAY, actors=actors)


@pytest.mark.both_databases
def test_one_agreement_sent_by_eight_at_once_is_one_contribution(committed: None) -> None:
    books = factories.ledger(code="RACE")
    officer = factories.user(email="race.officer@example.org", role=Role.OFFICER)
    reviewer = factories.user(email="race.reviewer@example.org", role=Role.REVIEWER)
    promised = promise()
    together = threading.Barrier(8)

    def send(_number: int) -> int:
        together.wait()
        try:
            return services.sign_agreement(
                books, promised, token="once", today=TODAY, actors=Actors(officer, reviewer)
            ).sequence
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sequences = list(pool.map(send, range(8)))
    assert sequences == [1] * 8
    assert Contribution.objects.filter(ledger=books).count() == 1
    assert Instalment.objects.filter(contribution__ledger=books).count() == 2
    assert AuditEvent.objects.filter(act=Act.SIGN_AGREEMENT).count() == 1
    assert list(problems(books)) == []
