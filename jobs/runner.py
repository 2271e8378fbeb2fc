"""Who runs the jobs and sends the mail that wait: threads of this process, or Celery's workers."""

import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    from celery import Celery

logger = logging.getLogger(__name__)
# A job that another process left behind is found at the latest after this many seconds.
LOOK_EVERY_SECONDS = 60.0
GLANCE_SECONDS = 1.0  # how soon the thread that sends mail sees that its process ends

RUN_JOBS, SEND_MAIL = "jobs.run_due", "jobs.send_mail"  # Celery's names of the two sorts of work

RunDue = Callable[[], int]


def is_eager() -> bool:
    """In test mode a job runs where it is asked for, as soon as the transaction commits."""
    return bool(settings.PORTAL_MODE.value == "test")


def wake(run_due: RunDue, task: str = RUN_JOBS) -> None:
    """See to it that what waits is done, by whoever does it here."""
    if is_eager():
        run_due()
    elif settings.CELERY_BROKER_URL:
        # A broker that is away is waited for some seconds; nobody's page waits with it.
        threading.Thread(target=wake_workers, args=[task], name="wake workers").start()
    else:
        _threads[task].wake(run_due)


@cache
def _celery() -> "Celery":
    """Sends only, so that it does not matter which process asks."""
    from celery import Celery  # a portal without Redis does without

    app = Celery("jobs", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    return app


def wake_workers(task: str = RUN_JOBS) -> None:
    """Tell Celery's workers that something waits.

    Nothing is lost when the broker is away: the workers' clock finds the row.
    """
    from kombu.exceptions import OperationalError  # Celery's, which a portal without Redis spares

    try:
        _celery().send_task(task, retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker cannot be reached; %s waits for the next round.", task)


def goes_on() -> bool:
    """Whether this process is not about to end: then nothing new is begun in its threads."""
    return threading.main_thread().is_alive()


class _Thread:
    """One thread per process, started when it is first needed.

    A job that a process breaks off when it ends is begun again by another, so its thread is a
    daemon. Of a mail that is broken off nobody knows the fate: that thread finishes the one it is
    at, and the process waits for it.
    """

    def __init__(self, name: str, *, finishes: bool) -> None:
        self._name, self._finishes = name, finishes
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._thread: threading.Thread | None = None

    def wake(self, run_due: RunDue) -> None:
        with self._lock:
            # A process that was forked from this one has no thread yet, whatever is noted here.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, args=[run_due], name=self._name, daemon=not self._finishes
                )
                self._thread.start()
        self._bell.set()

    def _run(self, run_due: RunDue) -> None:
        while self._waited():
            self._bell.clear()
            try:
                run_due()
            except Exception:
                logger.exception("Not everything could be done; the next round tries again.")
            finally:
                connections.close_all()

    def _waited(self) -> bool:
        """Wait for the bell or the next round; False when the process is about to end."""
        if not self._finishes:
            self._bell.wait(LOOK_EVERY_SECONDS)
            return True
        until = time.monotonic() + LOOK_EVERY_SECONDS
        while goes_on() and time.monotonic() < until and not self._bell.wait(GLANCE_SECONDS):
            pass
        return goes_on()


_threads = {RUN_JOBS: _Thread("jobs", finishes=False), SEND_MAIL: _Thread("mail", finishes=True)}
