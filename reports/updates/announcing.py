"""Telling those who asked for it that an update is published: by e-mail, each of them once."""

import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import PERMISSIONS_OF, Permission
from interface.formatting import current_language, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import Job, OutgoingMail
from jobs.registry import Report, job
from reports.models import MonthlyUpdate, UpdateNotice, UpdateState
from reports.updates.asking import UpdateWrong
from reports.updates.stored import figures_of, headline_of, pdf_name

KIND = "update_published"


def readers() -> QuerySet[User]:
    """Who wants to be told, and may see the Board's pages."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.VIEW_BOARD in may]
    return User.objects.filter(is_active=True, is_told_of_updates=True, role__in=roles)


def announce(update: MonthlyUpdate) -> int:
    """Queue the mail to everybody who was not told yet; returns how many. Raises UpdateWrong."""
    if update.state != UpdateState.PUBLISHED:
        raise UpdateWrong(_("Only a published update is announced."))
    # Who was told before there was the outbox.
    told = UpdateNotice.objects.filter(update=update).values("user")
    return outbox.put_all(KIND, update.uuid.hex, to=readers().exclude(pk__in=told))


@letter(KIND, title=gettext_lazy("Monthly update published"))
def write(mail: OutgoingMail, _now: datetime.datetime) -> EmailMultiAlternatives | None:
    """The announcement, as long as the person wants it and the update stands."""
    found = MonthlyUpdate.objects.select_related("ledger")
    update = found.filter(uuid=mail.about, state=UpdateState.PUBLISHED).first()
    reader = readers().filter(pk=mail.recipient_id or 0).first()
    return message(reader, update) if reader and update else None


def message(user: User, update: MonthlyUpdate) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML."""
    address = settings.PORTAL_ADDRESS.rstrip("/")
    document = reverse("update_file", args=[update.uuid, pdf_name(current_language())])
    context = {
        "user": user, "update": update, "month": update.as_at,
        "status": update.get_status_display(),
        "headline": headline_of(figures_of(update), update.as_at),
        "is_demonstration": update.ledger.is_demonstration,
        "page": address + reverse("update", args=[update.uuid]),
        "document": address + document, "settings": address + reverse("my_settings"),
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: the income update of %(month)s") % {"month": update.as_at}
    if update.ledger.is_demonstration:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    text = render_to_string("emails/update.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[user.email])
    mail.attach_alternative(render_to_string("emails/update.html", context), "text/html")
    return mail


@job("announce_update", title=gettext_lazy("Announcing a monthly update"))
def announce_job(job: Job, report: Report) -> str:
    """Of the release before the outbox, which may have left some; goes with the next."""
    return outbox.queued(announce(MonthlyUpdate.objects.get(uuid=job.payload["update"])))
