"""Composes the Arabic face of the documents ahead of the first one."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reports.pdf.fonts import FontMissing, prepare_fonts


class Command(BaseCommand):
    help = "Prepare the fonts of the documents, so that the first one does not wait for them."

    def handle(self, *args: Any, **options: Any) -> None:
        """What is there already is left alone."""
        started = time.perf_counter()
        try:
            for made in prepare_fonts(settings.PORTAL_DATA_DIR / "fonts"):
                seconds = time.perf_counter() - started
                self.stdout.write(
                    _("%(font)s (%(seconds).1f s)") % {"font": made.name, "seconds": seconds}
                )
        except FontMissing as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("The fonts of the documents are ready."))
