"""What an officer and a reviewer do together, as their two browsers do it."""

import datetime
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field

from tests.stack.visitors import PATIENCE, Answer, Away, Person, found

BOOKS = "UNH"
DONORS = ("SWE", "NOR", "DNK", "DEU", "JPN", "ESP")
FIRST_DAY, DAYS = datetime.date(2022, 1, 1), 1500
POSTING = rf"/income/postings/{BOOKS}/(\d+)/"
GIVEN_UP = "broke off three times"
WEIGHTS = {"give": 60, "take_back": 15, "close": 5, "bring_in": 20}


@dataclass
class Told:
    """An act as it was answered: what its postings are called in the books, if it is done."""

    act: str
    token: str
    is_done: bool
    sentence: str = ""
    sequences: tuple[int, ...] = ()
    rows: int = 0


@dataclass
class Common:
    """What all desks of a run know."""

    sequences: list[int] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)


class Desk:
    """An officer and a reviewer; `told` holds what became of each of their acts."""

    def __init__(self, officer: Person, reviewer: Person, common: Common, seed: int) -> None:
        self.officer, self.reviewer, self.common = officer, reviewer, common
        self.random = random.Random(seed)
        self.told: list[Told] = []
        self.unclear: list[str] = []  # acts whose answer never came

    def work(self, until: float) -> None:
        """Act at random until then, on the monotonic clock."""
        while time.monotonic() < until and not self.common.over.is_set():
            (act,) = self.random.choices([*WEIGHTS], [*WEIGHTS.values()])
            try:
                getattr(self, act)()
            except Away as error:
                self.unclear.append(f"{act}: {error}")

    def give(self) -> Told:
        """A core contribution that came without an agreement."""
        day = FIRST_DAY + datetime.timedelta(days=self.random.randrange(DAYS))
        token = uuid.uuid4().hex
        told = self._through_review("give", "/income/gifts/new/", token, {
            "donor": self.random.choice(DONORS), "fund": "FNE", "title": "Core contribution",
            "amount": self._amount(),
            "currency": "USD", "received_on": day.isoformat(), "is_another": "on",
            "reference": f"S-{token}",
        })  # fmt: skip
        self.common.sequences += told.sequences
        return told

    def _amount(self) -> str:
        """So that no two payments look like the same."""
        return f"{self.random.randint(1, 9_999_999)}.{self.random.randint(10, 99)}"

    def take_back(self) -> Told | None:
        """Reverse a posting that anybody made, perhaps one that is reversed already."""
        if not self.common.sequences:
            return None
        sequence = self.random.choice(self.common.sequences)
        path, token = f"/income/postings/{BOOKS}/{sequence}/reverse/", uuid.uuid4().hex
        fields = {"sequence": sequence, "because": "Entered twice"}
        return self._through_review("take_back", path, token, fields)

    def _through_review(self, act: str, path: str, token: str, fields: dict[str, object]) -> Told:
        """Submit a form and approve its draft; the same token again, when no answer came."""
        sent = self.officer.post(path, {**fields, "token": token})
        if sent.status != 302 or "/income/drafts/" not in sent.location:
            return self._refused(act, f"form:{token}", sent, self.officer)
        answer = self.reviewer.post(f"{sent.location}approve/", {"version": "1"})
        number = found(POSTING, answer.location)
        if not number:
            return self._refused(act, f"form:{token}", answer, self.reviewer)
        told = Told(act, f"form:{token}", is_done=True, sequences=(int(number),))
        self.told.append(told)
        return told

    def _refused(self, act: str, token: str, answer: Answer, person: Person) -> Told:
        page = person.get(answer.location) if answer.location else answer
        told = Told(act, token, is_done=False, sentence=page.sentence)
        self.told.append(told)
        return told

    def close(self) -> Told | None:
        """Close the earliest month that is not closed, as far as anybody knows."""
        listed = self.reviewer.get("/income/months/").text
        for month in _months(listed):
            if month in self.common.closed:
                continue
            path = f"/income/months/{BOOKS}/{month}/"
            forms = self.reviewer.get(path).forms("/close/")
            if not forms:
                self.common.closed.add(month)
                continue
            fields = {**dict(forms[0].form_values()), **_answers(forms[0])}
            answer = self.reviewer.post(f"{path}close/", fields)
            if answer.status != 302:
                return self._refused("close", month, answer, self.reviewer)
            self.common.closed.add(month)
            told = Told("close", month, is_done=True)
            self.told.append(told)
            return told
        return None

    def bring_in(self, rows: int | None = None) -> Told:
        """A file of receipts: checked by a job, approved, posted by another."""
        rows = rows or self.random.randint(2, 8)
        mark, day = uuid.uuid4().hex, FIRST_DAY + datetime.timedelta(self.random.randrange(DAYS))
        lines = [
            f"{self.random.choice(DONORS)},FNE,{day},USD,{self._amount()},I-{mark}-{n}"
            for n in range(rows)
        ]
        text = "\n".join(["donor,fund,date,currency,amount,reference", *lines])
        sent = self.officer.post("/income/imports/new/", file=(f"{mark}.csv", text.encode()))
        path = sent.location.removesuffix("columns/")
        if sent.status != 302 or not path.startswith("/income/imports/"):
            return self._refused("bring_in", mark, sent, self.officer)
        self._say_columns(path)
        page = self.over(path)
        if not (forms := page.forms("/submit/")):
            return self._refused("bring_in", path, page, self.officer)
        submitted = self.officer.post(f"{path}submit/", forms[0].form_values())
        return self.posted(path, submitted.location, rows)

    def _say_columns(self, path: str) -> None:
        """What the page proposes, with the kind of the rows, which no column tells."""
        for _time in range(3):  # once more, when the answer to the first was lost
            form = self.officer.get(f"{path}columns/").form_with("kind")
            if form is None:
                return
            fields = {**dict(form.form_values()), "kind": "receipt"}
            if self.officer.post(f"{path}columns/", fields).status == 302:
                return

    def posted(self, path: str, draft: str, rows: int) -> Told:
        """Approve, and wait for the job; once more when its workers died three times."""
        until, sentence = time.monotonic() + PATIENCE, GIVEN_UP
        while GIVEN_UP in sentence and time.monotonic() < until:
            answer = self.reviewer.post(f"{draft}approve/", {"version": "1"})
            page = self.over(path)
            numbers = sorted({int(n) for n in re.findall(POSTING, page.text)})
            if numbers:
                told = Told(
                    "bring_in", path, is_done=True, sequences=tuple(numbers), rows=rows
                )  # fmt: skip
                self.told.append(told)
                return told
            sentence = page.sentence
        return self._refused("bring_in", path, page if sentence else answer, self.reviewer)

    def over(self, path: str, patience: float = 600) -> Answer:
        """The page of an import once no job works on it."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if "HX-Refresh" in self.officer.get(path, **{"HX-Request": "true"}).headers:
                return self.officer.get(path)
            time.sleep(0.4)
        raise AssertionError(f"not over after {patience} seconds: {path}")


def _months(text: str) -> list[str]:
    return sorted(set(re.findall(rf"/income/months/{BOOKS}/(\d{{4}}-\d\d)/", text)))


def _answers(form: object) -> dict[str, str]:
    names = [str(name) for name in form.fields]  # type: ignore[attr-defined]
    ticks = {name: "on" for name in names if name.startswith("looked_")}
    return {**ticks, **{n: "Seen with the fund" for n in names if n.startswith("note_")}}
