"""The accounts of the demonstration: one of each role, with a password that everybody may know."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction

from accounts.models import User
from accounts.permissions import Role
from accounts.services import open_account, refuse_demonstration_accounts

# Public on purpose; that is why the portal refuses to start with these accounts elsewhere.
PASSWORD = "habitat-demonstration"
EMAILS: dict[Role, str] = {
    Role.OFFICER: "officer@demo.example",
    Role.REVIEWER: "reviewer@demo.example",
    Role.BOARD: "board@demo.example",
    Role.REPRESENTATIVE: "sweden@demo.example",
    Role.ADMINISTRATOR: "admin@demo.example",
}
# Somebody else's drafts, so that two officers' work can be told apart.
SECOND_OFFICER_EMAIL = "second.officer@demo.example"
NAMES: dict[Role, str] = {
    Role.OFFICER: "Partnerships officer (demonstration)",
    Role.REVIEWER: "Finance reviewer (demonstration)",
    Role.BOARD: "Executive Board member (demonstration)",
    Role.REPRESENTATIVE: "Representative of Sweden (demonstration)",
    Role.ADMINISTRATOR: "Administrator (demonstration)",
}
SECOND_OFFICER_NAME = "Second partnerships officer (demonstration)"


@transaction.atomic
def open_demonstration_accounts() -> dict[Role, User]:
    """Open the accounts that are missing; returns the one of each role, the first officer.

    Raises ImproperlyConfigured outside demo and test mode.
    """
    if settings.PORTAL_MODE.value not in ("demo", "test"):
        raise ImproperlyConfigured(
            "Demonstration accounts have a public password: they are opened in demo mode only "
            "(PORTAL_MODE=demo)."
        )
    accounts = {role: _opened(email, NAMES[role], role) for role, email in EMAILS.items()}
    _opened(SECOND_OFFICER_EMAIL, SECOND_OFFICER_NAME, Role.OFFICER)
    return accounts


def _opened(email: str, name: str, role: Role) -> User:
    found = User.objects.filter(email__iexact=email).first()
    if found and not found.is_demonstration:
        raise ImproperlyConfigured(f"{email} is the account of a person, not a demonstration's.")
    return found or open_account(
        email=email, name=name, role=role, password=PASSWORD, by=None, demo=True
    )


def refuse_start(*, is_demo: bool) -> None:
    """Raise ImproperlyConfigured when the portal must not start on this database.

    That is when it holds demonstration accounts outside demo mode, when it was never migrated,
    or when it cannot be reached.
    """
    try:
        refuse_demonstration_accounts(is_demo=is_demo)
        User.objects.exists()
    except DatabaseError as error:
        raise ImproperlyConfigured(
            "The database cannot be read. If it is new, run `manage.py migrate` first; if not, "
            f"see that it runs and that DATABASE_URL names it. It says: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
