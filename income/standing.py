"""What the rules ask of books: which months are closed, which rate is in force on a day.

Forms let the database answer, one question at a time; a file of a million rows is answered from
memory. The rules are the same.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from income.models import Ledger
from income.periods import YearMonth
from income.rates import RateInForce, rate_in_force
from income.selectors import is_closed


@dataclass(frozen=True)
class Standing:
    """How books stand. `rate_on` takes a currency's code; None is *not converted*."""

    is_closed: Callable[[YearMonth], bool]
    rate_on: Callable[[str, datetime.date], RateInForce | None]

    @classmethod
    def of(cls, ledger: Ledger) -> "Standing":
        """As the database has it at the moment of each question."""
        return cls(
            is_closed=lambda month: is_closed(ledger, month),
            rate_on=lambda currency, day: rate_in_force(currency, day, ledger=ledger),
        )
