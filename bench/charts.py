"""How soon four charts can be used: as the portal serves them, as bare SVG, drawn by Plotly.

The portal's answers are taken once; a server of the bench's own then gives all pages over
loopback, packed, so that no contender waits for figures.
"""

import os
import shutil
import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bench.charts_pages import BARE, PLOTLY, PORTAL, SHEETLESS, WHOLE, Pages, made
from bench.charts_server import served
from bench.demonstration import load_told, set_up, started
from bench.told import Goal, Table, Told, ms, ratio

ROUNDS = {"small": 7, "large": 15}
MOST_TIMES_BARE, MOST_KILOBYTES = 1.5, 60.0
Visits = dict[str, list[dict[str, float]]]  # by the page's name: what each visit told
SLOWED = 4  # times, by the browser
# As in the trials: 1.6 Mbit/s there and back, 150 ms.
LINE = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 2e5}
DESKTOP, SLOW, FAR = "desktop", "processor ÷ 4", "processor ÷ 4, 1.6 Mbit/s, 150 ms"
CONTENDERS = {
    DESKTOP: (PORTAL, BARE, SHEETLESS, WHOLE, PLOTLY),
    SLOW: (PORTAL, BARE, PLOTLY),
    FAR: (PORTAL, BARE),  # Plotly's megabytes would take most of the run
}
PLOTLY_ROUNDS = 5  # each takes as long as all others of its round
# Chromium, which runs as root in a container and must not slow down what nobody looks at.
ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
]  # fmt: skip
# Two frames after everything is loaded and, where the page draws itself, drawn.
WATCH = """
window.blocked = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.blocked += task.duration - 50;
}).observe({ entryTypes: ["longtask"] });
window.interactive = new Promise((resolve) => {
  addEventListener("load", async () => {
    await window.drawn;
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  });
});
"""
ASKED = """async () => {
  const after = await window.interactive;
  const scripts = performance.getEntriesByType("resource")
    .filter((one) => one.initiatorType === "script");
  return {
    after, blocked: window.blocked,
    script: scripts.reduce((sum, one) => sum + one.encodedBodySize, 0),
    charts: document.querySelectorAll("svg.chart-drawing, .js-plotly-plot").length,
  };
}"""


WHY = (
    "Beside the drawings the page has its header, its choices, every figure in a table, and"
    " scripts."
)
# What the browser's main thread did, by its own count; the last holds the others too.
SPENT = {"ScriptDuration": "scripts", "RecalcStyleDuration": "styles", "LayoutDuration": "layout",
         "TaskDuration": "all of its work"}  # fmt: skip


def measure(size: str) -> Told:
    """Milliseconds to a page that can be used, on a cold cache, in three surroundings."""
    told = Told("Charts in the browser", notes=load_told())
    if missing := _missing():
        told.notes.append(missing)
        told.goals += _goals({}, None)
        return told
    with set_up() as folder, started(folder) as portal:
        pages = made(portal.url)
    seen: dict[str, Visits] = {}
    with served(pages.files) as url, _browser() as browser:
        for surroundings, names in CONTENDERS.items():
            seen[surroundings] = _rounds(browser, url, names, surroundings, ROUNDS[size])
    _refuse_other_charts(seen, pages)
    script = max(one["script"] for one in seen[DESKTOP][PORTAL]) / 1000
    told.tables += [_table(name, found) for name, found in seen.items()]
    told.goals += _goals(seen, script)
    told.notes += _notes(pages)
    return told


def _missing() -> str:
    """What keeps this bench from measuring; empty when nothing does."""
    try:
        import playwright.sync_api  # noqa: F401  only asked for: a portal's copy has none
    except ImportError:
        return "Nothing was measured: the package playwright is not installed."
    if _chromium() is None:
        return "Nothing was measured: there is no Chromium (CHROMIUM names one)."
    return ""


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # missing in a portal's copy

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def _rounds(
    browser: Any, url: str, names: tuple[str, ...], surroundings: str, rounds: int
) -> Visits:
    """What each page took, in turns that begin with another one each time; the first is thrown."""
    seen: Visits = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            if name == PLOTLY and turn > PLOTLY_ROUNDS:
                continue
            told = _visit(browser, f"{url}/{name}", surroundings)
            if turn:
                seen[name].append(told)
    return seen


