"""Inviting a donor's people: for how long a link works, for whom, how often, and what it opens."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from donors.invitation_mail import PRINTS, MailCannotGo, hash_of, token_of
from donors.invitation_states import InvitationState, state_of
from donors.invitations import (
    InvitationDead,
    InvitationWrong,
    accept,
    invite,
    invite_again,
    withdraw,
)
from donors.models import Donor, Invitation, Representation
from donors.people import people_of
from habitat_portal.safety import Mode
from tests import factories

pytestmark = pytest.mark.both_databases
PASSWORD = "nineteen quiet harbours"
SECOND = datetime.timedelta(seconds=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def asked(reference, officer, now):
    """Invites a counsellor of Sweden, unless something is changed; gives invitation and token."""

    def ask(*codes, **changed):
        given = {
            "email": "counsellor@example.org", "name": "A counsellor", "language": "fr",
            "donors": [Donor.objects.get(code=code) for code in codes or ("SWE",)],
            "access_ends_on": None, "by": officer, "now": now,
        }  # fmt: skip
        made = invite(**{**given, **changed})
        return made, token_of(made)

    return ask


def taken_up(token, now, **changed):
    return accept(token, **{"password": PASSWORD, "name": "A counsellor", "now": now, **changed})


def test_accepting_opens_a_representatives_account_from_today_in_the_language(asked, now):
    ends_on = timezone.localdate(now) + 30 * DAY
    made, token = asked("SWE", "NOR", access_ends_on=ends_on)
    user = taken_up(token, now, name="  The   Counsellor ")
    assert (user.email, user.name) == ("counsellor@example.org", "The Counsellor")
    assert (user.role, user.language) == (Role.REPRESENTATIVE, "fr")
    assert user.check_password(PASSWORD)
    bound = user.representations.order_by("donor__code")
    today = timezone.localdate(now)
    assert [(one.donor.code, one.starts_on, one.ends_on) for one in bound] == [
        ("NOR", today, ends_on), ("SWE", today, ends_on),
    ]  # fmt: skip
    made.refresh_from_db()
    assert (made.accepted_at, made.user) == (now, user)


def test_access_is_there_on_the_last_day_and_gone_on_the_day_it_ends(asked, now):
    today = timezone.localdate(now)
    _made, token = asked(access_ends_on=today + 2 * DAY)
    user = taken_up(token, now)
    seen = [Donor.objects.for_user(user, today + n * DAY).count() for n in (-1, 0, 1, 2)]
    assert seen == [0, 1, 1, 0]


def test_a_link_works_until_the_last_second_of_fourteen_days(asked, now):
    made, token = asked()
    assert made.expires_at == now + 14 * DAY
    with pytest.raises(InvitationDead):
        taken_up(token, made.expires_at)
    assert state_of(made, made.expires_at) == InvitationState.EXPIRED
    assert state_of(made, made.expires_at - SECOND) == InvitationState.WAITING
    assert taken_up(token, made.expires_at - SECOND).role == Role.REPRESENTATIVE


def test_a_link_works_once(asked, now):
    made, token = asked()
    user = taken_up(token, now)
    for by in (None, user):
        with pytest.raises(InvitationDead):
            taken_up(token, now, by=by)
    made.refresh_from_db()
    assert state_of(made, now) == InvitationState.ACCEPTED
    assert User.objects.filter(role=Role.REPRESENTATIVE).count() == 1


def test_a_withdrawn_link_and_a_token_of_nobody_give_the_same_answer(asked, now, officer):
    made, token = asked()
    withdraw(made, by=officer, now=now)
    told = set()
    for wrong in (token, token[:-1], "", "nobody's", made.token_hash):
        with pytest.raises(InvitationDead) as error:
            taken_up(wrong, now)
        told.add(error.value.sentence)
    assert told == {"This link opens nothing."}
    with pytest.raises(InvitationWrong, match="withdrawn already"):
        withdraw(made, by=officer, now=now)
    with pytest.raises(InvitationWrong, match="Make a new one"):
        invite_again(made, by=officer, now=now)


def test_sent_again_the_new_link_works_and_the_old_one_is_dead(asked, now, other_officer):
    made, old = asked()
    later = now + 20 * DAY
    again = invite_again(made, by=other_officer, now=later)
    new = token_of(again)
    assert (again.pk, again.expires_at) == (made.pk, later + 14 * DAY)
    assert again.invited_by == other_officer
    with pytest.raises(InvitationDead):
        taken_up(old, later)
    assert taken_up(new, later).email == made.email
    with pytest.raises(InvitationWrong, match="accepted already"):
        invite_again(made, by=other_officer, now=later)
    with pytest.raises(InvitationWrong, match="accepted already"):
        withdraw(made, by=other_officer, now=later)


def test_who_has_an_account_signs_in_with_it_and_gets_further_donors(asked, now, representative):
    _made, token = asked("NOR", email="SWEDEN@example.org", access_ends_on=None)
    with pytest.raises(InvitationWrong, match="Sign in with it first"):
        taken_up(token, now)
    before = representative.password
    assert taken_up(token, now, by=representative) == representative
    representative.refresh_from_db()
    assert representative.password == before
    assert representative.name == "Representative"
    codes = representative.representations.values_list("donor__code", flat=True)
    assert sorted(codes) == ["NOR", "SWE"]


def test_nobody_takes_up_anothers_invitation_with_the_own_account(asked, now, representative):
    made, token = asked("NOR")
    with pytest.raises(InvitationWrong, match=r"signed in as sweden@example\.org"):
        taken_up(token, now, by=representative)
    made.refresh_from_db()
    assert made.accepted_at is None
    assert representative.representations.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REPRESENTATIVE])
def test_an_account_of_another_role_is_neither_invited_nor_bound(asked, now, role):
    made, token = asked()
    other = factories.user(email="Counsellor@example.org", role=role)
    with pytest.raises(InvitationWrong, match="does not represent donors") as error:
        asked("NOR")
    assert error.value.field == "email"
    with pytest.raises(InvitationWrong, match="does not represent donors"):
        taken_up(token, now, by=other)
    assert Representation.objects.count() == 0
    assert Invitation.objects.get() == made


def test_an_account_that_was_shut_is_not_opened_by_a_letter(asked, representative):
    representative.is_active = False
    representative.save()
    with pytest.raises(InvitationWrong, match="was shut out"):
        asked("NOR", email=representative.email)


def test_a_donor_has_several_people_and_a_person_several_donors(asked, now):
    one = taken_up(asked("SWE", "NOR")[1], now)
    other = taken_up(asked("SWE", email="second@example.org", name="B")[1], now)
    sweden = Donor.objects.get(code="SWE")
    people = people_of(sweden, today=timezone.localdate(now), now=now)
    assert [(row.user, standing) for row, standing in people.bound] == [
        (one, "has access"), (other, "has access"),
    ]  # fmt: skip
    assert people.asked == ()
    assert one.representations.count() == 2


def test_people_of_a_donor_tell_who_was_asked_and_whose_access_is_over(asked, now):
    today = timezone.localdate(now)
    made, token = asked(access_ends_on=today + DAY)
    sweden = Donor.objects.get(code="SWE")
    assert people_of(sweden, today=today, now=now).asked == ((made, InvitationState.WAITING),)
    user = taken_up(token, now)
    [(row, standing)] = people_of(sweden, today=today + DAY, now=now).bound
    assert (row.user, standing) == (user, "has ended")
    norway = Donor.objects.get(code="NOR")
    assert people_of(norway, today=today, now=now).bound == ()


def test_a_representation_that_ended_begins_again_and_one_in_force_is_never_cut(asked, now):
    today = timezone.localdate(now)
    user = factories.user(email="counsellor@example.org", role=Role.REPRESENTATIVE)
    for code, ends_on in (("SWE", today - DAY), ("NOR", None), ("DNK", today + DAY)):
        factories.representation(
            user=user, donor=Donor.objects.get(code=code), ends_on=ends_on,
            starts_on=today - 99 * DAY,
        )  # fmt: skip
    _made, token = asked("SWE", "NOR", "DNK", access_ends_on=today + 9 * DAY)
    taken_up(token, now, by=user)
    rows = user.representations.values_list("donor__code", "starts_on", "ends_on")
    assert sorted(rows) == [
        ("DNK", today - 99 * DAY, today + 9 * DAY), ("NOR", today - 99 * DAY, None),
        ("SWE", today, today + 9 * DAY),
    ]  # fmt: skip


def test_a_donor_merged_since_is_the_one_it_is_kept_as(asked, now):
    kfw, sweden = Donor.objects.get(code="KFW"), Donor.objects.get(code="SWE")
    _made, token = asked("KFW", "SWE")
    kfw.merged_into, kfw.merged_on = sweden, timezone.localdate(now)
    kfw.save()
    user = taken_up(token, now)
    assert [one.donor for one in user.representations.all()] == [sweden]
    with pytest.raises(InvitationWrong, match="Name that one"):
        asked("KFW", email="other@example.org")


def test_an_end_that_has_come_is_refused_and_ends_the_link(asked, now):
    today = timezone.localdate(now)
    for ends_on in (today, today - DAY):
        with pytest.raises(InvitationWrong, match="over already"):
            asked(access_ends_on=ends_on)
    made, token = asked(access_ends_on=today + DAY)
    with pytest.raises(InvitationDead):
        taken_up(token, now + DAY)
    with pytest.raises(InvitationWrong, match="over already"):
        invite_again(made, by=made.invited_by, now=now + DAY)


def test_one_person_is_not_asked_twice_for_a_donor_while_a_link_works(asked, now):
    asked("SWE", "NOR")
    with pytest.raises(InvitationWrong, match="waiting already"):
        asked("NOR", email="COUNSELLOR@example.org")
    asked("DNK")
    asked("NOR", now=now + 14 * DAY)  # the first has expired by then
    assert Invitation.objects.count() == 3


def test_no_donor_and_an_unknown_language_are_refused(asked):
    with pytest.raises(InvitationWrong, match="at least one donor"):
        asked(donors=[])
    with pytest.raises(InvitationWrong, match="does not speak"):
        asked(language="tlh")


@pytest.mark.parametrize("password", ["", "short", "password1234", "counsellor@example.org"])
def test_a_weak_password_opens_no_account_and_uses_nothing_up(asked, now, password):
    _made, token = asked()
    with pytest.raises(InvitationWrong) as error:
        taken_up(token, now, password=password)
    assert error.value.field == "password"
    assert not User.objects.filter(role=Role.REPRESENTATIVE).exists()
    assert taken_up(token, now)


def test_only_officers_invite_send_again_and_withdraw(asked, now, reviewer, representative):
    made, _token = asked()
    for person in (reviewer, representative):
        with pytest.raises(PermissionDenied):
            asked("NOR", by=person)
        with pytest.raises(PermissionDenied):
            invite_again(made, by=person, now=now)
        with pytest.raises(PermissionDenied):
            withdraw(made, by=person, now=now)


def test_the_link_of_an_officer_who_was_shut_out_opens_nothing(asked, now, officer):
    _made, token = asked()
    officer.is_active = False
    officer.save()
    with pytest.raises(InvitationDead):
        taken_up(token, now)


def test_nobody_is_invited_where_the_letter_would_lead_nowhere(asked, settings):
    settings.PORTAL_ADDRESS = ""
    with pytest.raises(MailCannotGo, match="PORTAL_ADDRESS"):
        asked()
    assert not Invitation.objects.exists()


def test_in_production_a_link_is_not_printed_into_the_servers_log(asked, settings):
    settings.PORTAL_MODE, settings.EMAIL_BACKEND = Mode.PRODUCTION, PRINTS
    with pytest.raises(MailCannotGo, match="EMAIL_URL"):
        asked()
    assert not Invitation.objects.exists()


def test_every_act_is_audited_with_who_and_without_the_token(asked, now, officer):
    made, token = asked()
    made = invite_again(made, by=officer, now=now)
    token_again = token_of(made)
    user = taken_up(token_again, now)
    withdraw(asked("NOR", email="other@example.org")[0], by=officer, now=now)
    events = AuditEvent.objects.order_by("pk")
    assert [(event.act, event.by) for event in events] == [
        ("invite_representative", officer.uuid), ("invite_again", officer.uuid),
        ("open_account", None), ("bind_representative", officer.uuid),
        ("accept_invitation", user.uuid), ("invite_representative", officer.uuid),
        ("withdraw_invitation", officer.uuid),
    ]  # fmt: skip
    kept = str([(event.before, event.after, event.subject_id) for event in events])
    assert [one for one in (token, token_again, made.token_hash) if one in kept] == []
    assert made.token_hash == hash_of(token_again)
    assert token_again not in str(Invitation.objects.values())


def at_once(*works):
    told = []

    def run(work):
        try:
            told.append(work().email)
        except InvitationWrong as refused:
            told.append(type(refused).__name__)
        except Exception as error:  # noqa: BLE001  what a page would answer with 500
            told.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=run, args=[work]) for work in works]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(told)


def test_of_two_who_accept_one_link_at_once_one_gets_in(committed, asked, now):
    _made, token = asked()
    told = at_once(lambda: taken_up(token, now), lambda: taken_up(token, now))
    assert told == ["InvitationDead", "counsellor@example.org"]
    assert User.objects.filter(role=Role.REPRESENTATIVE).count() == 1
    assert Representation.objects.count() == 1


def test_two_links_of_one_new_person_at_once_open_one_account(committed, asked, now):
    first, second = asked("SWE")[1], asked("NOR")[1]
    told = at_once(lambda: taken_up(first, now), lambda: taken_up(second, now))
    assert told == ["InvitationWrong", "counsellor@example.org"]
    assert User.objects.filter(role=Role.REPRESENTATIVE).count() == 1
