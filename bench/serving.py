"""What a request of the dashboard costs: afresh, kept, and unchanged since; and which server.

In one process: the request beside its own SQL statements and the same page by the same templates,
fed with strings that are formatted already, tables cell by cell in the template's own language.
Over the loopback: a view that only knows who is signed in (hello) beside the dashboard afresh
(another address each time), kept, and asked for with its tag; the same asker for every server.

The demonstration's books on SQLite, in a temporary folder; BENCH_DEMONSTRATION may name a copy
that is set up already. Servers that are not installed are left out.
"""

import cProfile
import gzip
import os
import pstats
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import serving_servers as servers
from bench.profiled import is_driver
from bench.told import Goal, Table, Told, ms, ratio

ROUNDS = {"small": (15, 3, 1.5), "large": (41, 5, 4.0)}  # in process; of servers; their seconds
ADDRESS = "/board/?books=DEMO&as_at=2021-12"
READER = "board@demo.example"
HELLO, AFRESH, KEPT, UNCHANGED = "hello", "dashboard afresh", "dashboard kept", "dashboard, 304"
LEAST_KEPT, LEAST_UNCHANGED, MOST_AFRESH, MOST_KILOBYTES = 0.40, 0.75, 1.3, 60.0
PLAIN = str(Path(__file__).resolve().parent / "templates")


def measure(size: str) -> Told:
    """Both parts; the books are made first, where there are none to copy."""
    told = Told("A dashboard request")
    rounds, turns, seconds = ROUNDS[size]
    with data_folder() as folder:
        _set_up_django(folder)
        client, headers = _signed_in()
        _in_process(told, client, rounds)
        _over_the_wire(told, client, headers, turns, seconds)
    told.notes.append(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}.")
    return told


@contextmanager
def data_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-http-") as name:
        folder = Path(name)
        if given := os.environ.get("BENCH_DEMONSTRATION"):
            for file in (Path(given) / "var").glob("portal.sqlite3*"):
                shutil.copy(file, folder)
        yield folder


