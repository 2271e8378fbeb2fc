"""The books that rows go to, as they stood when the file was begun."""

import datetime
from typing import Protocol

from income.imports.judging.memory import Remembered
from income.imports.judging.row import Row
from income.models import Ledger, Month
from income.rates import RateTable
from income.rules import check_past_day, month_in
from income.standing import Standing
from interface.errors import PortalError


class BooksLike(Protocol):
    """A ledger, or one that the import makes."""

    @property
    def code(self) -> str: ...
    @property
    def pk(self) -> int | None: ...
    @property
    def is_demonstration(self) -> bool: ...


class Books:
    """One ledger: its closed months, the rates in force, the month in which a day is booked."""

    def __init__(
        self, code: str, pk: int | None, rates: RateTable, *, today: datetime.date, adjusts: bool
    ) -> None:
        self.code, self.pk = code, pk
        closed = frozenset(Month.objects.filter(ledger=pk or 0).values_list("month", flat=True))
        self.standing = Standing(lambda month: month.key in closed, rates.on)
        self.rate_on = rates.on
        self.adjusts = adjusts
        self._today = today
        self._months: Remembered[datetime.date, int | PortalError] = Remembered(self._month)

    def month(self, row: Row, day: datetime.date, field: str) -> int:
        """The month (yyyymm) to book the day in; 0 where the row is told why it cannot be."""
        found = self._months[day]
        if isinstance(found, int):
            return found
        row.refuse(found, field)
        return 0

    def _month(self, day: datetime.date) -> int | PortalError:
        try:
            check_past_day(day, self._today, field="date")
            return month_in(
                self.standing.is_closed, day, self._today, field="date", adjusts=self.adjusts
            ).key
        except PortalError as error:
            return error


class Shelf:
    """All books that a file names, each opened once."""

    def __init__(self, working: Ledger, *, today: datetime.date, adjusts: bool) -> None:
        self._rates: dict[bool, RateTable] = {}
        self._open: dict[str, Books] = {}
        self._today, self._adjusts = today, adjusts
        self.working = self.open(working)

    def open(self, like: BooksLike) -> Books:
        """The books, ready to be asked."""
        if like.code not in self._open:
            self._open[like.code] = Books(
                like.code, like.pk, self._table(like), today=self._today, adjusts=self._adjusts
            )
        return self._open[like.code]

    def _table(self, like: BooksLike) -> RateTable:
        kept = self._rates
        if like.is_demonstration not in kept:
            kept[like.is_demonstration] = RateTable(like)  # type: ignore[arg-type]
        return kept[like.is_demonstration]
