"""What the portal refuses to start with: each wrong setting is one sentence, all are told at once.

Asked of the environment itself, before anything is read from it, so that a word where a number
belongs is a sentence too and no traceback of the reader.
"""

import enum
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET_KEY = 50
SHORTEST_TOKEN = 32
DEMO_BOOKS = "DEMO"
TRUE, FALSE = ("true", "on", "ok", "y", "yes", "1"), ("false", "off", "n", "no", "0", "")
SWITCHES = ("DEBUG", "PORTAL_SECURE")
# The least and the most of each number.
NUMBERS = {
    "SESSION_IDLE_MINUTES": (1, 24 * 60), "PORT": (1, 65_535), "WEB_THREADS": (1, 64),
    "WEB_PROCESSES": (1, 64),
}  # fmt: skip
# The first means nothing without the second.
PAIRS = {
    "SIGNING_KEY_PASSPHRASE": "SIGNING_KEY_FILE", "REPORTS_ENDPOINT": "REPORTS_BUCKET",
    "OIDC_SERVER_URL": "OIDC_CLIENT_ID", "OIDC_CLIENT_ID": "OIDC_CLIENT_SECRET",
    "OIDC_CLIENT_SECRET": "OIDC_SERVER_URL", "OIDC_NAME": "OIDC_SERVER_URL",
    "OIDC_ROLE_CLAIM": "OIDC_ROLES", "OIDC_ROLES": "OIDC_ROLE_CLAIM",
}  # fmt: skip
# What a claim may make of a person; representatives are made by invitations alone.
ROLES = ("officer", "reviewer", "board", "administrator")
SCHEMES = {
    "DATABASE_URL": ("postgres", "postgresql", "sqlite"), "REDIS_URL": ("redis", "rediss", "unix"),
}  # fmt: skip
# Who is told of errors and times; an address may hold a key and is not repeated.
WATCHERS = ("SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT")
THIS_MACHINE = {"127.0.0.1", "localhost", "::1", "[::1]"}


class Mode(enum.Enum):
    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


def mode_of(environment: Mapping[str, str]) -> Mode:
    """The mode that PORTAL_MODE names. Raises ImproperlyConfigured for one that is none."""
    named = environment.get("PORTAL_MODE", Mode.PRODUCTION.value)
    try:
        return Mode(named)
    except ValueError:
        modes = ", ".join(mode.value for mode in Mode)
        raise ImproperlyConfigured(f"PORTAL_MODE must be one of {modes}, not “{named}”.") from None


def demo_secret_key(data_dir: Path) -> str:
    """A random key made once and kept in the data directory, readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def refuse_unsafe_settings(environment: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured, naming every setting that production must not start with."""
    if mode_of(environment) is not Mode.PRODUCTION:
        return
    given = {name: value.strip() for name, value in environment.items()}
    wrong = [*_secrets(given), *_addresses(given), *_watchers(given), *_sign_on(given),
             *_shapes(given)]  # fmt: skip
    if wrong:
        raise ImproperlyConfigured("\n".join(["The portal does not start in production.", *wrong]))


def _secrets(given: Mapping[str, str]) -> Iterator[str]:
    if given.get("DEBUG", "0").lower() in TRUE:
        yield "DEBUG must be off in production (PORTAL_MODE=production)."
    key = given.get("SECRET_KEY", "")
    if len(key) < SHORTEST_SECRET_KEY or "insecure" in key:
        yield (
            f"SECRET_KEY must be set to at least {SHORTEST_SECRET_KEY} random characters "
            "in production, and not to an example key."
        )
    if given.get("PORTAL_BOOKS") == DEMO_BOOKS:
        yield "PORTAL_BOOKS=DEMO is for demonstrations (PORTAL_MODE=demo)."
    if 0 < len(given.get("METRICS_TOKEN", "")) < SHORTEST_TOKEN:
        yield f"METRICS_TOKEN must be at least {SHORTEST_TOKEN} random characters, or left out."


def _listed(given: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in given.get(name, "").split(",") if part.strip()]


def _addresses(given: Mapping[str, str]) -> Iterator[str]:
    """Plain HTTP is for a trial on this machine, told by PORTAL_SECURE=0 and nothing else."""
    is_secure = given.get("PORTAL_SECURE", "1").lower() not in FALSE
    hosts = _listed(given, "ALLOWED_HOSTS")
    if not hosts or any(host.strip(".") == "*" for host in hosts):
        yield "ALLOWED_HOSTS must name the hosts that the portal answers to, and not “*”."
    elif not is_secure and not THIS_MACHINE.issuperset(hosts):
        yield "PORTAL_SECURE=0 is for this machine alone: ALLOWED_HOSTS names another host."
    for origin in _listed(given, "CSRF_TRUSTED_ORIGINS"):
        if not _is_trusted(origin, is_secure=is_secure):
            yield f"CSRF_TRUSTED_ORIGINS must be addresses with https://, not “{origin}”."
    address = given.get("PORTAL_ADDRESS", "")
    if not address:
        yield "PORTAL_ADDRESS must be set: links in mail and reports begin with it."
    elif not _is_trusted(address, is_secure=is_secure):
        yield f"PORTAL_ADDRESS must be an address with https://, not “{address}”."


def _is_trusted(address: str, *, is_secure: bool) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as a bracket without its other half
        return False
    if parts.scheme == "http" and not is_secure:
        return parts.hostname in THIS_MACHINE
    return parts.scheme == "https" and bool(parts.hostname)


def _watchers(given: Mapping[str, str]) -> Iterator[str]:
    for name in WATCHERS:
        address = given.get(name, "")
        if address and not any(_is_trusted(address, is_secure=one) for one in (True, False)):
            yield f"{name} must be an address with https://, or of this machine."


def _sign_on(given: Mapping[str, str]) -> Iterator[str]:
    """Who could stand in for the provider, or guess an earlier key, would open every account."""
    is_secure = given.get("PORTAL_SECURE", "1").lower() not in FALSE
    server = given.get("OIDC_SERVER_URL", "")
    if server and not _is_trusted(server, is_secure=is_secure):
        yield f"OIDC_SERVER_URL must be an address with https://, not “{server}”."
    for pair in _listed(given, "OIDC_ROLES"):
        value, _equals, role = pair.rpartition("=")
        if not value.strip() or role.strip() not in ROLES:
            yield f"OIDC_ROLES must be value=role, with a role of {', '.join(ROLES)}: not “{pair}”."
    if any(len(key) < SHORTEST_SECRET_KEY for key in _listed(given, "SECRET_KEY_FALLBACKS")):
        yield f"SECRET_KEY_FALLBACKS must be keys of at least {SHORTEST_SECRET_KEY} characters."


def _shapes(given: Mapping[str, str]) -> Iterator[str]:
    """What cannot be read. No value is repeated that may hold a password."""
    for name in SWITCHES:
        if (value := given.get(name, "")).lower() not in (*TRUE, *FALSE):
            yield f"{name} must be 1 or 0, not “{value}”."
    for name, (least, most) in NUMBERS.items():
        value = given.get(name, str(least))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            yield f"{name} must be a number from {least} to {most}, not “{value}”."
    for name, other in PAIRS.items():
        if given.get(name) and not given.get(other):
            yield f"{name} is set and {other} is not: set both or neither."
    for name, schemes in SCHEMES.items():
        scheme, colon, _rest = given.get(name, "").partition("://")
        if (scheme or colon) and not (colon and scheme in schemes):
            yield f"{name} must begin with {schemes[0]}:// (or {', '.join(schemes[1:])})."
