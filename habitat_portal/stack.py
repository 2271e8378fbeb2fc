"""The portal as production runs it, on one machine and for it alone: `make stack`.

Starts PostgreSQL and Redis (or takes those of DATABASE_URL and REDIS_URL), prepares the
installation, and keeps gunicorn, a Celery worker and the scheduler running: the processes and
commands of compose.yaml. What dies is started again, after a pause that grows as long as it keeps
dying at once.
"""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from habitat_portal.probe import answers
from habitat_portal.servers import (
    HOST,
    CannotStart,
    Program,
    free_port,
    kept_secrets,
    postgres,
    redis_server,
    refuse_taken,
)

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CELERY = [PYTHON, "-m", "celery", "--app", "habitat_portal.celery"]
WEB = [
    PYTHON, "-m", "gunicorn", "--config", "python:habitat_portal.gunicorn",
    "habitat_portal.wsgi:application",
]  # fmt: skip
WORKER = [*CELERY, "worker", "--loglevel", "INFO"]
PREPARE = [PYTHON, "manage.py", "prepare_installation"]
# Seconds.
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0
WELL_AFTER = 10.0  # it lived that long: its next death is a first one again
STARTS_WITHIN = 120.0
ENDS_WITHIN = 120.0  # a job and a request are done to their end, as with stop_grace_period
LOOKED_AT_EVERY = 0.1
PORT = "8000"


def scheduler(folder: Path) -> list[str]:
    """Celery's clock, whose memory of what it called is in the folder."""
    return [*CELERY, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""]


def environment_of(
    given: Mapping[str, str], folder: Path, own: Mapping[str, str], addresses: Mapping[str, str]
) -> dict[str, str]:
    """What all processes are started with: production, reached from this machine alone.

    What is `given` goes before the stack's `own` secrets and its defaults.
    """
    port = given.get("PORT") or PORT
    return {
        "PORTAL_MODE": "production", "PORTAL_SECURE": "0", "WEB_HOST": HOST,
        "ALLOWED_HOSTS": f"{HOST},localhost", "PORTAL_ADDRESS": f"http://{HOST}:{port}",
        "SECRET_KEY": own["SECRET_KEY"], "METRICS_TOKEN": own["METRICS_TOKEN"],
        **given, **addresses, "PORT": port, "PORTAL_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "habitat_portal.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


class Kept:
    """A process that is started again whenever it ends."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.starts = 0
        self._log = logs / f"{program.name}.log"
        self._pause, self._next, self._started = FIRST_PAUSE, 0.0, 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, None while there is none."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def start(self) -> None:
        self.starts, self._started = self.starts + 1, time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  the portal's own commands
                self.program.command, cwd=ROOT, env=dict(self.program.environment) or None,
                user=self.program.user, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl+C reaches the supervisor alone, which ends the rest
            )  # fmt: skip

    def look(self) -> None:
        """Start it again when it has ended and its pause is over."""
        if self.pid is not None:
            return
        now = time.monotonic()
        if not self._next:
            is_first = now - self._started > WELL_AFTER
            self._pause = FIRST_PAUSE if is_first else min(2 * self._pause, LONGEST_PAUSE)
            self._next = now + self._pause
        elif now >= self._next:
            self._next = 0.0
            self.start()

    def ask_to_end(self) -> None:
        if self.pid is not None:
            os.kill(self.pid, self.program.ends_with)

    def end(self, until: float) -> None:
        """Wait for its end, and kill it with all its children when that takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])


