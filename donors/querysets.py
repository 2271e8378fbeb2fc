"""Named filters of donors."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from donors.names import searchable
from donors.ordering import by_name

if TYPE_CHECKING:
    from donors.models import Donor, DonorName, Representation  # noqa: F401

LONGEST_CHAIN = 3  # of donors merged into one another; no merge makes a longer one


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
        """Donors whose any name, in any language, identifier or code contains the text.

        Names of a donor that was merged find the one it was merged into as well.
        """
        wanted = searchable(text)
        if not wanted:
            return self
        names = _names().filter(normalized__contains=wanted)
        return self.filter(_named(names) | Q(code__iexact=text.strip()))

    def called(self, text: str) -> "DonorQuerySet":
        """Donors one of whose names is exactly the text, accents and case aside; so for merged."""
        return self.filter(_named(_names().filter(normalized=searchable(text))))

    def in_order(self) -> "DonorQuerySet":
        """By name, as the reader's language sorts."""
        return self.order_by(by_name(), "pk")

    def standing(self) -> "DonorQuerySet":
        """Donors that were not merged into another."""
        return self.filter(merged_into=None)

    def with_merged(self, donor: "Donor") -> "DonorQuerySet":
        """The donor and all that were merged into it, directly or by way of another."""
        same, path = Q(pk=donor.pk), "merged_into"
        for _step in range(LONGEST_CHAIN - 1):
            same |= Q(**{path: donor.pk})
            path += "__merged_into"
        return self.filter(same)

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


def _names() -> "models.QuerySet[DonorName]":
    from donors.models import DonorName  # the models import this module

    return DonorName.objects.all()


def _named(names: "models.QuerySet[DonorName]") -> Q:
    """Donors with one of the names, and those they were merged into, by way of two others."""
    found: models.QuerySet[Any, Any] = names.values("donor")
    wanted = Q()
    everybody = names.model._meta.get_field("donor").related_model._default_manager
    for _step in range(LONGEST_CHAIN):
        wanted |= Q(pk__in=found)
        merged = everybody.filter(pk__in=found, merged_into__isnull=False)
        found = merged.values("merged_into")
    return wanted


def _followed(donor: "Donor", known: dict[int, "Donor"]) -> "Donor":
    for _step in known:  # a chain of merges is never longer than the donors in it
        if donor.merged_into_id is None:
            break
        donor = known[donor.merged_into_id]
    return donor


class RepresentationQuerySet(models.QuerySet["Representation"]):
    def in_force(self, today: datetime.date) -> "RepresentationQuerySet":
        return self.filter(starts_on__lte=today).filter(Q(ends_on=None) | Q(ends_on__gt=today))
