"""The demonstration's publications, by its officer and its reviewer; its public parts, opened."""

import datetime

from accounts.demonstration import EMAILS
from accounts.models import User
from accounts.permissions import Role
from income.models import Ledger
from income.periods import YearMonth
from reports.ceb.revenue import audited_years
from reports.models import Publication, PublicationKind, PublicationState
from reports.open.policy import CODES, open_parts, set_open
from reports.open.state import published
from reports.publications.asking import Asked
from reports.publications.preparing import prepare
from reports.publications.publishing import publish


def publish_demonstration_files(demo: Ledger, real: Ledger, *, at: datetime.datetime) -> int:
    """IATI files of the demonstration's last update, UN CEB files of the real history's last year.

    What is missing alone; returns how many. Raises PortalError.
    """
    by = {role: User.objects.get(email=EMAILS[role]) for role in (Role.OFFICER, Role.REVIEWER)}
    missing = [asked for asked in _wanted(demo, real) if not _is_published(asked)]
    for asked in missing:
        made = prepare(asked, by=by[Role.OFFICER])
        publish(made, by=by[Role.REVIEWER], at=at)
    return len(missing)


def open_demonstration() -> int:
    """Open every part of the public pages that is not open; returns how many that were."""
    closed = set(CODES) - open_parts()
    if closed:
        administrator = User.objects.get(email=EMAILS[Role.ADMINISTRATOR])
        set_open(frozenset(CODES), by=administrator)
    return len(closed)


def _wanted(demo: Ledger, real: Ledger) -> list[Asked]:
    last, years = published(demo), audited_years(real)
    iati = [Asked(demo, PublicationKind.IATI, last.as_at)] if last else []
    ceb = [Asked(real, PublicationKind.CEB, YearMonth(years[0], 12))] if years else []
    return iati + ceb


def _is_published(asked: Asked) -> bool:
    return Publication.objects.filter(
        ledger=asked.ledger, kind=asked.kind, month=asked.month.key,
        state=PublicationState.PUBLISHED,
    ).exists()  # fmt: skip
