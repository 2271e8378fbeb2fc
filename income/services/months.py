"""Closing months of the books, for good."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.services import record
from income.closing import Checklist, checklist
from income.errors import DateWrong, MonthClosed, NotAllowed
from income.models import Ledger, Month
from income.periods import YearMonth
from interface.formatting import joined

MOST_NOTE = 500


@transaction.atomic
def close_checked_month(
    ledger: Ledger, month: YearMonth, *, looked_at: Mapping[str, str], by: User,
    at: datetime.datetime,
) -> Month:  # fmt: skip
    """Close a month after looking at its checklist; `looked_at` holds a note per item, or "".

    An item that is not clear needs a note. The checklist is made again here, so that what came
    up meanwhile is not overlooked; its counts go to the audit trail. Raises NotAllowed, DateWrong,
    MonthClosed.
    """
    if not by.may(Permission.CLOSE_MONTHS):
        raise NotAllowed(_("Your account may not close months."))
    Ledger.objects.select_for_update().get(pk=ledger.pk)
    found = checklist(ledger, month, timezone.localdate(at))
    _check_answers(found, looked_at)
    notes = {key: note.strip()[:MOST_NOTE] for key, note in looked_at.items() if note.strip()}
    return close_month(
        ledger, month, by=by, at=at, checked={"checklist": found.counts, "notes": notes}
    )


def _check_answers(found: Checklist, looked_at: Mapping[str, str]) -> None:
    if found.blocking:
        raise NotAllowed(
            _("Months are closed in their order: %(months)s first.")
            % {"months": joined(found.blocking[0].details)}
        )
    for item in found.to_look_at:
        if item.key not in looked_at:
            raise NotAllowed(_("Look at “%(item)s” first, and tick it.") % {"item": item.label})
        if not item.is_clear and not looked_at[item.key].strip():
            raise NotAllowed(
                _("“%(item)s” is not clear: say in a note why the month can be closed.")
                % {"item": item.label}
            )


@transaction.atomic
def close_month(
    ledger: Ledger, month: YearMonth, *, by: User | None, at: datetime.datetime,
    checked: Mapping[str, Any] | None = None,
) -> Month:  # fmt: skip
    """Close a month that is over. Nothing can be booked in it afterwards.

    `checked` is what was found and said before, for the audit trail; people close through
    `close_checked_month`.
    """
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
    after = {"month": month.slug, "sequence": head.sequence, **(checked or {})}
    record("close_month", closed, by=by, after=after)
    return closed
