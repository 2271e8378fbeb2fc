"""The people of bench/load.py, as Locust plays them: each with a session of its own.

A Board member opens the dashboard and what stands beside it. An officer enters a gift and a
reviewer approves it, which posts it: the answer to the approval is the posting's time. An answer
other than the page or the redirection that is meant is a failure, so is one of an error page.
"""

import datetime
import json
import os
import random
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

PEOPLE = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
READING = [float(one) for one in os.environ["LOAD_READING"].split("-")]
ENTERING = [float(one) for one in os.environ["LOAD_ENTERING"].split("-")]
CSRF = "c" * 32  # the cookie's secret is the form's token, too
DONORS = ("SWE", "NOR", "DNK", "DEU", "JPN", "ESP", "NLD", "KOR")
UNITS = ("millions", "exact")
FIRST_DAY, DAYS = datetime.date(2022, 1, 1), 1200
POSTED = re.compile(r"/income/postings/UNH/\d+/")


def sessions(role: str) -> Iterator[str]:
    yield from PEOPLE[role]


BOARD, OFFICERS, REVIEWERS = map(sessions, ("board", "officer", "reviewer"))


class Reader(HttpUser):
    """A member of the Executive Board."""

    fixed_count = len(PEOPLE["board"])
    wait_time = between(*READING)

    def on_start(self) -> None:
        self.client.cookies.set("sessionid", next(BOARD))

    @task(6)
    def dashboard(self) -> None:
        self._open(f"/board/?books=UNH&units={random.choice(UNITS)}", "dashboard")  # noqa: S311

    @task(2)
    def history(self) -> None:
        self._open("/board/history/?books=UNH", "history")

    @task(2)
    def scorecard(self) -> None:
        self._open("/board/indicators/?books=UNH", "scorecard")

    def _open(self, address: str, name: str) -> None:
        with self.client.get(
            address, name=name, catch_response=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 200 or "<h1" not in answer.text:
                answer.failure(f"answered {answer.status_code}")


class Officer(HttpUser):
    """A partnerships officer, and the reviewer who sits beside."""

    fixed_count = len(PEOPLE["officer"])
    wait_time = between(*ENTERING)

    def on_start(self) -> None:
        self._as_officer, self._as_reviewer = (
            {"Cookie": f"sessionid={next(role)}; csrftoken={CSRF}"}
            for role in (OFFICERS, REVIEWERS)
        )

    @task
    def gift(self) -> None:
        day = FIRST_DAY + datetime.timedelta(days=random.randrange(DAYS))  # noqa: S311
        self._get("/income/gifts/new/", "form of a gift")
        draft = self._post("/income/gifts/new/", "submitting", self._as_officer, {
            "donor": random.choice(DONORS), "fund": "FNE", "title": "Core contribution",  # noqa: S311
            "amount": f"{random.randint(1, 999_999)}.50", "currency": "USD",  # noqa: S311
            "received_on": day.isoformat(), "is_another": "on", "reference": uuid.uuid4().hex,
            "token": uuid.uuid4().hex,
        }, re.compile("/income/drafts/"))  # fmt: skip
        if draft:
            self._post(f"{draft}approve/", "posting", self._as_reviewer, {"version": "1"}, POSTED)

    def _get(self, address: str, name: str) -> None:
        self.client.get(address, name=name, headers=self._as_officer)

    def _post(
        self, address: str, name: str, who: dict[str, str], fields: dict[str, Any],
        leads_to: re.Pattern[str],
    ) -> str:  # fmt: skip
        """Where the form led, without the host; empty when it did not lead there."""
        fields["csrfmiddlewaretoken"] = CSRF
        with self.client.post(
            address, fields, name=name, headers=who, catch_response=True, allow_redirects=False
        ) as answer:
            location = answer.headers.get("Location", "").removeprefix(self.host or "")
            if answer.status_code == 302 and leads_to.search(location):
                return str(location)
            answer.failure(f"answered {answer.status_code} {location}")
            return ""
