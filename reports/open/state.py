"""The state of the books that is public: that of the last published monthly update."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from income.models import Entry, Ledger
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.selectors import working_books
from reports.figures.question import Question
from reports.models import MonthlyUpdate, UpdateState
from reports.updates.asking import question_of


@dataclass(frozen=True)
class Published:
    """One published update as the frame of everything that is public.

    Nothing posted after `sequence`, and nothing with a value date after the month, is public.
    """

    update: MonthlyUpdate

    @property
    def ledger(self) -> Ledger:
        return self.update.ledger

    @property
    def as_at(self) -> YearMonth:
        return self.update.as_at

    @property
    def sequence(self) -> int:
        return self.update.sequence

    @property
    def published_on(self) -> datetime.date:
        """The day in Nairobi."""
        assert self.update.published_at  # noqa: S101  a constraint of the table
        return timezone.localdate(self.update.published_at)

    def question(self, as_at: YearMonth | None = None) -> Question:
        """What the Board was told at the month, or at an earlier one, as known then."""
        return question_of(self.ledger, as_at or self.as_at, self.sequence)

    def entries(self, kinds: Iterable[str]) -> EntryQuerySet:
        """The public entries of these kinds, from the first month of the books on."""
        return Entry.objects.in_books(self.ledger).filter(
            kind__in=list(kinds), value_date__lte=self.as_at.last_day,
            posting__sequence__lte=self.sequence,
        )  # fmt: skip


def published(ledger: Ledger | None = None) -> Published | None:
    """The frame of the books (left out: the working ones); None where nothing was published.

    Of the last published month the final update, where there is one.
    """
    books = ledger or working_books()
    updates = MonthlyUpdate.objects.filter(ledger=books, state=UpdateState.PUBLISHED)
    last = updates.select_related("ledger").order_by("-month", "-published_at").first()
    return Published(last) if books and last else None
