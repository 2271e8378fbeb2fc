"""Posts the demonstration's plan through the services, as the system, in one transaction."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from donors.reference import FIXTURES
from income.demonstration import BOOKS, NAME_OF_BOOKS
from income.demonstration.acts import Planned
from income.demonstration.payments import RateOf
from income.demonstration.plan import LAST_TOKEN, plan
from income.demonstration.posting import LOADED_ON, Bookkeeper
from income.demonstration.published import read_published
from income.errors import PostingWrong, RateMissing
from income.ledger import posted_with
from income.models import Ledger
from income.periods import YearMonth
from income.rates import rate_in_force
from income.services import close_month

FIRST_MONTH = YearMonth(2020, 1)
LAST_CLOSED = YearMonth(2021, 12)
CLOSED_AT = datetime.time(9, tzinfo=datetime.UTC)
CLOSING_DAY = 10  # of the month after
Progress = Callable[[int, int], None]

__all__ = ["LOADED_ON", "are_loaded", "load_books"]


def are_loaded() -> bool:
    """Whether the last act of the demonstration stands in its books."""
    ledger = Ledger.objects.filter(code=BOOKS).first()
    return ledger is not None and posted_with(ledger, LAST_TOKEN) is not None


@transaction.atomic
def load_books(folder: Path = FIXTURES, *, progress: Progress | None = None) -> int:
    """Post all of the demonstration or nothing; the number of postings, 0 if they stood already.

    Needs the reference data. Months of 2020 and 2021 are closed as the plan passes them, so that
    each keeps the sequence it had. Raises TableFileWrong, RateMissing, PostingWrong.
    """
    Ledger.objects.get_or_create(
        code=BOOKS, defaults={"name": NAME_OF_BOOKS, "is_demonstration": True}
    )
    ledger = Ledger.objects.select_for_update().get(code=BOOKS)
    if not ledger.is_demonstration:
        raise PostingWrong(_("The books %(code)s are no demonstration."), code=BOOKS)
    if are_loaded():
        return 0
    acts = plan(read_published(folder), _rates_of(ledger))
    _post_all(ledger, acts, progress)
    return len(acts)


def _post_all(ledger: Ledger, acts: list[Planned], progress: Progress | None) -> None:
    bookkeeper = Bookkeeper(ledger)
    open_month = FIRST_MONTH
    for number, act in enumerate(acts, start=1):
        while open_month < YearMonth.of(act.on) and open_month <= LAST_CLOSED:
            _close(ledger, open_month)
            open_month = open_month.next
        bookkeeper.post(act)
        if progress:
            progress(number, len(acts))


def _close(ledger: Ledger, month: YearMonth) -> None:
    day = month.next.first_day.replace(day=CLOSING_DAY)
    close_month(ledger, month, by=None, at=datetime.datetime.combine(day, CLOSED_AT))


def _rates_of(ledger: Ledger) -> RateOf:
    @cache
    def rate_of(currency: str, on: datetime.date) -> Decimal:
        found = rate_in_force(currency, on, ledger=ledger)
        if found is None:
            raise RateMissing(currency, on)
        return found.units_per_usd

    return rate_of
