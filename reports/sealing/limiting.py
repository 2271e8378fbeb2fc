"""How often one address may ask a public page: so that codes cannot be tried by the million."""

import datetime
import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

MOST_A_MINUTE = 30
KEPT_SECONDS = 120


def is_too_often(request: HttpRequest, at: datetime.datetime) -> bool:
    """Count this request; whether its address has asked more than it may within this minute."""
    who = hashlib.sha256(_address(request).encode()).hexdigest()
    key = f"verify:{who}:{int(at.timestamp()) // 60}"
    if cache.add(key, 1, KEPT_SECONDS):
        return False
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # forgotten in between
        return False


def _address(request: HttpRequest) -> str:
    """Who asks. Behind the proxy, that which the proxy itself has added last."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.SECURE else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
