"""Prospects, and how one becomes a pledge and an agreement on the same number."""

import datetime
from decimal import Decimal

import pytest

from accounts.models import AuditEvent, User
from donors.models import Donor
from income import services
from income.errors import AmountWrong, PostingWrong
from income.models import Contribution, Currency, Fund, Instrument, Ledger, Posting
from income.services.actors import SYSTEM, Actors
from income.services.prospects import (
    Prospect,
    add_prospect,
    drop_prospect,
    edit_prospect,
    expectation,
)
from income.vocabulary import ContributionState, Mode
from interface.conflicts import EditConflict
from interface.errors import PortalError
from tests import factories
from tests.income.agreements import JUNE, SIGNED, TODAY, contribution_of, promise, standing_sums

D = Decimal
EXPECTED_ON = datetime.date(2021, 3, 31)


@pytest.fixture
def actors(officer: User, reviewer: User) -> Actors:
    return Actors(prepared_by=officer, approved_by=reviewer)


def prospect(**changed: object) -> Prospect:
    row = {
        "donor": Donor.objects.get(code="SWE"), "fund": Fund.objects.get(code="FE"),
        "title": "Housing, perhaps", "currency": Currency.objects.get(code="SEK"),
        "amount": D(6_000_000), "probability": 60, "expected_on": EXPECTED_ON,
    }  # fmt: skip
    return Prospect(**{**row, **changed})  # type: ignore[arg-type]


def added(ledger: Ledger, officer: User, **changed: object) -> Contribution:
    return add_prospect(ledger, prospect(**changed), today=TODAY, by=officer)


def test_a_prospect_stands_in_no_books_and_is_for_staff_only(
    ledger: Ledger, officer: User, representative: User, board_member: User
) -> None:
    made = added(ledger, officer)
    assert not Posting.objects.exists()
    assert (made.state, made.probability, made.expected_on) == ("prospect", 60, EXPECTED_ON)
    seen = Contribution.objects.in_books(ledger)
    assert list(seen.for_user(officer, TODAY)) == [made]
    assert [list(seen.for_user(who, TODAY)) for who in (representative, board_member)] == [[], []]
    drop_prospect(made, because="The budget was cut", today=TODAY, by=officer)
    assert list(seen.for_user(representative, TODAY)) == []


def test_who_saves_a_prospect_second_is_told(ledger: Ledger, officer: User) -> None:
    made = added(ledger, officer)
    edit_prospect(made, prospect(probability=80), version=1, today=TODAY, by=officer)
    with pytest.raises(EditConflict):
        edit_prospect(made, prospect(probability=10), version=1, today=TODAY, by=officer)
    made.refresh_from_db()
    assert (made.probability, made.version) == (80, 2)
    event = AuditEvent.objects.get(act="edit_prospect")
    assert (event.before["probability"], event.after["probability"]) == (60, 80)


def test_a_probability_is_a_percentage(ledger: Ledger, officer: User) -> None:
    with pytest.raises(AmountWrong, match="0 to 100"):
        added(ledger, officer, probability=101)


def test_prospects_add_up_weighted_by_probability_and_say_what_is_not_converted(
    ledger: Ledger, officer: User
) -> None:
    added(ledger, officer)
    added(
        ledger, officer, currency=Currency.objects.get(code="USD"), amount=D(1_000), probability=25
    )
    added(ledger, officer, currency=Currency.objects.get(code="KES"), amount=D(500), probability=50)
    found = expectation(list(Contribution.objects.prospects()), ledger, JUNE)
    # 6,000,000 / 8.3966 = 714,574.95; 60 per cent are 428,744.97. 25 per cent of 1,000 are 250.
    assert (found.whole_usd, found.weighted_usd) == (D("715574.95"), D("428994.97"))
    assert found.not_converted == (("KES", D(500), 1),)


