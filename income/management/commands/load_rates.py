"""Adds exchange rates from a file."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from income.errors import RateFileWrong
from income.rates.fetching import MOST_PROBLEMS
from income.rates.files import LOADABLE, read_rates
from income.rates.loading import note_failure, save_rates, what_was_left
from income.vocabulary import RateType, RateWay


class Command(BaseCommand):
    help = (
        "Add exchange rates from a CSV file (currency, effective_on, units_per_usd[, source]) or "
        "the UN treasury's XML file."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--type", required=True, choices=[str(kind) for kind in LOADABLE])
        parser.add_argument("--allow-gaps", action="store_true")
        parser.add_argument("--dry-run", action="store_true", help="check the file, save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """All rates of the file or none; a rate that is there already is counted and left.

        A file that is refused is noted as a failed load, as a feed is.
        """
        rate_type, left, origin = RateType(options["type"]), "", options["file"].name
        try:
            with transaction.atomic():
                read = read_rates(
                    options["file"], rate_type, today=timezone.localdate(),
                    allow_gaps=options["allow_gaps"],
                )  # fmt: skip
                left = what_was_left([], read.left_out)
                if not options["dry_run"]:
                    save_rates(
                        read.new, way=RateWay.FILE, rate_type=rate_type, by=None, sentence=left,
                        origin=origin, newest_on=read.newest_on,
                    )  # fmt: skip
        except RateFileWrong as error:
            if not options["dry_run"]:
                told = " ".join(error.problems[:MOST_PROBLEMS])
                note_failure(RateWay.FILE, rate_type, origin, told)
            raise CommandError("\n".join([_("Nothing was saved."), *error.problems])) from error
        if options["dry_run"]:
            sentence = _("The file is right. New rates: %(new)s; there already: %(there)s.")
        else:
            sentence = _("Rates saved: %(new)s; there already: %(there)s.")
        self.stdout.write(sentence % {"new": len(read.new), "there": read.there_already})
        if left:
            self.stdout.write(left)
