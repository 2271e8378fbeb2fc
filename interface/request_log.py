"""What is noted of every request: a line in the log, and a figure for whoever watches over it.

Noted are the name of the view, the method, the status and the time; of who asked the account's
UUID. No address, query, form, file, name or cookie is, because a path may hold a secret.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Histogram

logger = logging.getLogger("portal.requests")
current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
# Asked for every some seconds by programs: a line only when they fail.
PROBES = {"healthz", "readyz", "metrics"}
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
NO_VIEW = "none"
SECONDS = Histogram(
    "portal_request_seconds",
    "Seconds until a request was answered, by view, method and class of the status.",
    ["view", "method", "status"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


class RequestLogMiddleware:
    """Measures a request and notes it. Stands behind what answers with static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token, started = current_request.set(request), time.perf_counter()
        try:
            response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - started)
        finally:
            current_request.reset(token)
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the view that the address leads to; `none` where it leads nowhere."""
    return (request.resolver_match.view_name if request.resolver_match else "") or NO_VIEW


def user_of(request: HttpRequest) -> str:
    """UUID of the account, as far as somebody has asked for it already; asks no database."""
    return str(getattr(getattr(request, "_cached_user", None), "uuid", ""))


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    view = view_of(request)
    method = request.method if request.method in METHODS else "OTHER"
    SECONDS.labels(view, method, f"{status // 100}xx").observe(seconds)
    is_quiet = view in PROBES and status < 400
    milliseconds = round(seconds * 1000)
    logger.log(
        logging.DEBUG if is_quiet else logging.INFO,
        "%s %s %s in %s ms", method, view, status, milliseconds,
        extra={"method": method, "status": status, "milliseconds": milliseconds},
    )  # fmt: skip
