"""Every error of the API is a problem (RFC 9457): type, title, status, detail, instance, code."""

import json
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.db import OperationalError
from django.test import Client
from rest_framework.exceptions import ValidationError

from accounts.models import Scope
from income.errors import AlreadyReversed, DraftChanged, MonthClosed, NotAllowed, PostedBefore
from interface.problems import CODES, TITLES, by_field, code_of
from tests.api.programs import BASE, PROBLEM, program_of, send, told

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def writer(officer, ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    return program_of(officer, Scope.WRITE)


def test_a_problem_says_what_where_and_why(writer):
    answer = writer.get(BASE + "donors/?donr=SWE", headers={"Accept-Language": "en"})
    problem = json.loads(answer.content)
    sentence = problem.pop("detail")
    assert sentence.startswith("There is no filter “donr” here.")
    assert problem == {
        "type": "/api/v1/docs/#problem-bad-request", "title": "The request cannot be read",
        "status": 400, "instance": "/api/v1/donors/", "code": "bad_request",
    }  # fmt: skip
    assert answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    ("method", "path", "more", "expected"),
    [
        ("GET", "donors/?area=XXX", {}, (400, "bad_request")),
        ("GET", "donors/NOBODY/", {}, (404, "not_found")),
        ("GET", "nowhere/", {}, (404, "not_found")),
        ("GET", "/api/", {}, (404, "not_found")),
        ("GET", "/api/v2/donors/", {}, (404, "not_found")),
        ("PATCH", "nowhere/", {}, (405, "method_not_allowed")),
        ("PUT", "donors/", {}, (405, "method_not_allowed")),
        ("DELETE", f"drafts/{NOWHERE}/", {}, (405, "method_not_allowed")),
        ("POST", "donors/", {}, (405, "method_not_allowed")),
        ("GET", "donors/", {"Accept": "text/turtle"}, (406, "not_acceptable")),
        ("GET", "donors/?q=%00", {}, (400, "bad_request")),
        ("POST", f"drafts/{NOWHERE}/approve/", {}, (403, "not_allowed")),
    ],
)
def test_each_error_has_its_status_and_code(writer, method, path, more, expected):
    assert told(send(writer, path, method=method, **more)) == expected


def test_nobody_is_told_how_to_come_in(db):
    answer = Client().get(BASE + "donors/")
    assert told(answer) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="Habitat Portal"'
    assert answer.json()["detail"] == "Sign in, or send an API key."


def test_a_method_that_is_not_taken_is_told_which_are(writer):
    answer = send(writer, f"drafts/{NOWHERE}/", method="DELETE")
    assert answer["Allow"] == "GET, HEAD, PATCH"
    assert answer.json()["detail"] == "This address takes GET, HEAD, PATCH only."


@pytest.mark.parametrize(
    ("sent", "kind", "expected"),
    [
        (b"{", "application/json", (400, "bad_request")),
        (b"\xff", "application/json", (400, "bad_request")),
        (b"[" * 100_000, "application/json", (400, "bad_request")),
        (b'{"act": NaN}', "application/json", (400, "bad_request")),
        (b'{"act": "\\ud800"}', "application/json", (400, "bad_request")),
        (b'{"act": "a\\u0000b"}', "application/json", (400, "bad_request")),
        (b'{"act": ' + b"9" * 5000 + b"}", "application/json", (400, "bad_request")),
        (b'"' + b"a" * (1 << 20) + b'"', "application/json", (413, "too_large")),
        (b"act=x", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
        (b"<a/>", "application/xml", (415, "unsupported_media_type")),
    ],
)
def test_what_cannot_be_read_is_refused(writer, sent, kind, expected):
    answer = writer.generic(
        "POST", BASE + "drafts/", sent, kind, headers={"Idempotency-Key": "unreadable"}
    )
    assert told(answer) == expected


def test_wrong_fields_are_told_one_by_one(writer):
    answer = send(writer, "drafts/", {"act": "dance", "fields": {"amount": 1.5}, "colour": "red"})
    assert told(answer) == (400, "bad_request")
    assert answer.json()["errors"] == {
        "act": ['"dance" is not a valid choice.'],
        "fields.amount": ["Write a text; amounts too, such as “1234.50”."],
    }
    unknown = send(writer, "drafts/", {"act": "reverse", "fields": {}, "colour": "red"})
    assert unknown.json()["errors"] == {"colour": ["There is no such field."]}


def test_without_a_second_factor_a_session_gets_a_problem(officer):
    browser = Client()
    browser.force_login(officer)
    assert told(browser.get(BASE + "donors/")) == (403, "second_factor_missing")


def test_sentences_are_in_the_language_that_is_asked_for(writer):
    answer = writer.get(BASE + "entries/?mode=barter", headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "fr"
    assert told(answer) == (400, "bad_request")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotAllowed("x"), 403, "not_allowed"),
        (DraftChanged(), 409, "draft_changed"),
        (PostedBefore(1, "UNH"), 409, "posted_before"),
        (AlreadyReversed(1), 409, "already_reversed"),
        (MonthClosed("2021-03"), 422, "month_closed"),
    ],
)
def test_an_error_of_the_portal_has_its_own_code(error, status, code):
    assert (error.status, code_of(error)) == (status, code)


def test_an_error_of_the_program_and_of_the_database_are_problems_too(officer, monkeypatch):
    program = program_of(officer)
    program.raise_request_exception = False
    for error, expected in (
        (RuntimeError("secret"), (500, "server_error")),
        (OperationalError("secret"), (503, "unavailable")),
    ):

        def fails(*_args, error=error, **_named):
            raise error

        monkeypatch.setattr("donors.api.DonorList.get_queryset", fails)
        answer = program.get(BASE + "donors/")
        assert told(answer) == expected
        assert "secret" not in answer.content.decode()
        assert ("Retry-After" in answer.headers) == (expected[0] == 503)


def test_fields_in_fields_are_named_with_a_point():
    error = ValidationError({"donors": {"sweden": {"new": {"code": ["Too long."]}}}, "a": ["b"]})
    assert by_field(error.detail) == {"donors.sweden.new.code": ["Too long."], "a": ["b"]}


def test_every_problem_has_its_place_on_the_page_and_in_the_document(officer, client_of):
    """The type of a problem is an address, which leads to where the problem is explained."""
    text = (Path(portal.BASE_DIR) / "docs" / "api.md").read_text("utf-8")
    page = client_of(officer).get("/api/v1/docs/").content.decode()
    assert set(CODES) == set(TITLES)
    for status, code in CODES.items():
        assert f"| {status} | `{code}` |" in text, code
        assert f'id="problem-{code.replace("_", "-")}"' in page, code
