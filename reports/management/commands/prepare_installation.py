"""Makes an installation ready to be started: what every first start and every upgrade does."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "Tables of the database": ("migrate", {"interactive": False}),
    "Protection of posted rows": ("install_triggers", {}),
    "Reference data": ("load_reference", {}),
    "Audited revenue 2010–2021": ("load_history", {}),
    "Fonts of the PDF files": ("prepare_fonts", {}),
    "Files of the pages": ("collectstatic", {"interactive": False}),
    "Checks": ("check", {"deploy": True, "databases": ["default"]}),
}


class Command(BaseCommand):
    help = "Migrate, load reference data and history, prepare fonts and static files, check."

    # The tables may not be there yet; the checks are the last step.
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """May be repeated; what was done is not done again."""
        for number, (name, (command, given)) in enumerate(STEPS.items(), start=1):
            started = time.monotonic()
            call_command(command, verbosity=0, stdout=self.stdout, **given)
            seconds = time.monotonic() - started
            self.stdout.write(f"[{number}/{len(STEPS)}] {name}: done ({seconds:.1f} s)")
