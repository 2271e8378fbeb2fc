"""Access to the API, asked in the words of the pages."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts.models import User


def holds(*permissions: str) -> type[IsAuthenticated]:
    """Let in who is signed in and holds any of the permissions."""

    class Holds(IsAuthenticated):
        message = _("This is not open to your account.")

        def has_permission(self, request: Request, view: Any) -> bool:
            return super().has_permission(request, view) and any(
                person(request).may(permission) for permission in permissions
            )

    return Holds


def person(request: Request) -> User:
    """The account behind a request that was let in."""
    return cast(User, request.user)
