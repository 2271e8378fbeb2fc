"""Moves the installation's database, from SQLite to PostgreSQL as a rule, the chain intact."""

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.backups.errors import BackupRefused
from reports.backups.writing import write


class Command(BaseCommand):
    help = "Copy this installation's database into another, empty one; files stay where they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the new DATABASE_URL: postgres://user:password@host/name")

    def handle(self, *args: Any, **options: Any) -> None:
        """The old database stays as it is. A process of its own writes the new one."""
        with tempfile.TemporaryDirectory(dir=settings.PORTAL_DATA_DIR, prefix=".move-") as folder:
            archive = Path(folder) / "moved.tar.gz"
            try:
                write(archive, at=timezone.now(), has_files=False)
            except (BackupRefused, OSError) as error:
                raise CommandError(f"Nothing was moved. {error}") from error
            restoring = [sys.executable, sys.argv[0], "restore", str(archive)]
            surroundings = {**os.environ, "DATABASE_URL": options["url"]}
            done = subprocess.run(restoring, env=surroundings, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError("Nothing was moved: the new database says why, above.")
        self.stdout.write("Set DATABASE_URL to the new database and start the portal.")
