"""One cell of the matrix: a request, its answer, what it wrote, and what is wrong about that."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import copy
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.pages.matrix.readers import Reader
from tests.pages.matrix.table import Row

UNTAKEN = ("OPTIONS", "PUT", "DELETE", "TRACE")  # at no address, by nobody
FORM = "application/x-www-form-urlencoded"  # as a browser sends it without files
WRITES = ("INSERT", "UPDATE", "DELETE")
MOST_BYTES_OF_A_PAGE = 60_000  # as it travels, compressed
# What a browser remembers, the trail of what was tried, and what the sign-in pages note of an
# account's own address when somebody holds a link of it: nobody's data changes by these.
NOTED = re.compile(
    r"(INTO|UPDATE|FROM) \"(django_session|accounts_audit\w*|account_emailaddress)\""
)


HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp",
}  # fmt: skip
PAGE = {"default-src": "'none'", "script-src": "'self'", "base-uri": "'none'",
        "form-action": "'self'", "frame-ancestors": "'none'"}  # fmt: skip
FILE_POLICY = "default-src 'none'; sandbox"


def headers_missing(response: HttpResponse) -> Iterator[str]:
    """What browsers have to be told with every answer, and is not."""
    for name, value in HEADERS.items():
        if response.headers.get(name) != value:
            yield f"says {name}: {response.headers.get(name)}"
    if response.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "tells others where one came from"
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        yield "has no Permissions-Policy"
    policy = response.headers.get("Content-Security-Policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    is_kept = policy == FILE_POLICY if is_file else PAGE.items() <= rules.items()
    if not is_kept or "unsafe" in policy or "*" in policy or "nonce" in policy:
        yield f"has the policy {policy}"


class Answer(NamedTuple):
    """What came back, and the statements that were sent to the database for it."""

    response: HttpResponse
    asked: list[str]
    content: bytes = b""

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def writes(self) -> list[str]:
        return [sql for sql in self.asked if sql.startswith(WRITES) and not NOTED.search(sql)]

    @property
    def text(self) -> str:
        """What it says, with its headers; of an archive or a workbook, what is in it."""
        content = self.content
        if content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        said = str(content, "utf-8", "replace") + str(dict(self.response.headers))
        return said.replace("\u00a0", " ")

    @property
    def is_refused(self) -> bool:
        """403, 404, the API's 401, or sent to sign in and then back here."""
        to_sign_in = f"{reverse(settings.LOGIN_URL)}?next="
        return self.status in (401, 403, 404) or (
            self.status == 302 and self.response["Location"].startswith(to_sign_in)
        )


def answer_to(
    browser: Client, method: str, address: str, data: Mapping[str, object] | None = None,
    **more: str,
) -> Answer:  # fmt: skip
    """The answer and its statements; then everything is as it was, the browser's cookies too."""
    cookies = copy(browser.cookies)
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            sent = urlencode(data or {}, doseq=True)
            response = browser.generic(method, address, sent, FORM, headers=more)
            content = response.getvalue()  # some is only read as it is sent, and once
        transaction.set_rollback(True)
    browser.cookies = cookies
    return Answer(response, [query["sql"] for query in queries.captured_queries], content)


def seen_at(reader: Reader, address: str, *, is_whole: bool) -> dict[str, Answer]:
    """The answers to the methods; HEAD only of what GET was refused, unless the whole is asked."""
    seen = {"GET": answer_to(reader.browser, "GET", address)}
    if is_whole or seen["GET"].is_refused:
        seen["HEAD"] = answer_to(reader.browser, "HEAD", address)
    others = ("POST", "PATCH", *UNTAKEN)
    rest = {method: answer_to(reader.browser, method, address) for method in others}
    return seen | rest


def faults(reader: Reader, row: Row, address: str, seen: dict[str, Answer]) -> Iterator[str]:
    """What is wrong at one address, whatever the method."""
    for method, check in CHECKS.items():
        yield from (f"{method} {address} {fault}" for fault in check(reader, row, seen))
    for method, answer in seen.items():
        yield from (f"{method} {address} {fault}" for fault in headers_missing(answer.response))
        if answer.status >= 500 and answer.status not in row.opens:
            yield f"{method} {address} answers {answer.status}"
        is_untaken = method in UNTAKEN or (method == "PATCH" and not row.patch)
        if is_untaken and (answer.status, answer.asked) != (405, []):
            yield f"{method} {address} answers {answer.status}, asks {answer.asked}"
        if method in ("GET", "HEAD") and not reader.may(row.get, row) and answer.writes:
            yield f"{method} {address} writes {answer.writes}"


def of_get(reader: Reader, row: Row, seen: dict[str, Answer]) -> Iterator[str]:
    answer = seen["GET"]
    is_open = answer.status in row.opens and not answer.is_refused
    if is_open != reader.may(row.get, row):
        yield f"answers {answer.status}"
    if not (is_open or answer.is_refused or answer.status == 405):
        yield f"refuses with {answer.status}"
    if len(answer.asked) > row.queries:
        yield f"asks {len(answer.asked)} queries"
    if is_heavy(answer):
        yield f"weighs {len(gzip.compress(answer.content))} bytes"


def is_heavy(answer: Answer) -> bool:
    """A page too long for a slow line. Most are so short that nothing needs to be compressed."""
    is_page = answer.response.headers.get("Content-Type", "").startswith("text/html")
    is_long = is_page and len(answer.content) > MOST_BYTES_OF_A_PAGE
    return is_long and len(gzip.compress(answer.content)) > MOST_BYTES_OF_A_PAGE


def of_head(reader: Reader, row: Row, seen: dict[str, Answer]) -> Iterator[str]:
    """The same as GET without its content, or nothing where a download would be recorded."""
    if "HEAD" not in seen:
        return
    if seen["HEAD"].status not in (seen["GET"].status, 405):
        yield f"answers {seen['HEAD'].status}, GET {seen['GET'].status}"
    if seen["HEAD"].content:
        yield "has a content"


def of_post(reader: Reader, row: Row, seen: dict[str, Answer]) -> Iterator[str]:
    """Refused to who may not; an empty form writes nothing, and only acts without one do."""
    answer, may = seen["POST"], reader.may(row.act, row)
    if row.act and answer.is_refused is may:
        yield f"answers {answer.status}"
    if not row.act and not (answer.is_refused or answer.status == 405):
        is_shown = reader.may(row.get, row) and answer.status == seen["GET"].status
        if not is_shown:  # the page again, as if it had been looked at
            yield f"is taken: {answer.status}"
    if row.act and answer.status == 405:
        yield "is not taken"
    if answer.writes and (row.form or not may):
        yield f"writes {answer.writes}"


def of_patch(reader: Reader, row: Row, seen: dict[str, Answer]) -> Iterator[str]:
    """Where it is taken: refused to who may not; writes nothing without content and version."""
    answer = seen["PATCH"]
    if row.patch and answer.is_refused is reader.may(row.patch, row):
        yield f"answers {answer.status}"
    if row.patch and answer.status == 405:
        yield "is not taken"
    if answer.writes:
        yield f"writes {answer.writes}"


CHECKS = {"GET": of_get, "HEAD": of_head, "POST": of_post, "PATCH": of_patch}
