"""Who sees which donors, contributions, entries and drafts: every list starts from for_user."""

import datetime

import pytest

from donors.models import Donor, Representation
from income.models import Contribution, Draft, Entry
from tests import factories
from tests.factories import entry, posting

SEES_EVERY_DONOR = ["officer", "reviewer", "administrator"]


@pytest.fixture
def sweden(reference):
    return Donor.objects.get(code="SWE")


@pytest.fixture
def norway(reference):
    return Donor.objects.get(code="NOR")


def between(user, donor, starts_on, ends_on=None):
    return factories.representation(user=user, donor=donor, starts_on=starts_on, ends_on=ends_on)


@pytest.mark.parametrize("who", SEES_EVERY_DONOR)
def test_staff_see_every_donor(request, who, sweden, today):
    user = request.getfixturevalue(who)
    assert Donor.objects.for_user(user, today).count() == Donor.objects.count()


def test_a_representative_sees_their_own_donor_only(representative, sweden, today):
    assert list(Donor.objects.for_user(representative, today)) == [sweden]


def test_a_representative_may_speak_for_two(representative, sweden, norway, today):
    between(representative, norway, today)
    assert set(Donor.objects.for_user(representative, today)) == {sweden, norway}


def test_the_board_sees_entries_but_no_donors_file(board_member, sweden, today):
    assert not Donor.objects.for_user(board_member, today).exists()


def test_a_suspended_account_sees_nobody(officer, representative, sweden, today):
    officer.is_active = representative.is_active = False
    assert not Donor.objects.for_user(officer, today).exists()
    assert not Donor.objects.for_user(representative, today).exists()


@pytest.mark.parametrize(
    ("starts", "ends", "sees"),
    [
        (0, None, True),
        (1, None, False),  # from tomorrow
        (-30, 1, True),  # until tomorrow, exclusive: today is the last day
        (-30, 0, False),  # ended with yesterday
    ],
)
def test_a_representation_gives_access_from_its_first_day_to_the_day_before_its_end(
    officer, norway, today, starts, ends, sees
):
    user = factories.user(role="representative")
    found = between(
        user,
        norway,
        today + datetime.timedelta(days=starts),
        None if ends is None else today + datetime.timedelta(days=ends),
    )
    assert found.is_in_force(today) is sees
    assert Representation.objects.in_force(today).filter(pk=found.pk).exists() is sees
    assert Donor.objects.for_user(user, today).exists() is sees


def test_a_representation_that_ended_does_not_borrow_the_start_of_another(norway, sweden, today):
    # One of the two has begun, the other has not ended: neither is in force.
    user = factories.user(role="representative")
    week = datetime.timedelta(days=7)
    between(user, norway, today - 2 * week, today - week)
    between(user, sweden, today + week)
    assert not Donor.objects.for_user(user, today).exists()


def test_another_persons_representation_gives_nothing(representative, norway, today):
    between(factories.user(role="representative"), norway, today)
    assert norway not in Donor.objects.for_user(representative, today)


@pytest.fixture
def books(ledger, sweden, norway):
    """A receipt and a contribution of Sweden and of Norway each, and an allotment."""
    posting(ledger, entry("1", donor=sweden), entry("2", donor=norway))
    posting(ledger, entry("4", kind="allotment", fund_id="RB"))
    for donor in (sweden, norway):
        factories.contribution(ledger=ledger, donor=donor)
    return ledger


@pytest.mark.parametrize("who", [*SEES_EVERY_DONOR, "board_member"])
def test_staff_and_board_see_every_entry(request, who, books, today):
    user = request.getfixturevalue(who)
    seen = Entry.objects.in_books(books).for_user(user, today)
    assert sorted(seen.values_list("amount", flat=True)) == [1, 2, 4]


def test_a_representative_sees_the_entries_of_their_donor_only(representative, books, today):
    (seen,) = Entry.objects.in_books(books).for_user(representative, today)
    assert (seen.amount, seen.donor.code) == (1, "SWE")


def test_a_representative_sees_the_contributions_of_their_donor_only(representative, books, today):
    (seen,) = Contribution.objects.in_books(books).for_user(representative, today)
    assert seen.donor.code == "SWE"


@pytest.mark.parametrize(
    ("who", "count"), [("officer", 2), ("reviewer", 2), ("administrator", 2), ("board_member", 0)]
)
def test_contributions_are_for_who_sees_every_donor(request, who, count, books, today):
    user = request.getfixturevalue(who)
    assert Contribution.objects.in_books(books).for_user(user, today).count() == count


def test_an_officer_sees_their_own_drafts_and_a_reviewer_all(
    ledger, officer, other_officer, reviewer, board_member, representative
):
    mine = factories.draft(ledger=ledger, written_by=officer)
    other = factories.draft(ledger=ledger, written_by=other_officer)
    assert list(Draft.objects.for_user(officer)) == [mine]
    assert set(Draft.objects.for_user(reviewer)) == {mine, other}
    assert not Draft.objects.for_user(board_member).exists()
    assert not Draft.objects.for_user(representative).exists()


def test_a_reviewer_is_not_offered_their_own_draft(ledger, officer, reviewer):
    mine = factories.draft(ledger=ledger, written_by=reviewer)
    other = factories.draft(ledger=ledger, written_by=officer)
    factories.draft(ledger=ledger, written_by=officer, state="open")
    assert list(Draft.objects.reviewable_by(reviewer)) == [other]
    assert set(Draft.objects.waiting_for_review()) == {mine, other}


def test_donors_that_were_merged_are_not_standing(sweden, norway, today):
    norway.merged_into, norway.merged_on = sweden, today
    norway.save()
    assert norway not in Donor.objects.standing()
    assert sweden in Donor.objects.standing()
