"""Writes the whole installation to one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.backups.errors import BackupRefused
from reports.backups.writing import write


class Command(BaseCommand):
    help = "Back up the database and the files of this installation into one archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="a new file that ends in .tar.gz")
        parser.add_argument(
            "--database-only", action="store_true", help="leave documents and reports out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """While people go on working; the archive is of the moment at which it began."""
        now = timezone.now()
        named = settings.PORTAL_DATA_DIR / "backups" / f"portal-{now:%Y%m%dT%H%M%SZ}.tar.gz"
        target = options["file"] or named
        try:
            made = write(target, at=now, has_files=not options["database_only"])
        except (BackupRefused, OSError) as error:
            raise CommandError(f"There is no backup. {error}") from error
        rows = sum(count for count, _digest in made.tables.values())
        self.stdout.write(f"{target}: {rows} rows, {len(made.files)} files.")
        for head in made.heads:
            self.stdout.write(f"{head.books}: sequence {head.sequence}, hash {head.hash}.")
