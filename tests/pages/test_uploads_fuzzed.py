"""Whatever a file holds, whoever sends it and where: no error of the server, and not much work.

The addresses are found on the portal's own pages: a new form with a file is in it by itself.
"""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import Role
from tests.pages.matrix.rows import cast, filled, parts
from tests.pages.matrix.table import ADDRESSES, MAY_GET, SIGNED_OUT
from tests.pages.uploads import KNOWN, NAMES, Door, doors, spoilt

__all__ = ["cast", "parts"]
pytestmark = pytest.mark.django_db
LONG_FILES = int(os.environ.get("FUZZED_UPLOADS") or 1_500)  # at each address
MOST_SECONDS, MOST_MEGABYTES = 10, 400  # of one file; of all of them, beyond what there was
ANSWERS = {200, 201, 302, 400, 413, 422}
# What no page has a form for.
OF_THE_API = Door(
    "/api/v1/imports/", "file", {"as_proposed": "true"}, {"Idempotency-Key": "a-file"}
)
PAGES: set[str] = set()  # that have such a form, once they were looked for
CHANCES = st.integers(0, 2**32 - 1)
SPOILT = {"deadline": None, "database": None, "derandomize": True,
          "suppress_health_check": list(HealthCheck)}  # fmt: skip


@pytest.fixture
def found(
    parts: dict[str, str], cast: dict[str, User], client_of: Callable[[User], Client]
) -> list[tuple[Door, Client]]:
    """Every form with a file, and a browser of somebody who may send it."""
    browsers: dict[object, Client] = {SIGNED_OUT: Client()}
    browsers |= {role: client_of(user) for role, user in cast.items()}
    seen: dict[str, tuple[Door, Client]] = {}
    pages: set[str] = set()
    for name, route in ADDRESSES:
        who = sorted(MAY_GET[name], key=str)
        if not who or "." in route or name not in (PAGES or dict(ADDRESSES)):
            continue
        browser, address = browsers[who[0]], filled(name, route, parts)
        for door in doors(browser.get(address).getvalue(), address):
            seen[resolve(door.address).url_name or door.address] = (door, browser)
            pages.add(name)
    PAGES.update(pages)
    seen["api_import_list"] = (OF_THE_API, browsers[Role.OFFICER])
    return list(seen.values())


def sent(door: Door, browser: Client, name: str, content: bytes) -> str:
    """What is wrong about the answer, of whatever page it leads to as well; nothing is kept."""
    cache.clear()  # of how often one asked
    began = time.monotonic()
    with transaction.atomic():
        data = {**door.fields, door.file: SimpleUploadedFile(name, content)}
        answer = browser.post(door.address, data, follow=True, headers=door.headers)
        transaction.set_rollback(True)
    told = f"{door.address} {name!r} {content[:60]!r}"
    if answer.status_code not in ANSWERS:
        return f"{told}: {answer.status_code}"
    has_sentence = b'class="error' in answer.content or b'"detail"' in answer.content
    if answer.status_code == 422 and not has_sentence:
        return f"{told}: no sentence"
    took = time.monotonic() - began
    return f"{told}: {took:.1f} s" if took > MOST_SECONDS else ""


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_every_view_that_reads_a_file_is_found(found: list[tuple[Door, Client]]) -> None:
    reading = {
        str(file.relative_to(portal.BASE_DIR).with_suffix("")).replace("/", ".")
        for floor in ("accounts", "donors", "income", "targets", "reports", "interface")
        for file in Path(portal.BASE_DIR, floor).rglob("*.py")
        if "request.FILES" in file.read_text()
    }
    assert {resolve(door.address).func.__module__ for door, _browser in found} == reading
    assert {resolve(door.address).url_name for door, _browser in found} >= {
        "document_new", "erp_load", "expenditure_new", "import_new", "rate_load", "verify",
    }  # fmt: skip


def test_no_file_of_the_known_kinds_is_an_error_of_the_server(
    found: list[tuple[Door, Client]], capsys: pytest.CaptureFixture[str]
) -> None:
    before = megabytes()
    wrong = [
        sent(door, browser, name, content)
        for door, browser in found
        for name, content in KNOWN.items()
    ]
    wrong += [sent(*found[n % len(found)], name, KNOWN["a.csv"]) for n, name in enumerate(NAMES)]
    with capsys.disabled():
        print(f"\n{len(wrong)} files sent to {len(found)} addresses")  # noqa: T201
    assert [one for one in wrong if one] == []
    assert megabytes() - before < MOST_MEGABYTES


def fuzz(found: list[tuple[Door, Client]], files: int, capsys: pytest.CaptureFixture[str]) -> None:
    """`files` spoilt ones at each address, the same every time."""
    counted: Counter[str] = Counter()
    small = [one for one in sorted(KNOWN) if 0 < len(KNOWN[one]) < 50_000]

    @settings(max_examples=files, **SPOILT)  # type: ignore[arg-type]
    @given(st.sampled_from(small), st.sampled_from(NAMES), st.booleans(), CHANCES)
    def one(kind: str, name: str, is_renamed: bool, chance: int) -> None:
        content = spoilt(KNOWN[kind], random.Random(chance))
        for door, browser in found:
            counted[door.address] += 1
            wrong = sent(door, browser, name if is_renamed else kind, content)
            assert wrong == "", wrong

    before = megabytes()
    one()
    with capsys.disabled():
        print(f"\nspoilt files sent: {dict(counted)}")  # noqa: T201
    assert min(counted.values()) >= files
    assert megabytes() - before < MOST_MEGABYTES


def test_no_spoilt_file_is_an_error_of_the_server(
    found: list[tuple[Door, Client]], capsys: pytest.CaptureFixture[str]
) -> None:
    fuzz(found, 8, capsys)


@pytest.mark.whole
def test_no_spoilt_file_is_one_in_a_long_run_either(
    found: list[tuple[Door, Client]], capsys: pytest.CaptureFixture[str]
) -> None:
    fuzz(found, LONG_FILES, capsys)
