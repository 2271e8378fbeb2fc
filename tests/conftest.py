"""What every test shares: a database that holds the reference data, a fixed cast, a fixed today.

SQLite by default. TEST_DATABASE_URL names another database, and then the whole run is on it;
`pytest -m "postgres or both_databases"` picks what is worth running there as well.
"""

import datetime
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from accounts import append_only
from accounts.models import User
from accounts.permissions import Role
from donors.models import Donor
from income.models import Ledger
from tests import factories, made_once

CI = os.environ.get("CI", "") in ("true", "1")
OTHER_DATABASE = os.environ.get("TEST_DATABASE_URL", "")
ON_POSTGRES = OTHER_DATABASE.startswith(("postgres", "psql", "pgsql"))

DATABASE_IS_UP = pytest.StashKey[bool]()

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads that share a database in memory do not wait for each other.
    settings.DATABASES["default"]["TEST"]["NAME"] = str(settings.PORTAL_DATA_DIR / "test.sqlite3")

_QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
hypothesis_settings.register_profile("default", **_QUIET, max_examples=50)
hypothesis_settings.register_profile("ci", **_QUIET, max_examples=30, derandomize=True)
hypothesis_settings.register_profile("long", **_QUIET, max_examples=2_000)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if CI else "default")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that no worker is left with one at the end.

    One of those with a browser begins, and the others come last of them: while the demonstration
    that they copy is made by one worker, the next one has something else to do.
    """
    browsing = {item.path for item in items if item.get_closest_marker("browser")}
    slow = {item.path for item in items if item.get_closest_marker("slow")} - browsing
    turns = dict.fromkeys(browsing, 2) | dict.fromkeys(slow, 1)
    turns |= dict.fromkeys(sorted(browsing)[:1], 0)
    items.sort(key=lambda item: turns.get(item.path, 3))


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs PostgreSQL is skipped without it, but fails under CI=true."""
    if item.get_closest_marker("postgres") and not ON_POSTGRES:
        sentence = "needs PostgreSQL: set TEST_DATABASE_URL"
        if CI:
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The file that `django_db_modify_db_settings` puts there is the one to test on."""
    return not ON_POSTGRES


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A worker's database is a copy of one that was migrated once in this run."""
    test = settings.DATABASES["default"]["TEST"]
    if ON_POSTGRES:
        test["TEMPLATE"] = made_once.template(OTHER_DATABASE, tmp_path_factory)
        return
    for left in ("-wal", "-shm"):
        Path(test["NAME"] + left).unlink(missing_ok=True)
    shutil.copy(made_once.migrated(tmp_path_factory) / "portal.sqlite3", test["NAME"])


def pytest_sessionfinish() -> None:
    if ON_POSTGRES and "PYTEST_XDIST_WORKER" not in os.environ:
        made_once.drop_template(OTHER_DATABASE)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None) -> None:
    """The test database, with the reference data in it for the whole session."""
    request.config.stash[DATABASE_IS_UP] = True


def _load_reference() -> None:
    call_command("load_reference", verbosity=0)


def _commits(item: pytest.Item) -> bool:
    """Whether the test was begun (not skipped) on the test database, and is flushed after it."""
    if not (getattr(item, "funcargs", None) and item.config.stash.get(DATABASE_IS_UP, False)):
        return False
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(
        fixtures & {"transactional_db", "live_server"}
        or (marker and marker.kwargs.get("transaction"))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Lets a test that committed be flushed, then puts triggers and reference data back."""
    if not _commits(item):
        return (yield)
    blocker = item.config.stash[blocking_manager_key]
    with blocker.unblock():
        append_only.remove(connection)
    try:
        return (yield)
    finally:
        if nextitem:  # after the last test there is no database any more
            with blocker.unblock():
                append_only.install(connection)
                _load_reference()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its reader's language active in the thread; the next test begins anew."""
    with translation.override("en", deactivate=True):
        yield


@pytest.fixture
def reference(db: None) -> None:
    """The reference data of fixtures/, as `manage.py load_reference` loads it."""


@pytest.fixture
def committed(transactional_db: None) -> None:
    """For tests that commit (threads, several connections); what they leave is flushed."""


@pytest.fixture
def today() -> datetime.date:
    """The day on which every test takes place."""
    return datetime.date(2022, 12, 15)


@pytest.fixture
def ledger(reference: None) -> Ledger:
    """Empty books that are not a demonstration's."""
    return factories.ledger(code="T", name="Books of a test")


@pytest.fixture
def officer(db: None) -> User:
    return factories.user(email="officer@example.org", name="Officer", role=Role.OFFICER)


@pytest.fixture
def other_officer(db: None) -> User:
    return factories.user(
        email="other.officer@example.org", name="Other officer", role=Role.OFFICER
    )


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.user(email="reviewer@example.org", name="Reviewer", role=Role.REVIEWER)


@pytest.fixture
def board_member(db: None) -> User:
    return factories.user(email="board@example.org", name="Board member", role=Role.BOARD)


@pytest.fixture
def representative(reference: None) -> User:
    """Speaks for Sweden since 2020."""
    user = factories.user(
        email="sweden@example.org", name="Representative", role=Role.REPRESENTATIVE
    )
    factories.representation(user=user, donor=Donor.objects.get(code="SWE"))
    return user


@pytest.fixture
def administrator(db: None) -> User:
    return factories.user(
        email="administrator@example.org", name="Administrator", role=Role.ADMINISTRATOR
    )


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which the person is signed in, and has shown the second factor of their role."""

    def signed_in(user: User) -> Client:
        return factories.sign_in(Client(), user)

    return signed_in
