"""Runs the benches, one after the other, and writes what they tell into docs/performance.md.

    python -P bench/run.py [--size small|large] [--write] [name ...]

Each bench runs in a process of its own (`run_one.py`), makes its data and removes it again. The
contenders of a bench take turns in one run on one machine; what is printed are medians and ratios.
PostgreSQL is the server that DATABASE_URL_BENCH names; where it names none, a cluster of the
bench's own is started from Debian's packages, and ended with the run.
With `--write` the findings go into docs/measured/ and the tables of docs/performance.md are made
anew from them. Ends with 1 when a bench broke; a goal that is missed is told, and breaks nothing.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import document  # noqa: E402
from bench.cluster import postgres  # noqa: E402

MOST_SECONDS = {"small": 15 * 60, "large": 120 * 60}  # for one bench


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def measured(name: str, size: str, folder: Path, database: str) -> dict[str, Any] | None:
    """What the bench tells; None when it broke."""
    out = folder / f"{name}.json"
    surroundings = {**os.environ, "DATABASE_URL_BENCH": database}
    command = [sys.executable, "-P", str(ROOT / "bench" / "run_one.py"), name,
               "--size", size, "--out", str(out)]  # fmt: skip
    before = os.getloadavg()[0]
    begun = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603  the project's own benches
            command, cwd=ROOT, env=surroundings, timeout=MOST_SECONDS[size], check=False
        )
    except subprocess.TimeoutExpired:
        say(f"{name} took longer than {MOST_SECONDS[size] // 60} minutes and was ended.")
        return None
    if done.returncode or not out.exists():
        say(f"{name} broke.")
        return None
    told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    told["run"] = {
        "size": size,
        "on": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "load": [round(before, 1), round(os.getloadavg()[0], 1)],
        "machine": machine(),
    }
    return told


def machine() -> str:
    """As much of the machine as a reader of ratios wants to know."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(document.BENCHES))
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(document.BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    broken = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL does not run as root, and its owner walks through
        with postgres(folder / "cluster", say) as database:
            for bench in asked.names or document.BENCHES:
                say(f"\n== {bench}, {asked.size}")
                told = measured(bench, asked.size, folder, database)
                if told is None:
                    broken.append(bench)
                    continue
                say(document.section(told))
                if asked.write:
                    document.keep(bench, asked.size, told)
    if asked.write:
        document.write()
    if broken:
        say(f"\nBroken: {', '.join(broken)}")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
