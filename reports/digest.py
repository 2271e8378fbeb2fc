"""Reminders by e-mail: to each person what waits for them, once a day or once a week.

A reminder's row is committed before the mail goes out, so however often the work runs, whatever
breaks off, and however many run at once, nobody is told twice. When it broke off in between,
nobody knows whether the mail went out; it is not repeated, and the next period brings the next.
"""

import datetime
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Digest, User
from accounts.permissions import PERMISSIONS_OF, Permission
from income.models import DigestSent, Ledger
from income.selectors import working_books
from interface.errors import PortalError
from interface.formatting import format_date, is_right_to_left
from jobs.models import Job
from jobs.registry import Report, job
from reports.worklist import Worklist, worklist

logger = logging.getLogger(__name__)
KIND = "send_digests"
MOST_ITEMS = 10  # of a group in one mail; the page has all


@dataclass(frozen=True)
class Sent:
    """How many people were reminded, and to how many the mail could not be handed over."""

    sent: int = 0
    failed: int = 0


def period_of(digest: str, today: datetime.date) -> str | None:
    """The period that a reminder of this day is for, such as 2021-03-04 or 2021-W09.

    A weekly one goes out on Monday, or later in the week when Monday's run was missed.
    None where the person wants none.
    """
    if digest == Digest.DAILY:
        return today.isoformat()
    if digest == Digest.WEEKLY:
        year, week, _day = today.isocalendar()
        return f"{year}-W{week:02}"
    return None


def send_digests(today: datetime.date, *, progress: Report | None = None) -> Sent:
    """Remind everybody who wants it on this day and has something waiting.

    Raises PortalError where the portal does not know its own address, which the links need.
    """
    if not settings.PORTAL_ADDRESS:
        raise PortalError(_("Set PORTAL_ADDRESS, so that the links in the reminders lead here."))
    books = working_books()
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.ENTER_INCOME in may]
    people = User.objects.filter(is_active=True, role__in=roles).exclude(digest=Digest.NEVER)
    outcomes = []
    for number, user in enumerate(everybody := list(people.order_by("pk")), start=1):
        outcomes.append(_remind(user, books, today))
        if progress:
            progress(number, len(everybody))
    return Sent(sent=outcomes.count(True), failed=outcomes.count(False))


def _remind(user: User, books: Ledger | None, today: datetime.date) -> bool | None:
    """Whether the mail went out; None when there was none to send."""
    period = period_of(user.digest, today)
    if period is None or DigestSent.objects.filter(user=user, period=period).exists():
        return None
    with translation.override(user.language or settings.LANGUAGE_CODE):
        waiting = worklist(user, books, today)
        if not waiting.count:
            return None
        mail = message(user, waiting)
    row = _taken(user, period)
    return None if row is None else _handed_over(mail, row)


def _taken(user: User, period: str) -> DigestSent | None:
    """The row that says that this reminder is being sent; None when another run was faster."""
    try:
        with transaction.atomic(durable=True):
            return DigestSent.objects.create(user=user, period=period)
    except IntegrityError:
        return None


def _handed_over(mail: EmailMultiAlternatives, row: DigestSent) -> bool:
    try:
        mail.send()
    except Exception:  # whatever the mail server does, the others get theirs
        logger.exception("A reminder could not be handed over; it is not repeated.")
        return False
    DigestSent.objects.filter(pk=row.pk).update(is_sent=True)
    return True


def message(user: User, waiting: Worklist) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML."""
    context = {
        "user": user,
        "waiting": waiting,
        "day": format_date(waiting.today),
        "address": settings.PORTAL_ADDRESS.rstrip("/"),
        "most": MOST_ITEMS,
        "language": translation.get_language(),
        "direction": "rtl" if is_right_to_left() else "ltr",
    }
    subject = ngettext(
        "Habitat Portal: %(count)s thing waits for you",
        "Habitat Portal: %(count)s things wait for you",
        waiting.count,
    ) % {"count": waiting.count}
    text = render_to_string("emails/digest.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[user.email])
    mail.attach_alternative(render_to_string("emails/digest.html", context), "text/html")
    return mail


@job(KIND, title=gettext_lazy("Sending reminders"))
def send_digests_job(job: Job, report: Report) -> str:
    """No payload. Result: how many were sent, and how many could not be."""
    found = send_digests(timezone.localdate(), progress=report)
    job.result = {"sent": found.sent, "failed": found.failed}
    return told(found)


def told(found: Sent) -> str:
    """The outcome as a sentence."""
    sentence = ngettext(
        "%(count)s reminder was sent.", "%(count)s reminders were sent.", found.sent
    ) % {"count": found.sent}
    if not found.failed:
        return sentence
    failed = ngettext(
        "%(count)s could not be handed over to the mail server; it is not repeated. Look at the "
        "portal's log.",
        "%(count)s could not be handed over to the mail server; they are not repeated. Look at "
        "the portal's log.",
        found.failed,
    ) % {"count": found.failed}
    return f"{sentence} {failed}"
