"""How long one stays signed in: 60 minutes without an act, 24 hours in all; polling is no act."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import sessions
from accounts.models import User
from tests import factories

MINUTE, HOUR = 60, 3600
BACKGROUND = {"HTTP_PORTAL_BACKGROUND": "true"}


class Clock:
    """Stands in for the module `time` of accounts.sessions; the numbers are seconds."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sessions, "time", clock)
    monkeypatch.setattr("accounts.views.time", clock)
    return clock


@pytest.fixture
def browser(officer: User, client_of: Callable[[User], Client], clock: Clock) -> Client:
    """Of an officer who signed in just now, and opened a page."""
    client = client_of(officer)
    assert left(client) == HOUR
    assert client.get("/my-settings/").status_code == 200
    return client


def left(client: Client) -> int:
    """Seconds that the server says are left, asked in the background."""
    return int(client.get("/session/", **BACKGROUND).json()["seconds"])


def test_the_defaults_are_an_hour_and_a_day() -> None:
    assert (settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST_SECONDS) == (3600, 86_400)


def test_without_an_act_one_is_signed_out_after_an_hour_and_comes_back_to_where_one_was(
    browser: Client, clock: Clock
) -> None:
    clock.now += HOUR - 1
    assert left(browser) == 1
    clock.now += 1
    assert left(browser) == 0
    response = browser.get("/my-settings/?a=1")
    assert response.headers["Location"] == "/sign-in/?next=/my-settings/%3Fa%3D1"


def test_a_page_and_staying_extend_to_a_full_hour(browser: Client, clock: Clock) -> None:
    clock.now += 59 * MINUTE
    browser.get("/my-settings/")
    assert left(browser) == HOUR
    clock.now += 56 * MINUTE
    assert left(browser) == 4 * MINUTE
    assert browser.post("/session/").json() == {"seconds": HOUR}
    assert left(browser) == HOUR


def test_polling_extends_nothing(browser: Client, officer: User, clock: Clock) -> None:
    job = factories.job(asked_by=officer)
    for _poll in range(3):
        clock.now += 15 * MINUTE
        asked = browser.get(f"/jobs/{job.uuid}/", HTTP_HX_REQUEST="true", **BACKGROUND)
        assert asked.status_code == 200
    assert left(browser) == 15 * MINUTE
    assert 'hx-headers=\'{"Portal-Background": "true"}\'' in asked.text


def test_after_a_day_one_signs_in_again_however_busy(browser: Client, clock: Clock) -> None:
    for _half_hour in range(47):
        clock.now += 30 * MINUTE
        assert browser.get("/my-settings/").status_code == 200
    clock.now += 25 * MINUTE
    browser.post("/session/")
    assert left(browser) == 5 * MINUTE  # of the day, not an hour from here
    clock.now += 5 * MINUTE
    assert browser.get("/my-settings/").status_code == 302


def test_an_act_writes_at_most_once_a_minute(browser: Client, clock: Clock) -> None:
    before = Session.objects.get().session_data
    clock.now += 59
    browser.get("/my-settings/")
    assert Session.objects.get().session_data == before
    clock.now += 1
    browser.get("/my-settings/")
    assert Session.objects.get().session_data != before


def test_time_begins_with_signing_in(db: None, clock: Clock) -> None:
    user = factories.user(email="new@example.org")
    user.set_password("a long enough password")
    user.save()
    client = Client()
    typed = {"username": "new@example.org", "password": "a long enough password"}
    assert client.post("/sign-in/", typed).status_code == 302
    assert client.session["begun_at"] == client.session["acted_at"] == 1_000_000.0


def test_who_is_not_signed_in_has_no_time_no_dialog_and_no_session(db: None) -> None:
    client = Client()
    assert client.get("/session/").json() == {"seconds": 0}
    page = client.get("/sign-in/")
    assert 'id="session"' not in page.text
    assert "signed out after 60 minutes without activity" in page.text
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_every_page_says_how_long_is_left_and_when_to_warn(browser: Client, clock: Clock) -> None:
    page = browser.get("/my-settings/").text
    assert 'data-seconds="3600" data-warning="300"' in page
    assert '<p data-minutes="5" hidden>You will be signed out in 5 minutes.</p>' in page
    assert '<p data-minutes="1" hidden>You will be signed out in 1 minute.</p>' in page


def test_a_part_of_a_page_is_never_the_sign_in_page(browser: Client, clock: Clock) -> None:
    clock.now += HOUR
    here = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/donors/?q=a"}
    assert browser.get("/donors/?q=ab", **here, **BACKGROUND).status_code == 204
    asked = browser.get("/donors/?q=ab", **here)
    assert asked.status_code == 200
    assert asked.headers["HX-Redirect"] == "/sign-in/?next=/donors/%3Fq%3Da"
