"""Pages that tell what went wrong where no view can: they look nothing up in the database."""

import errno
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from interface.addresses import page_address
from interface.problems import API, SENTENCES, problem

RETRY_AFTER = 10  # seconds
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
# As the databases call it: PostgreSQL by SQLSTATE, SQLite by the last byte of its error code.
NO_ROOM_OF_POSTGRES = {"53100", "58030"}
NO_ROOM_OF_SQLITE = {10, 13}


def error_page(request: HttpRequest, name: str, status: int, **told: object) -> HttpResponse:
    """The template in the language that is active, with the switch to another."""
    around = {"page_address": page_address(request), "csrf_token": get_token(request)}
    return HttpResponse(render_to_string(name, {**around, **told}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the address, or what was sent, could not be read."""
    if request.path_info.startswith(API):
        return problem(request, 400, _("The request cannot be read."))
    return error_page(request, "400.html", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: as a page, and as a problem below /api/."""
    if request.path_info.startswith(API):
        return problem(request, 404, str(SENTENCES[404]))
    return page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or what is no fault of the program: 503 without the database, 507 without room."""
    causes = list(_causes(sys.exception()))
    if any(map(_says_no_room, causes)):
        return _told(request, "507.html", 507, _("The portal cannot write: no room is left."))
    if any(isinstance(one, OperationalError | InterfaceError) for one in causes):
        answer = _told(request, "503.html", 503, _("The database does not answer. Try again."))
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    return _told(request, "500.html", 500, _("The portal made an error. It was noted; try again."))


def _told(request: HttpRequest, name: str, status: int, sentence: str) -> HttpResponse:
    if request.path_info.startswith(API):
        return problem(request, status, sentence)
    return error_page(request, name, status)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _says_no_room(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    sqlite = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return sqlite in NO_ROOM_OF_SQLITE or getattr(error, "pgcode", "") in NO_ROOM_OF_POSTGRES
