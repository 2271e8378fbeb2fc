"""Whatever fails between the portal and the mail server: no mail arrives twice by the machine."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from donors.invitations import invite
from donors.models import Donor
from jobs import outbox, sending
from jobs.models import MailState, OutgoingMail
from jobs.sending import SILENCE, send_due
from tests.jobs.mail_server import (
    ACCEPTED,
    CONTENT,
    DATA,
    GREETING,
    LATE,
    LOGIN,
    LOST,
    RECIPIENT,
    SENDER,
)
from tests.jobs.outbox_cases import kind, later, mail, row, server

__all__ = ["kind", "mail", "server"]
ROOT = Path(__file__).resolve().parents[2]
DIES, TWICE = ("worker", "dies"), ("workers", "two")
# What may happen at one attempt -> the state afterwards, and how many mails arrived by it.
ATTEMPTS = {
    (GREETING, "421 not now"): ("waiting", 0),
    (GREETING, "554 not you"): ("waiting", 0),
    (GREETING, ""): ("waiting", 0),
    (LOGIN, ""): ("waiting", 0),
    (SENDER, "451 not now"): ("waiting", 0),
    (SENDER, "550 not you"): ("failed", 0),
    (SENDER, ""): ("unknown", 0),  # nobody is asked how far it was: rather a question too many
    (RECIPIENT, "450 not now"): ("waiting", 0),
    (RECIPIENT, "550 unknown"): ("failed", 0),
    (RECIPIENT, ""): ("unknown", 0),
    (DATA, "451 not now"): ("waiting", 0),
    (DATA, "554 not that"): ("failed", 0),
    (DATA, ""): ("unknown", 0),
    (CONTENT, "452 full"): ("waiting", 0),
    (CONTENT, "554 not that"): ("failed", 0),
    (CONTENT, "garbage"): ("unknown", 1),
    LOST: ("unknown", 1),
    LATE: ("unknown", 1),
    DIES: ("unknown", 1),
    TWICE: ("sent", 1),
    ACCEPTED: ("sent", 1),
}


class Killed(BaseException):
    """As far as the code goes: nothing after this line is done."""


def overtaken(write, days):
    """Writes a mail, and before it is taken another worker has sent it."""

    def written(mail, now):
        message = write(mail, now)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sending, "_written", write)
            later(days=days)
        return message

    return written


def killed(*_args):
    raise Killed


def attempt(step, server, days):
    """One attempt by the machine, so many days on; what a killed worker left is swept up."""
    with pytest.MonkeyPatch.context() as patched:
        if step == TWICE:
            patched.setattr(sending, "_written", overtaken(sending._written, days))
        elif step == DIES:
            patched.setattr(sending, "_note", killed)
        else:
            server.course = [step]
        with suppress(Killed):
            later(days=days)
    later(days=days)  # while it is not known yet that a worker is dead
    sending.flag_broken_off(timezone.now() + datetime.timedelta(days=days) + SILENCE)
    server.course = []


@pytest.mark.django_db
@pytest.mark.parametrize("first", ATTEMPTS, ids=" ".join)
def test_after_every_course_of_attempts_the_state_says_how_many_arrived(
    first, server, settings, kind, officer
):
    """After every fault that leaves it waiting every other, then none; after the others none."""
    settings.EMAIL_TIMEOUT = 0.2
    for number, second in enumerate(ATTEMPTS if ATTEMPTS[first][0] == "waiting" else [ACCEPTED]):
        mail = outbox.put("test", f"{number}", to=officer)
        server.arrived.clear()
        state, arrived = "waiting", 0
        for days, step in enumerate([first, second, ACCEPTED]):
            is_tried = state == "waiting"
            attempt(step, server, days * 3)
            if is_tried:
                state, more = ATTEMPTS[step]
                arrived += more
            assert (row(mail)[0], server.count(arrived)) == (state, arrived), (step, mail.reason)
        assert arrived <= 1
        assert arrived == {"sent": 1, "failed": 0}.get(state, arrived)


@pytest.mark.django_db
@pytest.mark.parametrize(("step", "arrived"), [(LOST, 2), ((DATA, ""), 1)])
def test_only_a_person_repeats_what_nobody_knows(server, mail, step, arrived):
    server.course = [step]
    assert send_due() == 0
    assert [later(days=number) for number in range(5)] == [0] * 5
    mail.refresh_from_db()
    assert outbox.send_again(mail)
    assert send_due() == 1
    assert len(server.arrived) == arrived
    assert set(server.keys()) == {f"<{mail.uuid}@localhost>"}


@pytest.mark.django_db
def test_the_answer_of_the_mail_server_is_kept_and_logged_nowhere(server, mail, caplog):
    server.course = [(RECIPIENT, "550 no such person as officer@example.org")]
    send_due()
    assert row(mail) == ("failed", "SMTPRecipientsRefused", 1, 0)
    assert "no such person" not in caplog.text and "officer@" not in caplog.text
    assert "no such person" not in str(OutgoingMail.objects.values())


@pytest.mark.both_databases
def test_of_workers_that_send_at_once_each_mail_is_sent_by_one(committed, server, kind, officer):
    mails = [outbox.put("test", f"{number}", to=officer) for number in range(8)]
    OutgoingMail.objects.update(state=MailState.WAITING, attempts=0)
    server.arrived.clear()  # queued outside of a transaction they went at once
    sent, start = [], threading.Barrier(4)

    def work():
        start.wait(10)
        try:
            sent.append(send_due())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == len(mails)
    assert sorted(server.keys()) == sorted(f"<{mail.uuid}@localhost>" for mail in mails)
    assert {(one.state, one.attempts) for one in OutgoingMail.objects.all()} == {("sent", 1)}


def surroundings(server):
    """Those of a process on this test's database and mail server."""
    here = connection.settings_dict
    user = f"{here['USER']}:{here['PASSWORD']}@{here['HOST']}:{here['PORT']}"
    url = f"sqlite:///{here['NAME']}" if connection.vendor == "sqlite" else (
        f"postgres://{user}/{here['NAME']}"
    )  # fmt: skip
    return {
        **os.environ, "DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "PORTAL_MODE": "test", "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
        "PORTAL_ADDRESS": "https://portal.example.org", "REDIS_URL": "",
    }  # fmt: skip


