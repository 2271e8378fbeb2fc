"""Donors taken together: a government with its agencies, or all donors of a contributor type.

Merges are followed first: a donor that was merged into another is that other. With
`hides_unnamed` a donor that wishes to stay unnamed belongs to nobody and nobody to it, so that
no family tells who it is. All functions take a few queries, whatever the number of donors.
"""

from collections.abc import Iterable

from donors.models import Donor
from donors.querysets import DonorQuerySet


def tops(donors: Iterable[Donor], *, hides_unnamed: bool = False) -> dict[int, Donor]:
    """For each donor (by primary key) the one at the top of its parents; itself without any."""
    asked = {donor.pk: donor for donor in donors}
    known = dict(asked)
    while further := {
        pk for donor in known.values() for pk in (_above(donor),) if pk and pk not in known
    }:
        known |= Donor.objects.select_related("contributor_type").in_bulk(further)
    return {pk: _top(donor, known, hides_unnamed) for pk, donor in asked.items()}


def _above(donor: Donor) -> int | None:
    return donor.merged_into_id or donor.parent_id


def _top(donor: Donor, known: dict[int, Donor], hides_unnamed: bool) -> Donor:
    top = _kept(donor, known)
    for _step in known:  # a chain is never longer than the donors in it
        if top.parent_id is None:
            break
        above = _kept(known[top.parent_id], known)
        if hides_unnamed and (top.is_unnamed or above.is_unnamed):
            break
        top = above
    return top


def _kept(donor: Donor, known: dict[int, Donor]) -> Donor:
    """What the donor is today: itself, if not merged."""
    for _step in known:
        if donor.merged_into_id is None:
            break
        donor = known[donor.merged_into_id]
    return donor


def family_of(donor: Donor, *, hides_unnamed: bool = False) -> set[int]:
    """The donor, its parts with theirs, and all that were merged into any of them."""
    if not hides_unnamed:
        return _grown({donor.pk}, Donor.objects.standing())
    if donor.is_unnamed:
        return _grown({donor.pk}, Donor.objects.none())
    return _grown({donor.pk}, Donor.objects.standing().filter(is_unnamed=False))


def of_type(code: str) -> set[int]:
    """The donors of a contributor type, and all that were merged into them."""
    standing = Donor.objects.standing().filter(contributor_type=code)
    return _grown(set(standing.values_list("pk", flat=True)), Donor.objects.none())


def _grown(found: set[int], parts: DonorQuerySet) -> set[int]:
    """With all that were merged into any of them, and those of `parts` that are part of one."""
    newer = found
    while newer:
        merged = Donor.objects.filter(merged_into__in=newer)
        more = set(merged.values_list("pk", flat=True))
        more |= set(parts.filter(parent__in=newer).values_list("pk", flat=True))
        newer = more - found
        found = found | newer
    return found


def became() -> dict[int, int]:
    """For each donor that was merged (by primary key) the one it is today; one query."""
    merged = Donor.objects.filter(merged_into__isnull=False)
    into: dict[int, int] = dict(merged.values_list("pk", "merged_into_id"))
    return {donor: _end(donor, into) for donor in into}


def _end(donor: int, into: dict[int, int]) -> int:
    for _step in into:  # a chain is never longer than the donors in it
        if donor not in into:
            break
        donor = into[donor]
    return donor
