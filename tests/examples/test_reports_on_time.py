"""The share of reports delivered on time in 2022, counted by hand.

Agreement of two years from 1 July 2021 with interim financial statements each quarter, due 30 days
after it, and a narrative report each year, due 60 days after it. As at 15 December 2022:

| report    | period             | due         | submitted   | counts as |
|-----------|--------------------|-------------|-------------|-----------|
| financial | 1 Jul – 30 Sep 2021 | 30 Oct 2021 | 1 Nov 2021  | (due in 2021) |
| financial | 1 Oct – 31 Dec 2021 | 30 Jan 2022 | 30 Jan 2022 | on time   |
| narrative | 1 Jul – 31 Dec 2021 | 1 Mar 2022  | 2 Mar 2022  | late      |
| financial | 1 Jan – 31 Mar 2022 | 30 Apr 2022 | 12 Apr 2022 | on time   |
| financial | 1 Apr – 30 Jun 2022 | 30 Jul 2022 |             | missing   |
| financial | 1 Jul – 30 Sep 2022 | 30 Oct 2022 | 29 Oct 2022 | on time   |
| financial | 1 Oct – 31 Dec 2022 | 30 Jan 2023 |             | (due in 2023) |

On time 3, late 1, missing 1: the share is 3 of 5, or 60 per cent.
"""

import datetime
from fractions import Fraction

import pytest

from accounts.models import User
from income.models import Contribution, ReportClause, ReportDue
from income.obligations import on_time
from income.services.obligations import derive_reports, record_report
from income.vocabulary import ContributionState, Frequency, ReportKind
from tests import factories

DAY = datetime.date
AS_AT = DAY(2022, 12, 15)
FINANCIAL, NARRATIVE = ReportKind.FINANCIAL_INTERIM, ReportKind.NARRATIVE_INTERIM
SUBMITTED = {
    (FINANCIAL, DAY(2021, 9, 30)): DAY(2021, 11, 1),
    (FINANCIAL, DAY(2021, 12, 31)): DAY(2022, 1, 30),
    (NARRATIVE, DAY(2021, 12, 31)): DAY(2022, 3, 2),
    (FINANCIAL, DAY(2022, 3, 31)): DAY(2022, 4, 12),
    (FINANCIAL, DAY(2022, 9, 30)): DAY(2022, 10, 29),
}


@pytest.fixture
def reports(reference: None, officer: User) -> list[ReportDue]:
    agreement: Contribution = factories.contribution(
        state=ContributionState.SIGNED, signed_on=DAY(2021, 6, 1),
        starts_on=DAY(2021, 7, 1), ends_on=DAY(2023, 6, 30),
    )  # fmt: skip
    for kind, frequency, days_after in (
        (FINANCIAL, Frequency.QUARTERLY, 30), (NARRATIVE, Frequency.YEARLY, 60),
    ):  # fmt: skip
        ReportClause.objects.create(
            contribution=agreement, kind=kind, frequency=frequency, days_after=days_after
        )
    for row in derive_reports(agreement, today=AS_AT, by=officer):
        if day := SUBMITTED.get((ReportKind(row.kind), row.until_on)):
            record_report(
                row, version=row.version, submitted_on=day, accepted_on=None, document=None,
                note="", today=AS_AT, by=officer,
            )  # fmt: skip
    return list(ReportDue.objects.order_by("due_on", "pk"))


def test_the_share_of_2022_is_three_of_five(reports: list[ReportDue]) -> None:
    found = on_time(reports, DAY(2022, 1, 1), DAY(2022, 12, 31), AS_AT)
    assert [row.due_on for row in found.due] == [
        DAY(2022, 1, 30), DAY(2022, 3, 1), DAY(2022, 4, 30), DAY(2022, 7, 30), DAY(2022, 10, 30),
    ]  # fmt: skip
    assert [row.due_on for row in found.on_time] == [
        DAY(2022, 1, 30), DAY(2022, 4, 30), DAY(2022, 10, 30),
    ]  # fmt: skip
    assert [row.due_on for row in found.late] == [DAY(2022, 3, 1)]
    assert [row.due_on for row in found.missing] == [DAY(2022, 7, 30)]
    assert found.open == ()
    assert found.share == Fraction(3, 5)


def test_the_year_before_had_one_report_and_it_was_late(reports: list[ReportDue]) -> None:
    found = on_time(reports, DAY(2021, 1, 1), DAY(2021, 12, 31), AS_AT)
    assert (found.share, len(found.due), len(found.late)) == (Fraction(0, 1), 1, 1)


def test_a_year_of_which_no_day_has_come_has_no_share(reports: list[ReportDue]) -> None:
    found = on_time(reports, DAY(2023, 1, 1), DAY(2023, 12, 31), AS_AT)
    # Narrative of 2022 and of 2023; financial statements of four quarters, one of them of 2022.
    assert (found.share, len(found.due), len(found.open)) == (None, 5, 5)
