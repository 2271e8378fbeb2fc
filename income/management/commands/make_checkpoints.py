"""Keeps what every era of the books added to the rollups, so that earlier states are sums."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from income.ledger import checkpoints
from income.models import Ledger


class Command(BaseCommand):
    help = "Make the checkpoints that earlier states of the books are read from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--books", help="code of the books; without it, all books")
        parser.add_argument(
            "--anew", action="store_true", help="throw away those that are there first"
        )

    def handle(
        self, *args: Any, books: str | None = None, anew: bool = False, **options: Any
    ) -> None:
        ledgers = list(Ledger.objects.filter(**({"code": books} if books else {})).order_by("code"))
        if books and not ledgers:
            raise CommandError(f"There are no books “{books}”.")
        for ledger in ledgers:
            if anew:
                checkpoints.forget(ledger)
            self.stdout.write(f"{ledger.code}: {checkpoints.make(ledger)} eras added.")
