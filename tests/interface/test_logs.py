"""What the log of production holds, and what it never does."""

import json
import logging

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from habitat_portal.logs import JsonLines, configuration
from interface.middleware import RequestIdMiddleware
from interface.request_log import RequestLogMiddleware, current_request
from jobs.current import job_uuid
from jobs.services import claim_next, run
from tests import factories


@pytest.fixture
def lines():
    """Every record from here on as production writes it, parsed."""

    class Kept(logging.Handler):
        def emit(self, record):
            text = self.format(record)
            assert "\n" not in text
            kept.append(json.loads(text))

    kept, handler, root = [], Kept(level=logging.DEBUG), logging.getLogger()
    handler.setFormatter(JsonLines())
    before = root.level
    loggers = [root, logging.getLogger("portal.requests")]
    for one in loggers:
        one.setLevel(logging.INFO)
    root.addHandler(handler)
    yield kept
    root.removeHandler(handler)
    root.setLevel(before)
    loggers[1].setLevel(logging.WARNING)


def of(lines, logger):
    return [line for line in lines if line["logger"] == logger]


def test_a_request_is_one_line_with_its_view_status_time_and_account(lines, client, board_member):
    client.force_login(board_member)
    client.get("/my/settings/?secret=hidden", headers={"X-Request-ID": "proxy-1234.a"})
    client.get("/board/?secret=hidden", headers={"X-Request-ID": "proxy-1234.b"})
    line = of(lines, "portal.requests")[-1]
    assert isinstance(line.pop("milliseconds"), int)
    assert line.pop("at").endswith("+00:00")
    assert line.pop("message").startswith("GET dashboard 200 in ")
    assert line == {
        "level": "INFO", "logger": "portal.requests", "request": "proxy-1234.b",
        "view": "dashboard", "user": str(board_member.uuid), "method": "GET", "status": 200,
    }  # fmt: skip
    for value in ("hidden", board_member.email, board_member.name):
        assert value not in str(lines)


@pytest.mark.django_db
def test_what_was_asked_for_in_vain_is_told_without_its_path(lines, client):
    client.get("/nothing/of/somebody@example.org/")
    client.get("/verify/ABCD-EFGH-JKLM/")
    [first, *_others] = of(lines, "django.request")
    assert (first["message"], first["view"]) == ("Not Found: none", "none")
    assert "somebody" not in str(lines)


def test_an_error_is_told_by_kind_and_place_without_its_text(lines):
    def view(_request):
        try:
            raise ValueError("Key (email)=(somebody@example.org) exists")
        except ValueError as error:
            logging.getLogger("ours").exception("It failed")
            raise Http404 from error

    with pytest.raises(Http404):
        RequestIdMiddleware(RequestLogMiddleware(view))(RequestFactory().get("/"))
    [line] = of(lines, "ours")
    [error] = line["error"]
    assert (error["kind"], line["message"], line["level"]) == ("ValueError", "It failed", "ERROR")
    assert error["calls"][0].endswith(" view")
    assert "test_logs.py" in error["calls"][0]
    assert "somebody" not in str(lines)
    assert current_request.get() is None


def test_what_led_to_an_error_is_told_too(lines):
    try:
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise OSError("outer") from error
    except OSError:
        logging.getLogger("ours").exception("It failed")
    assert [error["kind"] for error in of(lines, "ours")[0]["error"]] == ["OSError", "KeyError"]


@pytest.mark.parametrize(("status", "count"), [(200, 0), (503, 1)])
def test_a_probe_is_a_line_only_when_it_fails(lines, status, count):
    request = RequestFactory().get("/readyz")
    request.resolver_match = type("Match", (), {"view_name": "readyz"})
    RequestLogMiddleware(lambda _request: HttpResponse(status=status))(request)
    assert len(of(lines, "portal.requests")) == count


@pytest.mark.django_db(transaction=True)
def test_what_a_job_logs_carries_its_uuid(lines, officer):
    factories.job(asked_by=officer, kind="of no registered kind")
    job = claim_next()
    run(job)
    [line] = of(lines, "jobs.services")
    assert (line["job"], line["error"][0]["kind"]) == (str(job.uuid), "UnknownKind")
    assert job_uuid.get() == ""


def test_production_writes_json_and_others_write_for_people():
    json_lines, for_people = (configuration(is_production=known) for known in (True, False))
    assert json_lines["handlers"]["console"]["formatter"] == "json"
    assert json_lines["loggers"]["portal.requests"]["level"] == "INFO"
    assert for_people["handlers"]["console"]["formatter"] == "line"
    assert for_people["loggers"] == {"portal.requests": {"level": "WARNING"}}
