"""Named filters of donors."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from donors.names import searchable

if TYPE_CHECKING:
    from donors.models import Donor, Representation  # noqa: F401


class DonorQuerySet(models.QuerySet["Donor"]):
    def for_user(self, user: User, today: datetime.date) -> "DonorQuerySet":
        """The donors the person may see on the day: all for staff, one's own for others."""
        if user.may(Permission.VIEW_DONORS):
            return self
        if user.may(Permission.VIEW_OWN_DONORS):
            in_force = Q(representations__user=user, representations__starts_on__lte=today) & (
                Q(representations__ends_on=None) | Q(representations__ends_on__gt=today)
            )
            return self.filter(in_force).distinct()
        return self.none()

    def named_like(self, text: str) -> "DonorQuerySet":
        """Donors whose any name, in any language, or code contains the text."""
        wanted = searchable(text)
        if not wanted:
            return self
        return self.filter(
            Q(search_names__normalized__contains=wanted) | Q(code__iexact=text.strip())
        ).distinct()

    def called(self, text: str) -> "DonorQuerySet":
        """Donors one of whose names is exactly the text, accents and case aside."""
        return self.filter(search_names__normalized=searchable(text)).distinct()

    def standing(self) -> "DonorQuerySet":
        """Donors that were not merged into another."""
        return self.filter(merged_into=None)


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def in_force(self, today: datetime.date) -> "RepresentationQuerySet":
        return self.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gt=today))
