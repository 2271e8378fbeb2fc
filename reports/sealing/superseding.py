"""Telling those who took a report that a newer version stands instead: by e-mail, each once.

Who is to be told is noted in the transaction that supersedes. One act may supersede many reports
(an order makes many): each person reads of all of them in one mail.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from income.models import Ledger
from interface.formatting import current_language, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import Job, JobState, OutgoingMail
from jobs.registry import Report, job
from reports.documents.selectors import reports_for
from reports.figures.asked_period import AskedPeriod
from reports.models import BulkItem, SealedReport, SupersededNotice
from reports.sealing.printing import verify_address

KIND = "report_superseded"
MOST_LISTED = 200  # reports in one mail; the others are counted
AT_ONCE = 500  # rows written at once
GOING_ON = (JobState.WAITING, JobState.RUNNING)


def note_who_took(old: SealedReport) -> bool:
    """Note everybody who took the version as to be told; whether anybody is.

    In the transaction that supersedes it: nobody can take it between this and the commit.
    """
    list(SealedReport.objects.select_for_update().filter(pk=old.pk).values_list("pk"))
    took = old.downloads.order_by("user").values_list("user", flat=True).distinct()
    rows = [SupersededNotice(report=old, user_id=user) for user in took]
    SupersededNotice.objects.bulk_create(rows, batch_size=AT_ONCE)
    return bool(rows)


def untold(order: str = "") -> QuerySet[SupersededNotice]:
    """Who is to be told of what. Of what an order supersedes, when it is over; or it is named."""
    of_orders = BulkItem.objects.filter(
        report__isnull=False, order__finished_at=None, order__cancelled_at=None,
        order__job__state__in=GOING_ON,
    )  # fmt: skip
    if order:
        of_orders = of_orders.exclude(order__uuid=order)
    waiting = SupersededNotice.objects.filter(told_at=None)
    return waiting.exclude(report__superseded_by__in=of_orders.values("report"))


@transaction.atomic
def tell(order: str = "") -> int:
    """Queue one mail for all reports of the same books to everybody who is to be told.

    With an order, also of what it has superseded so far. Returns how many mails. That a person is
    told is kept together with the mail, so however often this runs, nobody is told twice.
    """
    pairs = untold(order).order_by("user", "report__ledger").values_list("user", "report__ledger")
    people = User.objects.in_bulk([user for user, _ledger in pairs.distinct()])
    return sum(_queue(people[user], ledger, order) for user, ledger in pairs.distinct())


def _queue(user: User, ledger: int, order: str) -> bool:
    """Whether there was something left to tell: another may tell at the same time."""
    found = untold(order).filter(user=user, report__ledger=ledger)
    waiting, now = list(found.order_by("pk").values_list("pk", flat=True)), timezone.now()
    rows = SupersededNotice.objects.order_by()
    mine = [pk for pk in waiting if rows.filter(pk=pk, told_at=None).update(told_at=now)]
    if mine:
        rows.filter(pk__in=mine).update(mail=outbox.put(KIND, f"notice/{mine[0]}", to=user))
    return bool(mine)


@letter(KIND, title=gettext_lazy("A report is superseded"))
def write(mail: OutgoingMail, now: datetime.datetime) -> EmailMultiAlternatives | None:
    """The mail about those of its reports that the person may still have."""
    user = mail.recipient
    assert user is not None  # noqa: S101  it is queued to accounts alone
    seen = reports_for(user, timezone.localdate(now))
    old = list(seen.filter(notices__mail=mail).order_by("pk"))
    return message(user, old[0].ledger, old) if old else None


@job("tell_superseded", title=gettext_lazy("Telling that a report is superseded"))
def tell_job(job: Job, report: Report) -> str:
    """Of the release before the outbox, which may have left some; goes with the next."""
    job.result = {"queued": tell(job.payload.get("order", ""))}
    return outbox.queued(job.result["queued"])


@dataclass(frozen=True)
class Superseded:
    """One report as the mail lists it. Says which it is, and no figure of it."""

    number: str
    version: int
    words: str
    page: str
    newer: str


def message(user: User, books: Ledger, reports: Sequence[SealedReport]) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML. No figure."""
    context = {
        "user": user, "reports": [_listed(old) for old in reports[:MOST_LISTED]],
        "more": max(len(reports) - MOST_LISTED, 0), "is_demonstration": books.is_demonstration,
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: report %(number)s is superseded") % {"number": reports[0].number}
    if len(reports) > 1:
        subject = ngettext(
            "Habitat Portal: %(count)d report that you took is superseded",
            "Habitat Portal: %(count)d reports that you took are superseded",
            len(reports),
        ) % {"count": len(reports)}
    if books.is_demonstration:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    text = render_to_string("emails/superseded.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[user.email])
    mail.attach_alternative(render_to_string("emails/superseded.html", context), "text/html")
    return mail


def _listed(old: SealedReport) -> Superseded:
    language = dict(settings.LANGUAGES).get(old.language, old.language)
    period = str(AskedPeriod(old.from_on, old.until_on))
    words = f"{old.get_type_display()}, {period}, {language}"
    return Superseded(old.number, old.version, words, verify_address(old), _newer_address(old))


def _newer_address(old: SealedReport) -> str:
    """The file that stands instead by now, for who signs in and may have it."""
    newer, address = old, str(settings.PORTAL_ADDRESS)
    while newer.superseded_by:
        newer = newer.superseded_by
    return address.rstrip("/") + reverse("report_file", args=[newer.uuid])
