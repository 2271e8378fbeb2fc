"""How often one asks the API: a person by account, a stranger by network address.

Counted in whole minutes in the cache that all processes share; while that is away each process
counts for itself. A person's keys and browser count together, so that more keys are no more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.audit.recording import address_of
from accounts.models import User

MINUTE = 60  # seconds


@dataclass(frozen=True)
class Count:
    """How many of a minute's requests are used up, and when the next minute begins."""

    used: int
    most: int
    seconds_left: int

    @property
    def is_over(self) -> bool:
        return self.used > self.most


def count(what: str, whose: str, most: int, now: float) -> Count:
    """Count one request more of this minute."""
    minute, second = divmod(int(now), MINUTE)
    key = f"api:{what}:{whose}:{minute}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        used = cache.incr(key)
    except ValueError:  # the cache made room in between
        used = 1
    return Count(used, most, MINUTE - second)


class PerPerson(BaseThrottle):
    """Counts who came by a session; keys are counted when they are shown, strangers as such."""

    def allow_request(self, request: Request, view: object) -> bool:
        """Always, unless it raises Throttled."""
        if isinstance(request.user, User) and not hasattr(request._request, "rate"):
            count_person(request._request, request.user)
        return True


def count_person(request: HttpRequest, user: User) -> None:
    """Count a read or a write of an account. Raises Throttled."""
    is_read = request.method in SAFE_METHODS
    most = settings.API_READS_PER_MINUTE if is_read else settings.API_WRITES_PER_MINUTE
    _note(request, count("read" if is_read else "write", str(user.uuid), most, time.time()))


def count_stranger(request: HttpRequest) -> None:
    """Count a request of nobody, or with a key that opens nothing. Raises Throttled."""
    most = settings.API_SIGNED_OUT_PER_MINUTE
    _note(request, count("signed_out", address_of(request), most, time.time()))


def _note(request: HttpRequest, told: Count) -> None:
    request.rate = told  # type: ignore[attr-defined]
    if told.is_over:
        raise Throttled(wait=told.seconds_left)


class RateMiddleware:
    """Tells with every answer of the API that was counted how much of the minute is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        told: Count | None = getattr(request, "rate", None)
        if told is not None:
            response.headers["RateLimit-Limit"] = str(told.most)
            response.headers["RateLimit-Remaining"] = str(max(0, told.most - told.used))
            response.headers["RateLimit-Reset"] = str(told.seconds_left)
        return response
