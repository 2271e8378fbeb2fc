"""Mail is queued once, by its act; written when it is sent; sent once, or told of."""

import datetime
import re

import pytest
from django.core import mail as mailing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from jobs import outbox, sending
from jobs.letters import letter
from jobs.models import MailState, OutgoingMail
from jobs.registry import UnknownKind
from jobs.sending import SILENCE, WAITS, send_due, send_one
from tests import factories
from tests.jobs.mail_server import RECIPIENT
from tests.jobs.outbox_cases import kind, later, mail, row, server, states, written

__all__ = ["kind", "mail", "server"]
pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)


def test_a_mail_goes_when_the_act_is_committed_and_not_before(
    kind, officer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = outbox.put("test", "one", to=officer)
        assert (row(mail), mailing.outbox) == (("waiting", "", 0, 0), [])
    assert row(mail) == ("sent", "", 1, 0)
    [sent] = mailing.outbox
    assert (sent.to, sent.subject, sent.body) == ([officer.email], "A subject", "About one.")
    assert mail.sent_at >= mail.created_at


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_taken_back_sends_nothing(committed, kind, officer):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.put("test", "one", to=officer)
        1 / 0  # noqa: B018
    assert send_due() == 0
    assert mailing.outbox == [] and not OutgoingMail.objects.exists()


def test_the_same_mail_is_queued_once_whatever_became_of_it(kind, officer, other_officer):
    first = outbox.put("test", "one", to=officer)
    assert send_due() == 1
    assert outbox.put("test", "one", to=officer) == first
    others = [("one", other_officer), ("two", officer), ("one", "nobody@example.org")]
    for about, to in others * 2:
        outbox.put("test", about, to=to)
    assert send_due() == 3
    assert [one.to[0] for one in mailing.outbox] == [
        officer.email, other_officer.email, officer.email, "nobody@example.org",
    ]  # fmt: skip


def test_many_are_queued_at_once_and_those_that_are_there_left_out(kind, officer, other_officer):
    outbox.put("test", "one", to=officer)
    assert outbox.put_all("test", "one", to=[officer, other_officer]) == 1
    assert outbox.put_all("test", "one", to=[officer, other_officer]) == 0
    assert send_due() == 2


def test_a_kind_that_nobody_registered_is_refused_and_none_is_registered_twice(kind, officer):
    with pytest.raises(UnknownKind):
        outbox.put("no such kind", "one", to=officer)
    with pytest.raises(ValueError, match="Two functions"):
        letter("test", title="Again")(written)


def test_it_is_written_when_it_is_sent_in_the_language_and_at_the_address_of_then(kind, officer):
    asked = []

    @kind
    def write(mail, now):
        asked.append((get_language(), now))
        found = EmailMultiAlternatives(
            "S", "B", to=["other@x.org"], cc=["c@x.org"], bcc=["b@x.org"]
        )
        found.attach_alternative("<p>B</p>", "text/html")
        return found

    outbox.put("test", "one", to=officer)
    outbox.put("test", "one", to="person@example.org", language="fr")
    officer.email, officer.language = "moved@example.org", "ar"
    officer.save()
    at = timezone.now()
    assert send_due(lambda: at) == 2
    assert asked == [("ar", at), ("fr", at)]
    assert [one.recipients() for one in mailing.outbox] == [
        ["moved@example.org"], ["person@example.org"],
    ]  # fmt: skip


def test_the_queue_holds_neither_text_nor_figure(kind, officer):
    kind(lambda mail, now: mailing.EmailMessage("Secret subject", "Secret body"))
    outbox.put("test", "one", to=officer)
    send_due()
    assert "Secret" in mailing.outbox[0].body
    assert "Secret" not in str(list(OutgoingMail.objects.values()))


def test_its_headers_say_that_a_machine_wrote_it_and_name_it_the_same_each_time(mail, settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@un.example.org>"
    send_due()
    OutgoingMail.objects.update(state=MailState.UNKNOWN)
    mail.refresh_from_db()
    assert outbox.send_again(mail)
    send_due()
    headers = [one.message() for one in mailing.outbox]
    assert [one["Message-ID"] for one in headers] == [f"<{mail.uuid}@un.example.org>"] * 2
    assert [one["Auto-Submitted"] for one in headers] == ["auto-generated"] * 2


def test_what_is_no_longer_true_is_dropped(kind, mail, other_officer):
    kind(lambda mail, now: None if mail.about == "one" else written(mail, now))
    shut = outbox.put("test", "two", to=other_officer)
    other_officer.is_active = False
    other_officer.save()
    assert send_due() == 0
    assert [row(one) for one in (mail, shut)] == [("dropped", "NoLongerTrue", 0, 0)] * 2
    assert send_due() == 0 and mailing.outbox == []


def test_what_cannot_be_written_is_tried_again_and_given_up(kind, mail, caplog):
    @kind
    def write(mail, now):
        raise LookupError("the donor's name")

    assert later() == 0
    assert row(mail) == ("waiting", "LookupError", 0, 1)
    for number in range(2, len(WAITS) + 2):
        later(days=number * 2)
    assert row(mail) == ("failed", "LookupError", 0, len(WAITS))
    assert mailing.outbox == []


def test_a_subject_with_a_line_break_is_not_handed_over(kind, mail):
    kind(lambda mail, now: mailing.EmailMessage("A\nB: C", "Body"))
    send_due()
    assert row(mail) == ("waiting", "BadHeaderError", 0, 1)


def test_a_refusal_is_tried_again_after_longer_and_longer(server, mail):
    server.course = [(RECIPIENT, "450 later")] * (len(WAITS) + 1)
    at = timezone.now()
    for number, wait in enumerate(WAITS, start=1):
        assert send_due(lambda: at) == 0  # noqa: B023
        assert row(mail) == ("waiting", "SMTPRecipientsRefused", number, number)
        assert mail.due_at == at + wait
        assert send_due(lambda: at + wait - SECOND) == 0  # noqa: B023
        assert mail.attempts == number
        at += wait
    send_due(lambda: at)
    assert row(mail) == ("failed", "SMTPRecipientsRefused", len(WAITS) + 1, len(WAITS))
    assert server.arrived == []
    assert sum(WAITS, datetime.timedelta()) == datetime.timedelta(hours=41, minutes=21)


def test_while_the_server_is_away_one_mail_a_round_is_tried_and_none_is_lost(
    settings, server, kind, officer
):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for about in ("one", "two", "three"):
        outbox.put("test", about, to=officer)
    assert [later(), later()] == [0, 0]
    found = OutgoingMail.objects.order_by("pk").values_list("reason", "attempts", "refusals")
    assert list(found) == [("ConnectionRefusedError", 0, 1)] * 2 + [("", 0, 0)]
    settings.EMAIL_PORT = port
    assert later(minutes=2) == 3
    assert len(server.arrived) == 3


def test_without_the_portals_address_everything_waits(settings, mail):
    address, settings.PORTAL_ADDRESS = settings.PORTAL_ADDRESS, ""
    assert send_due() == 0
    assert row(mail) == ("waiting", "", 0, 0)
    settings.PORTAL_ADDRESS = address
    assert send_due() == 1


def test_what_broke_off_is_flagged_after_ten_minutes_and_not_repeated(mail):
    OutgoingMail.objects.update(
        state=MailState.SENDING, attempts=1, tried_at=timezone.now() - SILENCE + SECOND
    )
    assert send_due() == 0
    assert row(mail)[0] == "sending"
    assert later(seconds=2) == 0
    assert row(mail) == ("unknown", "BrokenOff", 1, 0)
    assert [later(days=number) for number in range(9)] == [0] * 9
    assert mailing.outbox == []


def test_a_worker_that_was_thought_dead_still_says_what_it_knows(kind, mail, monkeypatch):
    class Slow(mailing.backends.locmem.EmailBackend):
        def send_messages(self, messages):
            later(hours=1)  # by another worker's clock
            assert row(mail)[0] == "unknown"
            return super().send_messages(messages)

    monkeypatch.setattr(sending, "get_connection", Slow)
    assert send_one(mail.pk) == MailState.SENT
    assert row(mail) == ("sent", "", 1, 0)


def test_a_worker_that_was_thought_dead_has_no_say_once_a_person_decided(kind, mail, monkeypatch):
    class Slow(mailing.backends.locmem.EmailBackend):
        def send_messages(self, messages):
            later(hours=1)
            mail.refresh_from_db()
            assert outbox.settle(mail)
            return super().send_messages(messages)

    monkeypatch.setattr(sending, "get_connection", Slow)
    send_one(mail.pk)
    assert row(mail) == ("settled", "BrokenOff", 1, 0)


@pytest.mark.parametrize("state", [MailState.UNKNOWN, MailState.FAILED])
def test_a_person_settles_it_or_has_it_sent_again_and_of_two_the_second_is_told(mail, state):
    OutgoingMail.objects.update(state=state, refusals=8, due_at=timezone.now() + SILENCE)
    mail.refresh_from_db()
    stale = OutgoingMail.objects.get()
    assert outbox.send_again(mail)
    assert not outbox.settle(stale) and not outbox.send_again(stale)
    assert send_due() == 1
    assert row(mail) == ("sent", "", 2, 0)
    assert not outbox.send_again(mail) and not outbox.settle(mail)


def test_in_a_copy_what_waited_is_held(kind, officer):
    for state in MailState:
        mail = outbox.put("test", state, to=officer)
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    assert outbox.hold() == 2
    assert states() == sorted(["unknown"] * 3 + ["sent", "failed", "dropped", "settled"])
    assert later(days=9) == 0 and mailing.outbox == []


def test_a_mail_that_another_act_replaces_is_called_off_unless_it_went(kind, officer):
    for state in MailState:
        mail = outbox.put("test", state, to=officer)
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    assert outbox.call_off("test", list(MailState.values)) == 3
    assert states() == sorted(["dropped"] * 4 + ["sending", "sent", "settled"])


def test_the_command_sends_what_is_due(mail, capsys):
    from django.core.management import call_command

    call_command("run_jobs")
    call_command("run_jobs")
    told = re.findall(r"\d+ e-mails? (?:was|were) sent", capsys.readouterr().out)
    assert told == ["1 e-mail was sent", "0 e-mails were sent"]


def test_the_command_for_a_recovered_copy_holds_what_waits(mail, capsys):
    from django.core.management import call_command

    call_command("hold_mail")
    assert capsys.readouterr().out == "1 e-mail is held.\n"
    assert row(mail) == ("unknown", "Restored", 0, 0)


def test_accounts_that_are_removed_take_their_mail_along(mail, officer):
    assert factories.outgoing_mail().recipient != officer
    officer.delete()
    assert OutgoingMail.objects.count() == 1
