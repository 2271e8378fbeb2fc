"""The administrator's page of outgoing mail: what waits comes first, and a person decides."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import AuditEvent
from jobs.models import MailState, OutgoingMail
from jobs.sending import send_due
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "person@example.org"


@pytest.fixture
def desk(client_of, administrator):
    return client_of(administrator)


def page_of(desk, **asked):
    return desk.get(reverse("outgoing_mail"), asked).content.decode()


def order_of(page):
    return re.findall(r"about-(\w+)@", page)


def one_of_each():
    return {
        state: factories.outgoing_mail(state=state, address=f"about-{state}@example.org")
        for state in reversed(MailState.values)
    }


def test_what_waits_for_a_decision_comes_first_and_only_that_can_be_decided(desk):
    mails = one_of_each()
    page = page_of(desk)
    assert order_of(page) == [
        "unknown", "failed", "sending", "waiting", "sent", "dropped", "settled",
    ]  # fmt: skip
    assert "2 e-mails wait for your decision." in page
    acts = set(re.findall(r'action="(/mail/[^"]+)"', page))
    assert acts == {
        reverse(name, args=[mails[state].uuid])
        for name in ("outgoing_mail_settle", "outgoing_mail_again")
        for state in (MailState.UNKNOWN, MailState.FAILED)
    }


@pytest.mark.parametrize("state", MailState.values)
def test_it_is_narrowed_to_a_state(desk, state):
    one_of_each()
    assert order_of(page_of(desk, state=state)) == [state]
    assert len(order_of(page_of(desk, state="no such state"))) == 7


def test_it_tells_of_what_kind_to_whom_and_the_kind_of_error_and_no_more(desk, officer):
    factories.outgoing_mail(recipient=officer, state="unknown", reason="TimeoutError")
    factories.outgoing_mail(address=ADDRESS, kind="of a later release", about="a <key>")
    page = page_of(desk)
    for text in ("Reminder of what waits", officer.name, officer.email, "TimeoutError", ADDRESS,
                 "of a later release"):  # fmt: skip
        assert text in page
    assert "key" not in re.sub("csrf.*?>", "", page.partition("<tbody>")[2].partition("</tb")[0])


def test_dealt_with_is_noted_and_nothing_is_sent(desk, administrator):
    found = factories.outgoing_mail(address=ADDRESS, state="unknown", reason="BrokenOff")
    answer = desk.post(reverse("outgoing_mail_settle", args=[found.uuid]), follow=True)
    assert "The e-mail is noted as dealt with." in answer.content.decode()
    assert OutgoingMail.objects.get().state == MailState.SETTLED
    event = AuditEvent.objects.get(act="settle_mail")
    assert (event.by, event.subject_id) == (administrator.uuid, str(found.pk))
    assert event.before == {"state": "unknown", "reason": "BrokenOff"}
    assert (send_due(), mail.outbox) == (0, [])


def test_sent_again_it_goes_once_and_the_second_who_decides_is_told(desk, administrator):
    board = factories.user(role="board", is_told_of_updates=True)
    found = factories.outgoing_mail(recipient=board, state="unknown", kind="digest")
    again = reverse("outgoing_mail_again", args=[found.uuid])
    assert "The e-mail is sent again." in desk.post(again, follow=True).content.decode()
    answer = desk.post(reverse("outgoing_mail_settle", args=[found.uuid]), follow=True)
    assert "not waiting for a decision any more" in answer.content.decode()
    [event] = AuditEvent.objects.filter(act__in=["send_mail_again", "settle_mail"])
    assert (event.act, event.by, event.after["state"]) == (
        "send_mail_again", administrator.uuid, "waiting",
    )  # fmt: skip
    send_due()
    assert OutgoingMail.objects.get().state == MailState.DROPPED  # nobody reminds a Board member


def test_a_get_changes_nothing_and_nobody_else_opens_it(desk, client_of, officer):
    found = factories.outgoing_mail(address=ADDRESS, state="unknown")
    for name in ("outgoing_mail_settle", "outgoing_mail_again"):
        address = reverse(name, args=[found.uuid])
        assert desk.get(address).status_code == 405
        assert client_of(officer).post(address).status_code == 403
    assert client_of(officer).get(reverse("outgoing_mail")).status_code == 403
    assert OutgoingMail.objects.get().state == MailState.UNKNOWN
