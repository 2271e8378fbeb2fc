"""An officer's first day: the ordinary rows around the demonstration books. No figure moves."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import AuditEvent
from accounts.services import record
from income.demonstration.asking import lay_campaigns, lay_prospects
from income.demonstration.desk import Desk
from income.demonstration.imports import lay_imports
from income.demonstration.matching import lay_export, lay_parked_money, lay_references
from income.demonstration.relations import (
    lay_clearances,
    lay_contacts,
    lay_engagements,
    lay_focal_points,
    lay_identifiers,
)
from income.demonstration.reports_owed import lay_condition, lay_reports
from income.demonstration.shares import lay_shares
from income.demonstration.waiting import lay_drafts
from income.models import Ledger

ACT = "lay_out_first_day"  # of the audit event that says it was done
STEPS: dict[str, Callable[[Desk], int]] = {
    "contacts": lay_contacts,
    "focal points": lay_focal_points,
    "identifiers": lay_identifiers,
    "engagements": lay_engagements,
    "clearances": lay_clearances,
    "reports": lay_reports,
    "conditions": lay_condition,
    "approaches": lay_campaigns,
    "prospects": lay_prospects,
    "parked money": lay_parked_money,
    "references": lay_references,
    "lines of an export": lay_export,
    "pooled shares": lay_shares,
    "drafts": lay_drafts,
    "imports": lay_imports,
}


@transaction.atomic
def lay_out_first_day() -> int:
    """Lay out all of it or nothing; the number of rows, 0 if it was done for these books.

    Needs the demonstration's books and accounts. What people changed since stays as it is.
    """
    desk = Desk.of_the_demonstration()
    if is_laid_out(desk.ledger):
        return 0
    laid = {what: lay(desk) for what, lay in STEPS.items()}
    record(ACT, desk.ledger, by=None, after=laid)
    return sum(laid.values())


def is_laid_out(ledger: Ledger) -> bool:
    """Whether the audit trail says so of these books."""
    return AuditEvent.objects.filter(
        act=ACT, subject=ledger._meta.label_lower, subject_id=str(ledger.pk)
    ).exists()
