"""Sends the reminders by e-mail that are wanted today; for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from interface.errors import PortalError
from reports.digest import send_digests, told


class Command(BaseCommand):
    help = "Remind people by e-mail of what waits for them; may be repeated, sends nothing twice."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = send_digests(timezone.localdate())
        except PortalError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(told(found))
        if found.failed:
            raise CommandError("Not every reminder could be handed over to the mail server.")
