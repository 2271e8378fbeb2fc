"""Whatever the API's own schema allows, and what it forbids, no answer is an error of the server.

Schemathesis makes the requests; they go through the whole portal but for the limit of how often
one asks. `whole` sends 5,000 for each reader.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.conf import settings as settings_of_the_portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core import NotSet

from accounts.models import User
from accounts.permissions import Role
from tests.api.test_api import books, norway
from tests.pages.matrix.rows import cast
from tests.pages.matrix.table import EVERYWHERE, SIGNED_OUT

__all__ = ["books", "cast", "norway"]
pytestmark = pytest.mark.django_db
READERS = (*Role, SIGNED_OUT)
MULTIPART = "multipart/form-data"
TOLD = {200, 201, 202, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428}
LONG_CASES, SHORT_CASES = 5_000, 40
QUIET = {"deadline": None, "database": None, "phases": [Phase.generate],
         "suppress_health_check": list(HealthCheck)}  # fmt: skip


def operations(method: str = "") -> Iterator[tuple[str, st.SearchStrategy[Case]]]:
    """(path, requests to it) for all that the schema describes; half of them against its rules."""
    described = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    schema = schemathesis.openapi.from_dict(described)
    for found in schema.get_all_operations():
        one = found.ok()
        if method and one.method.upper() != method:
            continue
        yield one.path, st.one_of(one.as_strategy(mode) for mode in GenerationMode)


def answered(browser: Client, case: Case) -> int:
    """The status of the portal's answer to what Schemathesis made up."""
    path = quote(case.formatted_path, safe="/%")
    query = urlencode(case.query or {}, doseq=True)
    headers = {str(name): str(value) for name, value in (case.headers or {}).items()}
    plain = {name: value for name, value in headers.items() if value.isascii()}
    content, kind = content_of(case)
    return browser.generic(
        case.method.upper(), f"{path}?{query}", content, kind, headers=plain
    ).status_code


def content_of(case: Case) -> tuple[bytes, str]:
    """What is sent and what it is called: JSON, or a form with its file."""
    if isinstance(case.body, NotSet):
        return b"", "application/json"
    if case.media_type != MULTIPART or not isinstance(case.body, dict):
        return json.dumps(case.body, default=str).encode(), "application/json"
    fields = {
        str(name): SimpleUploadedFile("made.csv", value) if isinstance(value, bytes) else str(value)
        for name, value in case.body.items()
    }
    return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT


def round_of(
    who: object, browser: Client, requests: st.SearchStrategy[Case], most: int,
    statuses: Counter[int],
) -> bool:  # fmt: skip
    """Sends up to as many; whether there were as many."""
    before = statuses.total()

    @seed(before)
    @settings(max_examples=most, **QUIET)  # type: ignore[arg-type]
    @given(requests)
    def one(case: Case) -> None:
        status = answered(browser, case)
        statuses[status] += 1
        assert status < 500, f"{who} {case.as_curl_command()}"

    one()
    return statuses.total() - before >= most


@pytest.fixture
def ask(
    books: object, cast: dict[str, User], client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> Callable[[Any, int], Counter[int]]:  # fmt: skip
    """Sends as many requests as the reader of that role; gives how often each status came back."""
    for limit in ("READS", "WRITES", "SIGNED_OUT"):
        monkeypatch.setattr(settings_of_the_portal, f"API_{limit}_PER_MINUTE", 1_000_000)

    def sent(who: Any, cases: int) -> Counter[int]:
        browser = Client() if who == SIGNED_OUT else client_of(cast[who])
        statuses: Counter[int] = Counter()
        left = [requests for _path, requests in operations()]
        while left and statuses.total() < cases:  # some have few requests that differ
            most = -(-(cases - statuses.total()) // len(left))
            left = [one for one in left if round_of(who, browser, one, most, statuses)]
        with capsys.disabled():
            print(f"\n{statuses.total()} requests by {who}: {dict(statuses)}")  # noqa: T201
        return statuses

    return sent


def test_the_schema_describes_every_address_of_the_api() -> None:
    routes = {f"/{route}" for name, route in EVERYWHERE if route.startswith("api/")}
    known = {path for path, _requests in operations()}
    assert len(known) == len(routes) - 2  # the schema itself, and the page that describes it
    assert {path.split("{")[0] for path in known} <= {path.split("<")[0] for path in routes}


@pytest.mark.parametrize("who", READERS)
def test_no_request_is_an_error_of_the_server(
    ask: Callable[[Any, int], Counter[int]], who: Any
) -> None:
    statuses = ask(who, SHORT_CASES)
    assert set(statuses) <= TOLD
    assert (statuses[200] == 0) == (who == SIGNED_OUT)


def test_nothing_that_a_program_writes_is_an_error_of_the_server(
    ask: Callable[[Any, int], Counter[int]], cast: dict[str, User],
    client_of: Callable[[User], Client],
) -> None:  # fmt: skip
    """To the addresses that make something: `ask` lifts the limits of how often one writes."""
    statuses: Counter[int] = Counter()
    for path, requests in operations("POST"):
        if "{" not in path:
            round_of(Role.REVIEWER, client_of(cast[Role.REVIEWER]), requests, 25, statuses)
    assert set(statuses) <= TOLD
    assert statuses[201] + statuses[422] > 0


@pytest.mark.whole
@pytest.mark.parametrize("who", READERS)
def test_no_request_of_five_thousand_is_an_error_of_the_server(
    ask: Callable[[Any, int], Counter[int]], who: Any
) -> None:
    assert ask(who, LONG_CASES).total() >= LONG_CASES
