"""Reports owed: derived from clauses, re-derived on amendment, submitted and accepted."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from income.errors import DateWrong, NotAllowed
from income.models import Contribution, ReportClause, ReportDue
from income.obligations import Clause, derived, periods
from income.services.obligations import (
    add_clause,
    derive_reports,
    record_report,
    remove_clause,
)
from income.vocabulary import ContributionState, Frequency, ReportKind
from interface.conflicts import EditConflict
from interface.errors import PortalError
from tests import factories

DAY = datetime.date
NARRATIVE, FINANCIAL = ReportKind.NARRATIVE_INTERIM, ReportKind.FINANCIAL_INTERIM


def told(rows: list[ReportDue]) -> list[str]:
    return [f"{r.kind} {r.from_on} {r.until_on} {r.due_on}" for r in rows]


def test_a_report_at_the_end_is_due_so_many_days_after_the_last_day() -> None:
    [owed] = derived(
        [Clause(ReportKind.FINANCIAL_FINAL, Frequency.AT_END, 90)],
        DAY(2021, 3, 15), DAY(2023, 6, 30),
    )  # fmt: skip
    assert (owed.from_on, owed.until_on) == (DAY(2021, 3, 15), DAY(2023, 6, 30))
    assert owed.due_on == DAY(2023, 9, 28)


def test_yearly_reports_go_by_calendar_year_clipped_to_the_agreement() -> None:
    found = derived([Clause(NARRATIVE, Frequency.YEARLY, 31)], DAY(2021, 3, 15), DAY(2023, 6, 30))
    assert [(o.from_on, o.until_on, o.due_on) for o in found] == [
        (DAY(2021, 3, 15), DAY(2021, 12, 31), DAY(2022, 1, 31)),
        (DAY(2022, 1, 1), DAY(2022, 12, 31), DAY(2023, 1, 31)),
        (DAY(2023, 1, 1), DAY(2023, 6, 30), DAY(2023, 7, 31)),
    ]


def test_halves_and_quarters_are_those_of_the_calendar() -> None:
    assert periods(Frequency.HALF_YEARLY, DAY(2021, 6, 30), DAY(2022, 1, 1)) == [
        (DAY(2021, 6, 30), DAY(2021, 6, 30)),
        (DAY(2021, 7, 1), DAY(2021, 12, 31)),
        (DAY(2022, 1, 1), DAY(2022, 1, 1)),
    ]
    assert periods(Frequency.QUARTERLY, DAY(2020, 2, 29), DAY(2020, 7, 5)) == [
        (DAY(2020, 2, 29), DAY(2020, 3, 31)),
        (DAY(2020, 4, 1), DAY(2020, 6, 30)),
        (DAY(2020, 7, 1), DAY(2020, 7, 5)),
    ]


def test_nothing_is_derived_without_a_first_and_a_last_day() -> None:
    clause = Clause(NARRATIVE, Frequency.YEARLY, 30)
    assert derived([clause], None, DAY(2022, 1, 1)) == []
    assert derived([clause], DAY(2022, 1, 1), None) == []


def test_two_clauses_that_end_on_one_day_are_served_by_one_report() -> None:
    found = derived(
        [Clause(FINANCIAL, Frequency.HALF_YEARLY, 60), Clause(FINANCIAL, Frequency.YEARLY, 30)],
        DAY(2021, 1, 1), DAY(2021, 12, 31),
    )  # fmt: skip
    assert [(o.from_on, o.until_on, o.due_on) for o in found] == [
        (DAY(2021, 1, 1), DAY(2021, 6, 30), DAY(2021, 8, 29)),
        (DAY(2021, 1, 1), DAY(2021, 12, 31), DAY(2022, 1, 30)),
    ]


days = st.dates(DAY(1990, 1, 1), DAY(2060, 12, 31))


@given(st.sampled_from(Frequency.values), days, st.integers(0, 4000), st.integers(0, 730))
def test_the_periods_of_a_clause_cover_the_whole_time_without_gap_or_overlap(
    frequency: str, starts_on: DAY, length: int, days_after: int
) -> None:
    ends_on = starts_on + datetime.timedelta(days=length)
    found = derived([Clause(NARRATIVE, frequency, days_after)], starts_on, ends_on)
    assert found[0].from_on == starts_on
    assert found[-1].until_on == ends_on
    for one, following in itertools.pairwise(found):
        assert following.from_on == one.until_on + datetime.timedelta(days=1)
    assert all(o.from_on <= o.until_on for o in found)
    assert all((o.due_on - o.until_on).days == days_after for o in found)


@pytest.fixture
def agreement(reference: None) -> Contribution:
    """Two years from 1 July 2021, with yearly narrative and final financial reports."""
    made = factories.contribution(
        state=ContributionState.SIGNED, signed_on=DAY(2021, 6, 1),
        starts_on=DAY(2021, 7, 1), ends_on=DAY(2023, 6, 30),
    )  # fmt: skip
    for kind, frequency, days_after in (
        (NARRATIVE, Frequency.YEARLY, 60),
        (ReportKind.FINANCIAL_FINAL, Frequency.AT_END, 90),
    ):
        ReportClause.objects.create(
            contribution=made, kind=kind, frequency=frequency, days_after=days_after
        )
    return made


FIRST = [
    "narrative 2021-07-01 2021-12-31 2022-03-01",
    "narrative 2022-01-01 2022-12-31 2023-03-01",
    "narrative 2023-01-01 2023-06-30 2023-08-29",
    "financial_final 2021-07-01 2023-06-30 2023-09-28",
]


def test_signing_writes_down_what_is_owed_and_doing_it_again_changes_nothing(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    first = derive_reports(agreement, today=today, by=officer)
    assert told(first) == FIRST
    again = derive_reports(agreement, today=today, by=officer)
    assert [(r.uuid, r.version) for r in again] == [(r.uuid, r.version) for r in first]
    [event] = AuditEvent.objects.filter(act="derive_reports")
    assert event.by == officer.uuid
    assert event.after["narrative 2021-12-31"] == "2021-07-01 2022-03-01"


def test_an_extension_replaces_future_reports_only(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    before = {r.until_on: r for r in derive_reports(agreement, today=today, by=officer)}
    agreement.ends_on = DAY(2024, 3, 31)
    agreement.save()
    after = derive_reports(agreement, today=today, by=officer)
    assert told(after) == [
        *FIRST[:2],
        "narrative 2023-01-01 2023-12-31 2024-02-29",
        "narrative 2024-01-01 2024-03-31 2024-05-30",
        "financial_final 2021-07-01 2024-03-31 2024-06-29",
    ]
    kept = [DAY(2021, 12, 31), DAY(2022, 12, 31)]
    assert [r.uuid for r in after[:2]] == [before[day].uuid for day in kept]


def test_what_was_submitted_stays_and_the_next_report_begins_after_it(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    last = derive_reports(agreement, today=today, by=officer)[2]
    later = DAY(2023, 7, 10)
    record_report(
        last, version=1, submitted_on=later, accepted_on=None, document=None, note="",
        today=later, by=officer,
    )  # fmt: skip
    agreement.ends_on = DAY(2023, 12, 31)
    agreement.save()
    after = derive_reports(agreement, today=later, by=officer)
    assert told(after) == [
        *FIRST[:3],
        "narrative 2023-07-01 2023-12-31 2024-02-29",
        "financial_final 2021-07-01 2023-12-31 2024-03-30",
    ]


def test_a_clause_added_later_asks_for_past_reports_only_where_told(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    derive_reports(agreement, today=today, by=officer)
    add_clause(
        agreement, kind=FINANCIAL, frequency=Frequency.HALF_YEARLY, days_after=30, today=today,
        by=officer,
    )  # fmt: skip
    financial = [r.until_on for r in agreement.reports_due.filter(kind=FINANCIAL)]
    assert financial == [DAY(2022, 12, 31), DAY(2023, 6, 30)]
    derive_reports(agreement, today=today, by=officer, also_past=True)
    financial = [r.until_on for r in agreement.reports_due.filter(kind=FINANCIAL)]
    assert financial == [DAY(2021, 12, 31), DAY(2022, 6, 30), DAY(2022, 12, 31), DAY(2023, 6, 30)]


def test_a_clause_taken_away_leaves_the_past_and_takes_the_future(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    derive_reports(agreement, today=today, by=officer)
    remove_clause(agreement.report_clauses.get(kind=NARRATIVE), today=today, by=officer)
    assert told(list(agreement.reports_due.all())) == [FIRST[0], FIRST[3]]
    assert agreement.reports_due.get(kind=NARRATIVE).clause is None


def test_a_clause_stands_once_and_only_while_the_agreement_is_signed(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    same = {"kind": NARRATIVE, "frequency": Frequency.YEARLY, "days_after": 10}
    with pytest.raises(PortalError, match="has this clause already"):
        add_clause(agreement, **same, today=today, by=officer)
    agreement.state = ContributionState.CLOSED
    agreement.save()
    with pytest.raises(NotAllowed, match="while an agreement is signed"):
        remove_clause(agreement.report_clauses.first(), today=today, by=officer)


def test_a_cancelled_agreement_owes_reports_up_to_its_end(
    agreement: Contribution, officer: User, today: DAY
) -> None:
    derive_reports(agreement, today=today, by=officer)
    agreement.state, agreement.ended_on = ContributionState.CANCELLED, DAY(2022, 11, 30)
    agreement.save()
    assert told(derive_reports(agreement, today=today, by=officer)) == [
        FIRST[0],
        "narrative 2022-01-01 2022-11-30 2023-01-29",
        "financial_final 2021-07-01 2022-11-30 2023-02-28",
    ]


def test_a_pledge_owes_no_report(reference: None, officer: User, today: DAY) -> None:
    pledge = factories.contribution(starts_on=DAY(2021, 1, 1), ends_on=DAY(2021, 12, 31))
    ReportClause.objects.create(
        contribution=pledge, kind=NARRATIVE, frequency=Frequency.YEARLY, days_after=1
    )
    assert derive_reports(pledge, today=today, by=officer) == []


@pytest.fixture
def report(agreement: Contribution, officer: User, today: DAY) -> ReportDue:
    """The narrative report of 2021, due on 1 March 2022."""
    return derive_reports(agreement, today=today, by=officer)[0]


def recorded(report: ReportDue, by: User, **changed: object) -> ReportDue:
    row = {
        "version": report.version, "submitted_on": DAY(2022, 3, 1), "accepted_on": None,
        "document": None, "note": "Sent by mail", "today": DAY(2022, 12, 15),
    }  # fmt: skip
    return record_report(report, by=by, **{**row, **changed})  # type: ignore[arg-type]


def test_a_submission_says_who_recorded_it_and_is_audited(
    report: ReportDue, officer: User, other_officer: User
) -> None:
    saved = recorded(report, officer)
    accepted = recorded(saved, other_officer, accepted_on=DAY(2022, 4, 2))
    assert (accepted.submitted_by, accepted.version) == (officer, 3)
    first, second = AuditEvent.objects.filter(act="record_report").order_by("pk")
    assert first.before["submitted_on"] is None
    assert first.after["submitted_on"] == "2022-03-01"
    assert second.after["accepted_on"] == "2022-04-02"


def test_the_second_of_two_people_sees_that_the_report_was_saved(
    report: ReportDue, officer: User, other_officer: User
) -> None:
    recorded(report, officer)
    with pytest.raises(EditConflict):
        recorded(report, other_officer, note="Something else")
    assert ReportDue.objects.get(pk=report.pk).note == "Sent by mail"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"submitted_on": DAY(2022, 12, 16)}, "submitted_on"),
        ({"submitted_on": None, "accepted_on": DAY(2022, 4, 1)}, "submitted_on"),
        ({"accepted_on": DAY(2022, 2, 1)}, "accepted_on"),
    ],
)
def test_days_that_cannot_be_are_refused(
    report: ReportDue, officer: User, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(DateWrong) as refused:
        recorded(report, officer, **changed)
    assert refused.value.field == field
