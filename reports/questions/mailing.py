"""Telling who asked about a figure that it was answered: by e-mail, once."""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent
from accounts.services import record
from interface.formatting import current_language, is_right_to_left
from jobs.models import Job
from jobs.registry import Report, job
from reports.models import FigureQuestion
from reports.questions.seen import questions_for

logger = logging.getLogger(__name__)
KIND = "mail_answer"
_RELATED = ("asked_by", "donor", "ledger")


def message(question: FigureQuestion) -> EmailMultiAlternatives:
    """The mail in the active language: plain text, and the same as simple HTML."""
    address = settings.PORTAL_ADDRESS.rstrip("/")
    context = {
        "question": question, "user": question.asked_by,
        "page": address + reverse("question", args=[question.uuid]) if address else "",
        "is_demonstration": question.ledger.is_demonstration,
        "language": current_language(), "direction": "rtl" if is_right_to_left() else "ltr",
    }  # fmt: skip
    subject = _("Habitat Portal: your question about a figure is answered")
    if question.ledger.is_demonstration:
        subject = _("DEMONSTRATION · %(subject)s") % {"subject": subject}
    mail = EmailMultiAlternatives(
        subject, render_to_string("emails/answer.txt", context), to=[question.asked_by.email]
    )
    mail.attach_alternative(render_to_string("emails/answer.html", context), "text/html")
    return mail


def tell(question: FigureQuestion, today: datetime.date) -> bool:
    """Whether the mail went out. Not to who was told before or may not see the donor any more.

    The event that says so is committed before the mail goes: whatever breaks off, nobody is told
    twice.
    """
    asked_by = question.asked_by
    if not questions_for(asked_by, today).filter(pk=question.pk).exists():
        return False
    told = AuditEvent.objects.filter(
        act=KIND, subject=question._meta.label_lower, subject_id=str(question.pk)
    )
    if told.exists():
        return False
    with translation.override(asked_by.language or settings.LANGUAGE_CODE):
        mail = message(question)
    with transaction.atomic(durable=True):
        record(KIND, question, by=None, after={"to": str(asked_by.uuid)})
    try:
        mail.send()
    except Exception:  # whatever the mail server does, the answer stands on the donor's page
        logger.exception("An answer could not be handed over; it is not repeated.")
        return False
    return True


@job(KIND, title=gettext_lazy("Sending an answer about a figure"))
def mail_answer_job(job: Job, report: Report) -> str:
    """Payload: question. Result: whether the mail went out."""
    question = FigureQuestion.objects.select_related(*_RELATED).get(uuid=job.payload["question"])
    is_sent = tell(question, timezone.localdate())
    job.result = {"sent": is_sent}
    return _("The answer was sent.") if is_sent else _("Nobody had to be told.")
