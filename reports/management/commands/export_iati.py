"""Writes the IATI files of the last published update into a folder."""

import argparse
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from income.models import Ledger
from reports.iati.checking import problems
from reports.iati.ledger_sums import ledger_sums
from reports.iati.reading import read_back
from reports.iati.writing import write_activities, write_organisation
from reports.open.state import Published, published

ACTIVITIES, ORGANISATION = "iati-activities.xml", "iati-organisation.xml"


class Command(BaseCommand):
    help = "Write the IATI 2.03 files of the last published update into a folder, and check them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--books", default="", help="code of the books; else the working ones")

    def handle(self, *args: Any, **options: Any) -> None:
        """The files are written in any case; what is wrong with them ends in an error."""
        state = self._state(options["books"])
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ACTIVITIES).open("w+b") as file:
            write_activities(state, file)
            self._check(file)
            file.seek(0)
            sums = read_back(file)
        with (folder / ORGANISATION).open("w+b") as file:
            write_organisation(state, file)
            self._check(file)
        if sums != ledger_sums(state):
            raise CommandError(_("The activity file does not add up to the ledger."))
        count = sum(one.count for one in sums)
        self.stdout.write(
            _("%(month)s: %(count)s transactions; valid, and the sums of the ledger.")
            % {"month": state.as_at.slug, "count": count}
        )

    def _state(self, books: str) -> Published:
        ledger = Ledger.objects.filter(code=books).first() if books else None
        state = published(ledger) if ledger or not books else None
        if state is None:
            raise CommandError(_("Nothing was published in these books."))
        return state

    def _check(self, file: BinaryIO) -> None:
        found = problems(file)
        for problem in found:
            self.stderr.write(f"{problem.where}: {problem.sentence}")
        if found:
            raise CommandError(_("The file is not in order."))
