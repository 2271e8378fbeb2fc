"""The portal as production runs it: PostgreSQL, Redis, gunicorn, a Celery worker, as processes."""

import http.cookiejar
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests import made_once
from tests.accounts.doors import KEY

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long enough pass phrase"
EMAIL = "administrator@example.org"
TOKEN = "a token of thirty-two characters"


def code_of_page(page: str) -> str:
    """What an app shows now that was given the key on the page."""
    found = KEY.search(page)
    assert found
    return format_hotp_value(hotp_value(found[1], int(time.time()) // 30))


@dataclass
class Visitor:
    """A person's browser: keeps cookies, sends the form's token along."""

    base: str

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=20) as answer:
            self.at = answer.geturl().removeprefix(self.base)
            return str(answer.read().decode())

    def post(self, path: str, **fields: str | Callable[[str], str]) -> str:
        """Fill in the page's form; a field may follow from what the page shows."""
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, path
        typed = {name: one if isinstance(one, str) else one(page) for name, one in fields.items()}
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **typed}).encode()
        request = urllib.request.Request(  # noqa: S310  loopback
            self.base + path, data=data, headers={"Referer": self.base}
        )
        with self.opener.open(request, timeout=20) as answer:
            self.at = answer.geturl().removeprefix(self.base)
            return str(answer.read().decode())


@pytest.fixture
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of its own on the server that the tests use."""
    url = os.environ["TEST_DATABASE_URL"]
    with made_once.database(url, "portal_stack", tmp_path_factory) as made:
        yield made


@pytest.fixture
def surroundings(database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a production installation; a missing Redis is a failure under CI."""
    redis_url = os.environ.get("REDIS_URL", "")
    if not redis_url:
        if os.environ.get("CI"):
            pytest.fail("needs Redis: set REDIS_URL", pytrace=False)
        pytest.skip("needs Redis: set REDIS_URL")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    left_out = ("DJANGO_SETTINGS_MODULE", "PORTAL_BOOKS", "DEBUG")
    return {
        **{k: v for k, v in os.environ.items() if k not in left_out},
        "PORTAL_MODE": "production", "PORTAL_SECURE": "0", "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": database, "REDIS_URL": redis_url, "PORTAL_DATA_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "127.0.0.1", "PORT": port,
        "PORTAL_ADDRESS": f"http://127.0.0.1:{port}", "METRICS_TOKEN": TOKEN,
    }  # fmt: skip


def manage(surroundings: dict[str, str], *arguments: str, typed: str = "") -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], env=surroundings, cwd=ROOT, check=True,
        input=typed, text=True, capture_output=True, start_new_session=True, timeout=120,
    )  # fmt: skip


def wait_for(visitor: Visitor) -> None:
    for _attempt in range(150):
        try:
            visitor.get("/healthz")
            break
        except OSError:
            time.sleep(0.2)


@pytest.fixture
def portal(surroundings: dict[str, str]) -> Iterator[str]:
    """A running installation with one administrator; its address."""
    manage(surroundings, "prepare_installation")
    name = ["open_account", EMAIL, "--name", "Administrator", "--role", "administrator"]
    manage(surroundings, *name, typed=f"{PASSWORD}\n")
    celery = ["-m", "celery", "-A", "habitat_portal.celery", "worker", "-c", "1", "-l", "WARNING"]
    processes = [
        subprocess.Popen([sys.executable, *command], env=surroundings, cwd=ROOT)
        for command in (["manage.py", "serve"], celery)
    ]
    base = f"http://127.0.0.1:{surroundings['PORT']}"
    try:
        wait_for(Visitor(base))
        yield base
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def test_a_job_asked_for_on_a_page_is_done_by_a_worker(portal: str) -> None:
    visitor = Visitor(portal)
    visitor.post("/sign-in/", username=EMAIL, password=PASSWORD)
    assert visitor.at == "/my-security/"  # an administrator sets up a second factor first
    visitor.post("/my-security/app/", code=code_of_page)
    assert visitor.at == "/my-security/recovery-codes/"
    visitor.post("/income/verify/", books="UNH")
    job = visitor.at
    assert job.startswith("/jobs/")
    for _attempt in range(100):
        page = visitor.get(job)
        if "is sound: every posting up to 19" in page:
            break
        time.sleep(0.2)
    assert "is sound: every posting up to 19" in page, re.sub(
        r"<[^>]+>", " ", page[page.index("<main") :]
    )
    ready = visitor.get("/readyz")
    assert '"sequence": 19' in ready
