"""What waits for a person: what is in it, for whom, at which rate, in how many queries."""

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from donors.models import Donor
from income.balances import states_of
from income.models import Condition, Contribution, Instalment, Ledger, ParkedReceipt, ReportDue
from income.outstanding import overdue_instalments, rates_in_force
from income.rates import rate_in_force
from income.vocabulary import ContributionState, DraftState, Kind, RateType, ReportKind
from reports.worklist import Worklist, worklist
from tests import factories, import_factories

DAY = datetime.date
TODAY = DAY(2022, 12, 15)


@pytest.fixture
def books(ledger: Ledger, settings: object) -> Ledger:
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    return ledger


def agreement(books: Ledger, donor: Donor, **changed: object) -> Contribution:
    row = {
        "ledger": books, "donor": donor, "state": ContributionState.SIGNED,
        "signed_on": DAY(2022, 1, 1), "title": "Housing", "amount": Decimal("100.00"),
    }  # fmt: skip
    return factories.contribution(**{**row, **changed})


def due(
    contribution: Contribution, on: datetime.date, amount: str = "100.00", paid: str = "",
    number: int = 1,
) -> Instalment:  # fmt: skip
    """An instalment with its due entry, and what was received of it."""
    instalment = factories.instalment(
        contribution=contribution, due_on=on, amount=Decimal(amount), number=number
    )
    same = {
        "contribution": contribution, "instalment": instalment, "donor": contribution.donor,
        "fund_id": contribution.fund_id, "currency_id": contribution.currency_id,
        "value_date": on,
    }  # fmt: skip
    entries = [factories.entry(amount, kind=Kind.DUE, **same)]
    if paid:
        entries.append(factories.entry(paid, credited_amount=Decimal(paid), **same))
    factories.posting(contribution.ledger, *entries)
    return instalment


def sweden() -> Donor:
    return Donor.objects.get(code="SWE")


def titles(waiting: Worklist, code: str) -> list[tuple[str, str]]:
    group = waiting.group(code)
    return [(item.title, item.detail) for item in group.items] if group else []


def test_an_overdue_instalment_stands_with_days_amount_and_dollars_of_the_day(
    books: Ledger, officer: User
) -> None:
    factories.exchange_rate(
        currency_id="SEK", effective_on=DAY(2022, 12, 1), units_per_usd=Decimal("10.5"),
        rate_type=RateType.UN_OPERATIONAL,
    )  # fmt: skip
    promised = agreement(books, sweden(), currency_id="SEK")
    due(promised, DAY(2022, 12, 5), "100.00", paid="37.00")
    due(promised, DAY(2022, 12, 15), "50.00", number=2)  # due today, not overdue
    [item] = worklist(officer, books, TODAY).group("overdue").items  # type: ignore[union-attr]
    assert (item.title, item.days, item.when) == ("Sweden", 10, "10 days overdue")
    assert item.amount.replace("\xa0", " ") in ("63.00 SEK", "SEK 63.00")
    assert item.amount_usd == Decimal("6.00")
    assert item.path == reverse("contribution", args=[promised.uuid])


def test_without_a_rate_it_is_not_converted_and_not_in_the_sum(
    books: Ledger, officer: User
) -> None:
    due(agreement(books, sweden(), currency_id=factories.currency().code), DAY(2022, 12, 5))
    due(agreement(books, sweden()), DAY(2022, 12, 6), "40.00")
    group = worklist(officer, books, TODAY).group("overdue")
    assert group is not None
    assert [item.amount_usd for item in group.items] == [None, Decimal("40.00")]
    assert (group.total_usd, group.unconverted) == (Decimal("40.00"), 1)


def test_what_is_overdue_is_what_the_balances_call_overdue(books: Ledger, officer: User) -> None:
    promised = agreement(books, sweden())
    cases = [("10.00", ""), ("10.00", "10.00"), ("10.00", "12.00"), ("10.00", "9.99")]
    for number, (amount, paid) in enumerate(cases, start=1):
        due(promised, DAY(2022, 6, number), amount, paid, number)
    states = states_of([promised])[promised.pk]
    expected = {s.instalment.pk: s.outstanding for s in states if s.is_overdue(TODAY)}
    found = {o.instalment.pk: o.amount for o in overdue_instalments(books, officer, TODAY)}
    assert found == expected
    assert sorted(found.values()) == [Decimal("0.01"), Decimal("10.00")]


@pytest.mark.parametrize("demonstration", [False, True])
@pytest.mark.parametrize("on", [DAY(2022, 12, 15), DAY(2022, 12, 1), DAY(2023, 1, 20)])
def test_rates_of_a_day_are_those_found_one_by_one(
    reference: None, on: datetime.date, demonstration: bool
) -> None:
    books = factories.ledger(is_demonstration=demonstration)
    codes = [factories.currency().code for _number in range(4)]
    for number, day, rate_type in (
        (0, DAY(2022, 12, 1), RateType.MONTHLY_AVERAGE),
        (0, DAY(2022, 11, 20), RateType.UN_OPERATIONAL),
        (0, DAY(2022, 11, 25), RateType.UN_OPERATIONAL),
        (1, DAY(2022, 12, 1), RateType.DEMONSTRATION),
        (2, DAY(2022, 10, 1), RateType.UN_OPERATIONAL),
        (3, DAY(2023, 1, 1), RateType.MONTHLY_AVERAGE),
    ):
        factories.exchange_rate(
            currency_id=codes[number], effective_on=day, rate_type=rate_type,
            units_per_usd=Decimal(day.day),
        )  # fmt: skip
    codes.append("USD")
    one_by_one = {code: rate_in_force(code, on, ledger=books) for code in codes}
    found = rates_in_force(codes, on, ledger=books)
    assert found == {code: rate for code, rate in one_by_one.items() if rate}


