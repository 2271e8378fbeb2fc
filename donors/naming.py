"""How a donor is called on pages and in files that not only staff read: the one place."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from donors.models import Donor

UNNAMED = "unnamed"  # stands where a donor's code would


def knows_unnamed(user: User) -> bool:
    """Whether the person reads the names of donors that wish to stay unnamed.

    Staff do. A representative does, too: everything they may see is their own donor's.
    """
    return user.may(Permission.VIEW_BANK_DATA) or user.may(Permission.VIEW_OWN_DONORS)


def is_hidden(donor: Donor, *, knows: bool = False) -> bool:
    """Whether neither the donor's name nor its code may be shown to the reader."""
    return donor.is_unnamed and not knows


def shown_name(donor: Donor, *, knows: bool = False) -> str:
    """The donor's name, or what stands in its place; `knows` is `knows_unnamed(reader)`."""
    return unnamed_label() if is_hidden(donor, knows=knows) else donor.name


def shown_code(donor: Donor, *, knows: bool = False) -> str:
    """The donor's code, or what stands in its place."""
    return UNNAMED if is_hidden(donor, knows=knows) else donor.code


def may_ask_for(code: str, user: User) -> bool:
    """Whether the person may ask what the donor with the code gave; no code asks for none.

    Otherwise the entries found would give the name away.
    """
    if not code or knows_unnamed(user):
        return True
    return not Donor.objects.filter(code=code, is_unnamed=True).exists()


def unnamed_together() -> str:
    """What stands for all donors that wish to stay unnamed, where they are counted as one."""
    return _("Donors that wish to stay unnamed")


def unnamed_label() -> str:
    """What stands in the place of a name, in the reader's language."""
    return _("Donor that wishes to stay unnamed")