class Stack:
    """All processes. `given` are variables of the environment, `folder` holds what they write.

    `say` is told how far the start is, `prepare` makes the installation ready. One thread may
    `watch` while another looks.
    """

    def __init__(
        self, given: Mapping[str, str], folder: Path, say: Callable[[str], Any] = print,
        prepare: Sequence[str] = PREPARE,
    ) -> None:  # fmt: skip
        self.folder, self._given, self._say, self._prepared_by = folder, given, say, prepare
        self.kept: dict[str, Kept] = {}
        self.environment: dict[str, str] = {}
        self._lock: IO[str] | None = None

    @property
    def address(self) -> str:
        return self.environment["PORTAL_ADDRESS"]

    def start(self) -> None:
        """Start everything, in its order. Raises CannotStart, with nothing left running."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._logs.mkdir(exist_ok=True)
        self._take_folder()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def _logs(self) -> Path:
        return self.folder / "logs"

    def _take_folder(self) -> None:
        self._lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock = None
            raise CannotStart(f"The stack in {self.folder} is running already.") from None

    def _start(self) -> None:
        refuse_taken(self._given.get("PORT") or PORT)
        own = kept_secrets(self.folder)
        addresses = self._start_servers(own)
        self.environment = environment_of(self._given, self.folder, own, addresses)
        self._write_environment()
        self._prepare()
        web = Program("web", WEB, environment=self.environment, is_up=self._answers)
        others = {"worker": WORKER, "scheduler": scheduler(self.folder)}
        self._add([
            web, *(Program(one, others[one], environment=self.environment) for one in others)
        ])  # fmt: skip
        self._wait_for(web)

    def _answers(self) -> bool:
        return answers(f"{self.address}/healthz")

    def _start_servers(self, own: Mapping[str, str]) -> dict[str, str]:
        """Those that are not given, and the addresses of both."""
        addresses = {name: self._given.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
        programs = []
        if not addresses["DATABASE_URL"]:
            kept, url = postgres(self.folder, own["POSTGRES_PASSWORD"], free_port())
            programs, addresses["DATABASE_URL"] = [kept], url
        if not addresses["REDIS_URL"]:
            kept, addresses["REDIS_URL"] = redis_server(
                self.folder, own["REDIS_PASSWORD"], free_port()
            )
            programs.append(kept)
        self._add(programs)
        for program in programs:
            self._wait_for(program)
        return addresses

    def _add(self, programs: Iterable[Program]) -> None:
        for program in programs:
            kept = self.kept[program.name] = Kept(program, self._logs)
            kept.start()

    def _wait_for(self, program: Program) -> None:
        until = time.monotonic() + STARTS_WITHIN
        kept = self.kept[program.name]
        while not program.is_up():
            if kept.pid is None or time.monotonic() > until:
                raise CannotStart(f"{program.name} did not start:\n{kept.last_lines()}")
            time.sleep(LOOKED_AT_EVERY)

    def _write_environment(self) -> None:
        """For commands by hand, in a shell that reads this file first."""
        own = {n: v for n, v in self.environment.items() if os.environ.get(n) != v}
        path = self.folder / "environment"
        path.touch(mode=0o600)
        path.write_text("".join(f"export {n}={shlex.quote(v)}\n" for n, v in sorted(own.items())))

    def _prepare(self) -> None:
        self._say("Preparing the installation (half a minute the first time) ...")
        done = subprocess.run(  # noqa: S603  the portal's own command
            self._prepared_by, cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, start_new_session=True,
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(f"The installation could not be prepared:\n{done.stderr[-3000:]}")

    def watch(self, over: threading.Event) -> None:
        """Keep the processes running until the event is set."""
        while not over.wait(LOOKED_AT_EVERY):
            for kept in list(self.kept.values()):
                kept.look()

    def stop(self) -> None:
        """End the portal's processes, with what they are doing done, then the servers."""
        servers = [kept for name, kept in self.kept.items() if name in ("postgres", "redis")]
        portal = [kept for kept in self.kept.values() if kept not in servers]
        until = time.monotonic() + ENDS_WITHIN
        for group in (portal, servers):
            for kept in group:
                kept.ask_to_end()
            for kept in group:
                kept.end(until)
        self.kept = {}
        if self._lock:
            self._lock.close()


def main() -> int:
    """Run the stack until SIGINT or SIGTERM; 1 and a sentence when it cannot start."""
    folder = Path(os.environ.get("PORTAL_DATA_DIR") or ROOT / "var" / "stack").resolve()
    stack = Stack(os.environ, folder, say=_say)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nothing half started stays
    try:
        stack.start()
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_told: over.set())
    _say(_welcome(stack))
    stack.watch(over)
    _say("Ending: what is being worked on is done first ...")
    stack.stop()
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _welcome(stack: Stack) -> str:
    folder = shlex.quote(str(stack.folder))
    return f"""The portal is at {stack.address}/ (logs: {folder}/logs)
The first account is opened in another terminal, in this folder:
  source {folder}/environment
  .venv/bin/python manage.py open_account you@example.org --name "Your name" --role administrator
Ctrl+C ends it."""


if __name__ == "__main__":
    sys.exit(main())
