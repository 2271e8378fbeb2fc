"""Which questions about figures a person sees, and which of them wait."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor
from income.models import Ledger
from reports.models import FigureQuestion
from reports.worklist_parts import Item


def questions_for(user: User, today: datetime.date) -> QuerySet[FigureQuestion]:
    """All for who answers them; a representative's own donors', with those merged into them."""
    if user.may(Permission.EDIT_DONORS):
        return FigureQuestion.objects.all()
    if not user.may(Permission.VIEW_OWN_DONORS):
        return FigureQuestion.objects.none()
    same = [
        one.pk
        for own in Donor.objects.for_user(user, today)
        for one in Donor.objects.with_merged(own)
    ]
    return FigureQuestion.objects.filter(donor__in=same)


def questions_of(ledger: Ledger, donor: Donor) -> QuerySet[FigureQuestion]:
    """What was asked about figures of the donor in these books, the latest first."""
    return FigureQuestion.objects.filter(
        ledger=ledger, donor__in=Donor.objects.with_merged(donor)
    ).order_by("-asked_at", "-pk")


def waiting(user: User, books: Ledger) -> tuple[Item, ...]:
    """Questions that wait for an answer: those of the person's own donors first, then by day."""
    if not user.may(Permission.EDIT_DONORS):
        return ()
    rows = FigureQuestion.objects.filter(ledger=books, answered_at=None).select_related("donor")
    items = (
        Item(
            title=row.donor.name,
            detail=f"{row.figure}: {row.text}"[:300],
            path=reverse("question", args=[row.uuid]),
            on=timezone.localtime(row.asked_at).date(),
            is_mine=row.donor.focal_point_id == user.pk,
        )
        for row in rows
    )
    return tuple(sorted(items, key=lambda i: (not i.is_mine, i.on or datetime.date.max, i.title)))
