"""Whoever takes what, and whatever is superseded when: each is told once, in one mail an act."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.permissions import Role
from jobs.sending import send_due
from reports.models import SealedReport
from reports.sealing.superseding import note_who_took, tell
from tests import factories, report_factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# The reference data is the same for every example; books, reports and people are made anew.
FIXTURE = [HealthCheck.function_scoped_fixture]
PEOPLE, REPORTS = 3, 3

downloads = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, REPORTS - 1)), max_size=6
)  # fmt: skip
acts = st.lists(
    st.tuples(downloads, st.sets(st.integers(0, REPORTS - 1))), min_size=1, max_size=4
)  # fmt: skip


def next_version(old):
    newer = report_factories.sealed_report(
        ledger=old.ledger, donor=old.donor, language=old.language, version=old.version + 1
    )
    SealedReport.objects.filter(pk=old.pk).update(superseded_by=newer, superseded_at=timezone.now())
    note_who_took(old)
    return newer


def listed(sent):
    return set(re.findall(r"R-\d{4}-\d{6,}", sent.body))


@settings(max_examples=40, deadline=None, suppress_health_check=FIXTURE)
@given(acts)
def test_each_person_reads_of_each_report_taken_once(reference, settings, happened):
    settings.PORTAL_ADDRESS = "https://portal.example.org/"
    books, donor = factories.ledger(), factories.donor()
    people = [factories.user(role=Role.OFFICER) for _number in range(PEOPLE)]
    now = [
        report_factories.sealed_report(ledger=books, donor=donor, language=language)
        for language in ("en", "fr", "ar")
    ]
    taken = set()
    for what_was_taken, superseded in happened:
        for who, which in what_was_taken:
            report_factories.report_download(report=now[which], user=people[who])
            taken.add((people[who].email, now[which].number))
        gone = {now[which].number for which in superseded}
        for which in superseded:
            now[which] = next_version(now[which])
        mail.outbox.clear()
        queued = [tell(), tell()]
        assert [send_due(), send_due()] == queued
        assert queued[1] == 0
        expected = {who: {number for one, number in taken if one == who} & gone
                    for who, _number in taken}  # fmt: skip
        told = {sent.to[0]: listed(sent) for sent in mail.outbox}
        assert told == {who: numbers for who, numbers in expected.items() if numbers}
        assert len(told) == len(mail.outbox)
