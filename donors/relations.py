"""Contacts at a donor's, and what passed between the donor and the agency."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Contact, Donor, DonorDocument, Engagement
from interface.conflicts import EditConflict
from interface.errors import PortalError

CONTACT_FIELDS = (
    "title", "name", "email", "phone", "address", "is_current", "is_addressee",
)  # fmt: skip
ENGAGEMENT_FIELDS = ("kind", "happened_on", "subject", "summary", "is_from_donor", "document")


class RelationWrong(PortalError):
    """A contact or an engagement that cannot be kept as it was typed."""


@transaction.atomic
def add_contact(donor: Donor, typed: Mapping[str, Any], *, by: User) -> Contact:
    """Add a post or person to write to; the fields are those of CONTACT_FIELDS."""
    _refuse_strangers(by)
    row = Contact(donor=donor, **_contact(typed))
    row.save(force_insert=True)
    record("add_contact", donor, by=by, after={"contact": row.pk, **_told(row, CONTACT_FIELDS)})
    return row


@transaction.atomic
def edit_contact(contact: Contact, typed: Mapping[str, Any], *, version: int, by: User) -> Contact:
    """Change a contact, or end it (`is_current`). Raises EditConflict."""
    _refuse_strangers(by)
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    _change(row, _contact(typed), CONTACT_FIELDS, version=version, act="edit_contact", by=by)
    return row


@transaction.atomic
def add_engagement(
    donor: Donor, typed: Mapping[str, Any], *, by: User, today: datetime.date
) -> Engagement:
    """Write down a letter, meeting, dialogue, event or call. Raises RelationWrong."""
    _refuse_strangers(by)
    _check_engagement(donor, typed, today)
    row = Engagement(donor=donor, recorded_by=by, **_only(typed, ENGAGEMENT_FIELDS))
    row.save(force_insert=True)
    after = {"engagement": str(row.uuid), **_told(row, ENGAGEMENT_FIELDS)}
    record("add_engagement", donor, by=by, after=after)
    return row


@transaction.atomic
def edit_engagement(
    engagement: Engagement, typed: Mapping[str, Any], *, version: int, by: User,
    today: datetime.date,
) -> Engagement:  # fmt: skip
    """Change what was written down. Raises EditConflict and RelationWrong."""
    _refuse_strangers(by)
    row = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    _check_engagement(row.donor, typed, today)
    changed = _only(typed, ENGAGEMENT_FIELDS)
    _change(row, changed, ENGAGEMENT_FIELDS, version=version, act="edit_engagement", by=by)
    return row


def _refuse_strangers(by: User) -> None:
    if not by.may(Permission.EDIT_DONORS):
        raise PermissionDenied


def _contact(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Letters do not go to a post that somebody has left."""
    found = _only(typed, CONTACT_FIELDS)
    found["is_addressee"] = found["is_addressee"] and found["is_current"]
    return found


def _check_engagement(donor: Donor, typed: Mapping[str, Any], today: datetime.date) -> None:
    if typed["happened_on"] > today:
        raise RelationWrong(
            _("The day lies in the future. Write down what has happened."), field="happened_on"
        )
    document: DonorDocument | None = typed["document"]
    if document and document.donor_id != donor.pk:
        raise RelationWrong(_("The document is another donor's."), field="document")


def _change(
    row: Any, typed: Mapping[str, Any], fields: tuple[str, ...], *, version: int, act: str, by: User
) -> None:
    if row.version != version:
        raise EditConflict()
    before = _told(row, fields)
    for name, value in typed.items():
        setattr(row, name, value)
    after = _told(row, fields)
    changed = [name for name in fields if before[name] != after[name]]
    if not changed:
        return
    row.version += 1
    row.save()
    key = {row._meta.model_name: str(getattr(row, "uuid", row.pk))}
    record(
        act, row.donor, by=by,
        before={**key, **{name: before[name] for name in changed}},
        after={**key, **{name: after[name] for name in changed}},
    )  # fmt: skip


def _only(typed: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: typed[name] for name in fields}


def _told(row: models.Model, fields: tuple[str, ...]) -> dict[str, Any]:
    """The fields as the audit trail keeps them."""
    told: dict[str, Any] = {}
    for name in fields:
        value = getattr(row, name)
        if isinstance(value, DonorDocument):
            value = str(value.uuid)
        elif isinstance(value, datetime.date):
            value = value.isoformat()
        told[name] = "" if value is None else value
    return told
