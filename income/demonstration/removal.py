"""Takes demonstration books out of a database; the books of an agency stay as they are."""

from typing import Any

from django.db import connection, models

from income.models import (
    Contribution,
    DonorMonthTotal,
    DonorTotal,
    Draft,
    Entry,
    ExchangeRate,
    Instalment,
    Ledger,
    Month,
    MonthlyTotal,
    Posting,
    ProgrammeTotal,
)
from income.vocabulary import Act, RateType


def remove_books() -> dict[str, int]:
    """Delete every ledger marked as a demonstration, all that hangs on it, and its rates.

    The caller holds a transaction and has lifted the database's protection of posted rows
    (accounts.append_only.lifted). The number of rows removed, by what they are.
    """
    books = Ledger.objects.filter(is_demonstration=True)
    rollups = (MonthlyTotal, DonorTotal, DonorMonthTotal, ProgrammeTotal)
    steps: dict[str, list[models.QuerySet[Any]]] = {
        "drafts": [Draft.objects.filter(ledger__in=books)],
        "entries": [Entry.objects.filter(ledger__in=books)],
        # Reversals first: each holds on to the posting that it reverses.
        "postings": [
            Posting.objects.filter(ledger__in=books, act=Act.REVERSE),
            Posting.objects.filter(ledger__in=books),
        ],
        "closed months": [Month.objects.filter(ledger__in=books)],
        "sums": [model._default_manager.filter(ledger__in=books) for model in rollups],
        "instalments": [Instalment.objects.filter(contribution__ledger__in=books)],
        "contributions": [Contribution.objects.filter(ledger__in=books)],
        "books": [books],
        "demonstration rates": [ExchangeRate.objects.filter(rate_type=RateType.DEMONSTRATION)],
    }
    removed = {
        what: sum(rows.delete()[0] for rows in querysets) for what, querysets in steps.items()
    }
    # What refers to a row that is gone shows now, and no check is left waiting on the tables
    # whose triggers come back next.
    connection.check_constraints()
    return removed
