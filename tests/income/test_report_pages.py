"""The pages of reports owed: narrowing, recording, two people at once, clauses."""

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from donors.models import Donor
from income.models import Contribution, Ledger, ReportDue
from income.vocabulary import ContributionState, ReportKind
from tests import factories

DAY = datetime.date
ClientOf = Callable[[User], Client]


@pytest.fixture
def books(ledger: Ledger, settings: object) -> Ledger:
    settings.PORTAL_BOOKS = ledger.code  # type: ignore[attr-defined]
    return ledger


@pytest.fixture
def agreement(books: Ledger) -> Contribution:
    return factories.contribution(
        ledger=books, donor=Donor.objects.get(code="SWE"), title="Housing",
        state=ContributionState.SIGNED, signed_on=DAY(2021, 1, 1), starts_on=DAY(2021, 1, 1),
        ends_on=DAY(2022, 12, 31),
    )  # fmt: skip


@pytest.fixture
def report(agreement: Contribution) -> ReportDue:
    return factories.report_due(contribution=agreement)


def listed(client: Client, **asked: object) -> list[datetime.date]:
    page = client.get(reverse("report_list"), asked)
    return [row.due_on for row, _delivery in page.context["rows"]]


def test_the_list_is_narrowed_by_state_kind_donor_and_year(
    agreement: Contribution, officer: User, client_of: ClientOf
) -> None:
    soon = timezone.localdate() + datetime.timedelta(days=10)
    later = timezone.localdate() + datetime.timedelta(days=400)
    rows = {
        DAY(2021, 3, 1): {},
        DAY(2021, 4, 1): {"submitted_on": DAY(2021, 4, 1)},
        DAY(2021, 5, 1): {"submitted_on": DAY(2021, 5, 2)},
        DAY(2022, 6, 1): {"submitted_on": DAY(2022, 5, 2), "accepted_on": DAY(2022, 6, 3)},
        soon: {"kind": ReportKind.FINANCIAL_INTERIM},
        later: {},
    }
    for due_on, changed in rows.items():
        factories.report_due(contribution=agreement, due_on=due_on, until_on=due_on, **changed)
    client = client_of(officer)
    first, second, third, fourth, *_ = rows
    assert listed(client) == [first, second, third, fourth, soon, later]
    assert listed(client, sort="-due")[0] == later
    assert listed(client, state="overdue") == [first]
    assert listed(client, state="soon") == [soon]
    assert listed(client, state="not_due") == [soon, later]
    assert listed(client, state="submitted") == [second, third]
    assert listed(client, state="accepted") == [fourth]
    assert listed(client, state="on_time") == [second, fourth]
    assert listed(client, state="late") == [third]
    assert listed(client, kind="financial") == [soon]
    assert listed(client, year="2022") == [fourth]
    assert listed(client, donor="Suède", year=2022) == [fourth]
    assert listed(client, donor="Norway") == []
    assert len(listed(client, state="nonsense", year="x")) == 6


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    agreement: Contribution, officer: User, client_of: ClientOf
) -> None:
    def queries() -> int:
        client = client_of(officer)
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("report_list"), {"donor": "Sweden"}).status_code == 200
        return len(found)

    def add(count: int) -> None:
        for _number in range(count):
            promised = factories.contribution(
                ledger=agreement.ledger, donor=agreement.donor, state=ContributionState.PLEDGED
            )
            factories.report_due(contribution=promised)

    add(5)
    few = queries()
    add(45)
    assert queries() == few <= 12


def test_the_share_on_time_leads_to_the_lists_it_is_made_of(
    agreement: Contribution, officer: User, client_of: ClientOf
) -> None:
    for month, submitted in ((3, 3), (4, 4), (5, 6), (6, 0)):
        factories.report_due(
            contribution=agreement, due_on=DAY(2021, month, 1), until_on=DAY(2021, month, 1),
            submitted_on=DAY(2021, submitted, 1) if submitted else None,
        )  # fmt: skip
    page = client_of(officer).get(reverse("report_delivery"))
    [(year, found)] = page.context["years"]
    assert (year, str(found.share), str(found.per_cent)) == (2021, "1/2", "50.00000000")
    assert "50.0%" in page.content.decode()
    for state, count in (("on_time", 2), ("late", 1), ("overdue", 1)):
        assert f"{reverse('report_list')}?year=2021&amp;state={state}" in page.content.decode()
        assert len(listed(client_of(officer), year=2021, state=state)) == count


