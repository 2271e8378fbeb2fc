"""Erases what is over the time for which it is kept."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.protection.retention import apply


class Command(BaseCommand):
    help = "Erase personal values that are over their time, as RETENTION_… sets them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and erase nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        is_rehearsal = options["dry_run"]
        verb = "would be erased" if is_rehearsal else "erased"
        for name, count in apply(timezone.now(), is_rehearsal=is_rehearsal).items():
            self.stdout.write(f"{name}: {count} {verb}")
