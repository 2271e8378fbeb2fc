"""Who runs the jobs that wait: a thread of this process, or Celery's workers."""

import logging
import threading
from collections.abc import Callable
from functools import cache

from celery import Celery
from django.conf import settings
from django.db import connections
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
# A job that another process left behind is found at the latest after this many seconds.
LOOK_EVERY_SECONDS = 60.0

RunDue = Callable[[], int]


def is_eager() -> bool:
    """In test mode a job runs where it is asked for, as soon as the transaction commits."""
    return bool(settings.PORTAL_MODE.value == "test")


def wake(run_due: RunDue) -> None:
    """See to it that the jobs that wait are run, by whoever runs them here."""
    if is_eager():
        run_due()
    elif settings.CELERY_BROKER_URL:
        # A broker that is away is waited for some seconds; nobody's page waits with it.
        threading.Thread(target=wake_workers, name="wake workers").start()
    else:
        _thread.wake(run_due)


@cache
def _celery() -> Celery:
    """Sends only, so that it does not matter which process asks."""
    app = Celery("jobs", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    return app


def wake_workers() -> None:
    """Tell Celery's workers that a job waits.

    Nothing is lost when the broker is away: the workers' clock finds the job's row.
    """
    try:
        _celery().send_task("jobs.run_due", retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker cannot be reached; the job waits for the next round.")


class _Thread:
    """One daemon thread per process, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self, run_due: RunDue) -> None:
        with self._lock:
            # A process that was forked from this one has no thread yet, whatever is noted here.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, args=[run_due], name="jobs", daemon=True
                )
                self._thread.start()
        self._bell.set()

    def _run(self, run_due: RunDue) -> None:
        while True:
            self._bell.wait(LOOK_EVERY_SECONDS)
            self._bell.clear()
            try:
                run_due()
            except Exception:
                logger.exception("Jobs could not be run; the next round tries again.")
            finally:
                connections.close_all()


_thread = _Thread()
