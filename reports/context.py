"""What every page needs around its content: where one can go."""

from typing import Any

from django.http import HttpRequest

from reports.navigation import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for the person who is signed in; nothing for others."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    here = request.resolver_match.url_name if request.resolver_match else ""
    return {"navigation": navigation(user, here or "")}
