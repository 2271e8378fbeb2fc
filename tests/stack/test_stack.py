"""The supervisor behind `make stack`, without the servers: what it starts, keeps and refuses."""

import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

from habitat_portal import servers, stack
from habitat_portal.safety import refuse_unsafe_settings
from habitat_portal.servers import CannotStart, Program
from habitat_portal.stack import Kept, Stack
from tests.house import project

COMPOSE = yaml.safe_load((project.ROOT / "compose.yaml").read_text())["services"]
ADDRESSES = {
    "DATABASE_URL": "postgres://portal@db.example.org/portal",
    "REDIS_URL": "redis://cache.example.org",
}


def as_in_a_container(command: list[str], folder: Path) -> list[str]:
    named = {sys.executable: "python", str(folder / "beat"): "/tmp/beat"}  # noqa: S108
    return [named.get(word, word) for word in command]


def test_the_processes_are_those_of_the_containers(tmp_path: Path) -> None:
    own = {
        "migrate": stack.PREPARE, "worker": stack.WORKER, "scheduler": stack.scheduler(tmp_path)
    }  # fmt: skip
    for name, command in own.items():
        assert as_in_a_container(command, tmp_path) == COMPOSE[name]["command"]
    web = (project.ROOT / "Dockerfile").read_text().rpartition("\nCMD ")[2]
    assert as_in_a_container(stack.WEB, tmp_path) == yaml.safe_load(web)
    assert COMPOSE["redis"]["command"] == ["redis-server", *servers.REDIS_KEEPS_NOTHING]
    assert set(COMPOSE) == {"postgres", "redis", "web", *own}


def test_they_run_as_production_does_for_this_machine_alone(tmp_path: Path) -> None:
    own = servers.kept_secrets(tmp_path)
    environment = stack.environment_of({"PORT": "8123"}, tmp_path, own, ADDRESSES)
    refuse_unsafe_settings(environment)
    assert environment["PORTAL_MODE"] == "production"
    assert environment["WEB_HOST"] == "127.0.0.1"
    assert environment["PORTAL_ADDRESS"] == "http://127.0.0.1:8123"
    given = stack.environment_of({"SECRET_KEY": "x" * 60}, tmp_path, own, ADDRESSES)
    assert (given["SECRET_KEY"], given["PORT"]) == ("x" * 60, "8000")
    assert ADDRESSES.items() <= environment.items()


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    first = servers.kept_secrets(tmp_path)
    assert servers.kept_secrets(tmp_path) == first
    assert len(set(first.values())) == 4
    assert {len(secret) for secret in first.values()} == {64}
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_servers_that_are_given_are_not_started(tmp_path: Path) -> None:
    taken = Stack(ADDRESSES, tmp_path)
    assert taken._start_servers({}) == ADDRESSES
    assert taken.kept == {}


def test_what_is_not_installed_is_named_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "OF_DEBIAN", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for given, package in (({}, "postgresql"), (ADDRESSES | {"REDIS_URL": ""}, "redis-server")):
        with pytest.raises(CannotStart, match=f"apt install {package}"):
            Stack({"PORT": str(servers.free_port()), **given}, tmp_path / package).start()


def test_one_stack_per_folder_and_nothing_else_on_its_port(tmp_path: Path) -> None:
    first = Stack({}, tmp_path)
    first._take_folder()
    with pytest.raises(CannotStart, match="running already"):
        Stack({}, tmp_path).start()
    first.stop()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with pytest.raises(CannotStart, match=f"Port {port} cannot be used"):
            Stack({"PORT": port}, tmp_path).start()
    with pytest.raises(CannotStart, match="Port here cannot be used"):
        Stack({"PORT": "here"}, tmp_path).start()


def test_what_dies_is_started_again_after_a_pause_that_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(stack.time, "monotonic", lambda: clock[0])
    kept = Kept(Program("short", ["true"]), tmp_path)
    kept.start()
    pauses = []
    for lived in (1, 1, 1, 60, 1):
        kept._process.wait()
        clock[0] += lived
        kept.look()
        begun, starts = clock[0], kept.starts
        while kept.starts == starts:
            clock[0] += 0.25
            kept.look()
        pauses.append(clock[0] - begun)
    assert pauses == [0.5, 1, 2, 0.25, 0.5]


def test_a_process_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    deaf = "trap '' TERM; sleep 60 & echo $!; wait; wait; wait"
    kept = Kept(Program("deaf", ["bash", "-c", deaf]), tmp_path)
    kept.start()
    while not (child := (tmp_path / "deaf.log").read_text().strip()):
        pass
    kept.ask_to_end()
    kept.end(until=0)
    assert kept.pid is None
    until = time.monotonic() + 5  # a signal takes its time on a busy machine
    while _is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(pid: str) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_the_command_says_where_the_portal_is_and_how_to_open_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = []

    def watch(_stack: Stack, over: threading.Event) -> None:
        signal.raise_signal(signal.SIGTERM)
        assert over.is_set()

    def start(started: Stack) -> None:
        started.environment = {"PORTAL_ADDRESS": "http://127.0.0.1:8123"}

    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(Stack, "start", start)
    monkeypatch.setattr(Stack, "watch", watch)
    monkeypatch.setattr(Stack, "stop", lambda stopped: ended.append(stopped))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert stack.main() == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    told = capsys.readouterr().out
    assert "The portal is at http://127.0.0.1:8123/" in told
    assert f"source {tmp_path}/environment" in told
    assert "manage.py open_account" in told
    assert len(ended) == 1