def test_what_is_of_ones_own_donors_comes_first(
    books: Ledger, officer: User, other_officer: User
) -> None:
    mine = factories.donor(names={"en": "Mine"}, focal_point=officer)
    theirs = factories.donor(names={"en": "Theirs"}, focal_point=other_officer)
    due(agreement(books, theirs), DAY(2022, 1, 5))
    due(agreement(books, mine), DAY(2022, 6, 5))
    group = worklist(officer, books, TODAY).group("overdue")
    assert group is not None
    assert [item.title for item in group.items] == ["Mine", "Theirs"]
    assert [item.title for item in group.mine] == ["Mine"]
    assert [item.title for item in group.others] == ["Theirs"]


def owed(promised: Contribution, due_on: datetime.date, **changed: object) -> ReportDue:
    row = {
        "contribution": promised, "kind": ReportKind.NARRATIVE_FINAL, "due_on": due_on,
        "from_on": DAY(2021, 1, 1), "until_on": due_on - datetime.timedelta(days=30),
    }  # fmt: skip
    return ReportDue.objects.create(**{**row, **changed})


def test_reports_overdue_and_due_within_thirty_days_are_in_it(books: Ledger, officer: User) -> None:
    promised = agreement(books, sweden())
    for due_on in (DAY(2022, 12, 14), DAY(2022, 12, 15), DAY(2023, 1, 14), DAY(2023, 1, 15)):
        owed(promised, due_on)
    owed(promised, DAY(2022, 3, 1), submitted_on=DAY(2022, 12, 1))
    group = worklist(officer, books, TODAY).group("reports")
    assert group is not None
    assert [(item.on, item.when) for item in group.items] == [
        (DAY(2022, 12, 14), "1 day overdue"),
        (DAY(2022, 12, 15), "today"),
        (DAY(2023, 1, 14), "in 30 days"),
    ]


def test_parked_money_conditions_and_prospects_are_in_it(books: Ledger, officer: User) -> None:
    ParkedReceipt.objects.create(
        ledger=books, received_on=DAY(2022, 12, 1), currency_id="USD", amount=Decimal("7.00"),
        payer="City of somewhere",
    )  # fmt: skip
    promised = agreement(books, sweden())
    late = factories.instalment(contribution=promised, due_on=DAY(2022, 11, 1))
    Condition.objects.create(contribution=promised, instalment=late, text="First report accepted")
    Condition.objects.create(contribution=promised, text="Parliament approves")
    early = factories.instalment(contribution=promised, due_on=DAY(2022, 12, 31), number=2)
    Condition.objects.create(contribution=promised, instalment=early, text="Not yet")
    for expected_on in (DAY(2022, 12, 14), DAY(2022, 12, 15)):
        factories.contribution(
            ledger=books, donor=sweden(), state=ContributionState.PROSPECT, probability=50,
            expected_on=expected_on, title=f"Hope {expected_on}",
        )  # fmt: skip
    waiting = worklist(officer, books, TODAY)
    assert titles(waiting, "parked") == [("City of somewhere", "")]
    assert [detail for _t, detail in titles(waiting, "conditions")] == [
        f"{promised.number} First report accepted",
        f"{promised.number} Parliament approves",
    ]
    assert [detail.split(" ", 1)[1] for _t, detail in titles(waiting, "prospects")] == [
        "Hope 2022-12-14"
    ]
    assert waiting.count == 4


