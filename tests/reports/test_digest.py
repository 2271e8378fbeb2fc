"""Reminders by e-mail: to whom, when, in which language, and once."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Digest, User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Ledger, ParkedReceipt
from income.vocabulary import ContributionState
from interface.errors import PortalError
from jobs import runner
from jobs.models import Job, JobState, OutgoingMail
from jobs.sending import send_due
from jobs.services import enqueue, run_due
from reports import digest
from reports.digest import period_of, queue_digests
from tests import factories
from tests.jobs.mail_server import RECIPIENT, serving
from tests.jobs.outbox_cases import SMTP

DAY = datetime.date
THURSDAY, MONDAY = DAY(2022, 12, 15), DAY(2022, 12, 19)


@pytest.fixture
def books(ledger: Ledger, settings: object) -> Ledger:
    """Books in which one prospect is past its day."""
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    settings.PORTAL_ADDRESS = "https://portal.example.org/"  # type: ignore[attr-defined]
    factories.contribution(
        ledger=ledger, donor=Donor.objects.get(code="SWE"), title="Hope",
        state=ContributionState.PROSPECT, probability=50, expected_on=DAY(2022, 12, 1),
        amount=Decimal("1250000"),
    )  # fmt: skip
    return ledger


def person(**changed: object) -> User:
    return factories.user(**{"digest": Digest.DAILY, **changed})


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), datetime.UTC)


def reminded(day: datetime.date) -> tuple[int, int]:
    """How many were queued on the day, and how many went out."""
    return queue_digests(day), send_due(lambda: noon(day))


def test_periods_are_days_and_weeks() -> None:
    assert period_of(Digest.DAILY, THURSDAY) == "2022-12-15"
    assert period_of(Digest.WEEKLY, MONDAY) == "2022-W51"
    assert period_of(Digest.WEEKLY, THURSDAY) == "2022-W50"  # when Monday's run was missed
    assert period_of(Digest.NEVER, MONDAY) is None
    # The first days of 2021 belong to the last week of 2020.
    assert period_of(Digest.WEEKLY, DAY(2021, 1, 4)) == "2021-W01"


def test_a_mail_tells_what_waits_with_absolute_links(books: Ledger) -> None:
    user = person(name="Officer one")
    assert reminded(THURSDAY) == (1, 1)
    [sent] = mail.outbox
    assert sent.to == [user.email]
    assert sent.subject == "Habitat Portal: 1 thing waits for you"
    assert "Prospects past their expected day (1)" in sent.body
    assert "Sweden" in sent.body
    assert "14 days overdue" in sent.body
    assert "https://portal.example.org/income/contributions/" in sent.body
    assert "https://portal.example.org/my-settings/" in sent.body
    [(html, kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert '<a href="https://portal.example.org/income/contributions/' in html


def test_it_is_in_the_persons_language(books: Ledger) -> None:
    person(language="ar")
    reminded(THURSDAY)
    [sent] = mail.outbox
    [(html, _kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert '<html lang="ar" dir="rtl">' in html
    assert "السويد" in sent.body


def test_markup_in_a_name_stays_text(books: Ledger) -> None:
    ParkedReceipt.objects.create(
        ledger=books, received_on=THURSDAY, currency_id="USD", amount=Decimal(1),
        payer="<b>Town & Sons</b>",
    )  # fmt: skip
    person()
    reminded(THURSDAY)
    [sent] = mail.outbox
    [(html, _kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert "<b>Town & Sons</b>" in sent.body
    assert "&lt;b&gt;Town &amp; Sons&lt;/b&gt;" in html


def test_it_goes_to_officers_and_reviewers_who_want_it(books: Ledger) -> None:
    wanted = {person().email, person(role=Role.REVIEWER).email}
    weekly = person(digest=Digest.WEEKLY).email
    person(digest=Digest.NEVER)
    person(is_active=False)
    for role in (Role.BOARD, Role.REPRESENTATIVE, Role.ADMINISTRATOR):
        person(role=role)
    reminded(THURSDAY)
    assert {to for sent in mail.outbox for to in sent.to} == {*wanted, weekly}
    mail.outbox.clear()
    reminded(THURSDAY + datetime.timedelta(days=1))
    assert {to for sent in mail.outbox for to in sent.to} == wanted
    mail.outbox.clear()
    reminded(MONDAY)
    assert {to for sent in mail.outbox for to in sent.to} == {*wanted, weekly}


def test_nothing_is_sent_when_nothing_waits(ledger: Ledger, settings: object) -> None:
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    person()
    assert reminded(THURSDAY) == (0, 0)
    assert mail.outbox == []
    assert not OutgoingMail.objects.exists()


def test_it_is_sent_once_a_day_however_often_the_work_runs(books: Ledger) -> None:
    person()
    assert [reminded(THURSDAY) for _run in range(3)] == [(1, 1), (0, 0), (0, 0)]
    assert reminded(THURSDAY + datetime.timedelta(days=1)) == (1, 1)
    assert len(mail.outbox) == 2


def test_what_the_server_refuses_is_not_lost_and_others_get_theirs(
    books: Ledger, settings: object
) -> None:
    unlucky, lucky = person(), person()
    with serving() as server:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"  # type: ignore[attr-defined]
        settings.EMAIL_PORT = server.port  # type: ignore[attr-defined]
        server.course = [(RECIPIENT, "450 not now")]
        assert reminded(THURSDAY) == (2, 1)
        assert [f"To: {lucky.email}" in text for text in server.arrived] == [True]
        assert send_due(lambda: noon(THURSDAY) + datetime.timedelta(hours=1)) == 1
        assert f"To: {unlucky.email}" in server.arrived[1]


def test_a_reminder_that_waited_past_its_day_is_not_sent(books: Ledger) -> None:
    person()
    queue_digests(THURSDAY)
    assert send_due(lambda: noon(THURSDAY + datetime.timedelta(days=1))) == 0
    assert (mail.outbox, OutgoingMail.objects.get().state) == ([], "dropped")


def test_it_tells_what_waits_when_it_is_sent(books: Ledger) -> None:
    person()
    queue_digests(THURSDAY)
    ParkedReceipt.objects.create(
        ledger=books, received_on=THURSDAY, currency_id="USD", amount=Decimal(1), payer="Late"
    )
    assert send_due(lambda: noon(THURSDAY)) == 1
    assert mail.outbox[0].subject == "Habitat Portal: 2 things wait for you"


def test_who_no_longer_wants_it_gets_none(books: Ledger) -> None:
    user = person()
    queue_digests(THURSDAY)
    user.digest = Digest.NEVER
    user.save()
    assert send_due(lambda: noon(THURSDAY)) == 0


def test_who_was_reminded_before_there_was_the_outbox_is_not_reminded_again(books: Ledger) -> None:
    factories.digest_sent(user=person(), period="2022-12-15")
    assert queue_digests(THURSDAY) == 0


@pytest.mark.both_databases
def test_two_runs_at_once_send_one(
    committed: None, books: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()
    together, counted = threading.Barrier(2, timeout=20), digest.worklist
    monkeypatch.setattr(runner, "wake", lambda *_arguments: None)

    def at_once(*asked: object) -> object:
        together.wait()  # nothing is queued yet by either
        return counted(*asked)  # type: ignore[arg-type]

    def run() -> None:
        try:
            queue_digests(THURSDAY)
        finally:
            connection.close()

    with monkeypatch.context() as patched:
        patched.setattr(digest, "worklist", at_once)
        threads = [threading.Thread(target=run) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert OutgoingMail.objects.count() == 1
    assert [send_due(lambda: noon(THURSDAY)) for _run in range(2)] == [1, 0]
    assert len(mail.outbox) == 1


def test_without_its_own_address_the_portal_sends_nothing(books: Ledger, settings: object) -> None:
    settings.PORTAL_ADDRESS = ""  # type: ignore[attr-defined]
    person()
    with pytest.raises(PortalError, match="Set PORTAL_ADDRESS"):
        queue_digests(THURSDAY)
    with pytest.raises(CommandError, match="Set PORTAL_ADDRESS"):
        call_command("send_digests")
    assert mail.outbox == []


def test_the_command_and_the_job_say_how_many_were_sent(
    books: Ledger, administrator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    person()
    call_command("send_digests")
    assert capsys.readouterr().out == "1 e-mail is on its way.\n"
    assert len(mail.outbox) == 1
    job = enqueue(digest.JOB, {}, by=administrator)
    run_due()
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.sentence) == (JobState.DONE, "0 e-mails are on their way.")
    assert done.result == {"queued": 0}