def _visit(browser: Any, address: str, surroundings: str) -> dict[str, float]:
    """A window of its own: nothing is kept from the visit before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    told = context.new_cdp_session(page)
    told.send("Performance.enable")
    if surroundings != DESKTOP:
        told.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        if surroundings == FAR:
            told.send("Network.enable")
            told.send("Network.emulateNetworkConditions", LINE)
    page.set_default_timeout(120_000)
    page.goto(address, wait_until="load")
    found: dict[str, float] = page.evaluate(ASKED)
    for one in told.send("Performance.getMetrics")["metrics"]:
        if one["name"] in SPENT:
            found[one["name"]] = one["value"] * 1000
    context.close()
    return found


def _refuse_other_charts(seen: Mapping[str, Visits], pages: Pages) -> None:
    for found in seen.values():
        for name, visits in found.items():
            wanted = pages.charts[name]
            if {visit["charts"] for visit in visits} != {wanted}:
                raise SystemExit(f"{name} does not show {wanted} charts.")


def _median(visits: list[dict[str, float]], of: str) -> float:
    return statistics.median(visit[of] for visit in visits)


def _table(surroundings: str, found: Visits) -> Table:
    bare = _median(found[BARE], "after")
    rows = [
        (
            name, ms(_median(visits, "after") / 1000), ratio(_median(visits, "after") / bare),
            ms(min(visit["after"] for visit in visits) / 1000),
            ms(_median(visits, "blocked") / 1000), f"{_median(visits, 'script') / 1000:,.1f}",
        )
        for name, visits in found.items()
    ]  # fmt: skip
    return Table(
        f"Time to interactive, {surroundings}",
        ["page", "ms", "× bare SVG", "least ms", "ms blocked", "kB of script, compressed"],
        rows,
    )


def _goals(seen: Mapping[str, Visits], script: float | None) -> list[Goal]:
    times: list[Goal] = []
    for name in CONTENDERS:
        found = seen.get(name)
        measured = found and _median(found[PORTAL], "after") / _median(found[BARE], "after")
        text = f"time to interactive ÷ that of the bare SVG page, {name}"
        why = f"{WHY} {_profile(found)}" if found else WHY
        times.append(Goal(text, measured or None, MOST_TIMES_BARE, why=why))
    text = "script before a chart is explored, compressed"
    return [*times, Goal(text, script, MOST_KILOBYTES, unit="kB")]


def _profile(found: Visits) -> str:
    """What the portal's page takes longer than the bare one, of which part of the work."""
    more = {
        word: _median(found[PORTAL], of) - _median(found[BARE], of)
        for of, word in {**SPENT, "after": ""}.items()
    }
    parts = ", ".join(f"{word} {ms(more[word] / 1000)}" for word in SPENT.values())
    told = f"Of the {ms(more[''] / 1000)} ms more the browser's main thread worked: {parts}"
    return f"{told}; the rest is waiting." if more[""] > more["all of its work"] else f"{told}."


def _notes(pages: Pages) -> list[str]:
    return [
        f"Four charts of the demonstration's Board page ({', '.join(pages.names)}): {PORTAL} is "
        f"that page with these four alone in it, with its header, style sheet, tables and scripts; "
        f"{BARE} are the same drawings and the style sheet that colours them; {SHEETLESS} the "
        f"drawings and nothing else; {PLOTLY} the figures of the portal's own addresses drawn by "
        f"the bundle of the plotly package; {WHOLE} the Board page as it is, with "
        f"{pages.charts[WHOLE]} charts.",
        "From navigation to two animation frames after everything is loaded and drawn; a browser "
        "window of its own for each visit, so that nothing is cached; files packed, over loopback, "
        "from a server of the bench's own: the portal's time to answer is no part of it.",
    ]
