"""What some agreements of the demonstration say about reports, and what became of them."""

import datetime
from itertools import count

from income.demonstration.desk import Desk, marked
from income.models import Condition, ReportClause, ReportDue
from income.services.obligations import derive_reports, record_report
from income.vocabulary import ConditionState, Frequency, ReportKind

N, F = ReportKind, Frequency
# Of each agreement, by its token: kind of report, how often, how many days afterwards.
CLAUSES: dict[str, tuple[tuple[ReportKind, Frequency, int], ...]] = {
    "demo-2022-EARMARKED-SWE": (
        (N.NARRATIVE_INTERIM, F.YEARLY, 90),
        (N.FINANCIAL_FINAL, F.AT_END, 180),
    ),
    "demo-2022-EARMARKED-CHE": (
        (N.NARRATIVE_INTERIM, F.HALF_YEARLY, 60),
        (N.FINANCIAL_CERTIFIED, F.AT_END, 180),
    ),
    "demo-2021-FE-DEU-1": ((N.NARRATIVE_FINAL, F.AT_END, 90), (N.FINANCIAL_FINAL, F.AT_END, 180)),
    "demo-2021-FE-NLD-1": ((N.FINANCIAL_INTERIM, F.QUARTERLY, 45),),
    "demo-2021-TC-JPN-1": ((N.NARRATIVE_FINAL, F.AT_END, 120),),
    "demo-2021-TC-EU-1": (
        (N.NARRATIVE_INTERIM, F.HALF_YEARLY, 60),
        (N.FINANCIAL_CERTIFIED, F.AT_END, 180),
    ),
    "demo-2021-TC-KFW-late": ((N.FINANCIAL_FINAL, F.AT_END, 90),),
    "demo-2021-TC-KUWAIT_FUND-1": ((N.NARRATIVE_FINAL, F.AT_END, 90),),
    "demo-2020-EARMARKED-NOR": ((N.NARRATIVE_FINAL, F.AT_END, 90),),
    "demo-2020-EARMARKED-GATES_FOUNDATION": ((N.FINANCIAL_FINAL, F.AT_END, 180),),
}
EARLY, LATE = datetime.timedelta(days=6), datetime.timedelta(days=12)
ACCEPTED_AFTER = datetime.timedelta(days=21)
# Of the reports that were due, in the order of their days: every fifth came late, every seventh
# has not come.
LATE_EVERY, MISSING_EVERY = 5, 7


def lay_reports(desk: Desk) -> int:
    """Write the clauses down, derive the reports, and hand in most of those that were due."""
    owed: list[ReportDue] = []
    for token, clauses in CLAUSES.items():
        agreement = desk.agreements[token]
        ReportClause.objects.bulk_create(
            ReportClause(contribution=agreement, kind=kind, frequency=often, days_after=days)
            for kind, often, days in clauses
        )
        owed += derive_reports(agreement, today=desk.today, by=desk.officer)
    past = sorted(
        (report for report in owed if report.due_on < desk.today),
        key=lambda report: (report.due_on, report.pk),
    )
    for number, report in zip(count(1), past, strict=False):
        if number % MISSING_EVERY:
            _hand_in(desk, report, is_late=not number % LATE_EVERY)
    return len(owed)


def _hand_in(desk: Desk, report: ReportDue, *, is_late: bool) -> None:
    submitted_on = report.due_on + LATE if is_late else report.due_on - EARLY
    accepted_on = submitted_on + ACCEPTED_AFTER
    record_report(
        report, version=report.version, submitted_on=min(submitted_on, desk.today),
        accepted_on=accepted_on if accepted_on <= desk.today else None, document=None,
        note=marked("No document"), today=desk.today, by=desk.officer,
    )  # fmt: skip


def lay_condition(desk: Desk) -> int:
    """One that was met before money was due, so that no figure moves."""
    Condition.objects.create(
        contribution=desk.agreements["demo-2022-EARMARKED-SWE"],
        text=marked("The steering committee approves the plan of work 2022-2023"),
        state=ConditionState.MET, settled_on=datetime.date(2022, 2, 15),
        evidence=marked("Minutes of the steering committee, 15 February 2022"),
    )  # fmt: skip
    return 1
