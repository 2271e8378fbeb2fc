"""Access is asked in one way: a view names the permission it needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

View = Callable[..., HttpResponseBase]


def signed_in(request: HttpRequest) -> User:
    """The account behind the request; PermissionDenied when there is none."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def _back_to(request: HttpRequest) -> str:
    """Where somebody goes on after signing in: here; for what was sent, the page of its form.

    An act that only takes what is sent has no page of its own.
    """
    here = request.get_full_path()
    if request.method != "POST":
        return here
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return here
    return urlunsplit(("", "", page.path, page.query, ""))


def requires(*permissions: str) -> Callable[[View], View]:
    """Let in who holds any of the permissions; others sign in, or get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_back_to(request))
            if not any(signed_in(request).may(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate
