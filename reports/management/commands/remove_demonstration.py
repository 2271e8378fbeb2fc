"""Takes the demonstration out of a database, and nothing else."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import append_only
from accounts.models import User
from accounts.services import record
from income.demonstration.removal import remove_books, remove_relations
from income.ledger.verification import problems
from income.models import Ledger
from reports.dialogue.removal import remove_entered
from reports.publications.removal import remove_publications
from reports.sealing.removal import remove_sealed
from targets.removal import remove_demonstration_targets

MOST_PROBLEMS = 5


class Command(BaseCommand):
    help = "Remove the demonstration books, their rates, what its accounts wrote, and them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it: there is no way back")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing; the books that stay are verified before it is kept."""
        books = list(Ledger.objects.filter(is_demonstration=True))
        if not options["yes"]:
            names = ", ".join(ledger.name for ledger in books) or _("none")
            raise CommandError(
                _(
                    "This removes demonstration books (%(books)s), demonstration rates and "
                    "demonstration accounts for good. Run it again with --yes to do it."
                )
                % {"books": names}
            )
        with transaction.atomic():
            removed = _remove_books(books) | remove_relations() | remove_entered()
            removed |= _remove_accounts()
            _refuse_damage()
        for what, number in removed.items():
            self.stdout.write(f"{number:>7,}  {what}")
        self.stdout.write(_("The demonstration is gone. Set PORTAL_BOOKS=UNH, or use other books."))


def _remove_books(books: list[Ledger]) -> dict[str, int]:
    """Audit events stay: they say who did what, and name no amount of another ledger."""
    # No check may wait on a table whose triggers are taken off.
    connection.check_constraints()
    with append_only.lifted(connection), transaction.atomic():
        removed = {"sealed reports": remove_sealed(books)}
        removed |= {"publications": remove_publications(books)}
        removed |= remove_books() | remove_demonstration_targets()
    for ledger in books:
        record("remove_demonstration", ledger, by=None, before={"sequence": ledger.sequence})
    return removed


def _remove_accounts() -> dict[str, int]:
    """An account that acted in books that stay is closed instead, so that the acts keep it."""
    removed = closed = 0
    for user in User.objects.filter(is_demonstration=True):
        try:
            with transaction.atomic():
                user.delete()
            removed += 1
        except ProtectedError:
            user.set_unusable_password()
            user.is_active = user.is_demonstration = False
            user.save()
            record("close_account", user, by=None, after={"is_active": False})
            closed += 1
    return {"accounts": removed, "accounts closed, because their acts stay": closed}


def _refuse_damage() -> None:
    """Raise CommandError, which undoes everything, unless the books that stay are sound."""
    for ledger in Ledger.objects.all():
        if found := list(islice(problems(ledger), MOST_PROBLEMS)):
            raise CommandError(
                _("Nothing was removed: the books %(code)s are not sound. %(problems)s")
                % {"code": ledger.code, "problems": " ".join(found)}
            )
