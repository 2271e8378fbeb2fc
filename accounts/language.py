"""The language a reader gets: of the address, else of the account, the cookie, the browser."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import translate_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views import i18n
from django.views.decorators.http import require_POST

from accounts.settings_views import change_settings


class AddressLanguageMiddleware(LocaleMiddleware):
    """Of the address, else of the cookie and the browser; leads to public pages that lack theirs.

    Only from addresses that mean nothing themselves: a page that is not there for this reader is
    not looked for among the public ones, some of which have the same address behind a language.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.status_code != HTTPStatus.NOT_FOUND or not request.resolver_match:
            return super().process_response(request, response)
        if not translation.get_language_from_path(request.path_info):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class AccountLanguageMiddleware:
    """Answers in the language of the account, where the address names none.

    Stands behind AddressLanguageMiddleware, which has read address, cookie and browser, and behind
    what may sign somebody out. Who sends no session is not asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = _of_the_account(request)
        if language and not translation.get_language_from_path(request.path_info):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


def _of_the_account(request: HttpRequest) -> str:
    """Empty for who is signed out or has chosen none that the portal speaks."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return ""
    language: str = request.user.language
    return language if language in dict(settings.LANGUAGES) else ""


@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Change the reader's language, in the account too, and go back to the page.

    Django reads `next` in the language that is active now; an address may be in another.
    """
    language = request.POST.get(i18n.LANGUAGE_QUERY_PARAMETER, "")
    response = i18n.set_language(request)
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated and request.user.language != language:
        change_settings(request.user, language=language)
    back = response.headers.get("Location", "")
    if written_in := translation.get_language_from_path(urlsplit(back).path):
        with translation.override(written_in):
            response.headers["Location"] = translate_url(back, language)
    return response
