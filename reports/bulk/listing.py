"""How far an order is, as people read it."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from jobs.models import JobState
from reports.models import BulkOrder


class OrderState(models.TextChoices):
    """What became of an order; not stored, it follows from its row and its job."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    FINISHED = "finished", _("Ready")
    CANCELLED = "cancelled", _("Called off")
    BROKEN = "broken", _("Broken off")


@dataclass(frozen=True)
class Counted:
    """Reports of an order that are made, and that could not be."""

    made: int
    failed: int


def state_of(order: BulkOrder) -> OrderState:
    """An order without its job, or whose job was given up, is broken off."""
    if order.finished_at:
        return OrderState.FINISHED
    if order.cancelled_at:
        return OrderState.CANCELLED
    state = order.job.state if order.job else JobState.FAILED
    going_on = {JobState.WAITING: OrderState.WAITING, JobState.RUNNING: OrderState.RUNNING}
    return going_on.get(JobState(state), OrderState.BROKEN)


def counted(order: BulkOrder) -> Counted:
    found = order.items.aggregate(
        made=Count("pk", filter=Q(report__isnull=False)), failed=Count("pk", filter=Q(report=None))
    )
    return Counted(found["made"], found["failed"])
