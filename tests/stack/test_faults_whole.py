"""The faults in full, minutes instead of seconds, for make test-all.

STACK_CLIENTS, STACK_SECONDS and STACK_KILLS change how much; each prints its figures.
"""

import os
from collections.abc import Iterator

import pytest

from tests.stack import scenes
from tests.stack.running import Portal, running

pytestmark = [pytest.mark.slow, pytest.mark.whole]
CLIENTS = int(os.environ.get("STACK_CLIENTS", "50"))
SECONDS = float(os.environ.get("STACK_SECONDS", "120"))
KILLS = int(os.environ.get("STACK_KILLS", "100"))


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running(CLIENTS) as portal:
        yield portal


def test_fifty_people_at_once_leave_the_books_sound(portal: Portal) -> None:
    figures = scenes.concurrency(portal, CLIENTS, SECONDS)
    scenes.written("concurrency", figures)
    assert (figures["surfaced"], figures["unclear"], figures["deadlocks"]) == ([], [], 0)
    assert set(figures["done"]) == {"give", "take_back", "close", "bring_in"}


def test_a_minute_without_redis_keeps_nobody_waiting(portal: Portal) -> None:
    figures = scenes.redis_away(portal, 8, 60, hurry=False)
    scenes.written("redis", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])


def test_a_database_that_is_restarted_ten_times_loses_nothing(portal: Portal) -> None:
    figures = scenes.database_restarted(portal, 8, times=10, every=5.0)
    scenes.written("database", figures)
    assert figures["unclear"] == []
    assert {status for status, _path, _sentence in figures["surfaced"]} <= {503}


def test_a_deployment_in_the_middle_of_a_long_job_does_it_once(portal: Portal) -> None:
    figures = scenes.deployed(portal, 8, rows=20_000)
    scenes.written("deployment", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])
    assert figures["attempts of the job"] == 1


def test_a_hundred_kills_lose_nothing_and_do_nothing_twice(portal: Portal) -> None:
    figures = scenes.kills(portal, 8, KILLS, every=1.2, hurry=False)
    scenes.written("kills", figures)
    assert (figures["surfaced"], figures["unclear"]) == ([], [])
    assert sum(figures["kills"].values()) == KILLS
    assert set(figures["kills"]) == set(scenes.TARGETS)
