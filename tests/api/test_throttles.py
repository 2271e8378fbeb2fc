"""How often one asks: by account with a key or without, by address where nobody is signed in."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Scope
from accounts.throttles import count
from interface.shared_cache import SharedCache
from tests.api.programs import BASE, bearing, key_of, program_of, send, told

pytestmark = pytest.mark.django_db
DONORS = BASE + "donors/"
NOON = 1_640_000_040.0  # 34 minutes past a whole hour, to the second: the first of its minute


@pytest.fixture(autouse=True)
def _few(settings, monkeypatch):
    settings.API_READS_PER_MINUTE = 3
    settings.API_WRITES_PER_MINUTE = 2
    settings.API_SIGNED_OUT_PER_MINUTE = 2
    monkeypatch.setattr("accounts.throttles.time.time", lambda: NOON + 15)
    cache.clear()


def rates(answer):
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    return tuple(int(answer[name]) for name in names)


def test_reads_are_counted_and_the_fourth_waits_for_the_next_minute(officer, monkeypatch):
    program = program_of(officer)
    seen = [rates(program.get(DONORS)) for _time in range(3)]
    assert seen == [(3, 2, 45), (3, 1, 45), (3, 0, 45)]
    refused = program.get(DONORS)
    assert told(refused) == (429, "throttled")
    assert (refused["Retry-After"], rates(refused)) == ("45", (3, 0, 45))
    monkeypatch.setattr("accounts.throttles.time.time", lambda: NOON + 60)
    assert rates(program.get(DONORS)) == (3, 2, 60)


def test_another_key_of_the_same_person_is_no_more(officer, reviewer, client_of):
    for client in (program_of(officer), program_of(officer), client_of(officer)):
        assert client.get(DONORS).status_code == 200
    assert program_of(officer).get(DONORS).status_code == 429
    assert program_of(reviewer).get(DONORS).status_code == 200


def test_writes_have_a_number_of_their_own(officer, ledger, settings):
    settings.PORTAL_BOOKS = ledger.code
    program = program_of(officer, Scope.WRITE)
    draft = {"act": "record_pledge", "fields": {"donor": "SWE"}, "state": "open"}
    assert [send(program, "drafts/", draft).status_code for _time in range(3)] == [201, 201, 429]
    assert program.get(DONORS).status_code == 200


def test_what_a_key_is_refused_is_counted_too(officer):
    program = program_of(officer)
    assert [send(program, "drafts/", {}).status_code for _time in range(3)] == [403, 403, 429]


def test_who_is_nobody_is_counted_by_address(officer):
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert [Client().get(DONORS).status_code for _time in range(3)] == [401, 401, 429]
    assert Client().get(DONORS, **other).status_code == 401
    assert program_of(officer).get(DONORS).status_code == 200


def test_who_tries_keys_is_counted_as_nobody(officer):
    _key, text = key_of(officer)
    wrong = Client(headers=bearing(text[:-2] + "xx"))
    assert [wrong.get(DONORS).status_code for _time in range(3)] == [401, 401, 429]
    assert told(wrong.get(DONORS)) == (429, "throttled")


def test_limits_hold_while_redis_is_away(monkeypatch):
    away = SharedCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr("accounts.throttles.cache", away)
    counts = [count("read", "somebody", 2, NOON) for _time in range(3)]
    assert [(one.used, one.is_over) for one in counts] == [(1, False), (2, False), (3, True)]


def test_a_count_that_the_cache_lost_begins_anew(monkeypatch):
    def lost(_key):
        raise ValueError

    monkeypatch.setattr("accounts.throttles.cache.incr", lost)
    assert count("read", "somebody", 2, NOON).used == 1
