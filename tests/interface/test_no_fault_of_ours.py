"""When the database is away or the disk is full: a sentence, and not the page of an error."""

import errno
import sqlite3

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from habitat_portal import urls
from interface.error_pages import server_error

handler500 = server_error
RAISED: list[Exception] = []
AWAY = "Please try again in some seconds."
NO_ROOM = "Please tell an administrator, and send it again when there is room."


def broken(_request: HttpRequest) -> HttpResponse:
    raise RAISED[-1]


urlpatterns = [path("broken/", broken), path("api/v1/broken/", broken), *urls.urlpatterns]
pytestmark = pytest.mark.urls(__name__)


class Full(psycopg2.OperationalError):
    pgcode = "53100"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OperationalError("server closed the connection"), 503, AWAY),
        (InterfaceError("connection already closed"), 503, AWAY),
        (caused(ValueError("in a template"), OperationalError("gone")), 503, AWAY),
        (OperationalError("database is locked"), 503, AWAY),
        (OSError(errno.ENOSPC, "No space left on device"), 507, NO_ROOM),
        (OSError(errno.EFBIG, "File too large"), 507, NO_ROOM),
        (caused(OperationalError("could not extend file"), Full()), 507, NO_ROOM),
        (caused(OperationalError("full"), of_sqlite(sqlite3.SQLITE_FULL)), 507, NO_ROOM),
        (caused(OperationalError("I/O"), of_sqlite(sqlite3.SQLITE_IOERR_WRITE)), 507, NO_ROOM),
        (ValueError("of ours"), 500, "if it happens again, tell an administrator the time"),
        (OSError(errno.ENOENT, "No such file"), 500, "tell an administrator the time"),
    ],
)
def test_what_is_no_fault_of_the_program_is_told_as_what_it_is(
    error: Exception, status: int, sentence: str
) -> None:
    RAISED.append(error)
    client = Client(raise_request_exception=False)
    page, answer = client.get("/broken/"), client.get("/api/v1/broken/")
    assert (page.status_code, answer.status_code) == (status, status)
    assert sentence in page.content.decode()
    assert page.headers.get("Retry-After") == ("10" if status == 503 else None)
    assert (answer.json()["status"], bool(answer.json()["detail"])) == (status, True)
