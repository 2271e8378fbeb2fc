"""Many people at once: Board members who read and officers who post, on the stack of `make stack`.

    python bench/load.py [--readers 200] [--officers 20] [--minutes 5]

Starts PostgreSQL, Redis, gunicorn, Celery's worker and scheduler as in production, in a folder of
its own, lets Locust play the people on loopback, and prints for each kind of answer how many came,
how many failed, and the median and 95th percentile of their time. Then the books are verified.
Between two acts a person thinks: a reader 10 to 30 seconds, an officer 20 to 40. Players and
portal share the machine, so the times are those of a machine that is busy with both. Ends with 1
when an answer failed or the books are not sound. Needs requirements-bench.txt (`make bench-load`
brings it), PostgreSQL and Redis.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from habitat_portal.servers import free_port  # noqa: E402
from habitat_portal.stack import Stack  # noqa: E402

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "DATABASE_URL", "REDIS_URL")
PREPARE = [sys.executable, "-P", "-m", "bench.load_people"]
COLUMNS = ("Request Count", "Failure Count", "50%", "95%", "99%", "Max Response Time")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--officers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--reading", default="10-30", help="seconds between two acts of a reader")
    parser.add_argument("--entering", default="20-40", help="seconds between two of an officer")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-load-") as folder:
        return on_a_stack(asked, Path(folder))


def on_a_stack(asked: argparse.Namespace, folder: Path) -> int:
    given = {name: os.environ[name] for name in KEPT if name in os.environ}
    given |= {
        "PORT": str(free_port()), "READERS": str(asked.readers), "OFFICERS": str(asked.officers),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    stack, over = Stack(given, folder, say, PREPARE), threading.Event()
    stack.start()
    watching = threading.Thread(target=stack.watch, args=[over])
    watching.start()
    try:
        say(f"{asked.readers} readers and {asked.officers} officers, {asked.minutes:g} minutes ...")
        has_failed = played(asked, stack, folder)
        say(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}")
        verified = subprocess.run(
            [sys.executable, "manage.py", "verify_ledger"], cwd=ROOT, env=stack.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        say((verified.stdout or verified.stderr).strip())
    finally:
        over.set()
        watching.join()
        stack.stop()
    return int(has_failed or verified.returncode != 0)


def played(asked: argparse.Namespace, stack: Stack, folder: Path) -> bool:
    """Whether an answer failed; the table is printed."""
    surroundings = {
        **os.environ, "LOAD_PEOPLE": str(stack.folder / "people.json"),
        "LOAD_READING": asked.reading, "LOAD_ENTERING": asked.entering,
    }  # fmt: skip
    people = asked.readers + asked.officers
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "load_users.py"), "--headless",
         "--host", stack.address, "--users", str(people), "--spawn-rate", str(max(1, people // 20)),
         "--run-time", f"{round(asked.minutes * 60)}s", "--stop-timeout", "60",
         "--csv", str(folder / "told"), "--only-summary", "--loglevel", "WARNING"],
        env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = list(csv.DictReader((folder / "told_stats.csv").open()))
    say(f"\n{'':16}{'answers':>9}{'failed':>8}{'median':>9}{'p95':>9}{'p99':>9}{'most':>9}")
    for row in rows:
        count, failed, *times = (float(row[name]) for name in COLUMNS)
        line = f"{row['Name'] or 'all':16}{count:9.0f}{failed:8.0f}"
        say(line + "".join(f"{one:6.0f} ms" for one in times))
    for row in csv.DictReader((folder / "told_failures.csv").open()):
        say(f"failed: {row['Name']}: {row['Error']} ({row['Occurrences']} times)")
    has_answers = {row["Name"] for row in rows} >= {"dashboard", "posting"}
    if done.returncode not in (0, 1) or not has_answers:
        say(done.stderr[-2000:])
        return True
    return any(float(row["Failure Count"]) for row in rows)


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
