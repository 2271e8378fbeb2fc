"""What every page needs around its content: where one can go, and in which books one is."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission

# Label, name of the address, the permission that shows it.
PLACES = (
    (_("Home"), "home", Permission.ENTER_INCOME),
    (_("Dashboard"), "dashboard", Permission.VIEW_BOARD),
    (_("History"), "history", Permission.VIEW_BOARD),
    (_("Targets"), "target_list", Permission.VIEW_BOARD),
    (_("Published figures"), "published_list", Permission.VIEW_BOARD),
    (_("Indicators"), "indicator_list", Permission.VIEW_BOARD),
    (_("Donors"), "donor_list", Permission.VIEW_DONORS),
    (_("Contributions"), "contribution_list", Permission.VIEW_DONORS),
    (_("Reviews"), "draft_list", Permission.ENTER_INCOME),
    (_("Months"), "month_list", Permission.CLOSE_MONTHS),
    (_("Accounts"), "account_list", Permission.MANAGE_ACCOUNTS),
    (_("Representatives"), "representation_list", Permission.MANAGE_ACCOUNTS),
    (_("Audit trail"), "audit_list", Permission.VIEW_AUDIT),
    (_("Our contributions"), "my_donor", Permission.VIEW_OWN_DONORS),
)


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    label: str
    url: str
    is_current: bool


def portal(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for the person who is signed in; nothing for others."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "navigation": [
            Place(str(label), reverse(name), name == here)
            for label, name, permission in PLACES
            if user.may(permission)
        ]
    }
