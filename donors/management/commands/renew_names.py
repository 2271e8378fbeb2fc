"""Makes anew what donors and areas are sorted and found by: after a release that says so."""

from typing import Any

from django.core.management.base import BaseCommand

from donors.models import Area, Donor, DonorName
from donors.ordering import renew
from donors.querysets import renew_starts


class Command(BaseCommand):
    help = "Makes the order and the search forms of names anew. It may be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = renew(Donor, Area, DonorName)
        renew_starts()
        self.stdout.write(f"{changed} rows changed.")
