"""What the schema, the examples and the page tell of the API is what it answers.

`WRITE_API=1` makes interface/api/examples.json and tests/api/v1_fields.txt anew; what is gone from
the latter is a breach of docs/api.md.
"""

import json
import os
import re
from pathlib import Path

import pytest

from interface.api.examples import FILE, every_example
from tests.api.described import FIGURES, faults, fields, schema
from tests.pages.matrix.rows import acts, address_of, cast, parts
from tests.pages.matrix.table import EVERYWHERE

__all__ = ["acts", "cast", "parts"]
FIELDS = Path(__file__).with_name("v1_fields.txt")
MAKES_ANEW = os.environ.get("WRITE_API") == "1"
LARGEST = 1_500  # letters of a part of an example


@pytest.fixture
def real_answers(acts, client_of, officer, settings):
    """What each address that the schema describes answers an officer: path → JSON."""
    settings.PORTAL_BOOKS = "UNH"
    browser, found = client_of(officer), {}
    for name, route in EVERYWHERE:
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: f"{{{part[1]}}}", route)
        path = path.replace("{pk}", "{id}")
        if path in schema()["paths"] and "get" in schema()["paths"][path]:
            answer = browser.get(address_of(name, route, acts))
            assert answer.status_code == 200, path
            found[path] = answer.json()
    return found


def shortened(value, path):
    """The first of each list; of figures without their largest parts."""
    if isinstance(value, list):
        return [shortened(one, path) for one in value[:1]]
    if not isinstance(value, dict):
        return value
    short = {name: shortened(one, path) for name, one in value.items()}
    if path in FIGURES:
        short = {name: one for name, one in short.items() if len(json.dumps(one)) < LARGEST}
    return short


def unlike(example, real, *, is_part, place=""):
    """Where the example has what the real answer has not, or the other way round."""
    if example is None or real is None:
        return
    if isinstance(example, dict) and isinstance(real, dict):
        names = set(example) - set(real) if is_part else set(example) ^ set(real)
        yield from (f"{place}.{name}" for name in sorted(names) if place[-6:] != ".names")
        for name in set(example) & set(real):
            yield from unlike(example[name], real[name], is_part=is_part, place=f"{place}.{name}")
    elif isinstance(example, list) and isinstance(real, list):
        for one, another in zip(example, real, strict=False):
            yield from unlike(one, another, is_part=is_part, place=f"{place}[]")
    elif type(example) is not type(real):
        yield f"{place}: {example!r} {real!r}"


def test_answers_are_what_schema_and_examples_say(real_answers):
    """Every address with a row of its own kind in it, so that no list is empty."""
    if MAKES_ANEW:
        made = {path: shortened(one, path) for path, one in sorted(real_answers.items())}
        FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
        every_example.cache_clear()
    wrong = []
    assert len(real_answers) > 55
    for path, answer in real_answers.items():
        wrong += faults(path, answer)
        example = every_example().get(path)
        assert example is not None, f"{path} has no example"
        is_part = path in FIGURES
        wrong += [f"{path} {one}" for one in unlike(example, answer, is_part=is_part)]
        wrong += faults(path, example)
        if "results" in answer and not answer["results"]:
            wrong.append(f"{path} answers with an empty list")
    assert wrong == []


def test_the_schema_carries_the_examples():
    content = schema()["paths"]["/api/v1/funds/"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["example"]["results"][0]["code"] == "CORE"


def test_nothing_that_version_1_ever_told_is_gone():
    """Additions are added to the file; a line of it that is no longer true fails."""
    there = sorted(set(fields()))
    if MAKES_ANEW:
        FIELDS.write_text("\n".join(there) + "\n", "utf-8")
    kept = FIELDS.read_text("utf-8").splitlines()
    assert len(kept) > 900
    assert sorted(set(kept) - set(there)) == []
    assert sorted(set(there) - set(kept)) == [], "new: make tests/api/v1_fields.txt anew"


def test_a_field_that_is_gone_would_be_seen():
    kept = set(FIELDS.read_text("utf-8").splitlines())
    assert "GET /api/v1/donors/ code: string" in kept
    assert "GET /api/v1/entries/ ?known_as_at" in kept
    assert "GET /api/v1/dashboard/ provenance" in kept
    assert not {"GET /api/v1/donors/ colour: string"} & kept


def test_the_page_shows_every_operation_and_every_error(client_of, board_member):
    page = client_of(board_member).get("/api/v1/docs/").content.decode()
    for path, methods in schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}</code></summary>" in page
    assert 'id="problem-not-found"' in page
    assert "<script>" not in page
    assert 'style="' not in page


def test_the_front_lists_what_is_open_to_the_reader(client_of, board_member, representative):
    def names(user):
        told = client_of(user).get("/api/v1/").json()
        assert (told["version"], told["docs"]) == ("1", "/api/v1/docs/")
        return {one["name"] for one in told["resources"]}

    board, own = names(board_member), names(representative)
    assert {"dashboard", "postings", "entries/totals", "funds"} <= board
    assert "donors" not in board
    assert {"donors", "contributions", "reports-due", "jobs"} <= own
    assert not {"dashboard", "postings", "drafts", "measurements"} & own
