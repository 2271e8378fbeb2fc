"""The examples of docs/api.md are run as they stand there, against a portal that is served."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import factories
from tests.api.programs import key_of
from tests.api.test_api import books, norway

__all__ = ["books", "norway"]
DOCUMENT = Path(settings.BASE_DIR, "docs", "api.md")
pytestmark = pytest.mark.django_db(transaction=True)


def example(language: str) -> str:
    """The one block of the language in the document."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.M | re.S)
    return str(found)


@pytest.fixture
def served(live_server, books, officer):
    """The environment of a program with a key of the officer's; one receipt of 2021 more."""
    factories.posting(books, factories.entry("1.00", fund_id="FE"))
    key = key_of(officer)[1]
    return {**os.environ, "PORTAL_ADDRESS": live_server.url, "PORTAL_KEY": key}


def test_the_client_adds_up_what_was_received_and_the_shell_reads_it(served, tmp_path):
    program = tmp_path / "client.py"
    program.write_text(example("python"), "utf-8")
    ran = subprocess.run([sys.executable, program], env=served, capture_output=True, text=True,
                         timeout=60, check=False)  # fmt: skip
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[:2] == ["FE 1.00", "FNE 350.10"]  # 100.10 + 250.00
    shell = subprocess.run(["sh", "-c", example("sh")], env=served, capture_output=True, text=True,
                           timeout=60, check=False)  # fmt: skip
    assert shell.returncode == 0, shell.stderr
    assert '{"value_date":"2021-03-04","currency":"USD","amount":"250.0000"' in shell.stdout
    assert '"amount":"80.0000","amount_usd":null' in shell.stdout


def test_the_client_is_typed(tmp_path):
    program = tmp_path / "client.py"
    program.write_text(example("python"), "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file="]
    command = [*mypy, f"--cache-dir={tmp_path}", str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stdout.startswith("Success"), ran.stdout


def test_the_document_names_every_way_to_ask_that_there_is():
    text = DOCUMENT.read_text("utf-8")
    for word in (
        "sort",
        "page_size",
        "cursor",
        "fields",
        "as_at",
        "known_as_at",
        "after",
        "ETag",
        "If-None-Match",
        "Deprecation",
        "Sunset",
        "twelve months",
        "Retry-After",
    ):
        assert f"`{word}`" in text or word in text
    assert "tests/api/v1_fields.txt" in text
