"""What the portal refuses to start with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.permissions import Role
from accounts.services import refuse_demonstration_accounts
from habitat_portal.safety import ROLES, Mode, demo_secret_key, refuse_unsafe_settings
from interface.deployment import mail_goes_out
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SECRET_KEY": "k7" * 25,
    "ALLOWED_HOSTS": "portal.example.org",
    "PORTAL_ADDRESS": "https://portal.example.org",
}
# A trial of the production processes on this machine, without TLS.
HERE = {
    **SAFE, "PORTAL_SECURE": "0", "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "PORTAL_ADDRESS": "http://127.0.0.1:8000",
}  # fmt: skip
WHOLE = {
    **SAFE, "PORTAL_MODE": "production", "DEBUG": "0", "PORTAL_SECURE": "1", "PORTAL_BOOKS": "UNH",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example.org, https://other.example.org:8443",
    "DATABASE_URL": "postgres://portal:p@127.0.0.1/portal", "REDIS_URL": "redis://127.0.0.1/0",
    "SESSION_IDLE_MINUTES": "60", "PORT": "65535", "WEB_THREADS": "64", "WEB_PROCESSES": "1",
    "SIGNING_KEY_FILE": "/k", "SIGNING_KEY_PASSPHRASE": "p", "METRICS_TOKEN": "t" * 32,
    "SENTRY_DSN": "https://key@errors.example.org/1",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
    "REPORTS_BUCKET": "b", "REPORTS_ENDPOINT": "https://s3.example.org",
    "OIDC_SERVER_URL": "https://id.example.org", "OIDC_CLIENT_ID": "i", "OIDC_CLIENT_SECRET": "s",
    "OIDC_NAME": "n", "OIDC_ROLE_CLAIM": "groups", "OIDC_ROLES": "a=b=officer, c = reviewer",
    "SECRET_KEY_FALLBACKS": "k8" * 25,
}  # fmt: skip


@pytest.mark.parametrize("settings", [SAFE, HERE, WHOLE, {**SAFE, "DATABASE_URL": ""}])
def test_safe_settings_are_let_through(settings):
    refuse_unsafe_settings(settings)


def told(settings):
    """The sentences of a refusal, without its first line."""
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_unsafe_settings(settings)
    first, *sentences = str(refused.value).splitlines()
    assert first == "The portal does not start in production."
    return sentences


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("SENTRY_DSN", "http://key@errors.example.org/1", "SENTRY_DSN must be an address with"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "x", "OTEL_EXPORTER_OTLP_ENDPOINT must be an address"),
        ("DEBUG", "on", "DEBUG must be off in production"),
        ("DEBUG", "perhaps", "DEBUG must be 1 or 0, not “perhaps”."),
        ("PORTAL_SECURE", "ture", "PORTAL_SECURE must be 1 or 0, not “ture”."),
        ("SECRET_KEY", "", "SECRET_KEY must be set to at least 50 random characters"),
        ("SECRET_KEY", "k" * 49, "SECRET_KEY must be set to at least 50 random characters"),
        ("SECRET_KEY", "django-insecure-" + "k7" * 30, "SECRET_KEY must be set to at least 50"),
        ("PORTAL_BOOKS", "DEMO", "PORTAL_BOOKS=DEMO is for demonstrations"),
        ("METRICS_TOKEN", "t" * 31, "METRICS_TOKEN must be at least 32 random characters"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name the hosts"),
        ("ALLOWED_HOSTS", "portal.example.org,*", "ALLOWED_HOSTS must name the hosts"),
        ("CSRF_TRUSTED_ORIGINS", "http://a.example.org", "CSRF_TRUSTED_ORIGINS must be addresses"),
        ("CSRF_TRUSTED_ORIGINS", "https://", "CSRF_TRUSTED_ORIGINS must be addresses"),
        ("PORTAL_ADDRESS", "", "PORTAL_ADDRESS must be set"),
        ("PORTAL_ADDRESS", "portal.example.org", "PORTAL_ADDRESS must be an address with https"),
        ("PORTAL_ADDRESS", "http://127.0.0.1", "PORTAL_ADDRESS must be an address with https"),
        ("PORTAL_ADDRESS", "https://[::1", "PORTAL_ADDRESS must be an address with https"),
        ("SESSION_IDLE_MINUTES", "an hour", "SESSION_IDLE_MINUTES must be a number from 1 to 1440"),
        ("SESSION_IDLE_MINUTES", "", "SESSION_IDLE_MINUTES must be a number from 1 to 1440"),
        ("PORT", "65536", "PORT must be a number from 1 to 65535, not “65536”."),
        ("WEB_THREADS", "65", "WEB_THREADS must be a number from 1 to 64, not “65”."),
        ("WEB_PROCESSES", "-1", "WEB_PROCESSES must be a number from 1 to 64, not “-1”."),
        ("SIGNING_KEY_PASSPHRASE", "p", "SIGNING_KEY_PASSPHRASE is set and SIGNING_KEY_FILE is"),
        ("REPORTS_ENDPOINT", "https://s3.example.org", "REPORTS_ENDPOINT is set and REPORTS_BUCKE"),
        ("OIDC_SERVER_URL", "https://id.example.org", "OIDC_SERVER_URL is set and OIDC_CLIENT_ID"),
        ("OIDC_CLIENT_ID", "i", "OIDC_CLIENT_ID is set and OIDC_CLIENT_SECRET is not"),
        ("OIDC_CLIENT_SECRET", "hidden", "OIDC_CLIENT_SECRET is set and OIDC_SERVER_URL is not"),
        ("OIDC_NAME", "n", "OIDC_NAME is set and OIDC_SERVER_URL is not"),
        ("OIDC_ROLE_CLAIM", "groups", "OIDC_ROLE_CLAIM is set and OIDC_ROLES is not"),
        ("OIDC_ROLES", "a=officer", "OIDC_ROLES is set and OIDC_ROLE_CLAIM is not"),
        ("SECRET_KEY_FALLBACKS", "hidden", "SECRET_KEY_FALLBACKS must be keys of at least 50"),
        ("DATABASE_URL", "mysql://root:hidden@db/portal", "DATABASE_URL must begin with postgres"),
        ("DATABASE_URL", "portal", "DATABASE_URL must begin with postgres:// (or postgresql"),
        ("REDIS_URL", "127.0.0.1:6379", "REDIS_URL must begin with redis:// (or rediss, unix)."),
    ],
)
def test_an_unsafe_setting_is_named_by_one_sentence(setting, value, sentence):
    [only] = told({**SAFE, setting: value})
    assert only.startswith(sentence)
    assert "hidden" not in only


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("OIDC_SERVER_URL", "http://id.example.org", "OIDC_SERVER_URL must be an address with htt"),
        ("OIDC_ROLES", "admins", "OIDC_ROLES must be value=role, with a role of officer, reviewer"),
        ("OIDC_ROLES", "x=officer,y=representative", "OIDC_ROLES must be value=role, with a role"),
    ],
)
def test_what_single_sign_on_must_not_be_is_named(setting, value, sentence):
    [only] = told({**WHOLE, setting: value})
    assert only.startswith(sentence)


def test_claims_give_every_role_but_the_representatives():
    assert set(ROLES) == {*Role.values} - {Role.REPRESENTATIVE}


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("ALLOWED_HOSTS", "portal.example.org", "PORTAL_SECURE=0 is for this machine alone"),
        ("PORTAL_ADDRESS", "http://portal.example.org", "PORTAL_ADDRESS must be an address with"),
        ("CSRF_TRUSTED_ORIGINS", "http://a.example.org", "CSRF_TRUSTED_ORIGINS must be addresses"),
    ],
)
def test_plain_http_is_for_this_machine_alone(setting, value, sentence):
    [only] = told({**HERE, setting: value})
    assert only.startswith(sentence)


def test_everything_that_is_wrong_is_told_at_once():
    names = [sentence.split()[0] for sentence in told({"PORT": "x", "REPORTS_ENDPOINT": "y"})]
    assert names == ["SECRET_KEY", "ALLOWED_HOSTS", "PORTAL_ADDRESS", "PORT", "REPORTS_ENDPOINT"]


@pytest.mark.parametrize("mode", [Mode.DEMO, Mode.TEST])
def test_a_demonstration_may_do_what_production_may_not(mode):
    refuse_unsafe_settings({"PORTAL_MODE": mode.value, "DEBUG": "1", "PORTAL_BOOKS": "DEMO"})


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
    ("environment", "sentences"),
    [
        ({}, ["SECRET_KEY must be set", "ALLOWED_HOSTS must name", "PORTAL_ADDRESS must be set"]),
        ({**SAFE, "SESSION_IDLE_MINUTES": "x"}, ["SESSION_IDLE_MINUTES must be a number from 1"]),
        ({"PORTAL_MODE": "staging"},
         ["django.core.exceptions.ImproperlyConfigured: PORTAL_MODE must be one of demo, "
          "production, test, not “staging”."]),
    ],
)  # fmt: skip
def test_the_portal_does_not_start_and_says_why(tmp_path, environment, sentences):
    done = started(tmp_path, **environment)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-len(sentences) :]
    assert all(line.startswith(sentence) for line, sentence in zip(last, sentences, strict=True))


def test_gunicorn_itself_refuses_before_it_starts_a_process(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "python:habitat_portal.gunicorn",
         "habitat_portal.wsgi:application"],
        cwd=ROOT, env={**kept, **SAFE, "PORTAL_DATA_DIR": str(tmp_path), "WEB_PROCESSES": "many"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert "WEB_PROCESSES must be a number from 1 to 64, not “many”." in done.stderr


def test_production_with_safe_settings_starts(tmp_path):
    done = started(tmp_path, **SAFE)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_before_going_live_one_is_warned_that_mail_reaches_nobody(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert [warning.id for warning in mail_goes_out()] == ["interface.W001"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert mail_goes_out() == []
    settings.EMAIL_BACKEND = "django_ses.SESBackend"
    assert mail_goes_out() == []


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
