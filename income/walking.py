"""Contributions in the order of their donors' names, a few donors at a time."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from donors.models import Donor
from interface.keyset import NoCursor, Order, Place

MOST_DONORS = 64  # that are asked for at once


class ByDonor:
    """By name in the reader's language, then the newest first.

    The donors are put in order, thousands of them; contributions are read from the index of their
    own: those of the first donor, and where a page is left with room, those of the next many.
    """

    def stretches(
        self, rows: QuerySet[Any], place: Place | None, *, backwards: bool
    ) -> Iterator[QuerySet[Any]]:
        """The rows behind the place, as queries in their order."""
        own = Order.of(rows.model, "-pk")
        here = rows.order_by().filter(donor=OuterRef("pk"))
        donors = list(Donor.objects.filter(Exists(here)).in_order().values_list("pk", flat=True))
        if backwards:
            donors.reverse()
        if place is not None:
            donor, key = place
            donors = donors[donors.index(donor) :] if donor in donors else []
            yield from own.stretches(rows.filter(donor=donor), (key,), backwards=backwards)
            donors = donors[1:]
        left, size = iter(donors), 1
        while some := list(islice(left, size)):
            yield self._of(rows, some, "pk" if backwards else "-pk")
            size = MOST_DONORS

    def _of(self, rows: QuerySet[Any], donors: Sequence[int], key: str) -> QuerySet[Any]:
        if len(donors) == 1:
            return rows.filter(donor=donors[0]).order_by(key)
        places = Case(
            *(When(donor=donor, then=Value(place)) for place, donor in enumerate(donors)),
            output_field=IntegerField(),
        )
        return rows.filter(donor__in=donors).order_by(places, key)

    def place_of(self, row: Any) -> Place:
        """The donor, and the row."""
        return row.donor_id, row.pk

    def read(self, values: Sequence[Any]) -> Place:
        """The place that the texts of a cursor stand for. Raises NoCursor."""
        if len(values) != 2 or not all(
            isinstance(one, str) and one.isascii() and one.isdecimal() and len(one) < 19
            for one in values
        ):
            raise NoCursor(values)
        return int(values[0]), int(values[1])
