"""The leak matrix: every address × every reader × every method, against the one table of answers.

What stands in the answers is the subject of test_leak_matrix.py and test_staff_only.py.
"""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.permissions import Role
from tests.pages.matrix.cells import Answer, answer_to, faults, seen_at
from tests.pages.matrix.readers import READERS, Reader, reader_of
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE, TABLE

__all__ = ["acts", "cast", "parts", "reader_of"]
pytestmark = pytest.mark.django_db


def run(reader: Reader, acts: dict[str, str], *, is_whole: bool) -> tuple[int, list[str]]:
    """How many cells there were, and what was wrong."""
    cells, wrong = 0, []
    for name, route in EVERYWHERE:
        cache.clear()  # of how often one asked
        address = address_of(name, route, acts)
        seen = seen_at(reader, address, is_whole=is_whole)
        cells += len(seen)
        wrong += faults(reader, TABLE[name], address, seen)
    return cells, wrong


def verdict(told: tuple[int, list[str]], who: str, capsys: pytest.CaptureFixture[str]) -> None:
    cells, wrong = told
    with capsys.disabled():
        print(f"\nLeak matrix: {cells} cells for {who}, {len(wrong)} leaks")  # noqa: T201
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("who", READERS)
def test_every_cell_answers_as_the_table_says(
    who: str, acts: dict[str, str], reader_of: Callable[[str], Reader],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    verdict(run(reader_of(who), acts, is_whole=False), who, capsys)


@pytest.mark.whole
@pytest.mark.parametrize("who", READERS)
def test_every_cell_does_so_with_those_that_only_ask_for_the_head(
    who: str, acts: dict[str, str], reader_of: Callable[[str], Reader],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    verdict(run(reader_of(who), acts, is_whole=True), who, capsys)


@pytest.mark.parametrize("who", READERS)
def test_what_is_refused_is_refused_as_what_is_not_there(
    who: str, acts: dict[str, str], reader_of: Callable[[str], Reader]
) -> None:
    """A foreign donor's code or a row's identifier tells nobody that there is such a row."""
    made_up = {
        key: "5f0f4cf0-0000-4000-8000-000000000000" if len(value) == 36 else "999999999"
        for key, value in acts.items()
    }
    reader, told = reader_of(who), []
    for name, route in EVERYWHERE:
        row = TABLE[name]
        if "<" not in route or reader.may(row.get, row) or not row.get:
            continue
        nothing = address_of(name, route, made_up).replace("SWE", "NOBODY").replace("UNH", "NONE")
        answers = [
            answer_to(reader.browser, "GET", address).status
            for address in (address_of(name, route, acts), nothing)
        ]
        told += [(name, answers)] if answers[0] != answers[1] else []
    assert told == []


def test_every_act_needs_the_token_of_its_form(
    acts: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> None:
    """403 without one, whoever asks, wherever; before anything is read or written.

    The API tells a stranger first that nobody is signed in.
    """
    signed_in = client_of(cast[Role.OFFICER])
    signed_in.handler.enforce_csrf_checks = True
    for browser in (Client(enforce_csrf_checks=True), signed_in):
        for name, route in EVERYWHERE:
            with CaptureQueriesContext(connection) as queries:
                answer = browser.post(address_of(name, route, acts), {"csrfmiddlewaretoken": "x"})
            asked = [query["sql"] for query in queries.captured_queries]
            nobody = browser is not signed_in and answer.status_code == 401
            refused = 401 if nobody and route.startswith("api/") else 403
            assert (answer.status_code, Answer(answer, asked).writes) == (refused, []), name


@pytest.mark.parametrize("name", ["month_close", "account_allow", "representation_end",
                                  "draft_approve", "draft_return"])  # fmt: skip
def test_a_stranger_who_opens_an_act_is_sent_away_and_not_told_how_to_act(
    name: str, acts: dict[str, str], board_member: User, client_of: Callable[[User], Client]
) -> None:
    address = address_of(name, dict(EVERYWHERE)[name], acts)
    assert client_of(board_member).get(address).status_code == 403
    assert Client().get(address).status_code == 302
