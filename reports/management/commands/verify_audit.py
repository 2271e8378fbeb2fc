"""Recomputes the seals of the audit trail; names each event that is not as it was sealed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.audit.verifying import verify


class Command(BaseCommand):
    help = "Verify that the audit trail is what was recorded; ends with 1 when it is not."

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify(by=None, now=timezone.now())
        for problem in found.problems:
            self.stderr.write(problem)
        if found.problems:
            self.stderr.write("The audit trail is not sound.")
            sys.exit(1)
        self.stdout.write(
            f"The audit trail is sound. Seal {found.seal}, up to event {found.last_id}, "
            f"hash {found.hash}."
        )
