"""Who took a version is told once that a newer one stands instead, in one mail for each act."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.permissions import Role
from donors.models import Donor
from jobs.models import JobState, OutgoingMail
from jobs.sending import send_due
from jobs.services import enqueue, run_due
from reports.models import SupersededNotice
from reports.sealing import superseding
from reports.sealing.making import seal
from reports.sealing.superseding import tell, untold
from tests import factories, report_factories
from tests.reports.sealed_cases import (
    AT,
    LATER,
    a_document,
    corrected,
    folder_of_templates,
    sealing,
)

__all__ = ["folder_of_templates", "sealing"]


@pytest.fixture
def first(ledger, officer, sealing):
    return seal(a_document(ledger), by=officer, at=AT)


def reader(*codes, **changed):
    """A representative of Sweden, unless other donors are named."""
    user = factories.user(**{"role": Role.REPRESENTATIVE, **changed})
    for code in codes or ("SWE",):
        factories.representation(user=user, donor=Donor.objects.get(code=code))
    return user


def took(report, user):
    report_factories.report_download(report=report, user=user)
    return user


def superseded(first, ledger, officer, **how):
    seal(corrected(ledger), by=officer, at=LATER, **how)
    first.refresh_from_db()
    return first


def test_exactly_those_who_took_the_old_version_are_told_once(
    ledger, officer, first, django_capture_on_commit_callbacks
):
    one, two = took(first, reader()), took(first, reader())
    took(first, one)  # twice
    reader()  # took nothing
    other = seal(a_document(ledger, language="fr"), by=officer, at=AT)
    took(other, reader())  # another report
    with django_capture_on_commit_callbacks(execute=True):
        superseded(first, ledger, officer)
        assert mail.outbox == []
    assert sorted(to for sent in mail.outbox for to in sent.to) == sorted([one.email, two.email])
    notices = SupersededNotice.objects.filter(report=first)
    assert {(one.user, one.mail.recipient, one.mail.state) for one in notices} == {
        (one, one, "sent"), (two, two, "sent"),
    }  # fmt: skip
    assert (tell(), send_due()) == (0, 0)
    assert len(mail.outbox) == 2


def test_who_takes_the_old_version_once_it_is_superseded_is_not_told(ledger, officer, first):
    took(first, reader(email="early@example.org"))
    took(superseded(first, ledger, officer), reader(email="late@example.org"))
    seal(a_document(ledger, language="fr"), by=officer, at=LATER)
    assert (tell(), send_due()) == (0, 1)
    assert [sent.to for sent in mail.outbox] == [["early@example.org"]]


def test_one_act_that_supersedes_many_reports_is_one_mail_to_each_person(ledger, officer, sealing):
    """Sweden in two languages and Norway in one; Norway's books were not corrected."""
    norway = Donor.objects.get(code="NOR")
    asked = [{"language": "en"}, {"language": "fr"}, {"donor": norway}]
    english, french, norways = (seal(a_document(ledger, **o), by=officer, at=AT) for o in asked)
    both = took(
        english, took(french, took(norways, reader("SWE", "NOR", email="both@example.org")))
    )
    one = took(french, reader(email="one@example.org"))
    took(norways, reader("NOR", email="norway@example.org"))
    for language in ("en", "fr"):
        seal(corrected(ledger, language=language), by=officer, at=LATER, tells=False)
    seal(a_document(ledger, donor=norway), by=officer, at=LATER, tells=False)
    assert not OutgoingMail.objects.exists()
    assert (tell(), send_due()) == (2, 2)
    [to_both, to_one] = sorted(mail.outbox, key=lambda sent: sent.to)
    assert (to_both.to, to_one.to) == ([both.email], [one.email])
    assert to_both.subject == "Habitat Portal: 2 reports that you took are superseded"
    assert to_one.subject == f"Habitat Portal: report {french.number} is superseded"
    listed = [report.number for report in (english, french, norways) if report.number in
              to_both.body]  # fmt: skip
    assert listed == [english.number, french.number]
    assert english.number not in to_one.body
    assert f"{french.number}, version 1: Donor statement, 2021, French" in to_one.body


def test_a_mail_lists_so_many_reports_and_counts_the_others(ledger, officer, first, monkeypatch):
    french = seal(a_document(ledger, language="fr"), by=officer, at=AT)
    took(first, took(french, reader()))
    for language in ("en", "fr"):
        seal(corrected(ledger, language=language), by=officer, at=LATER, tells=False)
    monkeypatch.setattr(superseding, "MOST_LISTED", 1)
    assert (tell(), send_due()) == (1, 1)
    [sent] = mail.outbox
    assert first.number in sent.body and french.number not in sent.body
    for text in (sent.body, sent.alternatives[0].content):
        assert "And 1 more report." in text


