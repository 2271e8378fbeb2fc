"""How public pages and files are answered: closed ones with 404, open ones so that caches may keep.

Who sends no session gets a body without session, account or form token, the same for everybody; the
head says so, for a minute, so that what is closed is soon gone everywhere. Who is signed in gets
the portal's own head and an answer that no cache keeps.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from reports.open.policy import PAGES, open_parts
from reports.open.state import Published, published

MAX_AGE = 60  # seconds
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Opened:
    """What a public page may show: the published state, and which parts are open."""

    published: Published
    parts: frozenset[str]

    def has(self, *codes: str) -> bool:
        """Whether all these parts are open."""
        return set(codes) <= self.parts


def open_page(*codes: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Let in where any of the parts is open (none named: where pages are) and an update published.

    The view gets an `Opened` after its request.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            opened = opened_for(*(codes or (PAGES,)))
            is_shared = make_nobodys(request)
            return kept(request, view(request, opened, *args, **kwargs), is_shared=is_shared)

        return answered

    return decorate


def opened_for(*codes: str) -> Opened:
    """What is open. Raises Http404 where none of the parts is, or nothing was published."""
    parts = open_parts()
    found = published() if parts & set(codes) else None
    if found is None:
        raise Http404
    return Opened(found, parts)


def make_nobodys(request: HttpRequest) -> bool:
    """Whether the answer may be shared; then nobody is asked for who is signed in."""
    is_shared = settings.SESSION_COOKIE_NAME not in request.COOKIES
    if is_shared:
        request.user = AnonymousUser()
    return is_shared


def kept(request: HttpRequest, response: HttpResponse, *, is_shared: bool) -> HttpResponseBase:
    """The answer with what caches need; 304 where the reader has it already."""
    patch_vary_headers(response, ("Cookie",))
    if not is_shared:
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if response.status_code != 200:
        return response
    # The body follows from update, policy, language and release, and from nothing else.
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
