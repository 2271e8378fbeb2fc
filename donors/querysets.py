"""Named filters of donors."""

import datetime
from collections.abc import Iterable
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

    def with_merged(self, donor: "Donor") -> "DonorQuerySet":
        """The donor and all that were merged into it, directly or by way of another."""
        found: set[int] = {donor.pk}
        newer = found
        while newer:
            merged = self.model._default_manager.filter(merged_into__in=newer)
            newer = set(merged.values_list("pk", flat=True)) - found
            found |= newer
        return self.filter(pk__in=found)

    def become(self, donors: Iterable[int]) -> dict[int, "Donor"]:
        """For each of the donors (by primary key) the one it is today: itself, if not merged."""
        asked = set(donors)
        everybody = self.model._default_manager
        known: dict[int, Donor] = everybody.in_bulk(asked)
        while further := {d.merged_into_id for d in known.values() if d.merged_into_id} - set(
            known
        ):
            known |= everybody.in_bulk(further)
        return {pk: _followed(known[pk], known) for pk in asked if pk in known}


def _followed(donor: "Donor", known: dict[int, "Donor"]) -> "Donor":
    for _step in known:  # a chain of merges is never longer than the donors in it
        if donor.merged_into_id is None:
            break
        donor = known[donor.merged_into_id]
    return donor


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def in_force(self, today: datetime.date) -> "RepresentationQuerySet":
        return self.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gt=today))
