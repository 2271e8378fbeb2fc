"""Servers with the same portal behind them, asked in turns over the loopback by the same asker."""

import importlib.util
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPLICATION = "bench.serving_app:application"
PROCESSES, THREADS, CONNECTIONS = "2", "4", 16
STARTS_WITHIN = 120.0  # seconds
GUNICORN = ["-m", "gunicorn", "--config", "python:habitat_portal.gunicorn", "--max-requests", "0"]
CONFIGURED = "gunicorn, 2 × 4 threads"
SERVERS: dict[str, list[str]] = {
    CONFIGURED: GUNICORN,
    "gunicorn, 2 × sync": [*GUNICORN, "--worker-class", "sync", "--threads", "1"],
    "granian, 2 × 4 threads": [
        "-m", "granian", "--interface", "wsgi", "--workers", PROCESSES, "--blocking-threads",
        THREADS, "--host", "127.0.0.1", "--no-ws", "--log-level", "warning",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked for; a slow one of the configured server only, over few connections."""

    address: str
    headers: Sequence[str]
    is_slow: bool = False

    @property
    def connections(self) -> int:
        return 2 if self.is_slow else CONNECTIONS


@dataclass
class Runs:
    """What one server answered at one address: requests per second of each run, and every time.

    `processor` are seconds of processor time of the server per request, which do not grow while
    others use the machine.
    """

    per_second: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    statuses: set[str] = field(default_factory=set)

    @property
    def rate(self) -> float:
        return statistics.median(self.per_second)

    @property
    def work(self) -> float:
        return statistics.median(self.processor)

    def seconds(self, percent: int) -> float:
        return statistics.quantiles(self.taken, n=100)[percent - 1]


def those_there() -> list[str]:
    """The servers whose program is installed."""
    return [name for name, command in SERVERS.items() if importlib.util.find_spec(command[1])]


@contextmanager
def started(name: str, surroundings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The port on which the server answers until the block ends, and its group of processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    around = {**surroundings, "PORT": str(port), "WEB_HOST": "127.0.0.1", "WEB_THREADS": THREADS,
              "WEB_PROCESSES": PROCESSES, "PYTHONPATH": _path()}  # fmt: skip
    ours = ["--port", str(port)] if "granian" in SERVERS[name] else []
    command = [sys.executable, "-P", *SERVERS[name], *ours, APPLICATION]
    server = subprocess.Popen(  # noqa: S603  written above
        command, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(server, port)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=60)


def _processor(group: int) -> float:
    """Seconds of processor time that the processes of the group have used."""
    used = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one that has ended meanwhile
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def _path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"A server did not start: {server.args!r}")


def asked(port: int, group: int, question: Question, seconds: float, runs: Runs) -> None:
    """Ask for so many seconds and note what came of it."""
    sent = [question.address, str(seconds), str(question.connections), *question.headers]
    command = [sys.executable, "-P", str(ROOT / "bench" / "serving_load.py"), str(port), *sent]
    before = _processor(group)
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603  the bench's own
    told = json.loads(done.stdout)
    runs.per_second.append(len(told["taken"]) / told["seconds"])
    answered = len(told["taken"]) + question.connections  # those under way at the end
    runs.processor.append((_processor(group) - before) / answered)
    runs.taken += told["taken"]
    runs.statuses |= set(told["statuses"])


def take_turns(
    names: Sequence[str], questions: Mapping[str, Question],
    surroundings: Mapping[str, str], rounds: int, seconds: float,
) -> dict[tuple[str, str], Runs]:  # fmt: skip
    """Each server with each question, alternating; the first round only warms up.

    All servers stand all the time; those that are not asked take no processor.
    """
    found: dict[tuple[str, str], Runs] = {}
    with ExitStack() as stack:
        ports = {name: stack.enter_context(started(name, surroundings)) for name in names}
        for turn in range(rounds + 1):
            for called, question in questions.items():
                for name in [*names[turn % len(names) :], *names[: turn % len(names)]]:
                    if question.is_slow and name != CONFIGURED:
                        continue
                    runs = found.setdefault((name, called), Runs()) if turn else Runs()
                    asked(*ports[name], question, seconds if turn else 0.2, runs)
    return found
