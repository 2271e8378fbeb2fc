"""Reminders by e-mail: to each person what waits for them, once a day or once a week.

The outbox holds one mail a person and period, so however often the work runs, nobody is told
twice. Of what waits it tells as of the moment at which it is sent.
"""

import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Digest, User
from accounts.permissions import PERMISSIONS_OF, Permission
from income.models import DigestSent
from income.selectors import working_books
from interface.errors import PortalError
from interface.formatting import format_date, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import Job, OutgoingMail
from jobs.registry import Report, job
from reports.worklist import Worklist, worklist

KIND, JOB = "digest", "send_digests"
MOST_ITEMS = 10  # of a group in one mail; the page has all


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


def queue_digests(today: datetime.date, *, progress: Report | None = None) -> int:
    """Queue the reminder of everybody who wants one on this day and has something waiting.

    Returns how many. Raises PortalError where the portal does not know its own address, which the
    links need.
    """
    if not settings.PORTAL_ADDRESS:
        raise PortalError(_("Set PORTAL_ADDRESS, so that the links in the reminders lead here."))
    books = working_books()
    everybody = list(readers().order_by("pk"))
    wanted: dict[str, list[User]] = {}
    for number, user in enumerate(everybody, start=1):
        period = period_of(user.digest, today)
        if period and not _was_reminded(user, period) and worklist(user, books, today).count:
            wanted.setdefault(period, []).append(user)
        if progress:
            progress(number, len(everybody))
    return sum(outbox.put_all(KIND, period, to=people) for period, people in wanted.items())


def readers() -> QuerySet[User]:
    """Who may be reminded and wants to be."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.ENTER_INCOME in may]
    found = User.objects.filter(is_active=True, role__in=roles)
    return found.exclude(digest=Digest.NEVER)


def _was_reminded(user: User, period: str) -> bool:
    """Before there was the outbox."""
    return DigestSent.objects.filter(user=user, period=period).exists()


@letter(KIND, title=gettext_lazy("Reminder of what waits"))
def write(mail: OutgoingMail, now: datetime.datetime) -> EmailMultiAlternatives | None:
    """What waits now; nothing where nothing does, or where its day or week is over."""
    today, user = timezone.localdate(now), readers().filter(pk=mail.recipient_id or 0).first()
    if user is None or period_of(user.digest, today) != mail.about:
        return None
    waiting = worklist(user, working_books(), today)
    return message(user, waiting) if waiting.count else None


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


@job(JOB, title=gettext_lazy("Sending reminders"))
def send_digests_job(job: Job, report: Report) -> str:
    """No payload. Result: how many were queued."""
    job.result = {"queued": queue_digests(timezone.localdate(), progress=report)}
    return outbox.queued(job.result["queued"])
