"""Until when a person sees a donor's file: ended on a day or at once, extended, and told."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.permissions import Role
from donors.models import Donor, Representation
from donors.representation import AccessWrong, set_end
from tests import factories

TODAY = datetime.date(2022, 12, 15)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The portal's clock stands at nine in the morning in Nairobi; the test may set it, in UTC."""

    def at(*when):
        now = datetime.datetime(*when, tzinfo=datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    at(2022, 12, 15, 6)
    return at


@pytest.fixture
def bound(representative):
    return representative.representations.get()


@pytest.fixture
def ended(bound, officer):
    """Sets the end, as it stands now, to another day."""

    def end(ends_on, **changed):
        was = Representation.objects.get(pk=bound.pk).ends_on
        set_end(bound, ends_on, **{"was": was, "today": TODAY, "by": officer, **changed})
        bound.refresh_from_db()
        return bound.starts_on, bound.ends_on

    return end


def sent(client, bound, ends_on, was=""):
    return client.post(
        reverse("representation_until", args=[bound.pk]), {"ends_on": ends_on, "was": was}
    )


def own_addresses(books="UNH"):
    of_donor = ("donor", "sealed_list", "donor_archive", "donor_entries_csv", "donor_entries_xlsx")
    return [*(reverse(name, args=["SWE"]) for name in of_donor),
            reverse("statement_pdf", args=["SWE", 2021])]  # fmt: skip


def test_an_officer_ends_access_today_and_an_open_session_sees_nothing_more(
    client_of, officer, representative, bound
):
    session = client_of(representative)
    assert session.get(reverse("donor", args=["SWE"])).status_code == 200
    answer = sent(client_of(officer), bound, "2022-12-15")
    assert answer.headers["Location"] == "/donors/SWE/#people"
    assert [session.get(address).status_code for address in own_addresses()] == [404] * 6
    assert session.get(reverse("entry_list"), {"donor": "SWE"}).context["totals"].count == 0
    assert "does not represent a donor today" in session.get(reverse("my_donor")).content.decode()
    event = AuditEvent.objects.get(act="set_end_of_access")
    assert (event.by, event.before["ends_on"], event.after["ends_on"]) == (
        officer.uuid, "", "2022-12-15",
    )  # fmt: skip


def test_access_ends_at_midnight_in_nairobi_in_the_same_session(
    client_of, officer, representative, bound, at
):
    at(2022, 12, 15, 20, 30)  # in UTC; less than the hour before one is signed out
    session = client_of(representative)
    sent(client_of(officer), bound, "2022-12-16")
    seen = []
    for minute in ((15, 20, 59), (15, 21, 0)):
        at(2022, 12, *minute)
        seen.append(session.get(reverse("donor", args=["SWE"])).status_code)
    assert seen == [200, 404]


def test_a_later_day_extends_and_no_day_is_until_further_notice(ended):
    first = datetime.date(2020, 1, 1)
    assert ended(TODAY + 10 * DAY) == (first, TODAY + 10 * DAY)
    assert ended(TODAY + 90 * DAY) == (first, TODAY + 90 * DAY)
    assert ended(None) == (first, None)
    assert AuditEvent.objects.filter(act="set_end_of_access").count() == 3
    ended(None)
    assert AuditEvent.objects.filter(act="set_end_of_access").count() == 3


def test_access_that_is_over_begins_again_today_with_nothing_in_between(ended, bound):
    Representation.objects.filter(pk=bound.pk).update(ends_on=TODAY - 30 * DAY)
    assert ended(TODAY + DAY) == (TODAY, TODAY + DAY)


@pytest.mark.parametrize(("until", "ends_on", "sentence"), [
    (None, TODAY - DAY, "This day is over"),
    (TODAY, TODAY, "has ended already"),
    (TODAY - DAY, TODAY, "has ended already"),
])  # fmt: skip
def test_what_is_over_is_not_ended_again(ended, bound, until, ends_on, sentence):
    Representation.objects.filter(pk=bound.pk).update(ends_on=until)
    with pytest.raises(AccessWrong, match=sentence):
        ended(ends_on)
    bound.refresh_from_db()
    assert bound.ends_on == until


def test_of_access_that_began_today_and_ends_today_only_the_audit_trail_is_left(bound, officer):
    Representation.objects.filter(pk=bound.pk).update(starts_on=TODAY)
    set_end(bound, TODAY, was=None, today=TODAY, by=officer)
    assert not Representation.objects.filter(pk=bound.pk).exists()
    assert AuditEvent.objects.get(act="set_end_of_access").after["donor"] == "SWE"


def test_two_officers_at_once_do_not_undo_each_other(client_of, other_officer, ended, bound):
    ended(TODAY + DAY)
    answer = sent(client_of(other_officer), bound, "2099-01-01", was="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody changed this access in the meantime." in page
    assert 'name="was" value="2022-12-16"' in page
    assert sent(client_of(other_officer), bound, "2099-01-01", was="2022-12-16").status_code == 302


@pytest.mark.parametrize("who", ["reviewer", "board_member", "representative"])
def test_nobody_else_sets_an_end(request, client_of, bound, who):
    user = request.getfixturevalue(who)
    assert sent(client_of(user), bound, "2022-12-15").status_code == 403
    with pytest.raises(PermissionDenied):
        set_end(bound, TODAY, was=None, today=TODAY, by=user)
    bound.refresh_from_db()
    assert bound.ends_on is None


def test_an_administrator_goes_back_to_the_list_of_all(client_of, administrator, bound):
    answer = sent(client_of(administrator), bound, "2022-12-31")
    assert answer.headers["Location"] == reverse("representation_list")
    page = client_of(administrator).get(reverse("representation_list")).content.decode()
    assert reverse("representation_until", args=[bound.pk]) in page
    assert "31 Dec 2022" in page


def test_one_of_two_people_and_one_of_two_donors_end_alone(client_of, officer, representative):
    sweden, norway = (Donor.objects.get(code=code) for code in ("SWE", "NOR"))
    second = factories.user(role=Role.REPRESENTATIVE)
    factories.representation(user=second, donor=sweden)
    factories.representation(user=representative, donor=norway)
    sent(client_of(officer), representative.representations.get(donor=sweden), "2022-12-15")

    def sees(user):
        return sorted(one.code for one in Donor.objects.for_user(user, TODAY))

    assert (sees(representative), sees(second)) == (["NOR"], ["SWE"])


def test_officers_find_it_beside_each_of_the_donors_people(client_of, officer, bound):
    page = client_of(officer).get(reverse("donor", args=["SWE"])).content.decode()
    assert reverse("representation_until", args=[bound.pk]) in page
