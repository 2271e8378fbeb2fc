"""Telling who asked about a figure that it was answered: by e-mail, once."""

import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent
from interface.formatting import current_language, is_right_to_left
from jobs import outbox
from jobs.letters import letter
from jobs.models import Job, OutgoingMail
from jobs.registry import Report, job
from reports.models import FigureQuestion
from reports.questions.seen import questions_for

KIND = "question_answered"
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


@letter(KIND, title=gettext_lazy("Answer about a figure"))
def write(mail: OutgoingMail, now: datetime.datetime) -> EmailMultiAlternatives | None:
    """The answer, unless the person may not see the donor any more."""
    question = FigureQuestion.objects.select_related(*_RELATED).filter(uuid=mail.about).first()
    if question is None or question.answered_at is None:
        return None
    seen = questions_for(question.asked_by, timezone.localdate(now))
    return message(question) if seen.filter(pk=question.pk).exists() else None


def tell(question: FigureQuestion) -> None:
    """Queue the mail to who asked, in the transaction of the answer."""
    outbox.put(KIND, question.uuid.hex, to=question.asked_by)


@job("mail_answer", title=gettext_lazy("Sending an answer about a figure"))
def mail_answer_job(job: Job, report: Report) -> str:
    """Of the release before the outbox, which may have left some; goes with the next."""
    question = FigureQuestion.objects.get(uuid=job.payload["question"])
    told = AuditEvent.objects.filter(
        act="mail_answer", subject=question._meta.label_lower, subject_id=str(question.pk)
    )
    if told.exists():
        return outbox.queued(0)
    tell(question)
    return outbox.queued(1)
