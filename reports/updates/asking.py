"""The question that an update answers: what the Board would ask at the end of its month."""

from dataclasses import replace

from income.models import Ledger, Month
from income.periods import YearMonth
from interface.errors import PortalError
from reports.figures.provenance import Basis, Known
from reports.figures.question import Question, parse


class UpdateWrong(PortalError):
    """An update cannot be prepared, published or discarded, and why."""


def question_of(ledger: Ledger, as_at: YearMonth, sequence: int | None = None) -> Question:
    """Received and allotted, all funds, in millions, as the Board sees them.

    With `sequence`, as the books were known at that state of theirs. Raises PortalError.
    """
    asked = {"books": ledger.code, "basis": Basis.RECEIVED.value}
    found = parse(asked, default_books=ledger.code, today=as_at.last_day)
    known = None if sequence is None else Known(sequence, str(sequence))
    # A month may be closed in which nothing came, after the last one that holds any money.
    return replace(found, as_at=as_at, known=known, knows_unnamed=False, is_kept=True)


def closed_row(ledger: Ledger, as_at: YearMonth) -> Month | None:
    """The row that says that the month is closed."""
    return Month.objects.filter(ledger=ledger, month=as_at.key).first()
