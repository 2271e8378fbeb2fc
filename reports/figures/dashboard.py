"""The Board's dashboard: one question, one object, a bounded number of queries."""

import datetime

from income.models import Ledger
from reports.figures.making import Maker
from reports.figures.one_state import TRIES, BooksMoving
from reports.figures.question import Question
from reports.figures.told import Dashboard

__all__ = ["BooksMoving", "Dashboard", "dashboard"]


def dashboard(question: Question, *, today: datetime.date | None = None) -> Dashboard:
    """The answer, of one state of the books. Raises QuestionWrong, BooksMoving.

    The head of the ledger is read before and after: an answer that a posting came between is
    thrown away and asked for again, so that the sequence printed is the one it was made from.
    Without `today` what is owed is left out: nothing is due or overdue of no day.
    """
    before = question.ledger
    for _attempt in range(TRIES):
        answer = Maker(question, before, today).make()
        after = Ledger.objects.get(pk=before.pk)
        if after.sequence == before.sequence:
            return answer
        before = after
    raise BooksMoving()
