"""Keeps a recovered copy of the database from sending what its original may have sent since."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs.outbox import hold


class Command(BaseCommand):
    help = "Flag all e-mail that waits as of unknown fate, so that an administrator decides on it."

    def handle(self, *args: Any, **options: Any) -> None:
        count = hold()
        self.stdout.write(f"{count} e-mails are held." if count != 1 else "1 e-mail is held.")
