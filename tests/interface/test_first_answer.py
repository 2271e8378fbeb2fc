"""What the first request has to wait for: only what a page needs is loaded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import made_once

# Half a second and more each; only a job, a file, a signature or an explored chart needs them.
LATER = ["pandas", "numpy", "plotly", "pyhanko", "fontTools", "aiohttp", "celery", "kombu",
         "boto3", "PIL"]  # fmt: skip
ANSWERED = """
import json, sys
from habitat_portal.wsgi import application
from django.test import Client
browser = Client(headers={"host": "127.0.0.1"})
answers = [browser.get(address, follow=True).status_code for address in ("/", "/sign-in/")]
print(json.dumps([answers, sorted(sys.modules)]))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a process that answered two pages of an installation."""
    around = made_once.surroundings(
        made_once.migrated(tmp_path_factory), DJANGO_SETTINGS_MODULE="habitat_portal.settings"
    )
    done = subprocess.run(
        [sys.executable, "-c", ANSWERED], env=around, cwd=Path(made_once.ROOT), check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    answers, modules = json.loads(done.stdout.splitlines()[-1])
    assert answers == [200, 200]
    return set(modules)


def test_the_first_answer_loads_what_pages_need(loaded: set[str]) -> None:
    assert {"reports.views.board", "interface.charts", "rest_framework"} <= loaded


@pytest.mark.parametrize("name", LATER)
def test_the_first_answer_does_not_wait_for_what_only_some_need(
    name: str, loaded: set[str]
) -> None:
    assert name not in loaded
