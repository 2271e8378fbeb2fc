"""Makes anew what contributions are found by: after a release that says so."""

from typing import Any

from django.core.management.base import BaseCommand

from income.finding import renew


class Command(BaseCommand):
    help = "Makes anew what contributions are found by. It may be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{renew()} contributions can be found.")
