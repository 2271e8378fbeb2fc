"""Closing months of the books, for good."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from income.errors import DateWrong, MonthClosed
from income.models import Ledger, Month
from income.periods import YearMonth


@transaction.atomic
def close_month(
    ledger: Ledger, month: YearMonth, *, by: User | None, at: datetime.datetime
) -> Month:
    """Close a month that is over. Nothing can be booked in it afterwards."""
    if month.last_day >= timezone.localdate(at):  # a day of the books is a day in Nairobi
        raise DateWrong(
            _("%(month)s is not over yet. Close it when it is.") % {"month": month}, field="month"
        )
    # The head is locked, so that no posting slips into the month while it closes.
    head = Ledger.objects.select_for_update().get(pk=ledger.pk)
    if Month.objects.filter(ledger=head, month=month.key).exists():
        raise MonthClosed(month)
    closed = Month.objects.create(
        ledger=head, month=month.key, closed_at=at, closed_by=by,
        sequence=head.sequence, hash=head.head_hash,
    )  # fmt: skip
    record("close_month", closed, by=by, after={"month": month.slug, "sequence": head.sequence})
    return closed
