"""Short runs of the faults at one stack; test_faults_whole has them in full."""

import json
import os
import signal
from collections.abc import Iterator

import pytest

from tests.stack import scenes
from tests.stack.running import Portal, running, until

pytestmark = [pytest.mark.slow, pytest.mark.redis]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running(12) as portal:
        yield portal


def test_the_processes_of_gunicorn_count_together_and_log_in_json(portal: Portal) -> None:
    officer = portal.desk(0).officer
    for _request in range(20):
        officer.get("/income/drafts/")
    token = f"Bearer {portal.stack.environment['METRICS_TOKEN']}"
    told = officer.get("/metrics", Authorization=token).text
    counted = 'portal_request_seconds_count{method="GET",status="2xx",view="draft_list"} 20.0'
    assert counted in told
    assert 'portal_postings_total{books="UNH"} 19.0' in told
    lines = [json.loads(line) for line in portal.log("web").splitlines()]
    assert [line["status"] for line in lines if line.get("view") == "draft_list"] == [200] * 20

    folders = list(portal.stack.folder.glob("portal-metrics-*"))
    files = {file.name for folder in folders for file in folder.iterdir()}
    assert len(folders) == 1
    assert {name.rpartition("_")[2] for name in files} <= {"0.db", "1.db"}
    os.kill(portal.pid("web"), signal.SIGTERM)
    until(lambda: not folders[0].exists(), "the folder is gone with its processes")
    until(portal.answers, "the next ones answer")


def test_twelve_people_at_once_leave_the_books_sound(portal: Portal) -> None:
    figures = scenes.concurrency(portal, 12, 4)
    scenes.written("concurrency", figures)
    assert (figures["surfaced"], figures["unclear"], figures["deadlocks"]) == ([], [], 0)
    assert figures["done"]["give"] > 0


def test_processes_that_are_killed_lose_nothing_and_do_nothing_twice(portal: Portal) -> None:
    figures = scenes.kills(portal, 3, 3, every=0.7, hurry=True)
    scenes.written("kills", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])
    assert sum(figures["kills"].values()) == 3


def test_without_redis_nobody_waits(portal: Portal) -> None:
    figures = scenes.redis_away(portal, 3, 3, hurry=True)
    scenes.written("redis", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])
    assert figures["/readyz 200, Redis away"] > 0


def test_a_database_that_is_restarted_loses_nothing(portal: Portal) -> None:
    figures = scenes.database_restarted(portal, 3, times=1, every=1.0)
    scenes.written("database", figures)
    assert figures["unclear"] == []
    assert {status for status, _path, _sentence in figures["surfaced"]} <= {503}
    for _status, _path, sentence in figures["surfaced"]:
        assert "Please try again in some seconds." in sentence


def test_a_deployment_in_the_middle_of_a_job_does_it_once(portal: Portal) -> None:
    figures = scenes.deployed(portal, 2, rows=1_500)
    scenes.written("deployment", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])
    assert figures["attempts of the job"] == 1
