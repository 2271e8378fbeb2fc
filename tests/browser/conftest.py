"""A real browser against the portal as `make run` starts it: own process, own data, own port."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.demonstration import EMAILS, PASSWORD, SECOND_OFFICER_EMAIL
from accounts.permissions import Role
from tests import made_once
from tests.browser.addresses import Visit

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]

# A window that another covers, or that nobody looks at, is not to be slowed down.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
]  # fmt: skip


def chromium() -> str | None:
    """The browser named by CHROMIUM, else the first one found."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@dataclass(frozen=True)
class Portal:
    """A running portal and a browser to look at it with."""

    url: str
    browser: Browser

    def visitor(self, width: int = 1440, language: str = "en") -> BrowserContext:
        """A fresh browser window: no cookies, a width, a language."""
        return self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": 900}, locale=language,
            accept_downloads=True,
        )  # fmt: skip

    def signed_in(self, role: Role, width: int = 1440, language: str = "en") -> Page:
        """A page of a visitor who signed in through the form."""
        return self.signed_in_as(EMAILS[role], width, language)

    def signed_in_as(self, email: str, width: int = 1440, language: str = "en") -> Page:
        """A page of the person with that demonstration account."""
        page = self.visitor(width, language).new_page()
        page.goto("/sign-in/")
        page.fill("#id_username", email)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        return page


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        assert server.poll() is None, "the portal stopped while starting"
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2)  # noqa: S310  loopback
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the portal did not answer within 30 seconds")


@dataclass(frozen=True)
class Furnished:
    """A portal of its own with a row for every page, and all that there is to visit in it."""

    portal: Portal
    visits: list[Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A missing browser is a reason to skip, under CI a failure."""
    program = chromium()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no browser: set CHROMIUM or install chromium")
        pytest.skip("no browser on this machine (CHROMIUM names one)")
    # Playwright keeps an event loop in this thread for the rest of the session, and Django then
    # takes every later test of the same process for asynchronous code. None is.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)  # a machine that does other things as well
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demonstration(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration as it is set up, for copies of it."""
    return made_once.demonstration(tmp_path_factory)


@contextmanager
def _served(data: Path, browser: Browser) -> Iterator[Portal]:
    port = _free_port()
    surroundings = made_once.surroundings(data, PORT=str(port))
    server = subprocess.Popen([*MANAGE, "serve"], env=surroundings, cwd=ROOT)
    try:
        _wait_for(url := f"http://127.0.0.1:{port}", server)
        yield Portal(url, browser)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def portal(
    demonstration: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The demonstration, served, with what the journeys of the same file wrote into it.

    Which files run in one process, and in what order, is another matter in each run: what one
    of them leaves must not be what another finds.
    """
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(demonstration, data)
    with _served(data, browser) as portal:
        yield portal


@pytest.fixture(scope="session")
def furnished(
    demonstration: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Furnished]:
    """The demonstration with rows that it has none of, served apart from that of the journeys."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    shutil.copytree(demonstration, data)
    surroundings = made_once.surroundings(data, DJANGO_SETTINGS_MODULE="habitat_portal.settings")
    listed = subprocess.run(
        [sys.executable, "-m", "tests.browser.addresses"], env=surroundings, cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    with _served(data, browser) as portal:
        yield Furnished(portal, [Visit(*one) for one in json.loads(listed.stdout)])


def _kept_open(page: Page) -> Iterator[Page]:
    page.set_default_timeout(10_000)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def officer(portal: Portal) -> Iterator[Page]:
    """One window of the officer for all journeys of a file: signing in takes its time."""
    yield from _kept_open(portal.signed_in(Role.OFFICER))


@pytest.fixture(scope="module")
def second_officer(portal: Portal) -> Iterator[Page]:
    """The window of the officer's colleague."""
    yield from _kept_open(portal.signed_in_as(SECOND_OFFICER_EMAIL))


@pytest.fixture(scope="module")
def reviewer(portal: Portal) -> Iterator[Page]:
    """The window of the person who reviews."""
    yield from _kept_open(portal.signed_in(Role.REVIEWER))
