"""What others entered about targets and waits for a person's decision."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from reports.models import DialogueItem, ExpenditureLoad, MonthlyUpdate, UpdateState
from reports.worklist_parts import Item
from targets.models import EconomyList, Measurement, ProposalState, TargetSetProposal


def decisions(user: User) -> tuple[Item, ...]:
    """What others entered, or had prepared, the oldest first; never one's own."""
    if not user.may(Permission.APPROVE_TARGETS):
        return ()
    found = [*_proposals(user), *_measurements(user), *_lists(user)]
    found += [*_dialogue_items(user), *_expenditure(user), *_updates(user)]
    return tuple(sorted(found, key=lambda item: (item.on or datetime.date.max, item.title)))


def _proposals(user: User) -> list[Item]:
    rows = TargetSetProposal.objects.filter(state=ProposalState.WAITING).exclude(entered_by=user)
    return [
        Item(
            title=_("Target set"),
            detail=row.entered_by.name,
            path=reverse("proposal", args=[row.uuid]),
            on=timezone.localtime(row.entered_at).date(),
        )
        for row in rows.select_related("entered_by")
    ]


def _measurements(user: User) -> list[Item]:
    rows = Measurement.objects.filter(state=ProposalState.WAITING).exclude(entered_by=user)
    return [
        Item(
            title=_("Measurement of indicator %(code)s") % {"code": row.indicator_id},
            detail=f"{row.entered_by.name}: {row.evidence}",
            path=reverse("indicator", args=[row.indicator_id]) + "#measurements",
            on=timezone.localtime(row.entered_at).date(),
        )
        for row in rows.select_related("entered_by")
    ]


def _lists(user: User) -> list[Item]:
    rows = EconomyList.objects.filter(state=ProposalState.WAITING).exclude(entered_by=user)
    return [
        Item(
            title=_("List of emerging economies"),
            detail=f"{row.entered_by.name}: {row.source}",
            path=reverse("economy_list_list"),
            on=timezone.localtime(row.entered_at).date(),
        )
        for row in rows.select_related("entered_by")
    ]


def _dialogue_items(user: User) -> list[Item]:
    rows = DialogueItem.objects.filter(state=ProposalState.WAITING).exclude(entered_by=user)
    return [
        Item(
            title=str(row.get_kind_display()),
            detail=f"{row.entered_by.name}: {row.title}",
            path=reverse("dialogue_item_list"),
            on=timezone.localtime(row.entered_at).date(),
        )
        for row in rows.select_related("entered_by")
    ]


def _expenditure(user: User) -> list[Item]:
    rows = ExpenditureLoad.objects.filter(state=ProposalState.WAITING).exclude(entered_by=user)
    return [
        Item(
            title=_("Expenditure of %(year)s") % {"year": row.year},
            detail=f"{row.entered_by.name if row.entered_by else ''}: {row.source}",
            path=reverse("expenditure", args=[row.uuid]),
            on=timezone.localtime(row.entered_at).date(),
        )
        for row in rows.select_related("entered_by")
    ]


def _updates(user: User) -> list[Item]:
    if not user.may(Permission.PUBLISH_UPDATES):
        return []
    rows = MonthlyUpdate.objects.filter(state=UpdateState.PREPARED).exclude(prepared_by=user)
    return [
        Item(
            title=_("Monthly update of %(month)s") % {"month": row.as_at},
            detail=row.prepared_by.name,
            path=reverse("update", args=[row.uuid]),
            on=timezone.localtime(row.prepared_at).date(),
        )
        for row in rows.select_related("prepared_by")
    ]
