"""Two published updates of the demonstration's books, by its officer and its reviewer."""

import datetime

from django.utils import timezone

from accounts.demonstration import EMAILS
from accounts.models import User
from accounts.permissions import Role
from income.demonstration.books import LAST_CLOSED
from income.models import Ledger
from income.periods import YearMonth
from reports.models import MonthlyUpdate, UpdateState, UpdateStatus
from reports.updates.preparing import prepare
from reports.updates.publishing import publish_update

MONTHS = (YearMonth(2021, 11), LAST_CLOSED)


def publish_demonstration_updates(ledger: Ledger, *, at: datetime.datetime) -> int:
    """Prepare and publish what is missing, the provisional ones; returns how many. Nobody is told.

    Raises PortalError.
    """
    by = {role: User.objects.get(email=EMAILS[role]) for role in (Role.OFFICER, Role.REVIEWER)}
    there = MonthlyUpdate.objects.filter(ledger=ledger, state=UpdateState.PUBLISHED)
    missing = [month for month in MONTHS if not there.filter(month=month.key).exists()]
    for month in missing:
        made = prepare(
            ledger, month, UpdateStatus.PROVISIONAL, by=by[Role.OFFICER], on=timezone.localdate(at)
        )
        publish_update(made, by=by[Role.REVIEWER], at=at, announces=False)
    return len(missing)
