"""The part of a donor's page that is for staff alone."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from donors.clearances import is_cleared, is_private
from donors.models import Clearance, ClearanceState, Donor
from donors.people import people_of
from income.models import Ledger
from reports.figures.relation import LATEST, MOST, Relation, relation_of
from reports.tables import relation as tables


def staff_file(
    request: HttpRequest, found: Donor, user: User, books: Ledger, today: datetime.date
) -> dict[str, Any]:
    """What the templates of the staff's sections need; `?all=1` shows the lists whole."""
    most = MOST if request.GET.get("all") == "1" else LATEST
    relation = relation_of(books, found, today, most=most)
    may_edit = user.may(Permission.EDIT_DONORS)
    return {
        "file": relation, "may_edit": may_edit,
        "staff_figures": tables.key_figures(relation),
        "owed_table": tables.owed_table(relation),
        "report_table": tables.report_table(relation),
        "prospect_table": tables.prospect_table(relation) if relation.prospects else None,
        "contact_table": tables.contact_table(relation, may_edit=may_edit),
        "engagement_table": tables.engagement_table(relation, may_edit=may_edit),
        "approach_table": tables.approach_table(relation),
        "document_table": tables.document_table(relation),
        "family_table": tables.family_table(relation.family) if relation.family else None,
        **_people(found, user, today), **_due_diligence(relation, user),
    }  # fmt: skip


def _people(found: Donor, user: User, today: datetime.date) -> dict[str, Any]:
    """Who sees the file for the donor: for who may invite others."""
    if not user.may(Permission.INVITE_REPRESENTATIVES):
        return {"may_invite": False}
    return {"may_invite": True, "people": people_of(found, today=today, now=timezone.now())}


def _due_diligence(relation: Relation, user: User) -> dict[str, Any]:
    donor = relation.donor
    waits = [one for one in relation.clearances if one.state == ClearanceState.REQUESTED]
    return {
        "is_private": is_private(donor),
        "is_cleared": is_private(donor) and is_cleared(donor, relation.today),
        "may_ask_clearance": is_private(donor) and not waits and user.may(Permission.EDIT_DONORS),
        "clearances": [(one, _may_decide(one, user)) for one in relation.clearances],
    }


def _may_decide(one: Clearance, user: User) -> bool:
    waits = one.state == ClearanceState.REQUESTED
    return waits and user.may(Permission.CLEAR_DONORS) and one.requested_by_id != user.pk
