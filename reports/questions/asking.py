"""Writes: a question about a figure, and its answer."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import record
from donors.models import Donor
from income.models import Ledger
from interface.errors import PortalError
from reports.models import FigureQuestion
from reports.questions import mailing
from reports.questions.about import About

MOST_OPEN = 100  # of one donor: more would be a flood, not questions


class QuestionWrong(PortalError):
    """The question cannot be asked or answered; the sentence says why."""


@transaction.atomic
def ask(about: About, text: str, *, donor: Donor, ledger: Ledger, by: User) -> FigureQuestion:
    """Keep the question. The same one, sent again before it is answered, is kept once.

    Raises QuestionWrong.
    """
    if (about.donor, about.books) != (donor.code, ledger.code):
        raise QuestionWrong(gettext_lazy("This figure is of another donor or of other books."))
    same = {
        "donor": donor, "ledger": ledger, "figure": about.figure, "shown": about.shown,
        "text": text, "asked_by": by, "answered_at": None,
    }  # fmt: skip
    if known := FigureQuestion.objects.filter(**same).first():
        return known
    if donor.figure_questions.filter(answered_at=None).count() >= MOST_OPEN:
        raise QuestionWrong(
            _("%(count)s questions are not answered yet. Wait for an answer before you ask more.")
            % {"count": MOST_OPEN}
        )
    made = FigureQuestion.objects.create(**same, address=about.address, sequence=about.sequence)
    after = {"donor": donor.code, "figure": about.figure, "shown": about.shown}
    record("ask_about_figure", made, by=by, after=after)
    return made


@transaction.atomic
def answer(question: FigureQuestion, text: str, *, by: User, at: datetime.datetime) -> None:
    """Answer the question, once; who asked is told by e-mail. Raises QuestionWrong."""
    locked = FigureQuestion.objects.select_for_update().get(pk=question.pk)
    if locked.answered_at:
        raise QuestionWrong(gettext_lazy("This question was answered in the meantime."))
    locked.answer, locked.answered_by, locked.answered_at = text, by, at
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    record("answer_about_figure", locked, by=by, after={"answer": text})
    mailing.tell(locked)
