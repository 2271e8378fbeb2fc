"""Queues the reminders by e-mail that are wanted today, and sends them; for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from interface.errors import PortalError
from jobs.outbox import queued
from jobs.sending import send_due
from reports.digest import queue_digests


class Command(BaseCommand):
    help = "Remind people by e-mail of what waits for them; may be repeated, sends nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = queue_digests(timezone.localdate())
        except PortalError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(queued(count))
        send_due()