def test_a_submission_is_recorded_with_its_document(
    report: ReportDue, officer: User, client_of: ClientOf
) -> None:
    document = factories.donor_document(donor=report.contribution.donor)
    typed = {
        "version": 1, "submitted_on": "2022-03-30", "accepted_on": "", "note": "By mail",
        "document": str(document.uuid),
    }  # fmt: skip
    address = reverse("report", args=[report.uuid])
    assert client_of(officer).post(address, typed).status_code == 302
    report.refresh_from_db()
    assert (report.submitted_on, report.document) == (DAY(2022, 3, 30), document)
    assert (report.submitted_by, report.version) == (officer, 2)


def test_a_document_of_another_donor_is_refused(
    report: ReportDue, officer: User, client_of: ClientOf
) -> None:
    other = factories.donor_document()
    typed = {"version": 1, "submitted_on": "2022-03-30", "document": str(other.uuid)}
    answer = client_of(officer).post(reverse("report", args=[report.uuid]), typed)
    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.submitted_on is None


def test_the_second_of_two_people_sees_both_versions_and_may_then_save(
    report: ReportDue, officer: User, other_officer: User, client_of: ClientOf
) -> None:
    address = reverse("report", args=[report.uuid])
    client_of(other_officer).post(address, {"version": 1, "submitted_on": "2022-03-01"})
    mine = {"version": "1", "submitted_on": "2022-03-30", "note": "Sent late"}
    answer = client_of(officer).post(address, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "2022-03-01" in page
    assert "Sent late" in page
    assert 'name="version" value="2"' in page
    report.refresh_from_db()
    assert report.submitted_on == DAY(2022, 3, 1)
    assert client_of(officer).post(address, {**mine, "version": "2"}).status_code == 302
    report.refresh_from_db()
    assert (report.submitted_on, report.version) == (DAY(2022, 3, 30), 3)


def test_an_administrator_reads_a_report_and_changes_nothing(
    report: ReportDue, administrator: User, client_of: ClientOf
) -> None:
    address = reverse("report", args=[report.uuid])
    assert client_of(administrator).get(address).status_code == 200
    answer = client_of(administrator).post(address, {"version": 1, "submitted_on": "2022-03-01"})
    assert answer.status_code == 403


def test_clauses_are_added_and_removed_on_a_page_of_the_agreement(
    agreement: Contribution, officer: User, client_of: ClientOf
) -> None:
    address, client = reverse("contribution_clauses", args=[agreement.uuid]), client_of(officer)
    typed = {"kind": "narrative", "frequency": "yearly", "days_after": "60"}
    assert client.post(address, {**typed, "days_after": "1000"}).status_code == 422
    assert client.post(address, {**typed, "also_past": "on"}).status_code == 302
    assert [r.due_on for r in agreement.reports_due.all()] == [DAY(2022, 3, 1), DAY(2023, 3, 1)]
    again = client.post(address, typed)
    assert again.status_code == 422
    assert "has this clause already" in again.content.decode()
    clause = agreement.report_clauses.get()
    client.post(reverse("clause_remove", args=[clause.pk]))
    assert not agreement.report_clauses.exists()
    # Both were due before today: they stay.
    assert agreement.reports_due.count() == 2


def test_the_page_of_an_agreement_shows_staff_what_is_owed_and_leads_to_its_clauses(
    report: ReportDue, officer: User, representative: User, client_of: ClientOf
) -> None:
    address = reverse("contribution", args=[report.contribution.uuid])
    page = client_of(officer).get(address).content.decode()
    assert reverse("report", args=[report.uuid]) in page
    assert reverse("contribution_clauses", args=[report.contribution.uuid]) in page
    assert "Reports owed" not in client_of(representative).get(address).content.decode()