def test_drafts_wait_for_who_may_decide_and_for_who_wrote_them(
    books: Ledger, officer: User, reviewer: User
) -> None:
    factories.draft(ledger=books, written_by=officer, title="A", state=DraftState.SUBMITTED)
    factories.draft(ledger=books, written_by=reviewer, title="B", state=DraftState.SUBMITTED)
    factories.draft(
        ledger=books, written_by=officer, title="C", state=DraftState.RETURNED,
        returned_because="No bank reference", reviewed_by=reviewer,
        reviewed_at=datetime.datetime(2022, 12, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    assert [t for t, _d in titles(worklist(reviewer, books, TODAY), "review")] == ["A"]
    officers = worklist(officer, books, TODAY)
    assert officers.group("review") is None
    assert titles(officers, "returned") == [("C", "Receipt recorded: No bank reference")]


def test_nothing_waits_for_the_board_a_representative_or_an_administrator(
    books: Ledger, board_member: User, representative: User, administrator: User
) -> None:
    due(agreement(books, sweden()), DAY(2022, 12, 5))
    for person in (board_member, representative, administrator):
        assert worklist(person, books, TODAY) == Worklist(TODAY)


def test_mail_of_unknown_fate_waits_for_administrators_alone(
    books: Ledger, administrator: User, officer: User, client_of: Callable[[User], Client]
) -> None:
    assert client_of(administrator).get(reverse("home")).headers["Location"] == reverse(
        "account_list"
    )
    for state in ("waiting", "sent", "failed", "unknown"):
        factories.outgoing_mail(state=state, recipient=officer, about=state)
    [group] = worklist(administrator, books, TODAY).groups
    assert [(item.title, item.detail, item.path) for item in group.items] == [
        ("Officer", "Reminder of what waits: Not accepted by the mail server",
         "/mail/?state=failed"),
        ("Officer", "Reminder of what waits: Nobody knows whether it went",
         "/mail/?state=unknown"),
    ]  # fmt: skip
    assert worklist(officer, books, TODAY).group("mail") is None
    page = client_of(administrator).get(reverse("home"), follow=True).content.decode()
    assert "E-mails that wait for your decision" in page
    assert "Donors whose focal point you are" not in page


def seed(books: Ledger, count: int) -> None:
    for number in range(count):
        donor = factories.donor()
        promised = agreement(books, donor)
        instalment = due(promised, DAY(2022, 5, 1 + number % 28))
        owed(promised, DAY(2022, 6, 1))
        Condition.objects.create(contribution=promised, instalment=instalment, text="x")
        factories.contribution(
            ledger=books, donor=donor, state=ContributionState.PROSPECT, probability=1,
            expected_on=DAY(2022, 1, 1),
        )  # fmt: skip
        factories.draft(ledger=books)
        ParkedReceipt.objects.create(
            ledger=books, received_on=DAY(2022, 12, 1), currency_id="USD", amount=Decimal(1)
        )


def test_the_number_of_queries_does_not_grow_with_what_waits(books: Ledger, reviewer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert (
                worklist(reviewer, books, TODAY).count
                == 6 * Contribution.objects.filter(state=ContributionState.PROSPECT).count()
            )
        return len(found)

    seed(books, 5)
    few = queries()
    seed(books, 45)
    assert queries() == few <= 17


def test_the_first_page_and_the_whole_list_show_it_to_officers_alone(
    books: Ledger, officer: User, board_member: User, client_of: Callable[[User], Client]
) -> None:
    due(agreement(books, sweden(), title="Housing for all"), DAY(2022, 5, 1))
    for address in (reverse("home"), reverse("worklist")):
        page = client_of(officer).get(address).content.decode()
        assert "Overdue instalments" in page
        assert "Housing for all" in page
    only_mine = client_of(officer).get(reverse("worklist"), {"whose": "mine"}).content.decode()
    assert "Housing for all" not in only_mine
    assert client_of(board_member).get(reverse("worklist")).status_code == 403


def test_due_diligence_waits_for_who_decides_it_and_did_not_ask(
    books: Ledger, officer: User, reviewer: User
) -> None:
    donor = factories.donor(contributor_type_id="C06", names={"en": "A company"})
    asked = factories.clearance(donor=donor, requested_by=officer, reference="DD-7")
    own = factories.clearance(requested_by=reviewer)
    group = worklist(reviewer, books, TODAY).group("clearances")
    assert group is not None
    assert [(i.title, i.detail, i.path) for i in group.items] == [
        ("A company", "DD-7", reverse("clearance_decide", args=[asked.uuid])),
    ]
    assert worklist(officer, books, TODAY).group("clearances") is None
    assert own.requested_by == reviewer


def test_corrections_of_rates_wait_for_who_manages_rates_and_did_not_ask(
    books: Ledger, officer: User, reviewer: User, administrator: User
) -> None:
    asked = import_factories.rate_correction(asked_by=administrator, because="Late.")
    import_factories.rate_correction(asked_by=reviewer, effective_on=DAY(2016, 4, 1))
    import_factories.rate_correction(
        asked_by=administrator, effective_on=DAY(2016, 5, 1), state="refused",
        decided_by=reviewer, decided_at=datetime.datetime(2022, 12, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    group = worklist(reviewer, books, TODAY).group("rates")
    assert group is not None
    assert [(item.title, item.detail, item.path) for item in group.items] == [
        (
            "SEK, rate of 1 March 2016", f"{administrator.name}: Late.",
            reverse("rate_correction", args=[asked.pk]),
        )
    ]  # fmt: skip
    assert worklist(officer, books, TODAY).group("rates") is None


def test_overdue_goods_are_not_added_to_overdue_money(books: Ledger, reviewer: User) -> None:
    due(agreement(books, factories.donor()), DAY(2022, 12, 1), "100.00")
    due(agreement(books, factories.donor(), mode="in_kind"), DAY(2022, 12, 1), "70.00")
    found = worklist(reviewer, books, TODAY)
    totals = {code: found.group(code) for code in ("overdue", "deliveries")}
    assert {code: group and group.total_usd for code, group in totals.items()} == {
        "overdue": Decimal("100.00"), "deliveries": Decimal("70.00"),
    }  # fmt: skip
