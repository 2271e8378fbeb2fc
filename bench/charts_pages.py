"""The pages that are compared, made from one answer of the portal."""

import gzip
import http.cookiejar
import re
import urllib.parse
import urllib.request
from dataclasses import dataclass

from bench.charts_server import File

PORTAL, BARE, SHEETLESS = "portal", "bare-svg", "svg-without-style-sheet"
PLOTLY, WHOLE = "plotly", "whole-board-page"
BOARD = "/board/?books=DEMO&as_at=2021-12"
READER = ("board@demo.example", "habitat-demonstration")
WANTED = ("funds", "cumulative", "regions")
RANKED = "donors-"  # and the first of the rankings
HTML = "text/html; charset=utf-8"
FIGURE = re.compile(r'<figure class="chart".*?</figure>', re.DOTALL)
EXPLORED = re.compile(r'data-explore="([^"]+/([\w-]+)\.json[^"]*)"')
DRAWING = re.compile(r'<svg[^>]*class="chart-drawing.*?</svg>', re.DOTALL)
ASKED_FOR = re.compile(r'(?:href|src|data-plotly)="(/static/[^"?]+)')
BUNDLE = re.compile(r'data-plotly="([^"]+)"')
SHEET = re.compile(r'<link rel="stylesheet"[^>]*>')
MAIN = re.compile(r'(<main id="main"[^>]*>).*(</main>)', re.DOTALL)
HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Four charts</title>'
DRAW = """
const draw = async (place) => {
  const figure = await (await fetch(place.dataset.figure)).json();
  await Plotly.newPlot(place, figure.data, figure.layout, { responsive: true });
};
window.drawn = Promise.all([...document.querySelectorAll("[data-figure]")].map(draw));
"""


@dataclass(frozen=True)
class Pages:
    """All files by their path, the names of the four charts, and how many charts a page shows."""

    files: dict[str, File]
    names: tuple[str, ...]
    charts: dict[str, int]


@dataclass(frozen=True)
class _Chart:
    name: str
    address: str  # of its figures
    figure: str

    @property
    def drawing(self) -> str:
        found = DRAWING.search(self.figure)
        if found is None:
            raise RuntimeError(f"{self.name} has no drawing.")
        return found[0]


def made(url: str) -> Pages:
    """Everything that the contenders need, from a portal that runs. Raises RuntimeError."""
    visitor = _signed_in(url)
    board = _text(visitor, f"{url}{BOARD}")
    charts = _four(board)
    files = {path: _file(visitor, f"{url}{path}") for path in set(ASKED_FOR.findall(board))}
    for chart in charts:
        figure = _text(visitor, f"{url}{chart.address.replace('&amp;', '&')}")
        files[f"/figures/{chart.name}.json"] = _packed("application/json", figure)
    sheet, bundle = SHEET.search(board), BUNDLE.search(board)
    if sheet is None or bundle is None:
        raise RuntimeError("The page names no style sheet or no bundle of Plotly.")
    drawings = "".join(chart.drawing for chart in charts)
    pages = {
        WHOLE: board,
        PORTAL: MAIN.sub(lambda m: m[1] + "".join(c.figure for c in charts) + m[2], board),
        BARE: f"{HEAD}{sheet[0]}<main>{drawings}</main>",
        SHEETLESS: f"{HEAD}<main>{drawings}</main>",
        PLOTLY: _plotly(charts, bundle[1]),
    }
    shown = dict.fromkeys(pages, len(charts)) | {WHOLE: len(DRAWING.findall(board))}
    files |= {f"/{name}": _packed(HTML, text) for name, text in pages.items()}
    return Pages(files, tuple(chart.name for chart in charts), shown)


def _four(board: str) -> list[_Chart]:
    """Funds, the cumulative line, regions and one ranking of donors, as they stand on the page."""
    found = {}
    for figure in FIGURE.findall(board):
        if told := EXPLORED.search(figure):
            found[told[2]] = _Chart(told[2], told[1], figure)
    ranked = [name for name in found if name.startswith(RANKED)][:1]
    four = [found[name] for name in (*WANTED, *ranked) if name in found]
    if len(four) != len(WANTED) + 1:
        raise RuntimeError(f"The page has other charts: {', '.join(found)}.")
    return four


def _plotly(charts: list[_Chart], bundle: str) -> str:
    places = "".join(f'<div data-figure="/figures/{chart.name}.json"></div>' for chart in charts)
    return f'{HEAD}<main>{places}</main><script src="{bundle}"></script><script>{DRAW}</script>'


def _packed(content_type: str, text: str) -> File:
    return File(content_type, gzip.compress(text.encode(), 6))


def _signed_in(url: str) -> urllib.request.OpenerDirector:
    jar = http.cookiejar.CookieJar()
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = _text(visitor, f"{url}/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    sent = {"username": READER[0], "password": READER[1], "csrfmiddlewaretoken": token and token[1]}
    data = urllib.parse.urlencode(sent).encode()
    _text(visitor, urllib.request.Request(f"{url}/sign-in/", data))  # noqa: S310  loopback
    return visitor


def _text(visitor: urllib.request.OpenerDirector, asked: str | urllib.request.Request) -> str:
    with visitor.open(asked) as answer:
        content = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return str(content.decode())


def _file(visitor: urllib.request.OpenerDirector, address: str) -> File:
    """As the portal sends it to a browser: packed beforehand, or packed here where it is not."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with visitor.open(asked) as answer:
        content = answer.read()
        is_packed = answer.headers.get("Content-Encoding") == "gzip"
        packed = content if is_packed else gzip.compress(content, 6)
        return File(answer.headers["Content-Type"], packed)
