"""Keeps the row of a running job alive, outside the transactions of the work itself."""

import logging
import threading
from types import TracebackType

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from jobs.current import job_uuid
from jobs.models import Job
from jobs.runner import is_eager

logger = logging.getLogger(__name__)
BEAT_SECONDS = 2.0
KEPT_SECONDS = 60  # steps that only the cache was told


class JobLost(Exception):
    """The job was given to another worker, because this one was silent for too long."""


class Pulse:
    """While the block runs, writes heartbeat and progress every two seconds.

    It does so in a thread of its own, with a connection of its own: the work may be inside a
    transaction, whose progress nobody else would see and which a rollback would undo. A beat
    that the database does not take (the work is holding SQLite's only write lock) is left out,
    and the steps are told through the cache.
    In test mode there is no thread: each report is written at once.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._steps = (job.done_steps, job.all_steps)
        self._is_lost = False
        self._is_over = threading.Event()
        self._thread = None if is_eager() else threading.Thread(target=self._keep_beating)

    def report(self, done: int, of: int) -> None:
        """Remember how far the work is. Raises JobLost when the work belongs to another."""
        self._steps = (done, of)
        if self._thread is None:
            self.beat()
        if self._is_lost:
            raise JobLost(str(self._job))

    def beat(self) -> None:
        """Write heartbeat and progress now."""
        done, of = self._steps
        is_ours = Job.objects.running().filter(pk=self._job.pk, attempts=self._job.attempts)
        self._is_lost = not is_ours.update(
            heartbeat_at=timezone.now(), done_steps=done, all_steps=of
        )

    def __enter__(self) -> "Pulse":
        if self._thread:
            self._thread.daemon = True
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        if self._thread:
            self._thread.join()
        self._job.done_steps, self._job.all_steps = self._steps

    def _keep_beating(self) -> None:
        job_uuid.set(str(self._job.uuid))
        try:
            while not self._is_over.wait(BEAT_SECONDS):
                try:
                    self.beat()
                except (DatabaseError, InterfaceError):
                    logger.warning("Job %s: a heartbeat was left out", self._job, exc_info=True)
                    cache.set(self._job.steps_key, self._steps, KEPT_SECONDS)
                    connection.close()
        finally:
            connection.close()
