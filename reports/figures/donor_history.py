"""Every change of a donor and of what is kept about it, from the audit trail, in words."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.audit.personal import with_values
from accounts.models import AuditEvent, User
from donors.models import Donor

LONGEST = 300  # letters of one value
# What only leads from a row to its record, or is told by the act itself.
NOT_TOLD = frozenset(
    {
        "contact", "engagement", "document", "clearance", "token", "sha256", "books", "sequence",
        "hash", "approach", "letter", "donor",
    }
)  # fmt: skip
PERSONS = frozenset({"focal_point"})


@dataclass(frozen=True)
class Change:
    """One field with what it was and what it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One act by one person."""

    at: datetime.datetime
    act: str
    by: str
    changes: tuple[Change, ...]


def history_of(same: Iterable[Donor], most: int) -> tuple[Event, ...]:
    """The acts about the donors, the latest first, one more than `most`; two queries."""
    events = with_values(
        AuditEvent.objects.filter(
            subject=Donor._meta.label_lower, subject_id__in=[str(donor.pk) for donor in same]
        ).order_by("-pk")[: most + 1]
    )
    names = _names_of(events)
    return tuple(
        Event(
            at=event.at,
            act=act_labels().get(event.act, event.act),
            by=names.get(event.by, "") if event.by else _("the portal itself"),
            changes=_changes(event, names),
        )
        for event in events
    )


def _names_of(events: Iterable[AuditEvent]) -> Mapping[uuid.UUID, str]:
    wanted = {event.by for event in events if event.by}
    for event in events:
        for side in (event.before, event.after):
            wanted |= {uuid.UUID(side[key]) for key in PERSONS if side.get(key)}
    return dict(User.objects.filter(uuid__in=wanted).values_list("uuid", "name"))


def _changes(event: AuditEvent, names: Mapping[uuid.UUID, str]) -> tuple[Change, ...]:
    found = []
    for key in dict.fromkeys((*event.before, *event.after)):
        before = _text(key, event.before.get(key), names)
        after = _text(key, event.after.get(key), names)
        if key not in NOT_TOLD and before != after:
            found.append(Change(field_labels().get(key, key), before, after))
    return tuple(found)


def _text(key: str, value: Any, names: Mapping[uuid.UUID, str]) -> str:
    if value in (None, "", [], {}):
        return ""
    if key in PERSONS:
        return names.get(uuid.UUID(value), "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{part}: {_text('', one, names)}" for part, one in value.items())
    if isinstance(value, list):
        return "; ".join(_text("", one, names) for one in value)
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def act_labels() -> dict[str, str]:
    """What the acts are called, in the reader's language."""
    return {
        "add_donor": _("Donor added"),
        "edit_donor": _("Donor changed"),
        "merge_donors": _("Donors merged"),
        "unmerge_donors": _("Merge undone"),
        "add_contact": _("Contact added"),
        "edit_contact": _("Contact changed"),
        "add_engagement": _("Letter, meeting or call added"),
        "edit_engagement": _("Letter, meeting or call changed"),
        "add_document": _("Document added"),
        "request_clearance": _("Clearance asked for"),
        "decide_clearance": _("Clearance decided"),
        "make_letter": _("Letter"),
        "view_as_donor": _("Looked at as the donor sees it"),
        "download_archive": _("Archive downloaded"),
    }


def field_labels() -> dict[str, str]:
    """What the fields are called, in the reader's language."""
    return {
        "code": _("Code"), "names": _("Names"), "former": _("Former names"),
        "aliases": _("Also known as"), "erp": _("Business partner of the ERP"),
        "iati": _("IATI identifier"), "ceb": _("UN CEB contributor"), "fts": _("FTS identifier"),
        "contributor_type": _("Contributor type"), "area": _("Country or area"),
        "parent": _("Part of"), "parts": _("Its parts"), "focal_point": _("Focal point"),
        "language": _("Language of letters"), "is_unnamed": _("Wishes to stay unnamed"),
        "note": _("Note"), "gone": _("Merged donor"), "kept": _("Kept as"),
        "merged_on": _("Merged on"), "because": _("Reason"), "title": _("Title"),
        "name": _("Name"), "email": _("E-mail address"), "phone": _("Telephone"),
        "address": _("Postal address"), "is_current": _("Still in this post"),
        "is_addressee": _("Letters go to this post"), "kind": _("Kind"),
        "happened_on": _("Day"), "subject": _("Subject"), "summary": _("Summary"),
        "is_from_donor": _("From the donor"), "dated_on": _("Date of the document"),
        "file_name": _("File"), "media_type": _("Type of file"), "state": _("State"),
        "reference": _("Reference"), "valid_from_on": _("Valid from"),
        "valid_until_on": _("Valid until"),
    }  # fmt: skip
