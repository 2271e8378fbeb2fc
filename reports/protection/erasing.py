"""Erases a person: the values go, books, history and seals stay whole."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit.inventory import ABOUT_PERSONS
from accounts.models import ApiKey, Digest, KeptAnswer, SavedView, User
from accounts.permissions import Permission
from accounts.services import record
from donors.models import Contact, Invitation, Representation
from donors.representation import set_end
from interface.errors import PortalError
from reports.protection.holdings import audit_values, mails_of, package_rows
from reports.protection.persons import ERASED_ADDRESS, Person, person_of


class ErasingRefused(PortalError):
    """A person who cannot be erased as things are; the sentence says what to do first."""


@dataclass(frozen=True)
class Erased:
    """How much is gone: fields of the row, values of the audit trail, other rows."""

    fields: int
    audit_values: int
    rows: int


@transaction.atomic
def erase(person: Person, *, by: User | None, now: datetime.datetime) -> Erased:
    """Erase what is held of the person. `by` is empty where a time set for it has run out.

    An account keeps its row, because the books name it, and gets a pseudonym. Raises
    ErasingRefused and PermissionDenied.
    """
    if by is not None and not by.may(Permission.PROTECT_DATA):
        raise PermissionDenied
    why = refusal(person, by)
    if why:
        raise ErasingRefused(why)
    value_count = audit_values(person).delete()[0]
    rows = _mails_erased(person)
    match person.row:
        case Contact() as contact:
            fields = _contact_erased(contact)
        case User() as user:
            fields, more = _account_erased(user, by=by, now=now)
            rows += more
        case Invitation() as invitation:
            fields = _invitation_erased(invitation, by=by, now=now)
    done = Erased(fields, value_count, rows)
    record(
        "erase_person", person.row, by=by,
        after={
            "kind": str(person.kind.value), "fields": list(_personal(person)),
            "audit_values": value_count, "rows": rows, "contact": _key_of_contact(person),
        },
    )  # fmt: skip
    return done


def refusal(person: Person, by: User | None) -> str:
    """Why the person cannot be erased now; empty where nothing stands in the way."""
    if not isinstance(person.row, User):
        return ""
    if by is not None and person.row.pk == by.pk:
        return _("This is your own account. Another administrator erases it.")
    if person.row.is_active:
        return _("This account may still sign in. Shut it out first, on the page Accounts.")
    return ""


def _personal(person: Person) -> tuple[str, ...]:
    return ABOUT_PERSONS[person.row._meta.label].personal


def _key_of_contact(person: Person) -> str:
    return person.key if isinstance(person.row, Contact) else ""


def _contact_erased(contact: Contact) -> int:
    """The post stays, as one that somebody has left; letters do not go there."""
    row = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    names = ABOUT_PERSONS["donors.Contact"].personal
    count = sum(bool(getattr(row, name)) for name in names)
    for name in names:
        setattr(row, name, "")
    row.is_current = row.is_addressee = False
    row.version += 1
    row.save()
    return count


def _account_erased(user: User, *, by: User | None, now: datetime.datetime) -> tuple[int, int]:
    """A pseudonym in place of name and address; factors, sign-ins and kept lists are removed."""
    row = User.objects.select_for_update().get(pk=user.pk)
    rows = sum(one.objects.filter(user=row).delete()[0] for one in (SavedView, ApiKey, KeptAnswer))
    for _model, found in package_rows(row):
        rows += found.delete()[0]
    today = timezone.localdate(now)
    bound = Representation.objects.filter(user=row).select_related("user", "donor")
    for one in bound:
        if by is not None and (one.ends_on is None or one.ends_on > today):
            set_end(one, today, was=one.ends_on, today=today, by=by)
    for invitation in Invitation.objects.filter(user=row):
        erase(person_of(invitation), by=by, now=now)
        rows += 1
    row.name, row.email = f"Former account {row.pk}", f"former-{row.pk}@{ERASED_ADDRESS}"
    row.language = row.report_language = ""
    row.digest, row.is_told_of_updates, row.last_login = Digest.NEVER, False, None
    row.set_unusable_password()
    row.save()
    return len(ABOUT_PERSONS["accounts.User"].personal), rows


def _invitation_erased(invitation: Invitation, *, by: User | None, now: datetime.datetime) -> int:
    """Whom, to which donors and when stays countable; one that still waits is withdrawn."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    row.name, row.email = "", f"invitation-{row.pk}@{ERASED_ADDRESS}"
    if by is not None and row.accepted_at is None and row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = now, by
    row.save()
    return len(ABOUT_PERSONS["donors.Invitation"].personal)


def _mails_erased(person: Person) -> int:
    count = 0
    for mail in mails_of(person):
        mail.address = f"mail-{mail.pk}@{ERASED_ADDRESS}"
        mail.save(update_fields=["address"])
        count += 1
    return count
