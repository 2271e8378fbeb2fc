"""Who is told that an update is published: those who asked for it, each of them once."""

import pytest
from django.core import mail

from accounts.permissions import Role
from jobs.models import OutgoingMail
from jobs.sending import send_due
from jobs.services import enqueue, run_due
from reports.updates.announcing import announce
from reports.updates.asking import UpdateWrong
from reports.updates.publishing import publish_update
from tests import board_factories, factories
from tests.reports.update_cases import ON_15_APRIL, prepared, three_months, without_documents


@pytest.fixture
def update(ledger, officer, reviewer, monkeypatch, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    made = prepared(ledger, by=officer)
    return publish_update(made, by=reviewer, at=ON_15_APRIL, announces=False)


def reader(**changed):
    return factories.user(**{"role": Role.BOARD, "is_told_of_updates": True, **changed})


def test_the_mail_says_what_was_published_and_where(update):
    told = reader(name="Board member")
    assert (announce(update), send_due()) == (1, 1)
    [sent] = mail.outbox
    assert sent.to == [told.email]
    assert sent.subject == "Habitat Portal: the income update of March 2021"
    assert "March 2021 is published (Provisional)" in sent.body
    assert "From January to March 2021" in sent.body
    assert f"https://portal.example.org/updates/{update.uuid}/\n" in sent.body
    assert f"https://portal.example.org/updates/{update.uuid}/update-en.pdf" in sent.body
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert f'href="https://portal.example.org/updates/{update.uuid}/"' in html


def test_it_is_in_the_readers_language_and_leads_to_that_document(update):
    reader(language="ar")
    announce(update)
    send_due()
    [sent] = mail.outbox
    [(html, _kind)] = sent.alternatives
    assert '<html lang="ar" dir="rtl">' in html
    assert "update-ar.pdf" in sent.body


def test_it_goes_to_those_who_asked_and_may_see_the_boards_pages(update):
    wanted = {
        reader().email,
        reader(role=Role.OFFICER).email,
        reader(role=Role.ADMINISTRATOR).email,
    }
    reader(is_told_of_updates=False)
    reader(is_active=False)
    reader(role=Role.REPRESENTATIVE)
    announce(update)
    send_due()
    assert {to for sent in mail.outbox for to in sent.to} == wanted


def test_nobody_is_told_twice(update):
    reader()
    assert [(announce(update), send_due()) for _run in range(3)] == [(1, 1), (0, 0), (0, 0)]
    reader()
    assert (announce(update), send_due()) == (1, 1)
    assert len(mail.outbox) == 2


def test_who_was_told_before_there_was_the_outbox_is_not_told_again(update, officer):
    board_factories.update_notice(update=update, user=reader())
    late = reader()
    enqueue("announce_update", {"update": str(update.uuid)}, by=officer)  # by that release
    run_due()
    send_due()
    assert [sent.to for sent in mail.outbox] == [[late.email]]


def test_who_no_longer_wants_it_or_may_not_see_it_is_not_told(update):
    kept, refused, moved = reader(), reader(), reader()
    announce(update)
    refused.is_told_of_updates, moved.role = False, Role.REPRESENTATIVE
    refused.save()
    moved.save()
    assert send_due() == 1
    assert [sent.to for sent in mail.outbox] == [[kept.email]]


def test_publishing_announces_after_the_commit(
    ledger, officer, reviewer, monkeypatch, settings, django_capture_on_commit_callbacks
):
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    made = prepared(ledger, by=officer)
    reader()
    with django_capture_on_commit_callbacks(execute=True):
        publish_update(made, by=reviewer, at=ON_15_APRIL)
        assert mail.outbox == []
    assert len(mail.outbox) == 1
    assert OutgoingMail.objects.get().state == "sent"


def test_without_the_portals_address_the_mail_waits(update, settings):
    settings.PORTAL_ADDRESS = ""
    reader()
    assert (announce(update), send_due()) == (1, 0)
    assert OutgoingMail.objects.get().state == "waiting"


def test_what_is_not_published_is_not_announced(ledger, officer, monkeypatch, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    three_months(monkeypatch, ledger)
    without_documents(monkeypatch)
    with pytest.raises(UpdateWrong, match="Only a published"):
        announce(prepared(ledger, by=officer))


def test_the_demonstrations_updates_are_marked_in_the_mail(update):
    update.ledger.is_demonstration = True
    update.ledger.save()
    reader()
    announce(update)
    send_due()
    [sent] = mail.outbox
    assert sent.subject.startswith("DEMONSTRATION")
    assert "DEMONSTRATION BOOKS" in sent.body
    assert "DEMONSTRATION BOOKS" in sent.alternatives[0][0]
