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
from income.models import DigestSent, Ledger, ParkedReceipt
from income.vocabulary import ContributionState
from interface.errors import PortalError
from jobs.models import Job, JobState
from jobs.services import enqueue, run_due
from reports import digest
from reports.digest import Sent, period_of, send_digests
from tests import factories

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


def test_periods_are_days_and_weeks() -> None:
    assert period_of(Digest.DAILY, THURSDAY) == "2022-12-15"
    assert period_of(Digest.WEEKLY, MONDAY) == "2022-W51"
    assert period_of(Digest.WEEKLY, THURSDAY) == "2022-W50"  # when Monday's run was missed
    assert period_of(Digest.NEVER, MONDAY) is None
    # The first days of 2021 belong to the last week of 2020.
    assert period_of(Digest.WEEKLY, DAY(2021, 1, 4)) == "2021-W01"


def test_a_mail_tells_what_waits_with_absolute_links(books: Ledger) -> None:
    reminded = person(name="Officer one")
    assert send_digests(THURSDAY) == Sent(sent=1)
    [sent] = mail.outbox
    assert sent.to == [reminded.email]
    assert sent.subject == "Habitat Portal: 1 thing waits for you"
    assert "Prospects past their expected day (1)" in sent.body
    assert "Sweden" in sent.body
    assert "14 days overdue" in sent.body
    assert "https://portal.example.org/income/contributions/" in sent.body
    assert "https://portal.example.org/my-settings/" in sent.body
    [(html, kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert '<a href="https://portal.example.org/income/contributions/' in html
    assert DigestSent.objects.get(user=reminded).is_sent


def test_it_is_in_the_persons_language(books: Ledger) -> None:
    person(language="ar")
    send_digests(THURSDAY)
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
    send_digests(THURSDAY)
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
    send_digests(THURSDAY)
    assert {to for sent in mail.outbox for to in sent.to} == {*wanted, weekly}
    mail.outbox.clear()
    send_digests(THURSDAY + datetime.timedelta(days=1))
    assert {to for sent in mail.outbox for to in sent.to} == wanted
    mail.outbox.clear()
    send_digests(MONDAY)
    assert {to for sent in mail.outbox for to in sent.to} == {*wanted, weekly}


def test_nothing_is_sent_when_nothing_waits(ledger: Ledger, settings: object) -> None:
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    person()
    assert send_digests(THURSDAY) == Sent()
    assert mail.outbox == []
    assert not DigestSent.objects.exists()


def test_it_is_sent_once_a_day_however_often_the_work_runs(books: Ledger) -> None:
    person()
    assert [send_digests(THURSDAY).sent for _run in range(3)] == [1, 0, 0]
    assert send_digests(THURSDAY + datetime.timedelta(days=1)).sent == 1
    assert len(mail.outbox) == 2


def test_what_breaks_off_is_not_repeated_and_others_get_theirs(
    books: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, lucky = person(), person()
    real = digest.EmailMultiAlternatives.send

    def send(self: digest.EmailMultiAlternatives, *args: object) -> int:
        if self.to == [unlucky.email]:
            raise ConnectionError("the server hung up after taking the mail")
        return real(self)

    monkeypatch.setattr(digest.EmailMultiAlternatives, "send", send)
    assert send_digests(THURSDAY) == Sent(sent=1, failed=1)
    monkeypatch.undo()
    assert send_digests(THURSDAY) == Sent()
    assert [sent.to for sent in mail.outbox] == [[lucky.email]]
    assert dict(DigestSent.objects.values_list("user__email", "is_sent")) == {
        unlucky.email: False, lucky.email: True,
    }  # fmt: skip


def test_a_run_that_dies_after_the_row_leaves_a_reminder_that_is_not_repeated(
    books: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(digest, "_handed_over", dies)
    with pytest.raises(KeyboardInterrupt):
        send_digests(THURSDAY)
    monkeypatch.undo()
    assert send_digests(THURSDAY) == Sent()
    assert mail.outbox == []


@pytest.mark.both_databases
def test_two_runs_at_once_send_one(
    committed: None, books: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()
    together, outcomes = threading.Barrier(2, timeout=20), []
    taken = digest._taken

    def at_once(user: User, period: str) -> DigestSent | None:
        together.wait()  # both have seen that nothing was sent yet
        return taken(user, period)

    def run() -> None:
        try:
            outcomes.append(send_digests(THURSDAY).sent)
        finally:
            connection.close()

    monkeypatch.setattr(digest, "_taken", at_once)
    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 1]
    assert len(mail.outbox) == 1
    assert DigestSent.objects.count() == 1


def test_without_its_own_address_the_portal_sends_nothing(books: Ledger, settings: object) -> None:
    settings.PORTAL_ADDRESS = ""  # type: ignore[attr-defined]
    person()
    with pytest.raises(PortalError, match="Set PORTAL_ADDRESS"):
        send_digests(THURSDAY)
    with pytest.raises(CommandError, match="Set PORTAL_ADDRESS"):
        call_command("send_digests")
    assert mail.outbox == []


def test_the_command_and_the_job_say_how_many_were_sent(
    books: Ledger, administrator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    person()
    call_command("send_digests")
    assert capsys.readouterr().out == "1 reminder was sent.\n"
    job = enqueue(digest.KIND, {}, by=administrator)
    run_due()
    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.sentence) == (JobState.DONE, "0 reminders were sent.")
    assert done.result == {"sent": 0, "failed": 0}