def test_a_prospect_becomes_a_pledge_and_the_pledge_an_agreement_on_one_number(
    ledger: Ledger, officer: User, actors: Actors
) -> None:
    made = added(ledger, officer)
    pledge = services.record_pledge(
        ledger, promise(contribution=made, schedule=(), amount=D(6_500_000)), token="p",
        today=TODAY, actors=actors,
    )  # fmt: skip
    assert contribution_of(pledge) == made
    made.refresh_from_db()
    assert (made.state, made.pledged_on, made.amount) == ("pledged", SIGNED, D(6_500_000))
    signing = services.sign_agreement(
        ledger, promise(contribution=made, promised_on=JUNE), token="s", today=TODAY, actors=actors
    )
    assert contribution_of(signing) == made
    made.refresh_from_db()
    assert (made.state, made.pledged_on, made.signed_on) == ("signed", SIGNED, JUNE)
    assert (made.amount, made.probability) == (D(7_000_000), 60)
    assert Contribution.objects.count() == 1
    event = AuditEvent.objects.get(act="sign_agreement")
    assert (event.before["state"], event.after["state"]) == ("pledged", "signed")
    with pytest.raises(PostingWrong, match="is Signed already"):
        services.sign_agreement(
            ledger, promise(contribution=made), token="again", today=TODAY, actors=actors
        )


def test_reversing_a_signature_leaves_the_pledge_and_reversing_that_the_prospect(
    ledger: Ledger, officer: User, actors: Actors
) -> None:
    made = added(ledger, officer)
    pledge = services.record_pledge(
        ledger, promise(contribution=made, schedule=()), token="p", today=TODAY, actors=actors
    )
    signing = services.sign_agreement(
        ledger, promise(contribution=made, amount=D(8_000_000), schedule=(), promised_on=JUNE),
        token="s", today=TODAY, actors=actors,
    )  # fmt: skip
    with pytest.raises(PostingWrong, match=f"Reverse posting {signing.sequence} first"):
        services.reverse_posting(pledge, because="x", token="u", today=TODAY, actors=actors)
    services.reverse_posting(signing, because="x", token="us", today=TODAY, actors=actors)
    made.refresh_from_db()
    assert (made.state, made.signed_on, made.amount) == ("pledged", None, D(7_000_000))
    services.reverse_posting(pledge, because="x", token="up", today=TODAY, actors=actors)
    made.refresh_from_db()
    assert (made.state, made.pledged_on, made.amount) == ("prospect", None, D(6_000_000))
    assert made.title == "Housing, perhaps"
    assert set(standing_sums(made).values()) == {D(0)}
    again = services.sign_agreement(
        ledger, promise(contribution=made), token="s2", today=TODAY, actors=actors
    )
    assert [(e.kind, e.amount) for e in again.entries.order_by("line")] == [
        ("agreement", D(7_000_000)), ("due", D(3_000_000)), ("due", D(4_000_000)),
    ]  # fmt: skip


def test_a_private_donor_is_cleared_before_its_agreement_is_signed(
    ledger: Ledger, actors: Actors
) -> None:
    donor = factories.donor(contributor_type_id="C05", names={"en": "A foundation"})
    with pytest.raises(
        PortalError, match="without a due-diligence clearance in force on 2021-03-04"
    ):
        services.sign_agreement(ledger, promise(donor=donor), token="s", today=TODAY, actors=actors)
    services.record_pledge(
        ledger, promise(donor=donor, schedule=()), token="p", today=TODAY, actors=actors
    )
    services.sign_agreement(ledger, promise(donor=donor), token="s", today=TODAY, actors=SYSTEM)
    assert Contribution.objects.filter(donor=donor).count() == 2


def test_what_is_not_cash_says_how_it_was_valued(ledger: Ledger, actors: Actors) -> None:
    in_kind = Instrument.objects.filter(is_in_kind=True, is_legacy=False).first()
    changed = {"instrument": in_kind, "mode": Mode.GRATIS_PERSONNEL}
    with pytest.raises(PortalError, match="by which method"):
        services.sign_agreement(ledger, promise(**changed), token="s", today=TODAY, actors=actors)
    posting = services.sign_agreement(
        ledger, promise(**changed, valuation_method="Salary scale of the host"), token="s",
        today=TODAY, actors=actors,
    )  # fmt: skip
    assert {entry.mode for entry in posting.entries.all()} == {"gratis"}
    made = contribution_of(posting)
    assert (made.mode, made.state) == ("gratis", ContributionState.SIGNED)
