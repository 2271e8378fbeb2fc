"""Telling those who took a report that a newer version stands instead: by e-mail, each once."""

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from interface.formatting import current_language, is_right_to_left
from jobs.models import Job
from jobs.registry import Report, job
from reports.models import SealedReport, SupersededNotice
from reports.sealing.errors import SealingFailed
from reports.sealing.printing import period_text, verify_address

logger = logging.getLogger(__name__)
KIND = "tell_superseded"


@job(KIND, title=gettext_lazy("Telling that a report is superseded"))
def tell_job(job: Job, report: Report) -> str:
    """Payload: report (the old version). Result: how many were told, how many could not be."""
    related = SealedReport.objects.select_related("ledger", "donor", "superseded_by")
    outcomes = tell(related.get(uuid=job.payload["report"]), progress=report)
    job.result = {"sent": outcomes.count(True), "failed": outcomes.count(False)}
    return _said(outcomes.count(True), outcomes.count(False))


def tell(old: SealedReport, *, progress: Report | None = None) -> list[bool]:
    """Tell everybody who took this version and was not told yet; whether each mail went out.

    The row that says that a person was told is committed before the mail goes out, so however
    often this runs and whatever breaks off, nobody is told twice. Raises SealingFailed where
    nobody can be told.
    """
    if old.superseded_by is None:
        return []
    if not settings.PORTAL_ADDRESS:
        raise SealingFailed(_("Set PORTAL_ADDRESS, so that the link in the e-mail leads here."))
    took = set(old.downloads.values_list("user", flat=True))
    everybody = list(User.objects.filter(pk__in=took).order_by("pk"))
    outcomes = []
    for number, user in enumerate(everybody, start=1):
        outcomes.append(_tell(user, old))
        if progress:
            progress(number, len(everybody))
    return [outcome for outcome in outcomes if outcome is not None]


def _tell(user: User, old: SealedReport) -> bool | None:
    """Whether the mail went out; None for who was told before."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        mail = message(user, old)
    try:
        with transaction.atomic(durable=True):
            row = SupersededNotice.objects.create(report=old, user=user)
    except IntegrityError:
        return None
    try:
        mail.send()
    except Exception:  # whatever the mail server does, the others get theirs
        logger.exception("A notice could not be handed over; it is not repeated.")
        return False
    SupersededNotice.objects.filter(pk=row.pk).update(is_sent=True)
    return True


def message(user: User, old: SealedReport) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML. No figure."""
    context = {
        "user": user, "number": old.number, "version": old.version,
        "report": old.get_type_display(), "period": period_text(old.from_on, old.until_on),
        "is_demonstration": old.ledger.is_demonstration, "page": verify_address(old),
        "newer": _newer_address(old),
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: report %(number)s is superseded") % {"number": old.number}
    if old.ledger.is_demonstration:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    text = render_to_string("emails/superseded.txt", context)
    mail = EmailMultiAlternatives(subject, text, to=[user.email])
    mail.attach_alternative(render_to_string("emails/superseded.html", context), "text/html")
    return mail


def _newer_address(old: SealedReport) -> str:
    """The file that stands instead, for who signs in and may have it."""
    newer, address = old.superseded_by or old, str(settings.PORTAL_ADDRESS)
    return address.rstrip("/") + reverse("report_file", args=[newer.uuid])


def _said(sent: int, failed: int) -> str:
    sentence = ngettext(
        "%(count)s person was told of the newer version.",
        "%(count)s people were told of the newer version.",
        sent,
    ) % {"count": sent}
    if not failed:
        return sentence
    missed = ngettext(
        "%(count)s e-mail could not be handed over; it is not repeated.",
        "%(count)s e-mails could not be handed over; they are not repeated.",
        failed,
    ) % {"count": failed}
    return f"{sentence} {missed}"
