"""The portal's settings in test mode, for pytest and mypy: they name this module in pyproject.toml.

The mode has to be set before the settings are read, and pytest reads them before any conftest.
Tests marked `redis` take REDIS_URL from the environment; no other test may lean on Redis.
"""

import os
import tempfile

_folder = tempfile.TemporaryDirectory(prefix="portal-tests-")  # of this process; removed at its end
os.environ["PORTAL_MODE"] = "test"
os.environ["PORTAL_DATA_DIR"] = _folder.name
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from habitat_portal.settings import *  # noqa: E402, F403

REDIS_URL = CELERY_BROKER_URL = ""
# Tests ask more often than anybody; tests/api/test_throttles.py sets its own limits.
API_READS_PER_MINUTE = API_WRITES_PER_MINUTE = API_SIGNED_OUT_PER_MINUTE = 100_000
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # No page is kept: tests write rows that are no acts, and take them back.
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