def surroundings(folder: Path) -> dict[str, str]:
    """Of the portal: a demonstration on SQLite, without Redis."""
    foreign = ("PORTAL_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "WEB_")
    around = {name: it for name, it in os.environ.items() if not name.startswith(foreign)}
    return {**around, "PORTAL_MODE": "demo", "PORTAL_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "habitat_portal.settings",
            "ALLOWED_HOSTS": "127.0.0.1,testserver"}  # fmt: skip


def _set_up_django(folder: Path) -> None:
    for name in set(os.environ) - set(surroundings(folder)):
        del os.environ[name]
    os.environ.update(surroundings(folder))
    import django

    django.setup()
    if not (folder / "portal.sqlite3").exists():
        _make_books()
    import bench.serving_app  # noqa: F401  the address more, and acts that settle at once


def _make_books() -> None:
    """As `manage.py set_up_demonstration` does, without what the dashboard does not read."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.demonstration import open_demonstration_accounts
    from income.demonstration.books import load_books
    from income.demonstration.rates import carry_rates_on

    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("load_history", verbosity=0)
    carry_rates_on(timezone.localdate())
    load_books()
    open_demonstration_accounts()


def _signed_in() -> tuple[Any, list[str]]:
    """A reader's browser in this process, and what any other has to send to be the same."""
    from django.test import Client

    from accounts.models import User

    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(
        User.objects.get(email=READER), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.get("/board/?first")  # which brings the cookie of the forms' token
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    return client, [f"Cookie:{cookies}"]


def _in_process(told: Told, client: Any, rounds: int) -> None:
    """Processor seconds: on a machine that others use too, the clock tells of them."""
    from django.core.cache import caches
    from django.core.cache.backends.dummy import DummyCache

    from bench.serving_page import parts_of

    kept, caches["pages"] = caches["pages"], DummyCache("", {})
    parts = parts_of(client, ADDRESS, PLAIN)
    contenders = {
        "the request": parts.request, "its SQL statements": parts.sql,
        "its template, cell by cell, from strings": parts.plain,
        "its template, tables written at once": parts.quick,
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 2):
        for name, contender in contenders.items():
            begun = time.process_time()
            contender()
            if turn > 1:
                taken[name].append(time.process_time() - begun)
    caches["pages"] = kept
    request, sql, plain, quick = (statistics.median(taken[name]) for name in contenders)
    rows = [[name, ms(statistics.median(all_)), ms(_p95(all_)),
             ratio(statistics.median(all_) / request)] for name, all_ in taken.items()]  # fmt: skip
    told.tables.append(Table("In one process (processor time)",
                             ["part", "p50 ms", "p95 ms", "of the request"], rows))  # fmt: skip
    why = _profiled(parts.request)
    text = "dashboard afresh ÷ (its SQL + its template fed with formatted strings)"
    told.goals.append(Goal(text, request / (sql + plain), MOST_AFRESH, why=why))
    size = len(gzip.compress(parts.request().encode())) / 1024
    told.goals.append(Goal("HTML of the dashboard, compressed", size, MOST_KILOBYTES, unit="kB"))
    told.notes += [
        f"The page asks {parts.queries} queries and has {parts.page_bytes / 1024:.0f} kB.",
        "“Its template” is that of Django's language throughout, tables cell by cell, with every "
        "string and drawing ready; its page is compared with the request's. Against the portal's "
        f"own tables, written at once, the request is {ratio(request / (sql + quick))} times SQL "
        "and template: what became quicker there is not in the figures that both need.",
    ]


def _profiled(request: Callable[[], str]) -> str:
    """What a request does besides its SQL and its template, by a profile."""
    profile = cProfile.Profile()
    for _turn in range(5):
        profile.runcall(request)
    stats: Any = pstats.Stats(profile)
    whole: dict[str, float] = defaultdict(float)
    for (file, _line, name), (_calls, _all, own, cumulative, _by) in stats.stats.items():
        if name in ("_fetch_all", "render_svg") and ("query.py" in file or "drawing.py" in file):
            whole[name] += cumulative
        elif is_driver(name):
            whole["driver"] += own
        elif name == "dashboard" and file.endswith("figures/dashboard.py"):
            whole[name] += cumulative
    shares = {
        "the figures with their queries": whole["dashboard"],
        "what Django adds to the driver in all queries": whole["_fetch_all"] - whole["driver"],
        "drawings": whole["render_svg"],
    }
    told = ", ".join(f"{name} {took / stats.total_tt:.0%}" for name, took in shares.items())
    return f"By a profile, of the request: {told}"


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def _over_the_wire(told: Told, client: Any, headers: list[str], turns: int, seconds: float) -> None:
    from django.db import connections

    client.get(ADDRESS)
    tag = client.get(ADDRESS).headers["ETag"]
    connections.close_all()
    questions = {
        HELLO: servers.Question("/hello/", headers),
        KEPT: servers.Question(ADDRESS, headers),
        UNCHANGED: servers.Question(ADDRESS, [*headers, f"If-None-Match:{tag}"]),
        AFRESH: servers.Question(f"{ADDRESS}&n={{n}}", headers, is_slow=True),
    }
    names = servers.those_there()
    told.notes += [f"Not installed, left out: {n}." for n in servers.SERVERS if n not in names]
    around = dict(os.environ)
    found = servers.take_turns(names, questions, around, turns, seconds)
    for (name, question), runs in found.items():
        if runs.statuses != {"304" if question == UNCHANGED else "200"}:
            raise SystemExit(f"{name} answered {question} with {sorted(runs.statuses)}.")
    rows = [
        [name, question, f"{runs.rate:,.0f}", ms(runs.seconds(50)), ms(runs.seconds(95)),
         ratio(runs.rate / found[name, HELLO].rate), ms(runs.work),
         ratio(found[name, HELLO].work / runs.work)]
        for (name, question), runs in sorted(found.items(), key=lambda one: one[0][0])
    ]  # fmt: skip
    told.tables.append(Table(
        f"Over the loopback, {servers.CONNECTIONS} connections, {servers.PROCESSES} processes",
        ["server", "asked for", "requests/s", "p50 ms", "p95 ms", "of hello",
         "processor ms", "hello ÷ it"], rows))  # fmt: skip
    rate = {question: found[servers.CONFIGURED, question].rate for question in questions}
    told.goals += [
        Goal(f"{text} ÷ hello, requests per second", rate[question] / rate[HELLO], least,
             at_least=True, why=_why_slower(found, question))
        for text, question, least in (
            ("dashboard kept", KEPT, LEAST_KEPT),
            ("dashboard unchanged (304)", UNCHANGED, LEAST_UNCHANGED),
        )
    ]  # fmt: skip


def _why_slower(found: Any, question: str) -> str:
    """What of the difference is work, and what is waiting on a machine that others use too."""
    hello, asked = (found[servers.CONFIGURED, name].work for name in (HELLO, question))
    return (
        f"In processor time a hello takes {ratio(hello / asked)} of it; what is over is how 16"
        " connections and the asker itself share two processors"
    )
