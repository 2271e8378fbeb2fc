"""How fast donor statements are made: beside the bare typesetter, and beside WeasyPrint.

    python -P bench/run.py statements [--size large]

In one run, on a SQLite database made for it, with the same documents for all three:

  path   the portal's whole path: the figures are asked from the books, worded and formatted,
         the content compared with what was made before, numbered, typeset (tagged, PDF/UA-1 and
         PDF/A-2a), signed, stored and noted, with the commits. Signing is told apart.
  bare   Typst's compiler, kept, with the same fonts, for exactly the data that the path typeset.
  peer   WeasyPrint's PDF/UA-1 of the same texts, tables, chart and fonts; some documents in
         each process, more are extrapolated. It asks, seals, signs and stores nothing.

First one warm statement (median of eleven donors, in English, one process), then those of all
donors in six languages on several processes, each measured from its first document to its last;
start and one warm document per language are not counted. A document counts when its pages do:
the pages of all three are told. Needs the packages of requirements.txt and requirements-bench.txt
(`make bench` brings both) and, for WeasyPrint, Pango from the system.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.told import LARGE, Goal, Table, Told, ratio

ROOT = Path(__file__).resolve().parents[1]
STEPS = ROOT / "bench" / "statements_steps.py"
WARM_DONORS = 11
LANGUAGES = "en,fr,es,ru,ar,zh-hans"
GOAL_BESIDE_BARE, GOAL_BESIDE_PEER, GOAL_MEGABYTES = 1.5, 6.0, 250
NAMES = {"path": "the portal's path", "bare": "bare Typst", "peer": "WeasyPrint"}
STAGES = ("words", "typeset", "sign")  # of the path, seconds; the rest is sealing and storing
# A shared machine stretches the clock on the wall; the processor's own tells the work alone.
CLOCKS = {"seconds": "by the clock", "cpu": "by the processor's time"}
STAGE_OF = {"seconds": "", "cpu": "_cpu"}  # ends the name of a stage
Found = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """Which documents: the first donors in these languages, dealt out to the processes."""

    name: str
    donors: int
    languages: str
    processes: int


class Bench:
    """Steps in processes of their own, on copies of one prepared database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, step: str, sample: Sample, share: int, most: int = 0) -> subprocess.Popen[str]:
        environment = {
            **os.environ, "PORTAL_MODE": "test", "PORTAL_DATA_DIR": str(self._folder),
            "DATABASE_URL": f"sqlite:///{self._folder / sample.name}.sqlite3", "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "habitat_portal.settings", "PORTAL_BOOKS": "BENCH",
            "SIGNING_KEY_FILE": str(self._folder / "signing" / "demonstration.p12"),
            "SIGNING_KEY_PASSPHRASE": "", "REPORTS_BUCKET": "",
            "PORTAL_ADDRESS": "https://portal.example.org",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        asked = [sample.donors, sample.languages, share, sample.processes, most]
        dump = self._folder / f"{sample.name}-{share}.pickle"
        return subprocess.Popen(  # noqa: S603
            # -P: this folder holds a file that is called as the portal's package is.
            [sys.executable, "-P", str(STEPS), step, str(dump), *map(str, asked)],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def prepare(self, donors: int) -> None:
        """The database with its books, the fonts and a key to sign with."""
        _answer(self.start("prepare", Sample("base", donors, "en", 1), 0))

    def measured(self, step: str, sample: Sample, most: int = 0) -> list[Found]:
        """The step on all processes at once; the path begins on a fresh database."""
        if step == "path":
            shutil.copy(self._folder / "base.sqlite3", self._folder / f"{sample.name}.sqlite3")
        shares = range(sample.processes)
        running = [self.start(step, sample, share, most) for share in shares]
        return [_answer(one) for one in running]


def _answer(process: subprocess.Popen[str]) -> Found:
    printed, _nothing = process.communicate()
    if process.returncode:
        raise SystemExit(f"A step ended with {process.returncode}.")
    found: Found = json.loads(printed.splitlines()[-1])
    return found


def peer_is_missing() -> str:
    """Why the peer is left out, as a sentence; empty where it is there."""
    asked = [sys.executable, "-c", "import weasyprint"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    if not done.returncode:
        return ""
    reason = (done.stderr.strip().splitlines() or ["?"])[-1]
    return (f"WeasyPrint is left out, it cannot be loaded ({reason}): it needs the system's Pango "
            "as well (Debian: libpango-1.0-0, libpangoft2-1.0-0).")  # fmt: skip


def one_warm(bench: Bench, steps: list[str], told: Told) -> None:
    """The median of one warm statement, each in a process of its own."""
    sample = Sample("warm", WARM_DONORS, "en", 1)
    runs = {step: bench.measured(step, sample)[0] for step in steps}
    for unit, words in CLOCKS.items():
        middle = {step: statistics.median(found[unit]) for step, found in runs.items()}
        signed = runs["path"]["sign" + STAGE_OF[unit]] / WARM_DONORS
        compare(told, f"one statement in English, {words}", middle, signed, is_goal=False)
    rows = [
        [NAMES[step], f"{statistics.median(found['seconds']) * 1000:.0f} ms",
         f"{statistics.mean(found['pages']):.1f}"]
        for step, found in runs.items()
    ]  # fmt: skip
    told.tables.append(
        Table(
            f"One warm statement in English, median of {WARM_DONORS}:", ("", "time", "pages"), rows
        )
    )


def all_statements(bench: Bench, steps: list[str], sample: Sample, peer: int, told: Told) -> None:
    """Those of all donors in all languages, on several processes."""
    count = sample.donors * len(sample.languages.split(","))
    runs = {step: bench.measured(step, sample, peer if step == "peer" else 0) for step in steps}
    made = {step: sum(len(one["seconds"]) for one in found) for step, found in runs.items()}
    scale = {step: count / made[step] for step in steps}
    for unit, words in CLOCKS.items():
        whole = {step: last(found, unit) * scale[step] for step, found in runs.items()}
        unsigned = max(sum(one[unit]) - one["sign" + STAGE_OF[unit]] for one in runs["path"])
        signed = whole["path"] - unsigned
        compare(told, f"{count:,} statements, {words}", whole, signed, is_goal=unit == "seconds")
    rows = [
        [NAMES[step], f"{last(found, 'seconds') * scale[step]:.1f} s",
         f"{count / (last(found, 'seconds') * scale[step]):.1f}", f"{made[step]:,}",
         f"{statistics.mean(pages for one in found for pages in one['pages']):.1f}"]
        for step, found in runs.items()
    ]  # fmt: skip
    caption = f"{sample.donors} donors, {count:,} statements on {sample.processes} processes:"
    header = ("", "time", "a second", "documents made", "pages")
    told.tables.append(Table(caption, header, rows))
    spent = sum(sum(one["seconds"]) for one in runs["path"])
    shares = {stage: sum(one[stage] for one in runs["path"]) / spent for stage in STAGES}
    shares["seal and store"] = 1 - sum(shares.values())
    told.notes.append(
        "Of the path: " + ", ".join(f"{name} {100 * one:.0f} %" for name, one in shares.items())
    )
    most = _most(runs["path"])
    loaded, warm = (max(one[when] for one in runs["path"]) for when in ("loaded", "warm"))
    why = (
        f"The portal with what it signs with takes {loaded:.0f} MB once loaded, and {warm:.0f} MB"
        " after one statement in each language: the typesetter has read its fonts by then, and"
        f" keeps what it learnt of the last ten documents. Until the end {most - warm:.0f} MB come"
        " to that, mostly while that fills"
    )
    told.goals.append(
        Goal("Memory of a worker after its share", most, GOAL_MEGABYTES, unit="MB", why=why)
    )
    told.notes.append(
        f"The busiest worker made {max(len(o['seconds']) for o in runs['path'])} statements."
    )


def _most(runs: list[Found]) -> float:
    """Megabytes of the largest process."""
    return max(float(one["megabytes"]) for one in runs)


WHY = "Beside the typesetting the path reads, words, signs, seals and stores: the shares are below"


def last(runs: list[Found], unit: str) -> float:
    """Seconds of the process that took longest."""
    return float(max(sum(one[unit]) for one in runs))


def compare(
    told: Told, words: str, taken: dict[str, float], signed: float, *, is_goal: bool
) -> None:
    """The ratios by one clock: goals for many statements on the wall's clock, else told."""
    path, bare, peer = taken["path"], taken["bare"], taken.get("peer")
    beside_bare, beside_peer = (path - signed) / bare, peer / path if peer else None
    if is_goal:
        told.goals += [
            Goal(f"Path without signing ÷ bare Typst, {words}", beside_bare, GOAL_BESIDE_BARE,
                 why=WHY),
            Goal(f"WeasyPrint ÷ path with signing, {words}", beside_peer, GOAL_BESIDE_PEER,
                 at_least=True, why=WHY),
        ]  # fmt: skip
        told.notes.append(f"With signing the path is {ratio(path / bare)} of bare Typst ({words}).")
        return
    told.notes.append(
        f"Ratios for {words}: path without signing ÷ bare {ratio(beside_bare)}, with signing "
        f"{ratio(path / bare)}, WeasyPrint ÷ path with signing {ratio(beside_peer)}."
    )


def measure(size: str) -> Told:
    """The statements of 193 donors (small: of 24) in six languages, on two processes."""
    told = Told("Statements as PDF")
    donors, peer = (193, 60) if size == LARGE else (24, 12)
    missing = peer_is_missing()
    steps = ["path", "bare", *([] if missing else ["peer"])]
    with tempfile.TemporaryDirectory(prefix="bench-statements-") as name:
        bench = Bench(Path(name))
        bench.prepare(max(donors, WARM_DONORS))
        one_warm(bench, steps, told)
        all_statements(bench, steps, Sample("all", donors, LANGUAGES, 2), peer, told)
    told.notes += [missing] if missing else []
    return told
