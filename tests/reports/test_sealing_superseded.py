"""Who took a version is told once that a newer one stands instead; nobody else is."""

import pytest
from django.core import mail

from accounts.permissions import Role
from jobs.models import Job, JobState
from jobs.services import run_due
from reports.models import SupersededNotice
from reports.sealing.errors import SealingFailed
from reports.sealing.making import seal
from reports.sealing.superseding import tell
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


def reader(**changed):
    return factories.user(**{"role": Role.REPRESENTATIVE, **changed})


def took(report, user):
    report_factories.report_download(report=report, user=user)
    return user


def superseded(first, ledger, officer):
    seal(corrected(ledger), by=officer, at=LATER)
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
    with django_capture_on_commit_callbacks():
        superseded(first, ledger, officer)
        assert mail.outbox == []
    run_due()
    assert sorted(to for sent in mail.outbox for to in sent.to) == sorted([one.email, two.email])
    [work] = Job.objects.filter(kind="tell_superseded")
    assert (work.state, work.sentence) == (
        JobState.DONE, "2 people were told of the newer version.",
    )  # fmt: skip
    assert work.result == {"sent": 2, "failed": 0}
    assert SupersededNotice.objects.filter(report=first, is_sent=True).count() == 2
    assert tell(first) == []
    assert len(mail.outbox) == 2


def test_who_took_the_second_as_well_is_told_of_the_third_and_who_did_not_is_not(
    ledger, officer, first
):
    both, only_first = took(first, reader()), took(first, reader())
    second = seal(corrected(ledger), by=officer, at=LATER)
    first.refresh_from_db()
    took(second, both)
    tell(first)
    words = {"sentence": "In 2021 Sweden paid US$ 4,100,000.00."}
    seal(corrected(ledger, words=words, sequence=12), by=officer, at=LATER)
    second.refresh_from_db()
    tell(second)
    told = [to for sent in mail.outbox for to in sent.to]
    assert sorted(told) == sorted([both.email, both.email, only_first.email])


def test_the_mail_says_which_report_and_where_and_no_figure(ledger, officer, first):
    took(first, reader(name="A counsellor"))
    tell(superseded(first, ledger, officer))
    [sent] = mail.outbox
    assert sent.subject == f"Habitat Portal: report {first.number} is superseded"
    assert f"A counsellor, you took report {first.number} (version 1: Donor statement, 2021)." in (
        sent.body
    )
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
    tell(superseded(first, ledger, officer))
    [(html, _kind)] = mail.outbox[0].alternatives
    assert '<html lang="ar" dir="rtl">' in html


def test_what_broke_off_is_not_repeated(ledger, officer, first, monkeypatch):
    def breaks(self, *_arguments, **_more):
        raise OSError("no mail server")

    took(first, reader())
    superseded(first, ledger, officer)
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", breaks)
        assert tell(first) == [False]
    assert not SupersededNotice.objects.get().is_sent
    assert tell(first) == []
    assert mail.outbox == []


def test_of_a_report_in_force_nobody_is_told(first):
    took(first, reader())
    assert tell(first) == []
    assert mail.outbox == []


def test_without_the_portals_address_nobody_is_noted_as_told(ledger, officer, first, settings):
    took(first, reader())
    superseded(first, ledger, officer)
    settings.PORTAL_ADDRESS = ""
    with pytest.raises(SealingFailed, match="PORTAL_ADDRESS"):
        tell(first)
    assert not SupersededNotice.objects.exists()
