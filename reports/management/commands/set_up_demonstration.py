"""Makes a demonstration: reference data, history, books, accounts, a first day, what is told."""

import datetime
import io
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.demonstration import open_demonstration_accounts
from accounts.models import AuditEvent
from accounts.permissions import Role
from accounts.services import record
from donors.models import Donor, Representation
from income.demonstration import BOOKS
from income.demonstration.books import load_books
from income.demonstration.first_day import lay_out_first_day
from income.demonstration.rates import carry_rates_on
from income.models import Ledger
from income.reference import REAL_BOOKS
from interface.errors import PortalError
from interface.staticfiles import collect_changed
from reports.dialogue.demonstration import enter_demonstration_items
from reports.publications.demonstration import (
    open_demonstration,
    publish_demonstration_files,
)
from reports.updates.demonstration import publish_demonstration_updates
from targets.reference import reference_version

MODES = ("demo", "test")
REPRESENTED, SINCE = "SWE", datetime.date(2020, 1, 1)
LOADED = "load_reference"  # the act of the audit event that names the version loaded
Step = Callable[[], str]


class Command(BaseCommand):
    help = "Fill the database of a demonstration. Running it again adds only what is missing."
    requires_system_checks = []  # make check runs them; the start is quicker without

    def handle(self, *args: Any, **options: Any) -> None:
        """Eleven steps, each of them whole or not at all. In demo and test mode only."""
        if settings.PORTAL_MODE.value not in MODES:
            raise CommandError(
                _("A demonstration is set up in demo mode only: run this with PORTAL_MODE=demo.")
            )
        steps: list[tuple[str, Step]] = [
            (_("Tables of the database"), _migrate),
            (_("Reference data"), _load_reference),
            (_("Audited revenue 2010–2021"), _load_history),
            (_("Demonstration rates"), _carry_rates_on),
            (_("Demonstration books 2020–2022"), _load_books),
            (_("Demonstration accounts"), _open_accounts),
            (_("An officer's first day"), _lay_out_first_day),
            (_("Fonts of the PDF files"), _prepare_fonts),
            (_("Funding dialogue"), _enter_dialogue),
            (_("Monthly updates"), _publish_updates),
            (_("Publications and public pages"), _publish_files),
        ]
        for number, (name, step) in enumerate(steps, start=1):
            self._run(f"[{number}/{len(steps)}] {name} ...", step)
        if settings.IS_DEMO:
            collect_changed()

    def _run(self, heading: str, step: Step) -> None:
        """Say what begins, do it, say what came of it and how long it took."""
        self.stdout.write(heading, ending=" ")
        self.stdout.flush()
        started = time.monotonic()
        try:
            outcome = step()
        except PortalError as error:
            raise CommandError(error.sentence) from error
        seconds = f"{time.monotonic() - started:.1f}"
        self.stdout.write(
            _("%(outcome)s (%(seconds)s s)") % {"outcome": outcome, "seconds": seconds}
        )


def _migrate() -> str:
    call_command("migrate", interactive=False, verbosity=0)
    return _("ready")


def _load_reference() -> str:
    """Skipped when the tables in fixtures/ are those that were loaded last, as is the history."""
    if _is_current():
        return _("unchanged")
    call_command("load_reference", verbosity=0)
    return _("loaded")


def _load_history() -> str:
    if _is_current():
        return _("unchanged")
    with transaction.atomic():
        call_command("load_history", verbosity=0)
        ledger = Ledger.objects.get(code=REAL_BOOKS)
        record(LOADED, ledger, by=None, after={"version": reference_version()})
    return _("posted")


def _is_current() -> bool:
    ledger = Ledger.objects.filter(code=REAL_BOOKS).first()
    if ledger is None:
        return False
    loaded = AuditEvent.objects.filter(
        subject=ledger._meta.label_lower, subject_id=str(ledger.pk), act=LOADED
    )
    last = loaded.order_by("pk").last()
    return last is not None and last.after.get("version") == reference_version()


def _carry_rates_on() -> str:
    number = carry_rates_on(timezone.localdate())
    return _("%(number)s added") % {"number": number}


def _load_books() -> str:
    number = load_books()
    return _("%(number)s postings") % {"number": number} if number else _("there already")


@transaction.atomic
def _open_accounts() -> str:
    representative = open_demonstration_accounts()[Role.REPRESENTATIVE]
    Representation.objects.get_or_create(
        user=representative,
        donor=Donor.objects.get(code=REPRESENTED),
        defaults={"starts_on": SINCE},
    )
    return _("open")


def _lay_out_first_day() -> str:
    """Contacts, reports owed, campaigns, drafts: rows around the books that move no figure."""
    number = lay_out_first_day()
    return _("%(number)s rows") % {"number": number} if number else _("there already")


def _enter_dialogue() -> str:
    number = enter_demonstration_items()
    return _("%(number)s entries") % {"number": number} if number else _("there already")


def _prepare_fonts() -> str:
    call_command("prepare_fonts", verbosity=0, stdout=io.StringIO())
    return _("ready")


def _publish_updates() -> str:
    """Last: their documents are set in the fonts, and their figures are those of the books."""
    ledger = Ledger.objects.get(code=BOOKS)
    number = publish_demonstration_updates(ledger, at=timezone.now())
    return _("%(number)s published") % {"number": number} if number else _("there already")


def _publish_files() -> str:
    """They follow the updates; then every part of the public pages is opened."""
    demo, real = (Ledger.objects.get(code=code) for code in (BOOKS, REAL_BOOKS))
    number = publish_demonstration_files(demo, real, at=timezone.now())
    number += open_demonstration()
    return (
        _("%(number)s published or opened") % {"number": number} if number else _("there already")
    )
