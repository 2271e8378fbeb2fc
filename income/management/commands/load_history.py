"""Posts the audited revenue 2010–2021 into the agency's real books."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from income.history import post_history
from income.models import Ledger
from income.reference import REAL_BOOKS
from interface.errors import PortalError


class Command(BaseCommand):
    help = "Post the audited revenue 2010–2021, as UN CEB publishes it, into the real books."

    def handle(self, *args: Any, **options: Any) -> None:
        """Every year once; running it again posts nothing twice."""
        try:
            years = post_history(Ledger.objects.get(code=REAL_BOOKS))
        except Ledger.DoesNotExist as error:
            raise CommandError(
                _("The books %(code)s are not there. Run load_reference first.")
                % {"code": REAL_BOOKS}
            ) from error
        except PortalError as error:
            raise CommandError(error.sentence) from error
        if options["verbosity"] > 0:
            for posted in years:
                sentence = _("posted") if posted.is_new else _("there already")
                self.stdout.write(f"{posted.year}  {posted.posting.entry_count:>4}  {sentence}")
