"""Puts a backup into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.backups.errors import BackupRefused
from reports.backups.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup into the empty database and data directory of this environment."

    # The tables may not be there yet.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing."""
        try:
            made = restore(options["file"], self.stdout.write)
        except (BackupRefused, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        for head in made.heads:
            self.stdout.write(f"{head.books}: sequence {head.sequence}, hash {head.hash}.")
