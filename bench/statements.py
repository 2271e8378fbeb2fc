"""How fast donor statements are made: beside the bare typesetter, and beside WeasyPrint.

    python bench/reports.py [--donors 193] [--processes 2] [--peer 60]

In one run, on a SQLite database made for it, with the same documents for all three:

  path   the portal's whole path: the figures are asked from the books, worded and formatted,
         the content compared with what was made before, numbered, typeset (tagged, PDF/UA-1 and
         PDF/A-2a), signed, stored and noted, with the commits. Signing is told apart.
  bare   Typst's compiler, kept, with the same fonts, for exactly the data that the path typeset.
  peer   WeasyPrint's PDF/UA-1 of the same texts, tables, chart and fonts; `--peer` documents in
         each process, more are extrapolated. It asks, seals, signs and stores nothing.

First one warm statement (median of eleven donors, in English, one process), then those of all
donors in six languages on several processes, each measured from its first document to its last;
start and one warm document per language are not counted. A document counts when its pages do:
the pages of all three are told. Needs the packages of requirements.txt and requirements-bench.txt
(`make bench-reports` brings both) and, for WeasyPrint, Pango from the system.
"""

import argparse
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

ROOT = Path(__file__).resolve().parents[1]
STEPS = ROOT / "bench" / "reports_steps.py"
WARM_DONORS = 11
GOAL_BESIDE_BARE, GOAL_BESIDE_PEER = 1.5, 6.0
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


def peer_is_there() -> bool:
    """Says what is missing when it is not."""
    asked = [sys.executable, "-c", "import weasyprint"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        say(f"WeasyPrint is left out, it cannot be loaded: {reason}")
        say("It needs the system's Pango as well (Debian: libpango-1.0-0, libpangoft2-1.0-0).")
    return not done.returncode


def one_warm(bench: Bench, has_peer: bool) -> None:
    sample = Sample("warm", WARM_DONORS, "en", 1)
    runs: dict[str, Found] = {}
    say(f"\nOne warm statement, median of {WARM_DONORS}:")
    for step in ("path", "bare", *(["peer"] if has_peer else [])):
        [found] = bench.measured(step, sample)
        runs[step] = found
        line = f"  {step:5} {statistics.median(found['seconds']) * 1000:8.0f} ms"
        say(f"{line}   {statistics.mean(found['pages']):.1f} pages")
    signing = runs["path"]["sign"] / WARM_DONORS
    say(f"        of the path, signing {signing * 1000:.0f} ms")
    for unit, words in CLOCKS.items():
        middle = {step: statistics.median(found[unit]) for step, found in runs.items()}
        signed = runs["path"]["sign" + STAGE_OF[unit]] / WARM_DONORS
        told(words, middle["path"] - signed, middle["path"], middle["bare"], middle.get("peer"))


def all_statements(bench: Bench, sample: Sample, peer: int) -> None:
    count = sample.donors * len(sample.languages.split(","))
    say(f"\n{sample.donors} donors, {count} statements on {sample.processes} processes:")
    runs = {"path": bench.measured("path", sample), "bare": bench.measured("bare", sample)}
    scale = 1.0
    if peer:
        runs["peer"] = bench.measured("peer", sample, peer)
        scale = count / sum(len(one["seconds"]) for one in runs["peer"])
    for step, found in runs.items():
        seconds = last(found, "seconds") * (scale if step == "peer" else 1)
        pages = statistics.mean(pages for one in found for pages in one["pages"])
        line = f"  {step:5} {seconds:8.1f} s    {count / seconds:.1f} a second   {pages:.1f} pages"
        say(line + (f"   (of {count / scale:.0f} documents)" if step == "peer" else ""))
    spent = sum(sum(one["seconds"]) for one in runs["path"])
    shares = {stage: sum(one[stage] for one in runs["path"]) / spent for stage in STAGES}
    shares["seal and store"] = 1 - sum(shares.values())
    say("        path: " + ", ".join(f"{name} {100 * one:.0f} %" for name, one in shares.items()))
    for unit, words in CLOCKS.items():
        sign = "sign" + STAGE_OF[unit]
        unsigned = max(sum(one[unit]) - one[sign] for one in runs["path"])
        beside = last(runs["peer"], unit) * scale if peer else None
        told(words, unsigned, last(runs["path"], unit), last(runs["bare"], unit), beside)


def last(runs: list[Found], unit: str) -> float:
    """Seconds of the process that took longest."""
    return float(max(sum(one[unit]) for one in runs))


def told(words: str, unsigned: float, path: float, bare: float, peer: float | None) -> None:
    """The ratios by one clock, and whether the goals are kept."""
    kept = _kept(unsigned / bare <= GOAL_BESIDE_BARE)
    say(f"  {words}:")
    say(f"    path without signing ÷ bare {unsigned / bare:.2f} (goal {GOAL_BESIDE_BARE}: {kept}); "
        f"with signing {path / bare:.2f}")  # fmt: skip
    if peer is not None:
        kept = _kept(peer / path >= GOAL_BESIDE_PEER)
        say(f"    peer ÷ path {peer / path:.1f} (goal {GOAL_BESIDE_PEER:.0f}: {kept}); "
            f"without signing {peer / unsigned:.1f}")  # fmt: skip


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "NOT kept"


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--donors", type=int, default=193)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--peer", type=int, default=60, help="documents for each process; 0: none")
    parser.add_argument("--languages", default="en,fr,es,ru,ar,zh-hans")
    asked = parser.parse_args()
    has_peer = asked.peer > 0 and peer_is_there()
    with tempfile.TemporaryDirectory(prefix="bench-reports-") as name:
        bench = Bench(Path(name))
        bench.prepare(max(asked.donors, WARM_DONORS))
        one_warm(bench, has_peer)
        sample = Sample("all", asked.donors, asked.languages, asked.processes)
        all_statements(bench, sample, asked.peer if has_peer else 0)
    say(f"\nLoad of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
