"""What the portal refuses to start with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.services import refuse_demonstration_accounts
from habitat_portal.safety import Mode, demo_secret_key, refuse_unsafe_settings
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
SAFE = {"mode": Mode.PRODUCTION, "debug": False, "secret_key": "k7" * 25, "books": "UNH"}


def test_safe_settings_are_let_through():
    refuse_unsafe_settings(**SAFE)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("debug", True, "DEBUG must be off in production"),
        ("secret_key", "", "SECRET_KEY must be set to at least 50 random characters"),
        ("secret_key", "k" * 49, "SECRET_KEY must be set to at least 50 random characters"),
        ("secret_key", "django-insecure-" + "k7" * 30, "not to an example key"),
        ("books", "DEMO", "PORTAL_BOOKS=DEMO is for demonstrations"),
    ],
)
def test_an_unsafe_setting_is_named(setting, value, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        refuse_unsafe_settings(**{**SAFE, setting: value})


@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.TEST])
def test_a_demonstration_may_do_what_production_may_not(mode):
    refuse_unsafe_settings(mode=mode, debug=True, secret_key="", books="DEMO")


def test_the_demonstrations_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = demo_secret_key(tmp_path)
    assert len(key) >= 64
    assert demo_secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def started(tmp_path, *command, **environment):
    """`manage.py check` in a process of its own, with nothing set but what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=ROOT,
        env={**kept, "PORTAL_DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SECRET_KEY must be set to at least 50 random characters in production"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY must be set to at least 50 random characters"),
        ({"SECRET_KEY": "k7" * 25, "DEBUG": "1"}, "DEBUG must be off in production"),
        ({"SECRET_KEY": "k7" * 25, "PORTAL_BOOKS": "DEMO"}, "PORTAL_BOOKS=DEMO"),
        ({"PORTAL_MODE": "staging"}, "'staging' is not a valid Mode"),
    ],
)
def test_the_portal_does_not_start_and_says_why(tmp_path, environment, sentence):
    done = started(tmp_path, **environment)
    assert done.returncode != 0
    assert sentence in done.stderr.strip().splitlines()[-1]


def test_production_with_a_key_of_its_own_starts(tmp_path):
    done = started(tmp_path, SECRET_KEY="k7" * 25)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_links_in_the_demonstrations_mail_lead_to_its_port(tmp_path):
    ask = ("shell", "--no-imports", "-c")
    say = "from django.conf import settings; print(settings.PORTAL_ADDRESS)"
    done = started(tmp_path, *ask, say, PORTAL_MODE="demo", PORT="8791")
    assert done.stdout.strip().splitlines()[-1] == "http://127.0.0.1:8791", done.stderr


@pytest.mark.django_db
def test_a_demonstration_account_is_refused_outside_demo_mode():
    refuse_demonstration_accounts(is_demo=False)
    factories.user(is_demonstration=True)
    with pytest.raises(ImproperlyConfigured, match="holds demonstration accounts"):
        refuse_demonstration_accounts(is_demo=False)
    refuse_demonstration_accounts(is_demo=True)
