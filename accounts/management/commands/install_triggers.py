"""Puts the append-only protection of the database in place."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.append_only import PROTECTED_TABLES, install, missing_triggers


class Command(BaseCommand):
    help = "Create the triggers that refuse changes of posted rows; safe to repeat."
    # The system checks demand the triggers that this command puts in place.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not set(PROTECTED_TABLES) <= set(connection.introspection.table_names()):
            raise CommandError(_("The tables are not there yet. Run migrate first."))
        missing = missing_triggers(connection)
        install(connection)
        self.stdout.write(
            _("Put in place: %(names)s.") % {"names": ", ".join(missing)}
            if missing
            else _("Nothing was missing: posted rows are protected.")
        )
