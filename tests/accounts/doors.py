"""What the tests of signing in share: the code of an app, and a browser before the second step."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests import factories

KEY = re.compile(r'<code class="secret" dir="ltr">([A-Z2-7]{32})</code>')
RECOVERY = re.compile(r'<code class="secret" dir="ltr">(\d{8})</code>')
NOW = 1_700_000_010.0
# Stands in for the module `time` of what makes codes: none ends between two lines of a test.
CLOCK = SimpleNamespace(now=NOW, time=lambda: CLOCK.now)
SIGN_IN, SECOND = "/sign-in/", "/sign-in/second-factor/"


class Slow(MD5PasswordHasher):
    """Takes as long as Argon2 would, without its work: what leaves a hash out shows in the time."""

    algorithm = "slow"

    def encode(self, password: str, salt: str) -> str:
        time.sleep(0.05)
        return super().encode(password, salt)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands, and limits that begin anew."""
    CLOCK.now = NOW
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", CLOCK)
    cache.clear()


def code_of(secret: str) -> str:
    """What an app with the secret shows now."""
    return format_hotp_value(hotp_value(secret, int(CLOCK.now) // 30))


def next_code_of(secret: str) -> str:
    """What it shows half a minute later, and the clock is there."""
    CLOCK.now += 30
    return code_of(secret)


def wrong_code(secret: str) -> str:
    """Six figures that the app does not show now."""
    return "000000" if code_of(secret) != "000000" else "000001"


def password_typed(user: User, password: str = factories.PASSWORD, query: str = "") -> Client:
    """A browser in which the person has typed the password, and nothing else yet."""
    client = Client()
    client.answer = client.post(  # type: ignore[attr-defined]
        SIGN_IN + query, {"username": user.email, "password": password}
    )
    return client


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an app through the pages; its secret and the recovery codes."""
    secret = KEY.search(client.get("/my-security/app/").text)[1]  # type: ignore[index]
    done = client.post("/my-security/app/", {"code": code_of(secret)}, follow=True)
    assert done.redirect_chain == [("/my-security/recovery-codes/", 302)]
    return secret, RECOVERY.findall(done.text)


def secret_of(user: User) -> str:
    """As the database keeps it."""
    return str(Authenticator.objects.get(user=user, type="totp").data["secret"])
