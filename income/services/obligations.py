"""Reports owed to donors: derived from an agreement's clauses, then submitted and accepted."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from donors.models import DonorDocument
from income.errors import DateWrong, NotAllowed
from income.models import Contribution, ReportClause, ReportDue
from income.obligations import ONE_DAY, Owed, derived, is_fixed, terms_of
from income.vocabulary import ContributionState, Frequency
from interface.conflicts import EditConflict
from interface.errors import PortalError

Key = tuple[str, datetime.date]


@transaction.atomic
def derive_reports(
    contribution: Contribution, *, today: datetime.date, by: User | None,
    also_past: bool | None = None,
) -> list[ReportDue]:  # fmt: skip
    """Write down the reports that the clauses make fall due; the reports now owed, in order.

    Reports that were submitted, or whose due date has passed, stay as they are. Later ones follow
    the clauses and the period as they stand now: unchanged ones keep their row, the others are
    replaced. Reports that would have been due before today are added when the agreement owes
    none yet (it is entered late), or where `also_past` says so. Doing it again changes nothing.
    """
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    rows = {(row.kind, row.until_on): row for row in locked.reports_due.all()}
    before = _told(rows.values())
    fixed = {key: row for key, row in rows.items() if is_fixed(row, today)}
    with_past = not rows if also_past is None else also_past
    wanted = {
        owed.key: owed
        for owed in (_clipped(owed, fixed.values()) for owed in _owed_by(locked))
        if owed.key not in fixed and (with_past or owed.due_on >= today)
    }
    gone = [row.pk for key, row in rows.items() if key not in wanted and key not in fixed]
    ReportDue.objects.filter(pk__in=gone).delete()
    for key, owed in wanted.items():
        _written(locked, owed, rows.get(key))
    found = list(locked.reports_due.order_by("due_on", "pk"))
    if before != (after := _told(found)):
        record("derive_reports", locked, by=by, before=before, after=after)
    return found


def _owed_by(contribution: Contribution) -> list[Owed]:
    """What the clauses ask for; nothing before signature, nothing beyond a cancellation."""
    if contribution.signed_on is None:
        return []
    ends_on = contribution.ends_on
    if contribution.state == ContributionState.CANCELLED:
        days = [day for day in (ends_on, contribution.ended_on) if day]
        ends_on = min(days) if contribution.ended_on else None
    return derived(terms_of(contribution), contribution.starts_on, ends_on)


def _clipped(owed: Owed, fixed: Iterable[ReportDue]) -> Owed:
    """Without the days on which an earlier report of the kind has reported or is to report.

    A report at the end goes over the whole time, whatever was reported before.
    """
    if owed.clause.frequency == Frequency.AT_END:
        return owed
    reported = [
        row.until_on
        for row in fixed
        if row.kind == owed.clause.kind and owed.from_on <= row.until_on < owed.until_on
    ]
    first = max(reported) + ONE_DAY if reported else owed.from_on
    return Owed(owed.clause, first, owed.until_on, owed.due_on)


def _written(contribution: Contribution, owed: Owed, row: ReportDue | None) -> None:
    facts = {"clause_id": owed.clause.pk, "from_on": owed.from_on, "due_on": owed.due_on}
    if row is None:
        ReportDue.objects.create(
            contribution=contribution, kind=owed.clause.kind, until_on=owed.until_on, **facts
        )
    elif any(getattr(row, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(row, name, value)
        row.version += 1
        row.save()


def _told(rows: Iterable[ReportDue]) -> dict[str, Any]:
    """For the audit trail: period and due date of each report, in order."""
    return {
        f"{row.kind} {row.until_on}": f"{row.from_on} {row.due_on}"
        for row in sorted(rows, key=lambda row: (row.kind, row.until_on))
    }


@transaction.atomic
def add_clause(
    contribution: Contribution, *, kind: str, frequency: str, days_after: int,
    also_past: bool | None = None, today: datetime.date, by: User,
) -> ReportClause:  # fmt: skip
    """Write down one more clause of a signed agreement, and what it makes fall due."""
    locked = _signed(contribution)
    if locked.report_clauses.filter(kind=kind, frequency=frequency).exists():
        raise PortalError(
            _("The agreement has this clause already. Remove it first to change its days."),
            field="frequency",
        )
    clause = ReportClause.objects.create(
        contribution=locked, kind=kind, frequency=frequency, days_after=days_after
    )
    record("add_report_clause", locked, by=by, after=_clause_told(clause))
    derive_reports(locked, today=today, by=by, also_past=also_past)
    return clause


@transaction.atomic
def remove_clause(clause: ReportClause, *, today: datetime.date, by: User) -> None:
    """Take a clause away, and the reports that it would still make fall due."""
    contribution = _signed(clause.contribution)
    record("remove_report_clause", contribution, by=by, before=_clause_told(clause))
    clause.delete()
    derive_reports(contribution, today=today, by=by, also_past=False)


def _signed(contribution: Contribution) -> Contribution:
    """The contribution, locked, when its clauses may be edited."""
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if locked.state != ContributionState.SIGNED:
        raise NotAllowed(
            _("Clauses are edited while an agreement is signed; this one is not, or not any more.")
        )
    return locked


def _clause_told(clause: ReportClause) -> dict[str, Any]:
    names = ("kind", "frequency", "days_after")
    return {name: getattr(clause, name) for name in names}


@transaction.atomic
def record_report(
    report: ReportDue, *, version: int, submitted_on: datetime.date | None,
    accepted_on: datetime.date | None, document: DonorDocument | None, note: str,
    today: datetime.date, by: User,
) -> ReportDue:  # fmt: skip
    """Write down when a report was submitted and accepted, with its document.

    Raises EditConflict when somebody saved it since the form was opened.
    """
    locked = ReportDue.objects.select_for_update().select_related("contribution").get(pk=report.pk)
    if locked.version != version:
        raise EditConflict()
    _check_days(submitted_on, accepted_on, today)
    if document is not None and document.donor_id != locked.contribution.donor_id:
        raise NotAllowed(_("Choose a document of the donor to whom the report is owed."))
    before = _report_told(locked)
    if locked.submitted_on is None or submitted_on is None:
        locked.submitted_by = by if submitted_on else None
    locked.submitted_on, locked.accepted_on = submitted_on, accepted_on
    locked.document, locked.note = document, note.strip()
    locked.version += 1
    locked.save()
    record("record_report", locked, by=by, before=before, after=_report_told(locked))
    return locked


def _check_days(
    submitted_on: datetime.date | None, accepted_on: datetime.date | None, today: datetime.date
) -> None:
    for name, day in (("submitted_on", submitted_on), ("accepted_on", accepted_on)):
        if day and day > today:
            raise DateWrong(_("This day has not come yet."), field=name)
    if accepted_on and not submitted_on:
        raise DateWrong(_("Say first on which day the report was submitted."), field="submitted_on")
    if accepted_on and submitted_on and accepted_on < submitted_on:
        raise DateWrong(
            _("A report cannot be accepted before it was submitted."), field="accepted_on"
        )


def _report_told(report: ReportDue) -> dict[str, Any]:
    return {
        "submitted_on": report.submitted_on,
        "accepted_on": report.accepted_on,
        "document": str(report.document.uuid) if report.document else None,
        "note": report.note,
    }