def process(server, script):
    return subprocess.Popen(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"],
        cwd=ROOT, env=surroundings(server), stdin=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture
def invitation(committed, reference, officer, monkeypatch):
    """A letter that waits: nothing in this process sends it."""
    monkeypatch.setattr(outbox.runner, "wake", lambda *_args: None)
    return invite(
        email="counsellor@example.org", name="A counsellor", language="en",
        donors=[Donor.objects.get(code="SWE")], access_ends_on=None, by=officer,
        now=timezone.now(),
    )  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.slow
def test_a_sender_that_is_killed_while_the_server_holds_its_answer_sends_one_mail(
    invitation, server, client_of, administrator, officer
):
    server.course = [LATE]
    sender = process(server, "from jobs.sending import send_due; send_due()")
    assert server.has_arrived.wait(30)
    os.kill(sender.pid, signal.SIGKILL)
    assert sender.wait(10) == -signal.SIGKILL
    mail = OutgoingMail.objects.get()
    assert row(mail) == ("sending", "", 1, 0)
    assert send_due() == 0
    assert later(seconds=SILENCE.seconds + 1) == 0
    assert row(mail) == ("unknown", "BrokenOff", 1, 0)
    assert len(server.arrived) == 1 and "/invitations/" in server.arrived[0]
    page = client_of(administrator).get(reverse("outgoing_mail")).content.decode()
    assert "1 e-mail waits for your decision." in page
    assert reverse("outgoing_mail_again", args=[mail.uuid]) in page
    assert "Ask the person" in client_of(officer).get(reverse("invitation_list")).content.decode()


@pytest.mark.both_databases
@pytest.mark.slow
def test_a_process_that_ends_finishes_the_mail_it_is_at_and_begins_no_other(
    invitation, server, officer
):
    second = invite(
        email="second@example.org", name="B", language="en", access_ends_on=None, by=officer,
        donors=[Donor.objects.get(code="NOR")], now=timezone.now(),
    )  # fmt: skip
    server.course = [LATE]
    sender = process(
        server,
        "import sys\nfrom jobs import outbox, runner\nrunner.is_eager = lambda: False\n"
        "outbox.wake()\nsys.stdin.read()",
    )
    assert server.has_arrived.wait(30)
    sender.stdin.close()
    time.sleep(0.5)  # the main thread is over by now
    assert sender.poll() is None
    server.answer.set()
    assert sender.wait(30) == 0
    found = OutgoingMail.objects.order_by("pk").values_list("address", "state")
    assert list(found) == [(invitation.email, "sent"), (second.email, "waiting")]
    assert len(server.arrived) == 1
