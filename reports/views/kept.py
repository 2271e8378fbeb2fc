"""Pages that follow from the state, the question and the reader: not sent twice, not made twice.

A page gets a tag (ETag) of everything it is made from: who has it already gets 304, before any
figure is asked for. What of it is the same for every reader with the same rights is kept for an
hour and sent to the next of them with parts of their own. docs/decisions/0039-kept-pages.md.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial, wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from accounts import sessions
from accounts.access import signed_in
from accounts.models import User
from accounts.permissions import PERMISSIONS_OF
from interface import own_parts, packing
from interface.api import tags
from interface.request_log import view_of
from reports.api_state import state_of_pages

logger = logging.getLogger(__name__)
# What a page differs by besides its address: whole or in part, and where HTMX puts the part.
OF_THE_REQUEST = ("HX-Request", "HX-History-Restore-Request", "HX-Target")
VARY = ("Cookie", "Accept-Language", "Accept-Encoding", *OF_THE_REQUEST)
LONGEST_ADDRESS = 500  # letters; longer questions are not kept

Page = Callable[..., HttpResponse]


def tagged(view: Page) -> Page:
    """A page for its reader alone, who is not sent it again as long as it is the same."""
    return _answered(view, is_shared=False)


def kept(view: Page) -> Page:
    """The same, kept for every reader with the same rights. Stands behind `requires`.

    The view may ask for the reader's permissions and for nothing else of theirs; what is the
    reader's own stands in the parts that `{% own %}` writes.
    """
    return _answered(view, is_shared=True)


def _answered(view: Page, *, is_shared: bool) -> Page:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        user, key = signed_in(request), ""
        state = "" if _has_messages(request) else state_of_pages(timezone.now())
        asked = [state, *_asked(request)]
        tag = _tag(request, user, asked) if state else ""
        if tags.is_known(request, tag):
            return _marked(HttpResponseNotModified(), tag)
        if state and is_shared and len(request.get_full_path()) <= LONGEST_ADDRESS:
            key = _key(user, asked)
        made = _from_kept(request, user, key) if key else None
        made = made or _made(request, key, partial(view, request, *args, **kwargs))
        return _marked(made, "" if _has_messages(request) else tag)

    answered.is_answered_by_tag = True  # type: ignore[attr-defined]
    return answered


def _has_messages(request: HttpRequest) -> bool:
    """Whether something is said once, on this page or the next."""
    said = get_messages(request)
    return bool(len(said)) or bool(getattr(said, "added_new", False))


def _asked(request: HttpRequest) -> list[str]:
    """What every reader's page depends on: the day, the language, the address, page or part."""
    return [
        timezone.localdate().isoformat(), get_language() or "", settings.PORTAL_BOOKS,
        request.scheme or "", request.get_host(), request.get_full_path(),
        *(request.headers.get(name, "") for name in OF_THE_REQUEST),
    ]  # fmt: skip


def _tag(request: HttpRequest, user: User, asked: list[str]) -> str:
    """Empty where the page holds what a browser may not show again.

    Without the cookie of the forms' token the page is what brings it. Near the end of a sign-in
    the page says when that will be, otherwise that one acted just now.
    """
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    now = time.time()
    if not token or sessions.is_near_the_end(request.session, now):
        return ""
    begun = sessions.begun_at(request.session, now)
    return tags.made_of([*asked, user.pk, user.role, user.name, user.email, begun, token])


def _key(user: User, asked: list[str]) -> str:
    rights = [
        user.role, *sorted(PERMISSIONS_OF[user.role]), str(user.is_demonstration),
        str(bool(user.email)),
    ]  # fmt: skip
    return sha256("\n".join([*asked, *rights]).encode()).hexdigest()


def _from_kept(request: HttpRequest, user: User, key: str) -> HttpResponse | None:
    """A page that was kept, with what is the reader's own."""
    found = caches["pages"].get(key)
    if found is None:
        return None
    names, packed = found
    left = sessions.seconds_left(request.session, time.time())
    own = {"user": user, "csrf_token": get_token(request), "session_seconds": left}
    values = [own_parts.value(own, name).encode() for name in names]
    response = HttpResponse()
    _fill(request, response, [packing.unpack(part) for part in packed], values, packed)
    return response


def _made(request: HttpRequest, key: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as the view makes it; what is the same for others with these rights is kept."""
    own_parts.begin(request)
    try:
        response = view()
    finally:
        own_parts.end(request)
    if not response.content or not response.headers["Content-Type"].startswith("text/html"):
        return response
    try:
        parts, names, values = own_parts.taken_apart(response.content)
    except ValueError:
        logger.warning("%s holds a NUL character and is not kept", view_of(request))
        return view()
    packed = [packing.pack(part) for part in parts]
    _fill(request, response, parts, values, packed)
    if key and response.status_code == 200 and not response.cookies and not _has_messages(request):
        _keep(request, key, parts, (names, packed))
    return response


def _keep(request: HttpRequest, key: str, parts: Sequence[bytes], page: object) -> None:
    """For the next reader with the same rights; not with anything of this one's in it."""
    user = signed_in(request)
    if own_parts.is_shareable(parts, (user.name, user.email, str(user.uuid))):
        caches["pages"].set(key, page)
    else:
        logger.warning("%s holds what is its reader's own and is not kept", view_of(request))


def _fill(
    request: HttpRequest, response: HttpResponse,
    parts: Sequence[bytes], values: Sequence[bytes], packed: Sequence[bytes],
) -> None:  # fmt: skip
    """The page into the answer, as gzip for who takes it so."""
    response.content = page = packing.whole(parts, values)
    if packing.is_accepted(request):
        response.content = packing.gzipped(packed, values, page)
        response.headers["Content-Encoding"] = "gzip"


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    """With its tag; it belongs to its reader, whose browser has to ask whether it still holds."""
    if tag and response.status_code in (200, 304):
        response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(response, VARY)
    return response
