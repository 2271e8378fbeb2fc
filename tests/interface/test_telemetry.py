"""What an error service and a collector of traces are told, and that nothing else is."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from habitat_portal import telemetry
from tests.interface.watched import SECRET

ROOT = Path(__file__).resolve().parents[2]


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent: (path, content)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[tuple[str, bytes]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        self.server.sent.append((self.path, content))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_parts: object) -> None:
        """Says nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def watched(collector: Collector, folder: Path, **surroundings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.interface.watched"], cwd=ROOT, check=True, text=True,
        capture_output=True, timeout=120,
        env={**os.environ, "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(folder),
             "DATABASE_URL": "", "REDIS_URL": "", **surroundings},
    )  # fmt: skip
    return done.stdout.strip()


def test_an_error_is_told_by_kind_and_place_and_nothing_that_was_typed(
    collector: Collector, tmp_path: Path
) -> None:
    address = f"http://key@127.0.0.1:{collector.server_port}/1"
    assert watched(collector, tmp_path, SENTRY_DSN=address) == "200 500"
    [(path, content)] = [one for one in collector.sent if b'"LookupError"' in one[1]]
    assert path == "/api/1/envelope/"
    event = next(told for line in content.splitlines() if "exception" in (told := json.loads(line)))
    [error] = event["exception"]["values"]
    assert error["type"] == "LookupError"
    assert "value" not in error
    assert error["stacktrace"]["frames"][-1]["function"] == "fails"
    assert event["tags"]["view"] == "fails"
    assert len(event["tags"]["request"]) > 10
    told = b"".join(content for _path, content in collector.sent).decode()
    assert SECRET not in told
    assert "127.0.0.1" not in told.replace(address, "").replace("http://127.0.0.1", "")


def test_a_request_is_traced_by_its_view_and_not_by_its_address(
    collector: Collector, tmp_path: Path
) -> None:
    address = f"http://127.0.0.1:{collector.server_port}"
    assert watched(collector, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address) == "200 500"
    told = b"".join(content for path, content in collector.sent if path == "/v1/traces")
    for word in (b"habitat-portal", b"GET healthz", b"POST fails", b"http.response.status_code"):
        assert word in told
    assert SECRET.encode() not in told
    assert b"no such donor" not in told


def test_without_a_setting_nobody_is_told() -> None:
    telemetry.start({})
    assert "sentry_sdk" not in sys.modules


@pytest.mark.parametrize("setting", ["SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"])
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    for package in ("sentry_sdk", "opentelemetry"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-telemetry\.txt"):
        telemetry.start({setting: "http://127.0.0.1:9/1"})
