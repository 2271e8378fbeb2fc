"""A PostgreSQL server for benches: the one that DATABASE_URL_BENCH names, else one of their own."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from habitat_portal.servers import CannotStart, free_port
from habitat_portal.servers import postgres as described
from habitat_portal.stack import Kept

# Enough for an index over ten million entries, little enough for a small server. What protects
# a commit (fsync, synchronous_commit) is as it is in production.
SETTINGS = ("shared_buffers=1GB", "work_mem=64MB", "maintenance_work_mem=512MB",
            "max_wal_size=8GB", "max_connections=150")  # fmt: skip
STARTS_WITHIN, ENDS_WITHIN = 30.0, 60.0  # seconds


@contextmanager
def postgres(folder: Path, say: Callable[[str], None]) -> Iterator[str]:
    """The address of a database beside which benches make theirs; empty where there is none."""
    if given := os.environ.get("DATABASE_URL_BENCH", ""):
        yield given
        return
    folder.mkdir()
    try:
        program, address = described(folder, secrets.token_urlsafe(24), free_port())
    except CannotStart as error:
        say(f"PostgreSQL is left out: {error}")
        yield ""
        return
    for setting in SETTINGS:
        program.command.extend(["-c", setting])
    server = Kept(program, folder)
    server.start()
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not program.is_up() and time.monotonic() < until:
            time.sleep(0.1)
        yield address
    finally:
        server.ask_to_end()
        server.end(time.monotonic() + ENDS_WITHIN)
