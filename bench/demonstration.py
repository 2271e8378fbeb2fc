"""A demonstration to measure: a copy of the project in a folder of its own, served by `make run`.

BENCH_DEMONSTRATION may name the folder of a copy that is set up already (the project's folder with
`.venv` and `var` in it); then nothing is copied, and the copy is left as it is.
"""

import http.client
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_BEHIND = (".git", ".venv*", "var", "__pycache__", ".mypy_cache", ".ruff_cache",
               ".pytest_cache", ".hypothesis", ".setup.lock")  # fmt: skip
MOST_SECONDS = 900.0  # a first start sets everything up
BETWEEN_LOOKS = 0.02
BUSY = 3.0  # load from which a start is not measured alone


@dataclass
class Started:
    """A portal that runs: where, and how many seconds after the command it listened and answered.

    `processor` is filled when it has ended: seconds of all processes, children's included.
    """

    port: int
    listened: float
    answered: float
    processor: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def surroundings() -> dict[str, str]:
    """Of a shell that knows nothing of this bench or of Python's switches."""
    foreign = ("PYTHON", "PORTAL_", "DJANGO_", "DATABASE_URL", "MAKE", "MFLAGS")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def load_told() -> list[str]:
    """A note where others use the machine."""
    load = os.getloadavg()[0]
    return [f"Others used the machine: a load of {load:.1f}."] if load > BUSY else []


@contextmanager
def set_up() -> Iterator[Path]:
    """The folder of a copy that `make run` has set up once. Raises RuntimeError when it fails."""
    if given := os.environ.get("BENCH_DEMONSTRATION"):
        yield Path(given)
        return
    with tempfile.TemporaryDirectory(prefix="portal-bench-demonstration-") as name:
        folder = Path(name) / "copy"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
        _lend_environment(folder)
        with started(folder):
            pass
        yield folder


def _lend_environment(folder: Path) -> None:
    """The packages that this bench runs with, told to `make` as those of the lock."""
    own = folder / ".venv"
    own.mkdir()
    for path in Path(sys.prefix).iterdir():
        if not path.name.startswith(("requirements", "install")):
            (own / path.name).symlink_to(path)
    shutil.copy(folder / "requirements.txt", own / "requirements.txt")


@contextmanager
def started(folder: Path) -> Iterator[Started]:
    """`make run` in the folder, ended afterwards with all its processes."""
    port = _free_port()
    used, begun = _processor(), time.perf_counter()
    with (folder / "bench.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603  the project's own Makefile
            ["make", "run", f"PORT={port}"], cwd=folder, env=surroundings(),  # noqa: S607
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        listened = _first_connection(process, port, begun)
        portal = Started(port, listened, _first_answer(port, begun))
        yield portal
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
    portal.processor = _processor() - used


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _first_connection(process: "subprocess.Popen[bytes]", port: int, begun: float) -> float:
    while time.perf_counter() - begun < MOST_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"make run ended with {process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return time.perf_counter() - begun
        except OSError:
            time.sleep(BETWEEN_LOOKS)
    raise RuntimeError("make run did not answer.")


def _first_answer(port: int, begun: float) -> float:
    """Seconds until the first page stands, the portal's leading on from `/` included."""
    address = "/"
    while True:
        visit = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
        visit.request("GET", address)
        answer = visit.getresponse()
        answer.read()
        visit.close()
        if answer.status == http.HTTPStatus.OK:
            return time.perf_counter() - begun
        address = answer.headers.get("Location") or ""
        if not address.startswith("/"):
            raise RuntimeError(f"The first request was answered with {answer.status}.")
