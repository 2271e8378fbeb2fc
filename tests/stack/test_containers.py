"""The container files, read as text: no engine runs here, what they name must exist."""

import http.server
import re
import threading
from types import SimpleNamespace

import pytest
import yaml
from django.core.management import call_command

from habitat_portal import gunicorn, probe
from reports.management.commands import prepare_installation
from tests.house import project

COMPOSE = yaml.safe_load((project.ROOT / "compose.yaml").read_text())
DOCKERFILE = (project.ROOT / "Dockerfile").read_text()
OWN = ("migrate", "web", "worker", "scheduler")


def test_every_app_is_copied_and_let_through():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.M))
    assert copied == {*project.APPS, "fixtures", "locale", "static", "templates"}
    let_through = set(re.findall(r"^!(\w+)$", (project.ROOT / ".dockerignore").read_text(), re.M))
    assert let_through == copied


def test_the_image_installs_by_hash_and_runs_as_nobody_special():
    first, second = DOCKERFILE.split("\nFROM ")[1:]
    assert "--require-hashes -r requirements.txt" in first
    assert second.index("\nUSER portal") < second.index("\nCMD ")
    assert "pip install" not in second


@pytest.mark.parametrize("name", OWN)
def test_the_portals_own_processes_have_a_read_only_root_and_no_rights(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"DATABASE_URL", "REDIS_URL"} <= service["environment"].keys()


def test_every_process_of_production_is_there():
    assert set(COMPOSE["services"]) == {"postgres", "redis", *OWN}
    after = COMPOSE["services"]["migrate"]["depends_on"]
    assert set(after) == {"postgres", "redis"}
    for name in ("web", "worker", "scheduler"):
        waits = COMPOSE["services"][name]["depends_on"]["migrate"]["condition"]
        assert waits == "service_completed_successfully"


def test_nothing_but_the_web_is_reached_from_outside_and_only_from_this_machine():
    ports = {name: service.get("ports") for name, service in COMPOSE["services"].items()}
    assert {name: one for name, one in ports.items() if one} == {"web": ["127.0.0.1:8000:8000"]}


def test_gunicorn_takes_its_size_from_the_environment():
    assert (gunicorn.workers, gunicorn.threads, gunicorn.worker_class) == (2, 4, "gthread")


def test_a_process_that_follows_another_goes_on_with_its_number():
    server = SimpleNamespace(WORKERS={})
    numbers = []
    for pid, ended in [(10, None), (11, None), (12, None), (13, 11), (14, 10), (15, None)]:
        server.WORKERS.pop(ended, None)
        worker = server.WORKERS[pid] = SimpleNamespace()
        gunicorn.pre_fork(server, worker)
        numbers.append(worker.number)
    assert numbers == [0, 1, 2, 1, 0, 3]


class Answer(http.server.BaseHTTPRequestHandler):
    hosts: list[str] = []

    def do_GET(self):
        self.hosts.append(self.headers["Host"])
        self.send_response(200 if self.path == "/well" else 503)
        self.end_headers()

    def log_message(self, *_args):
        """Nothing: the tests' output is for the tests."""


@pytest.fixture
def here():
    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_probe_tells_well_from_ill_and_asks_by_the_portals_name(here, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", ".portal.example.org,other.example.org")
    assert probe.answers(f"{here}/well")
    assert Answer.hosts[-1] == "portal.example.org"
    assert not probe.answers(f"{here}/ill")
    assert not probe.answers("http://127.0.0.1:1/well")
    with pytest.raises(ValueError, match="Only this machine"):
        probe.answers("http://portal.example.org/")


def test_preparing_calls_every_step_once(monkeypatch, capsys):
    called = []
    monkeypatch.setattr(
        prepare_installation, "call_command", lambda name, **given: called.append(name)
    )
    call_command("prepare_installation")
    assert called == [
        "migrate", "install_triggers", "load_reference", "load_history", "prepare_fonts",
        "collectstatic", "check",
    ]  # fmt: skip
    assert "[7/7] Checks: done" in capsys.readouterr().out
