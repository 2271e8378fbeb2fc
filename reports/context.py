"""What every page needs around its content: where one can go."""

from typing import Any

from django.http import HttpRequest

from accounts.permissions import Permission
from reports.navigation import navigation
from reports.open.places import menu


def portal(request: HttpRequest) -> dict[str, Any]:
    """For who is signed in: `navigation`, and whether forms lead to adding a donor.

    For everybody else, on public pages: `public_places`, those that are open.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"public_places": menu(request)}
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "navigation": navigation(user, here or ""),
        "may_add_donors": user.may(Permission.EDIT_DONORS),
    }
