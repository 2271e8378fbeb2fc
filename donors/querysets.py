"""Named filters of donors."""

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from donors.names import searchable
from donors.ordering import by_name
from interface.searching import LONGEST_START, SIGN, begins, starts_of

if TYPE_CHECKING:
    from donors.models import Donor, DonorName, DonorNameStart, Representation  # noqa: F401

LONGEST_CHAIN = 3  # of donors merged into one another; no merge makes a longer one
MOST_NAMES = 1_000  # that are looked up one by one
BATCH = 1_000
_SIGN_FIRST = re.compile(SIGN)  # each sign begins a start already


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

    def named_like(self, text: str, *, inside: bool = True) -> "DonorQuerySet":
        """Donors one of whose names, in any language, or identifiers has a word that the text
        begins; or the code. Where there is none, those in which it stands anywhere, which reads
        every name, unless `inside` is False.

        Names of a donor that was merged find the one it was merged into as well.
        """
        wanted = searchable(text)
        if not wanted:
            return self
        typed = text.strip()
        code = Q(code__in={typed, typed.upper()})
        found = _starts().filter(begins("text", wanted))
        if len(wanted) > LONGEST_START:
            found = found.filter(name__normalized__contains=wanted)
        rows = list(found.values_list("donor", "donor__merged_into")[: MOST_NAMES + 1])
        if len(rows) > MOST_NAMES:
            return self.filter(_named(found.values("donor")) | code)
        if not rows:
            inside = inside and not _SIGN_FIRST.match(wanted)
            if not inside or self.model._default_manager.filter(code).exists():
                return self.filter(code)
            names = _names().filter(normalized__contains=wanted)
            return self.filter(_named(names.values("donor")) | code)
        same: set[int] = {donor for pair in rows for donor in pair if donor}
        if any(merged for _donor, merged in rows):
            same |= self.become_all(same)
        return self.filter(Q(pk__in=same) | code)

    def called(self, text: str) -> "DonorQuerySet":
        """Donors one of whose names is exactly the text, accents and case aside; so for merged."""
        names = _names().filter(normalized=searchable(text))
        return self.filter(_named(names.values("donor")))

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

    def become_all(self, donors: Iterable[int]) -> set[int]:
        """Primary keys of all that the donors were merged into, on the whole way."""
        every: set[int] = set()
        rows = self.model._default_manager.filter(merged_into__isnull=False)
        steps = set(donors)
        while steps:
            found = rows.filter(pk__in=steps).values_list("merged_into", flat=True)
            steps = {one for one in found if one} - every
            every |= steps
        return every


class DonorNameQuerySet(models.QuerySet["DonorName"]):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        """With what the names are found by."""
        made = super().bulk_create(objs, *args, **kwargs)
        keep_starts(made)
        return made


def keep_starts(names: "Sequence[DonorName]") -> None:
    """Write down what the names are found by, in the place of what they were."""
    model = _starts().model
    if keys := [one.pk for one in names]:
        for first in range(0, len(keys), BATCH):
            model.objects.filter(name__in=keys[first : first + BATCH]).delete()
    rows = (
        model(name_id=one.pk, donor_id=one.donor_id, text=text)
        for one in names for text in starts_of(one.normalized)
    )  # fmt: skip
    model.objects.bulk_create(rows, batch_size=BATCH)


def renew_starts() -> None:
    """Write down anew what every name is found by."""
    names, last = _names().order_by("pk"), 0
    while part := list(names.filter(pk__gt=last)[:BATCH]):
        keep_starts(part)
        last = part[-1].pk


def _names() -> "models.QuerySet[DonorName]":
    from donors.models import DonorName  # the models import this module

    return DonorName.objects.all()


def _starts() -> "models.QuerySet[DonorNameStart]":
    from donors.models import DonorNameStart

    return DonorNameStart.objects.all()


def _named(found: "models.QuerySet[Any, Any]") -> Q:
    """The donors, and those they were merged into, by way of two others."""
    wanted = Q()
    everybody = _names().model._meta.get_field("donor").related_model._default_manager
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
