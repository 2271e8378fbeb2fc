"""Reports owed to donors: what the clauses make fall due, and what was delivered on time.

Pure, except for what asks the database by name; the day is an argument.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from income.models import Contribution, Ledger, ReportDue
from income.money import round_half_up
from income.vocabulary import Frequency

ONE_DAY = datetime.timedelta(days=1)
SOON = datetime.timedelta(days=30)  # what falls due within these days is due soon
# Months in a period of each frequency; periods are counted in the calendar year.
MONTHS_OF = {Frequency.YEARLY: 12, Frequency.HALF_YEARLY: 6, Frequency.QUARTERLY: 3}


@dataclass(frozen=True)
class Clause:
    """What an agreement says about one kind of report; `pk` is that of its ReportClause."""

    kind: str
    frequency: str
    days_after: int
    pk: int | None = None


@dataclass(frozen=True)
class Owed:
    """One report that a clause makes fall due for the days from `from_on` to `until_on`."""

    clause: Clause
    from_on: datetime.date
    until_on: datetime.date
    due_on: datetime.date

    @property
    def key(self) -> tuple[str, datetime.date]:
        """An agreement owes one report of a kind for periods that end on the same day."""
        return self.clause.kind, self.until_on


def periods(
    frequency: str, starts_on: datetime.date, ends_on: datetime.date
) -> list[tuple[datetime.date, datetime.date]]:
    """First and last days of the periods reported on: they cover the whole time, in order.

    Years, halves and quarters are those of the calendar, clipped to the agreement's own days.
    """
    if ends_on < starts_on:
        return []
    if frequency == Frequency.AT_END:
        return [(starts_on, ends_on)]
    found, first = [], starts_on
    while first <= ends_on:
        last = min(_last_day(first, MONTHS_OF[Frequency(frequency)]), ends_on)
        found.append((first, last))
        first = last + ONE_DAY
    return found


def _last_day(day: datetime.date, months: int) -> datetime.date:
    """The last day of the calendar's period of so many months that holds the day."""
    last_month = (day.month - 1) // months * months + months
    if last_month == 12:
        return datetime.date(day.year, 12, 31)
    return datetime.date(day.year, last_month + 1, 1) - ONE_DAY


def derived(
    clauses: Iterable[Clause], starts_on: datetime.date | None, ends_on: datetime.date | None
) -> list[Owed]:
    """The reports that the clauses make fall due, in the order of their due dates.

    Nothing as long as the agreement's first or last day is not known. Where two clauses ask for
    the same kind of report up to the same day, one report serves both: over the longer time, due
    on the earlier day.
    """
    if starts_on is None or ends_on is None:
        return []
    found: dict[tuple[str, datetime.date], Owed] = {}
    for clause in clauses:
        for first, last in periods(clause.frequency, starts_on, ends_on):
            due_on = last + datetime.timedelta(days=clause.days_after)
            owed = Owed(clause, first, last, due_on)
            found[owed.key] = _both(found[owed.key], owed) if owed.key in found else owed
    return sorted(found.values(), key=lambda owed: (owed.due_on, owed.until_on, owed.clause.kind))


def _both(one: Owed, other: Owed) -> Owed:
    clause = one.clause if one.due_on <= other.due_on else other.clause
    return Owed(
        clause, min(one.from_on, other.from_on), one.until_on, min(one.due_on, other.due_on)
    )


@dataclass(frozen=True)
class OnTime:
    """The reports that fell due in a time, by what became of them on a day. Counts of reports."""

    from_on: datetime.date
    until_on: datetime.date
    due: tuple[ReportDue, ...]
    on_time: tuple[ReportDue, ...]  # submitted on the due date or before
    late: tuple[ReportDue, ...]  # submitted afterwards
    missing: tuple[ReportDue, ...]  # overdue, not submitted
    open: tuple[ReportDue, ...]  # not submitted, and not due before the day

    @property
    def decided(self) -> int:
        """Those that were delivered, or are overdue."""
        return len(self.on_time) + len(self.late) + len(self.missing)

    @property
    def share(self) -> Fraction | None:
        """Delivered on time, of those whose day has come or that were delivered; else None."""
        return Fraction(len(self.on_time), self.decided) if self.decided else None

    @property
    def per_cent(self) -> Decimal | None:
        """The share in per cent, to eight decimals; the exact fraction is `share`."""
        if self.share is None:
            return None
        exact = Decimal(self.share.numerator * 100) / self.share.denominator
        return round_half_up(exact, 8)


def on_time(
    reports: Iterable[ReportDue], from_on: datetime.date, until_on: datetime.date,
    today: datetime.date,
) -> OnTime:  # fmt: skip
    """What became of the reports due from the first to the last day, as at `today`."""
    due = [report for report in reports if from_on <= report.due_on <= until_on]
    states: dict[str, list[ReportDue]] = {"on_time": [], "late": [], "missing": [], "open": []}
    for report in due:
        states[delivery(report, today)].append(report)
    return OnTime(from_on, until_on, tuple(due), **{k: tuple(v) for k, v in states.items()})


def delivery(report: ReportDue, today: datetime.date) -> str:
    """Whether the report was delivered `on_time`, `late`, is `missing` or still `open`."""
    if report.submitted_on is not None:
        return "on_time" if report.submitted_on <= report.due_on else "late"
    return "missing" if report.due_on < today else "open"


def is_fixed(report: ReportDue, today: datetime.date) -> bool:
    """Whether an amendment leaves the report as it is: submitted, or past its day."""
    return report.submitted_on is not None or report.due_on < today


def reports_in_books(books: Ledger | None, user: User, today: datetime.date) -> QuerySet[ReportDue]:
    """The reports owed under the contributions of these books that the person may see."""
    seen = Contribution.objects.filter(ledger=books).for_user(user, today)
    return ReportDue.objects.filter(contribution__in=seen.values("pk"))


def terms_of(contribution: Contribution) -> list[Clause]:
    """What the agreement says about reports."""
    rows = contribution.report_clauses.order_by("pk")
    return [Clause(row.kind, row.frequency, row.days_after, row.pk) for row in rows]


def reports_owed(contribution: Contribution, today: datetime.date) -> dict[str, Any]:
    """For templates/income/_reports_owed.html: the clauses, and the reports with their state."""
    rows = contribution.reports_due.order_by("due_on", "pk")
    return {
        "report_clauses": list(contribution.report_clauses.order_by("kind", "frequency")),
        "reports_owed": [(row, delivery(row, today)) for row in rows],
    }
