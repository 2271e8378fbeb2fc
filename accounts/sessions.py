"""How long one stays signed in: until nobody acted for a while, and a day at the longest.

What a page asks for by itself (how far a job is, how much time is left) is no act: it carries the
header Portal-Background. Typing is one; `static/js/session.js` tells of it.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import get_language, ngettext

WARNING_MINUTES = 5  # WCAG 2.2.1 asks for 20 seconds; a form is read through in minutes
WRITTEN_EVERY = 60  # seconds: not every page writes a row
BACKGROUND = "Portal-Background"
_BEGUN, _ACTED = "begun_at", "acted_at"
HEALTH = ("/healthz", "/readyz")  # they answer without a database, whatever cookie is sent along


def seconds_left(session: SessionBase, now: float) -> int:
    """Until the sign-in ends, in whole seconds; 0 when it has, or when nobody is signed in."""
    if SESSION_KEY not in session:
        return 0
    idle = session.get(_ACTED, now) + settings.SESSION_COOKIE_AGE
    longest = session.get(_BEGUN, now) + settings.SESSION_LONGEST_SECONDS
    return max(0, int(min(idle, longest) - now))


def is_near_the_end(session: SessionBase, now: float) -> bool:
    """Whether acting no longer puts off the end: the longest time ends first."""
    longest = session.get(_BEGUN, now) + settings.SESSION_LONGEST_SECONDS
    return bool(longest - now < settings.SESSION_COOKIE_AGE)


def keep(session: SessionBase, now: float) -> None:
    """Note that somebody acted; the time without an act begins anew."""
    if _BEGUN not in session:
        session[_BEGUN] = session[_ACTED] = now
    elif now - session[_ACTED] >= WRITTEN_EVERY:
        session[_ACTED] = now


def begun_at(session: SessionBase, now: float) -> float:
    """When the person signed in; long ago where nobody did."""
    return float(session.get(_BEGUN, now)) if SESSION_KEY in session else 0.0


@receiver(user_logged_in)
def begin(request: HttpRequest, **_more: Any) -> None:
    """The times begin with signing in, in the session that it writes anyway."""
    keep(request.session, time.time())


class SessionLimitsMiddleware:
    """Signs out whose time is over, and notes acts. Stands behind AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH:
            return self.get_response(request)
        # A session that nobody sent is not asked for: the answer to that would vary by cookie.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            if seconds_left(request.session, time.time()) == 0:
                logout(request)
            elif BACKGROUND not in request.headers:
                keep(request.session, time.time())
        return _not_inside_a_page(request, self.get_response(request))


def _not_inside_a_page(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """HTMX would show the sign-in page where it wanted a part of a page: the whole page goes.

    What was asked in the background is answered with nothing; the dialog says that time is over.
    """
    asked = request.headers.get("HX-Request") == "true" and response.status_code == 302
    sign_in = resolve_url(settings.LOGIN_URL)
    if not asked or not response.headers.get("Location", "").startswith(sign_in):
        return response
    if BACKGROUND in request.headers:
        return HttpResponse(status=204)
    page = request.htmx.current_url_abs_path or request.get_full_path()  # type: ignore[attr-defined]
    return HttpResponse(headers={"HX-Redirect": redirect_to_login(page).url})


def notice(request: HttpRequest) -> dict[str, Any]:
    """For every page of somebody signed in: what the dialog before the end says, and when."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "session_seconds": seconds_left(request.session, time.time()),
        "session_warning": WARNING_MINUTES * 60,
        "session_minutes": _sentences(get_language() or settings.LANGUAGE_CODE),
    }


@cache
def _sentences(language: str) -> list[tuple[int, str]]:
    """For each minute left what the dialog says, in the language, which is the active one."""
    return [(minutes, _in(minutes)) for minutes in range(WARNING_MINUTES, 0, -1)]


def _in(minutes: int) -> str:
    sentence = ngettext(
        "You will be signed out in %(minutes)s minute.",
        "You will be signed out in %(minutes)s minutes.",
        minutes,
    )
    return sentence % {"minutes": minutes}
