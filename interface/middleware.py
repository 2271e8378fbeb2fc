"""What every request is asked for, and every response carries, beyond what Django does."""

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from interface.error_pages import bad_request, error_page
from interface.problems import API, problem

GetResponse = Callable[[HttpRequest], HttpResponseBase]

REQUEST_ID_HEADER = "X-Request-ID"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

TAKEN = ("GET", "HEAD", "POST")

# Nothing here needs a sensor, a payment or a window into another site.
SECURITY_HEADERS = {
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY_OF_FILES = "default-src 'none'; sandbox"


class RequestIdMiddleware:
    """Gives each request one identifier, `request.request_id`, and returns it on its response.

    An identifier sent by the proxy is kept when it is short and plain; anything else is replaced,
    because it would be written into logs.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = sent if _SANE_ID.fullmatch(sent) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response[REQUEST_ID_HEADER] = request_id
        return response


class BrowserPolicyMiddleware:
    """Tells browsers and caches what Django does not: see SECURITY_HEADERS.

    Headers that a view has set itself stay. A file to be saved gets a policy of its own, under
    which nothing of it runs or loads should a browser open it all the same. `Vary: HX-Request`
    keeps caches from mixing a page with the fragment of it that HTMX asks for.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for header, value in SECURITY_HEADERS.items():
            response.headers.setdefault(header, value)
        if response.get("Content-Disposition", "").startswith("attachment"):
            response.headers.setdefault("Content-Security-Policy", POLICY_OF_FILES)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response


class RefuseMethodsMiddleware:
    """Answers 405 to every method but GET, HEAD and POST, before anything is looked up.

    No page or file takes another, and a view that only asks whether it is a POST would answer PUT
    or OPTIONS with its page. PATCH reaches those addresses of the API that say they take it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in TAKEN:
            return self.get_response(request)
        if not request.path_info.startswith(API):
            return HttpResponseNotAllowed(TAKEN)
        taken = methods_of(request.path_info)
        if request.method == "PATCH" and "PATCH" in taken:
            return self.get_response(request)
        told = ", ".join(taken)
        sentence = _("This address takes %(methods)s only.") % {"methods": told}
        return problem(request, 405, sentence, headers={"Allow": told})


def methods_of(path: str) -> list[str]:
    """What the view of the API at the address takes; GET and HEAD where there is none."""
    try:
        view = getattr(resolve(path).func, "cls", None)
    except Resolver404:
        view = None
    found = [name.upper() for name in ("get", "post", "patch") if hasattr(view, name)]
    return [*(["GET", "HEAD"] if "GET" in found or not found else []),
            *(name for name in found if name != "GET")]  # fmt: skip


class RefuseTooLargeMiddleware:
    """Answers 413, with a page that names the limits, to what is larger than the portal takes.

    What was sent is read and thrown away first, up to a bound: a browser that is cut off while it
    sends shows an error of its own instead of the page. Stands where RefuseNulMiddleware does.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _sent_bytes(request) > _most_bytes():
            _throw_away(request)
            return _too_large(request)
        try:
            request.POST  # noqa: B018  reads what was sent, as the views would
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            _throw_away(request)
            return _too_large(request)
        except UnreadablePostError:
            pass  # the browser has gone; the view will find out
        return self.get_response(request)


def _most_bytes() -> int:
    """Of a form with its file."""
    return int(settings.MOST_BYTES_OF_A_FILE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _sent_bytes(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0


def _throw_away(request: HttpRequest) -> None:
    left = 10 * settings.MOST_BYTES_OF_A_FILE
    with suppress(UnreadablePostError):
        while left > 0 and (chunk := request.read(1 << 16)):
            left -= len(chunk)


def _too_large(request: HttpRequest) -> HttpResponse:
    sentence = _("What was sent is larger than the portal takes. Nothing was saved.")
    if request.path_info.startswith(API):
        return problem(request, 413, sentence)
    limits = {
        "file_megabytes": settings.MOST_BYTES_OF_A_FILE >> 20,
        "text_megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20,
        "sentence": sentence,
    }
    return error_page(request, "413.html", 413, **limits)


class RefuseNulMiddleware:
    """Answers 400 to a request with a NUL character in its path, query, form or cookies.

    No person types one, and PostgreSQL takes none in a text: a look-up by it would be an error of
    the server. Stands behind LocaleMiddleware, so that the page is in the reader's language, and
    before everything that looks something up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not any("\0" in text for text in _texts(request)):
            return self.get_response(request)
        if request.path_info.startswith(API):
            sentence = _("The address holds a NUL character, which no text here contains.")
            return problem(request, 400, sentence)
        return bad_request(request, BadRequest())


def _texts(request: HttpRequest) -> Iterator[str]:
    """Every text of the request that a view may look something up by."""
    yield request.path_info
    yield from request.COOKIES.values()
    given = [request.GET]
    with suppress(UnreadablePostError):  # the browser has gone; the view will find out
        given.append(request.POST)
    for query in given:
        for name, values in query.lists():
            yield from (name, *values)
