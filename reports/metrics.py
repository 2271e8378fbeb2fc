"""What /metrics tells, in Prometheus' text format. No person, no donor, no amount is in it.

Requests are counted by the processes themselves (interface/request_log.py); everything else is
read from the database when it is asked for, so that every process answers the same.
"""

import datetime
import os
from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from income.models import Ledger
from interface.request_log import SECONDS
from jobs.models import Job, MailState, OutgoingMail
from reports.readiness import books_facts, oldest_waiting_seconds

# One per value of `books_facts`: name in it, name of the metric, what it is.
OF_VERIFICATION = (
    ("verified_seconds_ago", "portal_verification_age_seconds",
     "Seconds since the books were last verified; absent where they never were."),
    ("problems", "portal_verification_problems",
     "Problems that the last verification found (50 at most); 0 means that the books are sound."),
    ("rollup_cells_wrong", "portal_rollup_drift_cells",
     "Cells of rollups, among these problems, that said something else than the entries."),
)  # fmt: skip


class Installation:
    """The queue and the books, as of one moment."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        yield from self._queue()
        yield from self._mail()
        yield from self._books()

    def _queue(self) -> Iterator[Metric]:
        count = GaugeMetricFamily(
            "portal_jobs", "Jobs by kind and state.", labels=["kind", "state"]
        )
        counted = Job.objects.order_by().values_list("kind", "state").annotate(count=Count("pk"))
        for kind, state, jobs in counted.order_by("kind", "state"):
            count.add_metric([kind, state], jobs)
        yield count
        yield GaugeMetricFamily(
            "portal_queue_age_seconds",
            "Seconds for which the oldest waiting job has waited; 0 when none waits.",
            value=oldest_waiting_seconds(self.now) or 0,
        )

    def _mail(self) -> Iterator[Metric]:
        count = GaugeMetricFamily(
            "portal_mail", "E-mails of the outbox by state.", labels=["state"]
        )
        counted = dict(
            OutgoingMail.objects.order_by().values_list("state").annotate(count=Count("pk"))
        )
        for state in MailState.values:
            count.add_metric([state], counted.get(state, 0))
        oldest = OutgoingMail.objects.due(self.now).values_list("created_at", flat=True).first()
        yield count
        yield GaugeMetricFamily(
            "portal_mail_age_seconds",
            "Seconds since the oldest e-mail that is due was queued; 0 when none is.",
            value=int((self.now - oldest).total_seconds()) if oldest else 0,
        )

    def _books(self) -> Iterator[Metric]:
        posted = CounterMetricFamily(
            "portal_postings", "Postings in the books: their sequence.", labels=["books"]
        )
        told = {
            name: GaugeMetricFamily(metric, meaning, labels=["books"])
            for name, metric, meaning in OF_VERIFICATION
        }
        for ledger in Ledger.objects.order_by("code"):
            facts = books_facts(ledger, self.now)
            posted.add_metric([ledger.code], ledger.sequence)
            for name, family in told.items():
                if facts[name] is not None:
                    family.add_metric([ledger.code], facts[name])
        yield from (posted, *told.values())


def metrics(now: datetime.datetime) -> bytes:
    """All of it. Requests are those of all processes where several share a folder for them."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(SECONDS)
    registry.register(Installation(now))
    return generate_latest(registry)
