"""What the portal refuses to start with."""

import enum
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET_KEY = 50
DEMO_BOOKS = "DEMO"


class Mode(enum.Enum):
    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


def demo_secret_key(data_dir: Path) -> str:
    """A random key made once and kept in the data directory, readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def refuse_unsafe_settings(*, mode: Mode, debug: bool, secret_key: str, books: str) -> None:
    """Raise ImproperlyConfigured, naming the setting, when it is unsafe for the mode."""
    if mode is not Mode.PRODUCTION:
        return
    if debug:
        raise ImproperlyConfigured("DEBUG must be off in production (PORTAL_MODE=production).")
    if len(secret_key) < SHORTEST_SECRET_KEY or "insecure" in secret_key:
        raise ImproperlyConfigured(
            f"SECRET_KEY must be set to at least {SHORTEST_SECRET_KEY} random characters "
            "in production, and not to an example key."
        )
    if books == DEMO_BOOKS:
        raise ImproperlyConfigured("PORTAL_BOOKS=DEMO is for demonstrations (PORTAL_MODE=demo).")
