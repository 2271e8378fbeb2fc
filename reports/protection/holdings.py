"""What is held of a person, where, and what of it stays when the person is erased."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.audit.inventory import ABOUT_PERSONS, OF_PACKAGES
from accounts.audit.personal import as_json
from accounts.models import ApiKey, AuditEvent, AuditValue, KeptAnswer, SavedView, User
from donors.models import Contact, Engagement, Invitation
from jobs.models import OutgoingMail
from reports.protection.persons import Person

CONTACT_ACTS = ("add_contact", "edit_contact")


@dataclass(frozen=True)
class Holding:
    """One value: in which table, of which row, in which field."""

    table: str
    key: str
    field: str
    value: str


@dataclass(frozen=True)
class Kept:
    """What stays after erasing, how many rows of it there are, and why."""

    what: str
    count: int
    because: str


def holdings(person: Person) -> list[Holding]:
    """Every personal value of the person, field by field, as the inventory lists them."""
    held = list(_of_row(person.row))
    if isinstance(person.row, User):
        for rows in (person.row.saved_views, person.row.api_keys, person.row.kept_answers):
            for one in rows.order_by("pk"):
                held += _of_row(one)
        held += [
            Holding(label, str(count), "", _("rows of signing in"))
            for label, count in _of_packages(person.row)
        ]
    for mail in mails_of(person):
        held += _of_row(mail)
    held += [
        Holding("accounts.AuditValue", str(row.event_id), row.field, _plain(row.value))
        for row in audit_values(person).order_by("event_id", "pk")
    ]
    return held


def _of_row(row: models.Model) -> Iterator[Holding]:
    label = row._meta.label
    for name in ABOUT_PERSONS[label].personal:
        if value := getattr(row, name):
            yield Holding(label, str(row.pk), name, str(value))


def _of_packages(user: User) -> Iterator[tuple[str, int]]:
    for model, found in package_rows(user):
        if count := found.count():
            yield model._meta.label, count


def package_rows(user: User) -> "Iterator[tuple[type[models.Model], QuerySet[models.Model]]]":
    """The rows of installed packages that belong to the account."""
    for model in apps.get_models():
        if model._meta.app_label not in OF_PACKAGES:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is User:
                yield model, model._base_manager.filter(**{field.name: user})


def mails_of(person: Person) -> "QuerySet[OutgoingMail]":
    """Mail of the outbox to the address, of a person without an account."""
    if not person.email:
        return OutgoingMail.objects.none()
    return OutgoingMail.objects.filter(address__iexact=person.email).order_by("pk")


def audit_values(person: Person) -> "QuerySet[AuditValue]":
    """The personal values of the person in the audit trail.

    Those of events about the person's row, those with the same e-mail address, and of an account
    also the network addresses it acted from.
    """
    row = person.row
    if isinstance(row, Contact):
        keys = [row.pk, str(row.pk)]
        about = Q(event__act__in=CONTACT_ACTS, event__subject_id=str(row.donor_id)) & (
            Q(event__after__contact__in=keys)
        )
    elif isinstance(row, User):
        about = Q(event__subject="accounts.user", event__subject_id=str(row.pk))
        about |= Q(event__by=row.uuid, field__in=("ip", "q", "who"))
    else:
        about = Q(event__subject="donors.invitation", event__subject_id=str(row.pk))
    if person.email and not person.is_erased:
        about |= Q(value__iexact=as_json(person.email))
    return AuditValue.objects.filter(about)


def kept(person: Person) -> list[Kept]:
    """What stays, with its reason; nothing of it holds a name unless it says so."""
    row = person.row
    found = [
        Kept(
            _("Events of the audit trail"), _events(person).count(),
            _("They say what was done. Of erased values only a salted digest is left in them."),
        )
    ]  # fmt: skip
    if isinstance(row, User):
        found.append(
            Kept(
                _("Rows of the books and files that name this account"), _named_in(row),
                _("The books must show who entered and who approved. They show a pseudonym."),
            )
        )  # fmt: skip
    if person.name:
        found.append(
            Kept(
                _("Letters, meetings and calls that mention the name"), _mentions(person.name),
                _("They are the record of a donor's relation, in an officer's words. An officer "
                  "changes them on the donor's page where it is right."),
            )
        )  # fmt: skip
    found.append(
        Kept(
            _("Documents, filed letters and backups"), 0,
            _("Papers of the books stay as they came. Backups are overwritten in their turn; "
              "after a restore the erasing is done again."),
        )
    )  # fmt: skip
    return found


def _events(person: Person) -> "QuerySet[AuditEvent]":
    row = person.row
    if isinstance(row, User):
        mine = Q(by=row.uuid) | Q(subject="accounts.user", subject_id=str(row.pk))
        return AuditEvent.objects.filter(mine)
    if isinstance(row, Invitation):
        return AuditEvent.objects.filter(subject="donors.invitation", subject_id=str(row.pk))
    keys = [row.pk, str(row.pk)]
    return AuditEvent.objects.filter(
        act__in=CONTACT_ACTS, subject_id=str(row.donor_id), after__contact__in=keys
    )


def _mentions(name: str) -> int:
    named = Q(summary__icontains=name) | Q(subject__icontains=name)
    return Engagement.objects.filter(named).count()


def _named_in(user: User) -> int:
    """How many rows of our own tables point to the account, besides what is removed with it."""
    count = 0
    for relation in user._meta.related_objects:
        model = relation.related_model
        if model in (SavedView, ApiKey, KeptAnswer) or model._meta.app_label in OF_PACKAGES:
            continue
        count += model._base_manager.filter(**{relation.field.name: user}).count()
    return count


def _plain(value: str) -> str:
    read = json.loads(value)
    return read if isinstance(read, str) else value
