"""Telling those who asked for it that an update is published: by e-mail, each of them once."""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.permissions import PERMISSIONS_OF, Permission
from interface.formatting import current_language, is_right_to_left
from jobs.models import Job
from jobs.registry import Report, job
from reports.models import MonthlyUpdate, UpdateNotice, UpdateState
from reports.updates.asking import UpdateWrong
from reports.updates.stored import figures_of, headline_of, pdf_name

logger = logging.getLogger(__name__)
KIND = "announce_update"


@dataclass(frozen=True)
class Told:
    """How many people were told, and to how many the mail could not be handed over."""

    sent: int = 0
    failed: int = 0


def readers() -> QuerySet[User]:
    """Who wants to be told, and may see the Board's pages."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.VIEW_BOARD in may]
    return User.objects.filter(is_active=True, is_told_of_updates=True, role__in=roles)


def announce(update: MonthlyUpdate, *, progress: Report | None = None) -> Told:
    """Tell everybody who was not told yet. Raises UpdateWrong where nobody can be told.

    The row that says that a person was told is committed before the mail goes out, so however
    often this runs and whatever breaks off, nobody is told twice.
    """
    if update.state != UpdateState.PUBLISHED:
        raise UpdateWrong(_("Only a published update is announced."))
    if not settings.PORTAL_ADDRESS:
        raise UpdateWrong(_("Set PORTAL_ADDRESS, so that the link in the e-mail leads here."))
    everybody = list(readers().order_by("pk"))
    outcomes = []
    for number, user in enumerate(everybody, start=1):
        outcomes.append(_tell(user, update))
        if progress:
            progress(number, len(everybody))
    return Told(outcomes.count(True), outcomes.count(False))


def _tell(user: User, update: MonthlyUpdate) -> bool | None:
    """Whether the mail went out; None for who was told before."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        mail = message(user, update)
    try:
        with transaction.atomic(durable=True):
            row = UpdateNotice.objects.create(update=update, user=user)
    except IntegrityError:
        return None
    try:
        mail.send()
    except Exception:  # whatever the mail server does, the others get theirs
        logger.exception("An announcement could not be handed over; it is not repeated.")
        return False
    UpdateNotice.objects.filter(pk=row.pk).update(is_sent=True)
    return True


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


@job(KIND, title=gettext_lazy("Announcing a monthly update"))
def announce_job(job: Job, report: Report) -> str:
    """Payload: update. Result: how many were told, and how many could not be."""
    related = MonthlyUpdate.objects.select_related("ledger")
    found = announce(related.get(uuid=job.payload["update"]), progress=report)
    job.result = {"sent": found.sent, "failed": found.failed}
    return _said(found)


def _said(found: Told) -> str:
    sentence = ngettext(
        "%(count)s person was told of the update.", "%(count)s people were told of the update.",
        found.sent,
    ) % {"count": found.sent}  # fmt: skip
    if not found.failed:
        return sentence
    failed = ngettext(
        "%(count)s e-mail could not be handed over; it is not repeated.",
        "%(count)s e-mails could not be handed over; they are not repeated.",
        found.failed,
    ) % {"count": found.failed}
    return f"{sentence} {failed}"
