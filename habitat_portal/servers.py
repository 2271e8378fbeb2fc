"""PostgreSQL and Redis of the portal's own, on this machine alone, from Debian's packages.

Each is described, not started: `habitat_portal/stack.py` starts it and keeps it running.
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import redis

HOST = "127.0.0.1"
ROLE = "portal"
OF_DEBIAN = "/usr/lib/postgresql"
INSTALL = "On Debian or Ubuntu: apt install %s. Or set %s to the address of one that runs."
# As in compose.yaml: what is lost with Redis is the cache and the wake-up calls.
REDIS_KEEPS_NOTHING = ("--save", "", "--appendonly", "no")


class CannotStart(Exception):
    """Why the stack does not start, as a sentence."""


@dataclass(frozen=True)
class Program:
    """A process as it is started: what it is called, how it ends, and when it is up."""

    name: str
    command: list[str]
    ends_with: signal.Signals = signal.SIGTERM
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    is_up: Callable[[], bool] = lambda: True


def kept_secrets(folder: Path) -> dict[str, str]:
    """Made once, kept in the folder, readable by its owner only."""
    path = folder / "secrets.json"
    if not path.exists():
        names = ("SECRET_KEY", "METRICS_TOKEN", "POSTGRES_PASSWORD", "REDIS_PASSWORD")
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in names}))
        new.rename(path)
    return dict(json.loads(path.read_text()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def refuse_taken(port: str) -> None:
    """Raises CannotStart when something else listens on the port, or it is none."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, int(port)))
    except (OSError, ValueError, OverflowError) as error:
        raise CannotStart(
            f"Port {port} cannot be used ({error}). Choose another one: make stack PORT=8001"
        ) from error


def postgres(folder: Path, password: str, port: int) -> tuple[Program, str]:
    """A cluster in the folder, made where there is none, and the address of its database.

    Raises CannotStart where the programs are missing, or the cluster is at work already.
    """
    programs = _programs_of_postgres()
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    data = folder / "postgres" / "data"
    if not data.exists():
        _make_cluster(programs, data, password, user)
    _refuse_running(data)
    command = [
        str(programs / "postgres"), "-D", str(data), "-h", HOST, "-p", str(port),
        "-c", "unix_socket_directories=",
    ]  # fmt: skip
    server = f"postgres://{ROLE}:{password}@{HOST}:{port}"
    # SIGINT ends it without waiting for those who are connected, and with nothing lost.
    kept = Program(
        "postgres", command, signal.SIGINT, user, is_up=lambda: _has_database(f"{server}/postgres")
    )
    return kept, f"{server}/{ROLE}"


def _programs_of_postgres() -> Path:
    """The folder of the newest version that is installed."""
    found = sorted(Path(OF_DEBIAN).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise CannotStart(f"PostgreSQL was not found. {INSTALL % ('postgresql', 'DATABASE_URL')}")
    return (found[-1] if found else Path(str(on_path)).resolve()).parent


def _make_cluster(programs: Path, data: Path, password: str, user: str | None) -> None:
    """Under another name first: one that was broken off is made anew."""
    new = data.with_name("new")
    shutil.rmtree(new, ignore_errors=True)
    data.parent.mkdir(mode=0o700, exist_ok=True)
    given = data.with_name("password")
    given.touch(mode=0o600)
    given.write_text(password)
    if user:
        owner = pwd.getpwnam(user)
        for path in (data.parent, given):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        data.parent.parent.chmod(0o711)  # to be walked through, not looked at
    command = [
        str(programs / "initdb"), f"--pgdata={new}", f"--username={ROLE}", f"--pwfile={given}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603  a program of the system
        command, user=user, cwd="/", capture_output=True, text=True, check=False
    )
    given.unlink()
    if done.returncode:
        raise CannotStart(f"PostgreSQL could not be set up in {data.parent}:\n{done.stderr}")
    new.rename(data)


def _refuse_running(data: Path) -> None:
    """Of a supervisor that was killed itself."""
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().split("\n", 1)[0]
    if "postgres" in _name_of_process(pid):
        raise CannotStart(
            f"PostgreSQL of {data} is running already as process {pid}. End it: kill -INT {pid}"
        )


def _name_of_process(pid: str) -> str:
    try:
        return Path(f"/proc/{int(pid)}/comm").read_text()
    except (OSError, ValueError):
        return ""


def _has_database(server: str) -> bool:
    """Whether it answers; makes the portal's database where there is none yet."""
    try:
        connection = psycopg2.connect(server, connect_timeout=2)
    except psycopg2.OperationalError:
        return False
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {ROLE}")
    finally:
        connection.close()
    return True


def redis_server(folder: Path, password: str, port: int) -> tuple[Program, str]:
    """Redis without a memory of its own, and its address. Raises CannotStart without it."""
    program = shutil.which("redis-server")
    if program is None:
        raise CannotStart(f"Redis was not found. {INSTALL % ('redis-server', 'REDIS_URL')}")
    settings = folder / "redis.conf"  # a password on the command line could be read by others
    settings.touch(mode=0o600)
    settings.write_text(
        f'bind {HOST}\nport {port}\nrequirepass {password}\ndir "{folder}"\ndaemonize no\n'
    )
    url = f"redis://:{password}@{HOST}:{port}/0"
    command = [program, str(settings), *REDIS_KEEPS_NOTHING]
    return Program("redis", command, is_up=lambda: _answers(url)), url


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
