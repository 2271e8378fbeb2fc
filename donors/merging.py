"""Two rows for one donor become one: a dated pointer. No entry moves, and it can be undone."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEvent, User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Donor
from donors.querysets import LONGEST_CHAIN
from interface.errors import PortalError

MERGE = "merge_donors"
UNMERGE = "unmerge_donors"


class MergeRefused(PortalError):
    """Two donors that cannot be made one, or not as they stand."""


@transaction.atomic
def merge_donors(
    gone: Donor, kept: Donor, *, because: str, by: User, today: datetime.date
) -> Donor:
    """From now on `gone` is `kept`: its names find it, its money is shown with it.

    Entries, contributions, contacts, engagements and documents stay with `gone` and are read with
    those of `kept`. Parts of `gone` become parts of `kept`. Where one wishes to stay unnamed both
    do. Raises MergeRefused.
    """
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied
    rows = Donor.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([gone.pk, kept.pk])
    gone, kept = rows[gone.pk], rows[kept.pk]
    check_merge(gone, kept, today)
    if not because.strip():
        raise MergeRefused(_("Say why the two are one donor."), field="because")
    moved = _move_parts(gone, kept, by=by)
    unnamed = _share_wish(gone, kept)
    gone.merged_into, gone.merged_on = kept, today
    gone.save(update_fields=["merged_into", "merged_on"])
    after = {"gone": gone.code, "kept": kept.code, "merged_on": today.isoformat(),
             "because": because.strip(), "parts": moved, "is_unnamed": unnamed}  # fmt: skip
    for donor in (gone, kept):
        record(MERGE, donor, by=by, after=after)
    return kept


@transaction.atomic
def unmerge_donor(gone: Donor, *, because: str, by: User) -> Donor:
    """Undo a merge: both stand for themselves again, and get back the parts that were theirs.

    A wish to stay unnamed that one took over from the other stays with both.
    """
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied
    gone = Donor.objects.select_for_update(of=("self",)).get(pk=gone.pk)
    kept, merged_on = gone.merged_into, gone.merged_on
    if kept is None or merged_on is None:
        raise MergeRefused(_("This donor is not merged into another."))
    if not because.strip():
        raise MergeRefused(_("Say why the two are not one donor."), field="because")
    returned = _return_parts(gone, by=by)
    gone.merged_into = gone.merged_on = None
    gone.save(update_fields=["merged_into", "merged_on"])
    before = {"gone": gone.code, "kept": kept.code, "merged_on": merged_on.isoformat()}
    after = {"because": because.strip(), "parts": returned}
    for donor in (gone, kept):
        record(UNMERGE, donor, by=by, before=before, after=after)
    return gone


def check_merge(gone: Donor, kept: Donor, today: datetime.date) -> None:
    """Raises MergeRefused when the two cannot be merged as they stand."""
    if gone.pk == kept.pk:
        raise MergeRefused(_("A donor cannot be merged into itself."), field="kept")
    for donor in (gone, kept):
        if donor.merged_into_id:
            raise MergeRefused(
                _("%(donor)s is merged into another donor already.") % {"donor": donor.name},
                field="kept",
            )
    if gone.is_member_state:
        raise MergeRefused(
            _("%(donor)s is a Member State and stays. Merge the other one into it.")
            % {"donor": gone.name}
        )
    if gone.representations.in_force(today).exists():
        raise MergeRefused(
            _(
                "%(donor)s has a representative, who would lose its file. The administrator binds "
                "the representative to %(kept)s and ends the old representation first."
            )
            % {"donor": gone.name, "kept": kept.name}
        )
    if _longest_below(gone) + 2 > LONGEST_CHAIN:
        raise MergeRefused(
            _("Others were merged into %(donor)s, and others into these. Undo one of those first.")
            % {"donor": gone.name}
        )


def _longest_below(donor: Donor) -> int:
    """How many merges lead to the donor, one behind the other."""
    count, level = 0, [donor.pk]
    while level := list(Donor.objects.filter(merged_into__in=level).values_list("pk", flat=True)):
        count += 1
    return count


def _move_parts(gone: Donor, kept: Donor, *, by: User) -> dict[str, list[str]]:
    """Parts of `gone` become parts of `kept`; what `kept` is itself a part of goes one up."""
    above = _above(kept)
    moved = {}
    for part in gone.parts.order_by("pk"):
        parent = gone.parent if part.pk in above else kept
        moved[part.code] = [gone.code, parent.code if parent else ""]
        _set_parent(part, parent, before=gone.code, act=MERGE, by=by)
    kept.refresh_from_db()
    return moved


def _above(donor: Donor) -> set[int]:
    """The donor and all it is a part of."""
    found: set[int] = set()
    step: Donor | None = donor
    while step is not None and step.pk not in found:
        found.add(step.pk)
        step = step.parent
    return found


def _return_parts(gone: Donor, *, by: User) -> list[str]:
    """Back go the parts that the merge moved and nobody moved since."""
    moved = _last_merge(gone).get("parts", {})
    returned = []
    for part in _of_codes(moved):
        now = part.parent.code if part.parent else ""
        if now == moved[part.code][1]:
            _set_parent(part, gone, before=now, act=UNMERGE, by=by)
            returned.append(part.code)
    return returned


def _of_codes(codes: Iterable[str]) -> list[Donor]:
    return list(Donor.objects.filter(code__in=list(codes)).select_related("parent").order_by("pk"))


def _last_merge(gone: Donor) -> dict[str, Any]:
    events = AuditEvent.objects.filter(
        subject=Donor._meta.label_lower, subject_id=str(gone.pk), act=MERGE
    ).order_by("-pk")
    of_it = (event.after for event in events if event.after.get("gone") == gone.code)
    return next(of_it, {})


def _set_parent(part: Donor, parent: Donor | None, *, before: str, act: str, by: User) -> None:
    part.parent = parent
    part.version += 1  # an open form on it is out of date
    part.save(update_fields=["parent", "version"])
    record(
        act, part, by=by,
        before={"parent": before}, after={"parent": parent.code if parent else ""},
    )  # fmt: skip


def _share_wish(gone: Donor, kept: Donor) -> bool:
    """Whether both stay unnamed from now on, with all that were merged into them."""
    if gone.is_unnamed == kept.is_unnamed:
        return kept.is_unnamed
    for donor in (gone, kept):
        family = Donor.objects.with_merged(donor).filter(is_unnamed=False)
        family.update(is_unnamed=True)
        donor.is_unnamed = True
    Donor.objects.filter(pk=kept.pk).update(version=kept.version + 1)
    return True
