"""Which page somebody is on, for leading back to it."""

from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def page_address(request: HttpRequest) -> str:
    """Path and query of the page; for what was sent, those of the page of its form.

    An act that only takes what is sent has no page of its own.
    """
    here = request.get_full_path()
    if request.method != "POST":
        return here
    page = urlsplit(request.headers.get("Referer", ""))
    if not _is_own(request, page.netloc) or not page.path.startswith("/"):
        return here
    return urlunsplit(("", "", page.path, page.query, ""))


def _is_own(request: HttpRequest, host: str) -> bool:
    try:
        return host == request.get_host()
    except DisallowedHost:  # the page that refuses it is made here too
        return False
