"""Access is asked in one way: a view names the permission it needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import perform_login
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.models import User
from interface.addresses import page_address

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """The account behind the request; PermissionDenied when there is none."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def requires(*permissions: str) -> Callable[[View], View]:
    """Let in who holds any of the permissions; others sign in, or get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(page_address(request))
            if not any(signed_in(request).may(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in by the one door who has just proved who they are otherwise; leads to the first page.

    The door asks for the second factor, where the account has one.
    """
    response: HttpResponse = perform_login(request, user, email_verification="none")
    return response
