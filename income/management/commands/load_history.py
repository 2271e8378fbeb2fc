"""Posts the audited revenue 2010–2021 into the agency's real books."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from income.history import YearPosted, post_history, post_instruments
from income.models import Ledger
from income.reference import REAL_BOOKS
from interface.errors import PortalError


class Command(BaseCommand):
    help = "Post the audited revenue 2010–2021, as UN CEB publishes it, into the real books."

    def handle(self, *args: Any, **options: Any) -> None:
        """Every year once; running it again posts nothing twice."""
        try:
            ledger = Ledger.objects.get(code=REAL_BOOKS)
            with transaction.atomic():
                years, instruments = post_history(ledger), post_instruments(ledger)
        except Ledger.DoesNotExist as error:
            raise CommandError(
                _("The books %(code)s are not there. Run load_reference first.")
                % {"code": REAL_BOOKS}
            ) from error
        except PortalError as error:
            raise CommandError(error.sentence) from error
        if options["verbosity"] > 0:
            for posted in instruments:
                self._tell(posted, _("by instrument"))
            for posted in years:
                self._tell(posted)

    def _tell(self, posted: YearPosted, what: str = "") -> None:
        sentence = _("posted") if posted.is_new else _("there already")
        line = f"{posted.year}  {posted.posting.entry_count:>4}  {sentence}"
        self.stdout.write(f"{line}  {what}".rstrip())
