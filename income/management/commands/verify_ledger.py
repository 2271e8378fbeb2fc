"""Recomputes chain, rollups and invariants of the books; names the first posting that is wrong."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from income.ledger.verification_job import verify
from income.models import Ledger


class Command(BaseCommand):
    help = "Verify that the books are what was posted; ends with 1 when they are not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--books", help="code of the books; without it, all books")

    def handle(self, *args: Any, books: str | None = None, **options: Any) -> None:
        ledgers = list(Ledger.objects.filter(**({"code": books} if books else {})).order_by("code"))
        if books and not ledgers:
            known = ", ".join(Ledger.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There are no books “{books}”. There are: {known or 'none'}.")
        if not ledgers:
            self.stdout.write("There are no books yet.")
        wrong = [ledger for ledger in ledgers if not self._is_sound(ledger)]
        if wrong:
            sys.exit(1)

    def _is_sound(self, ledger: Ledger) -> bool:
        def progress(done: int, of: int) -> None:
            self.stdout.write(f"{ledger.code}: {done} of {of} postings")
            self.stdout.flush()

        found = verify(ledger, by=None, progress=progress, most=1)
        if found.problems:
            self.stderr.write(f"{ledger.code} is not sound. {found.problems[0]}")
            return False
        self.stdout.write(f"{ledger.code} is sound. Sequence {found.sequence}, hash {found.hash}.")
        return True
