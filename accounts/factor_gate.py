"""Nothing opens without the second factor that a role has to have, but setting one up."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from accounts import factors
from accounts.sessions import BACKGROUND, HEALTH
from interface.problems import API, problem

# What is open meanwhile: the pages that set a factor up, those that ask for the password before,
# and what every page has around it.
OPEN = frozenset({
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "sign_out", "session", "set_language",
})  # fmt: skip
WANTED = "wanted_before_the_factor"  # in the session: the page to go to afterwards


class SecondFactorMiddleware:
    """Leads who is signed in without the factor of their role to setting it up.

    Stands behind AuthenticationMiddleware and what may sign somebody out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        if not factors.is_missing(request, request.user) or _is_open(request.path_info):
            return self.get_response(request)
        return _refusal(request)


def _is_open(path: str) -> bool:
    try:
        return resolve(path).url_name in OPEN
    except Resolver404:
        return False


def _refusal(request: HttpRequest) -> HttpResponse:
    """To programs a problem (RFC 9457), to a part of a page nothing or the whole page."""
    if request.path_info.startswith(API):
        sentence = _("Set up a second factor first.")
        return problem(request, 403, sentence, code="second_factor_missing")
    if BACKGROUND in request.headers:
        return HttpResponse(status=204)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": reverse("mfa_index")})
    if request.method == "GET":
        request.session[WANTED] = request.get_full_path()
    return redirect("mfa_index")