def test_an_order_that_goes_on_is_told_of_at_its_end(ledger, officer, first):
    took(first, reader())
    newer = superseded(first, ledger, officer, tells=False).superseded_by
    job = factories.job(kind="bulk_reports", state=JobState.RUNNING, asked_by=officer)
    order = report_factories.bulk_order(ledger=ledger, job=job)
    report_factories.bulk_item(order=order, report=newer)
    report_factories.bulk_item(order=order, language="fr")  # could not be made
    assert tell() == 0
    assert [notice.report for notice in untold(order.uuid.hex)] == [first]
    assert [tell(order.uuid.hex), tell(order.uuid.hex)] == [1, 0]


def test_what_a_broken_order_superseded_is_told_with_the_next(ledger, officer, first):
    took(first, reader())
    newer = superseded(first, ledger, officer, tells=False).superseded_by
    job = factories.job(kind="bulk_reports", state=JobState.FAILED, asked_by=officer)
    order = report_factories.bulk_order(ledger=ledger, job=job)
    report_factories.bulk_item(order=order, report=newer)
    assert tell() == 1


def test_reports_of_different_books_are_told_apart(ledger, officer, first):
    books = factories.ledger(code="TD", name="Demonstration", is_demonstration=True)
    invented = seal(a_document(books), by=officer, at=AT)
    took(first, took(invented, reader()))
    superseded(first, ledger, officer, tells=False)
    seal(corrected(books), by=officer, at=LATER, tells=False)
    assert (tell(), send_due()) == (2, 2)
    real, demonstration = mail.outbox
    assert "DEMONSTRATION" not in real.subject + real.body
    assert demonstration.subject.startswith("DEMONSTRATION · ")
    assert "DEMONSTRATION BOOKS" in demonstration.body
    assert real.body.count("/verify/") == demonstration.body.count("/verify/") == 1


def test_who_took_the_second_as_well_is_told_of_the_third_and_who_did_not_is_not(
    ledger, officer, first
):
    both, only_first = took(first, reader()), took(first, reader())
    second = seal(corrected(ledger), by=officer, at=LATER)
    first.refresh_from_db()
    took(second, both)
    send_due()
    words = {"sentence": "In 2021 Sweden paid US$ 4,100,000.00."}
    seal(corrected(ledger, words=words, sequence=12), by=officer, at=LATER)
    send_due()
    told = [to for sent in mail.outbox for to in sent.to]
    assert sorted(told) == sorted([both.email, both.email, only_first.email])


def test_the_mail_says_which_report_and_where_and_no_figure(ledger, officer, first):
    took(first, reader(name="A counsellor"))
    superseded(first, ledger, officer)
    send_due()
    [sent] = mail.outbox
    assert sent.subject == f"Habitat Portal: report {first.number} is superseded"
    assert "A counsellor, newer versions stand instead of reports that you took." in sent.body
    assert f"{first.number}, version 1: Donor statement, 2021, English\n" in sent.body
    assert f"https://portal.example.org/verify/{first.code}/\n" in sent.body
    newer = f"https://portal.example.org/reports/{first.superseded_by.uuid}/"
    assert f"{newer}\n" in sent.body
    assert f'href="{newer}"' in sent.alternatives[0].content
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    assert f'href="https://portal.example.org/verify/{first.code}/"' in html
    assert "000,000" not in sent.body + html


def test_the_mail_is_in_the_readers_language(ledger, officer, first):
    took(first, reader(language="ar"))
    superseded(first, ledger, officer)
    send_due()
    [(html, _kind)] = mail.outbox[0].alternatives
    assert '<html lang="ar" dir="rtl">' in html


def test_who_lost_access_before_the_mail_goes_is_not_told(ledger, officer, first):
    gone = took(first, reader())
    superseded(first, ledger, officer)
    gone.representations.update(ends_on=timezone.localdate())
    assert send_due() == 0
    assert OutgoingMail.objects.get().state == "dropped"
    assert tell() == 0


def test_what_the_release_before_the_outbox_left_to_tell_is_told(ledger, officer, first):
    took(first, reader())
    superseded(first, ledger, officer, tells=False)
    work = enqueue("tell_superseded", {"order": ""}, by=officer)
    run_due()
    work.refresh_from_db()
    assert (work.state, work.sentence) == (JobState.DONE, "1 e-mail is on its way.")
    assert send_due() == 1


def test_the_link_leads_to_the_version_in_force(ledger, officer, first):
    took(first, reader())
    superseded(first, ledger, officer)
    words = {"sentence": "In 2021 Sweden paid US$ 4,100,000.00."}
    third = seal(corrected(ledger, words=words, sequence=12), by=officer, at=LATER)
    send_due()
    [sent] = mail.outbox
    assert f"https://portal.example.org/reports/{third.uuid}/\n" in sent.body
    assert str(first.superseded_by.uuid) not in sent.body


def test_of_a_report_in_force_nobody_is_told(first):
    took(first, reader())
    assert (tell(), send_due()) == (0, 0)
    assert mail.outbox == []


def test_without_the_portals_address_the_mail_waits(ledger, officer, first, settings):
    took(first, reader())
    superseded(first, ledger, officer)
    settings.PORTAL_ADDRESS = ""
    assert send_due() == 0
    assert OutgoingMail.objects.get().state == "waiting"
