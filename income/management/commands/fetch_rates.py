"""Fetches the UN treasury's feed of operational rates; for a timer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from income.rates.fetching import load_feed
from interface.errors import PortalError


class Command(BaseCommand):
    help = "Fetch exchange rates from RATES_FEED_URL and add what is new; may be repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load = load_feed(timezone.localdate())
        except PortalError as error:
            raise CommandError(error.sentence) from error
        if not load.has_succeeded:
            raise CommandError(_("Nothing was saved.") + f" {load.sentence}")
        self.stdout.write(_("Rates saved: %(new)s.") % {"new": load.added})
        if load.sentence:
            self.stdout.write(load.sentence)
