"""Everybody whose personal data is held: accounts, contacts at donors', invitations."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from donors.models import Contact, Invitation

# RFC 2606 keeps this ending for addresses that lead nowhere.
ERASED_ADDRESS = "erased.invalid"


class PersonKind(models.TextChoices):
    """As what somebody is held. One human being may be held as several; the address tells."""

    CONTACT = "contact", _("Contact at a donor's")
    ACCOUNT = "account", _("Account")
    INVITATION = "invitation", _("Invitation")


@dataclass(frozen=True)
class Person:
    """One row about one person, of any of the kinds."""

    kind: PersonKind
    key: str
    row: Contact | User | Invitation

    @property
    def name(self) -> str:
        """The name as it is held; empty where none is."""
        return self.row.name

    @property
    def email(self) -> str:
        return self.row.email

    @property
    def is_erased(self) -> bool:
        """Whether nothing of the person is left in the row."""
        if isinstance(self.row, Contact):
            return not any((self.row.name, self.row.email, self.row.phone, self.row.address))
        return self.row.email.endswith(f"@{ERASED_ADDRESS}")

    @property
    def told(self) -> str:
        """Where the person stands: the donor of a contact or invitation, the role of an account."""
        if isinstance(self.row, User):
            return str(self.row.get_role_display())
        if isinstance(self.row, Contact):
            return f"{self.row.donor.name}: {self.row.title}"
        return ", ".join(donor.name for donor in self.row.donors.all())


def person_of(row: Contact | User | Invitation) -> Person:
    """The person whom the row is about."""
    if isinstance(row, Contact):
        return Person(PersonKind.CONTACT, str(row.pk), row)
    kind = PersonKind.ACCOUNT if isinstance(row, User) else PersonKind.INVITATION
    return Person(kind, str(row.uuid), row)


def persons(kind: PersonKind, sought: str = "") -> "QuerySet[Any]":
    """The rows of a kind whose name or address holds what is sought, in the order of names."""
    rows = _rows(kind)
    text = sought.strip()
    if text:
        matching = Q(name__icontains=text) | Q(email__icontains=text)
        if kind == PersonKind.CONTACT:
            matching |= Q(phone__icontains=text) | Q(address__icontains=text)
        rows = rows.filter(matching)
    return rows.order_by("name", "pk")


def person_called(kind: str, key: str) -> Person:
    """The person of an address. Raises Http404."""
    if kind not in PersonKind.values:
        raise Http404
    rows = _rows(PersonKind(kind))
    try:
        by = {"pk": int(key)} if kind == PersonKind.CONTACT else {"uuid": UUID(key)}
        row = rows.filter(**by).first()
    except (ValueError, OverflowError):
        raise Http404 from None
    if row is None:
        raise Http404
    return person_of(row)


def same_address(person: Person) -> list[Person]:
    """The other rows with the same e-mail address, because they may be about the same person."""
    if not person.email or person.is_erased:
        return []
    found = [
        person_of(row)
        for kind in PersonKind
        for row in _rows(kind).filter(email__iexact=person.email).order_by("pk")
    ]
    return [one for one in found if (one.kind, one.key) != (person.kind, person.key)]


def _rows(kind: PersonKind) -> "QuerySet[Any]":
    match kind:
        case PersonKind.CONTACT:
            return Contact.objects.select_related("donor")
        case PersonKind.ACCOUNT:
            return User.objects.all()
        case _:
            return Invitation.objects.prefetch_related("donors").select_related("invited_by")
