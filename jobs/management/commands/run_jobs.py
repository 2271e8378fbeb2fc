"""Runs the jobs and sends the mail that wait, once. For cron, or where no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs.sending import send_due
from jobs.services import run_due


class Command(BaseCommand):
    help = "Run every job and send every e-mail that waits, once, and end."

    def handle(self, *args: Any, **options: Any) -> None:
        count = run_due()
        self.stdout.write(f"{count} jobs were run." if count != 1 else "1 job was run.")
        sent = send_due()
        self.stdout.write(f"{sent} e-mails were sent." if sent != 1 else "1 e-mail was sent.")
