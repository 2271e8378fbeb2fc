"""Loads the reference data of fixtures/."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from donors import reference as donors
from donors.reference import TableFileWrong
from income import reference as income
from reports.dialogue import reference as dialogue
from reports.iati import reference as iati
from targets import reference as targets


class Command(BaseCommand):
    help = "Load regions, donors, funds, rates, targets, figures and expenditure from fixtures/."

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing; running it again refreshes rows and loses none."""
        try:
            with transaction.atomic():
                counts = donors.load() | income.load() | targets.load() | dialogue.load()
                counts |= iati.load()
        except TableFileWrong as error:
            raise CommandError(error.sentence) from error
        if options["verbosity"] > 0:
            for what, number in counts.items():
                self.stdout.write(f"{number:>7,}  {what}")
            self.stdout.write(
                _("Reference data, version %(version)s.")
                % {"version": targets.reference_version()[:12]}
            )
