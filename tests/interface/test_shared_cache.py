"""The shared cache without Redis: pages go on, and limits still count."""

import socket

import pytest
from redis.exceptions import ResponseError

from interface import shared_cache
from interface.shared_cache import SharedCache


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> SharedCache:
    """A cache whose Redis is at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(SharedCache, "_away_until", 0.0)
    cache = SharedCache(f"redis://127.0.0.1:{port}/0", {})
    cache._of_the_process.clear()
    return cache


def test_without_redis_the_process_remembers_for_itself(away: SharedCache) -> None:
    assert not away.is_away
    assert away.get("steps") is None
    assert away.is_away
    away.set("steps", (3, 9), 60)
    assert away.get("steps") == (3, 9)
    assert away.get_many(["steps", "other"]) == {"steps": (3, 9)}
    away.delete("steps")
    assert "steps" not in away


def test_a_limit_goes_on_counting_without_redis(away: SharedCache) -> None:
    assert [away.add("asked", 1, 60), away.add("asked", 1, 60)] == [True, False]
    assert [away.incr("asked") for _time in range(3)] == [2, 3, 4]


def test_redis_is_asked_again_after_some_seconds_and_not_before(
    away: SharedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(shared_cache.time, "monotonic", lambda: clock[0])
    asked = []

    def get(_cache: object, key: str, *_more: object, **_named: object) -> str:
        asked.append(key)
        if len(asked) == 1:
            raise ResponseError("LOADING")
        return "from Redis"

    monkeypatch.setattr(shared_cache.RedisCache, "get", get)
    assert [away.get("a"), away.get("b")] == [None, None]
    assert asked == ["a"]
    clock[0] += shared_cache.ASKED_AGAIN_AFTER
    assert away.get("c") == "from Redis"
    assert asked == ["a", "c"]


def test_nobody_waits_longer_than_a_second_for_redis() -> None:
    pool = SharedCache("redis://127.0.0.1:6379/0", {})._cache._pool_options
    assert (pool["socket_timeout"], pool["socket_connect_timeout"]) == (1.0, 1.0)
    assert pool["retry"].get_retries() == 1
