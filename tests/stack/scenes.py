"""What befalls a stack at which people work; each scene gives its figures, to be printed."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from habitat_portal.stack import ROOT
from tests.stack.acts import Desk
from tests.stack.running import Portal, killed, until
from tests.stack.soundness import problems

Figures = dict[str, Any]
TARGETS = ("web worker", "web", "worker process", "worker", "import")


def people(portal: Portal, count: int, *, are_patient: bool = False) -> list[Desk]:
    return [portal.desk(number, is_patient=are_patient) for number in range(count)]


class Work:
    """Desks that act at random, each in a thread, until told or for so many seconds."""

    def __init__(self, desks: list[Desk], seconds: float) -> None:
        self.desks, self.begun = desks, time.monotonic()
        desks[0].common.over.clear()
        self.errors: list[BaseException] = []
        self.threads = [
            threading.Thread(target=self._act, args=[desk, self.begun + seconds]) for desk in desks
        ]
        for thread in self.threads:
            thread.start()

    def _act(self, desk: Desk, until_: float) -> None:
        try:
            desk.work(until_)
        except BaseException as error:  # noqa: BLE001  told by `end`
            self.errors.append(error)

    @property
    def is_going_on(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    def end(self, portal: Portal, *, hurry: bool = False) -> Figures:
        """Wait for the last acts and jobs; what was done. In a `hurry` silent jobs go on now."""
        while self.is_going_on or _jobs_left(portal):
            if hurry:
                with contextlib.suppress(Exception):  # the database may be away
                    portal.let_silence_be_over()
                portal.wake()
            time.sleep(0.5)
        told = [one for desk in self.desks for one in desk.told]
        wrong = [*self.errors, *problems(portal, told)]
        assert wrong == [], wrong
        persons = [person for desk in self.desks for person in (desk.officer, desk.reviewer)]
        return {
            "minutes": round((time.monotonic() - self.begun) / 60, 1),
            "done": dict(Counter(one.act for one in told if one.is_done)),
            "refused": dict(Counter(one.act for one in told if not one.is_done)),
            "because": dict(Counter(one.sentence[:200] for one in told if not one.is_done)),
            "tried again": sum(person.tried_again for person in persons),
            "surfaced": [one for person in persons for one in person.surfaced],
            "unclear": [one for desk in self.desks for one in desk.unclear],
            "sequence": portal.one("SELECT max(sequence) FROM income_posting"),
        }


def _jobs_left(portal: Portal) -> int:
    waiting = "SELECT count(*) FROM jobs_job WHERE state IN ('waiting', 'running')"
    return int(until(lambda: portal.ask(waiting), "the database answers")[0][0])


def concurrency(portal: Portal, clients: int, seconds: float) -> Figures:
    """Posting, reversing, closing and importing at random by so many at once."""
    deadlocks = "SELECT sum(deadlocks)::int FROM pg_stat_database"
    before = portal.one(deadlocks)
    figures = Work(people(portal, clients), seconds).end(portal)
    return {"clients": clients, "deadlocks": portal.one(deadlocks) - before, **figures}


class ImportProcess:
    """`manage.py import_income` with one file, begun again whenever it was killed."""

    def __init__(self, portal: Portal, rows: int) -> None:
        self.portal, self.path = portal, portal.stack.folder / "process.csv"
        lines = [f"receipt,SWE,FNE,2026-05-04,USD,{n}.25,P-{n}" for n in range(rows)]
        self.path.write_text("\n".join(["kind,donor,fund,date,currency,amount,reference", *lines]))
        self.rows, self.runs = rows, 0
        self.process: subprocess.Popen[str] | None = None

    def begin(self) -> None:
        self.runs += 1
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "import_income", str(self.path), "--as-proposed",
             "--by", "officer.0@example.org", "--post", "--approved-by", "reviewer.0@example.org"],
            cwd=ROOT, env=self.portal.stack.environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def pid(self) -> int | None:
        """Of the process; begun anew where it ended."""
        if self.process is None or self.process.poll() is not None:
            self.begin()
            return None
        return self.process.pid

    def end(self) -> None:
        """Once to its end: every row is in the books, and once."""
        if self.process:
            self.process.communicate()
        self.begin()
        assert self.process is not None
        said, _nothing = self.process.communicate(timeout=300)
        rows = self.portal.one(
            "SELECT count(*) FROM income_importedrow r JOIN income_import i ON r.source_id = i.id "
            "WHERE i.file_name = 'process.csv'"
        )
        assert rows == self.rows, said


def kills(portal: Portal, clients: int, count: int, every: float, *, hurry: bool) -> Figures:
    """So many kill -9 at random of web, worker and import processes while people work."""
    chance, done = random.Random(count), Counter[str]()
    imports = ImportProcess(portal, rows=300)
    work = Work(people(portal, clients, are_patient=True), 3600)
    while sum(done.values()) < count:
        time.sleep(chance.uniform(0.2, 2) * every)
        target = chance.choice(TARGETS)
        if killed(_pid(portal, target, imports, chance)):
            done[target] += 1
        if hurry:
            portal.let_silence_be_over()
            portal.wake()
    portal.common.over.set()
    imports.end()
    figures = work.end(portal, hurry=hurry)
    attempts = portal.one("SELECT max(attempts) FROM jobs_job")
    return {"kills": dict(done), "most attempts of a job": attempts, **figures}


def _pid(portal: Portal, target: str, imports: ImportProcess, chance: random.Random) -> int | None:
    """Of what is at work: what has not come up yet does nothing that could be broken off."""
    name, _space, is_child = target.partition(" ")
    if name == "import":
        return imports.pid()
    children = portal.children(name)
    if not children or (name == "web" and not portal.answers()):
        return None
    return chance.choice(children) if is_child else portal.stack.kept[name].pid


def redis_away(portal: Portal, clients: int, seconds: float, *, hurry: bool) -> Figures:
    """Redis ends and is started anew later: people go on, and jobs wait and are done."""
    desks = people(portal, clients)
    redis = portal.stack.kept.pop("redis")
    redis.ask_to_end()
    redis.end(time.monotonic() + 30)
    work = Work(desks, seconds)
    waiting = Counter[str]()
    while time.monotonic() < work.begun + seconds:
        answer = portal.desk(0).officer.get("/readyz")
        is_told = json.loads(answer.text)["shared_cache_is_away"]
        waiting[f"/readyz {answer.status}, Redis {'away' if is_told else 'there'}"] += 1
        time.sleep(0.5)
    left = _jobs_left(portal)
    portal.stack.kept["redis"] = redis  # the supervisor starts it
    back = time.monotonic()
    figures = work.end(portal, hurry=hurry)
    return {
        "seconds away": seconds, "jobs that waited": left, **waiting,
        "seconds until all was done": round(time.monotonic() - back), **figures,
    }  # fmt: skip


def database_restarted(portal: Portal, clients: int, times: int, every: float) -> Figures:
    """The database ends without waiting for anybody, and is started anew, while people work."""
    work = Work(people(portal, clients, are_patient=True), 3600)
    for _time in range(times):
        time.sleep(every)
        os.kill(portal.pid("postgres"), signal.SIGINT)
    time.sleep(every)
    until(lambda: portal.ask("SELECT 1"), "the database answers")
    portal.common.over.set()
    return {"restarts": times, **work.end(portal, hurry=True)}


def deployed(portal: Portal, clients: int, rows: int) -> Figures:
    """Web and worker are asked to end in the middle of a job and of requests."""
    asking = portal.desk(clients)
    job = threading.Thread(target=asking.bring_in, args=[rows])
    for person in (asking.officer, asking.reviewer):
        person.is_patient = True
    work = Work(people(portal, clients, are_patient=True), 3600)
    job.start()
    posting = (  # its file is the only long one
        "SELECT count(*) FROM jobs_job j JOIN income_import i ON i.job_id = j.id "
        "WHERE j.kind = 'post_import' AND j.state = 'running' AND i.byte_count > %s"
    )
    until(lambda: portal.one(posting, 20 * rows), "the file is being posted")
    before = {name: portal.pid(name) for name in ("web", "worker")}
    for pid in before.values():
        os.kill(pid, signal.SIGTERM)
    for name, pid in before.items():
        until(lambda name=name, pid=pid: portal.stack.kept[name].pid not in (None, pid), name)
    until(portal.answers, "the new web answers")
    job.join()
    portal.common.over.set()
    figures = work.end(portal)
    (told,) = asking.told
    assert (told.is_done, told.rows) == (True, rows), told
    attempts = portal.one(
        "SELECT attempts FROM jobs_job WHERE kind = 'post_import' AND payload->>'import' = %s",
        told.token.split("/")[3],
    )
    return {"attempts of the job": attempts, **figures}


def written(name: str, figures: Figures) -> None:
    """Print the figures, and add them to the file of the variable STACK_FIGURES."""
    told = {**figures, "surfaced": dict(Counter(one[0] for one in figures["surfaced"]))}
    lines = [f"{name}:", *(f"  {what}: {figure}" for what, figure in told.items())]
    sys.stdout.write("\n".join(["", *lines, ""]))
    if path := os.environ.get("STACK_FIGURES"):
        with Path(path).open("a") as file:
            file.write("\n".join([*lines, ""]))
