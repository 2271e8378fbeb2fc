"""Reads across the models of income."""

from django.db.models import Max

from income.models import Entry, Ledger, Month
from income.periods import YearMonth
from income.vocabulary import Kind


def books_called(code: str) -> Ledger:
    """The ledger with the code. Raises Ledger.DoesNotExist."""
    return Ledger.objects.get(code=code)


def latest_month(ledger: Ledger) -> YearMonth | None:
    """The last month in which these books hold a receipt, allotment or audited revenue."""
    last = Entry.objects.filter(
        ledger=ledger, kind__in=[Kind.RECEIPT, Kind.ALLOTMENT, Kind.AUDITED_REVENUE]
    ).aggregate(last=Max("value_date"))["last"]
    return YearMonth.of(last) if last else None


def is_closed(ledger: Ledger, month: YearMonth) -> bool:
    return Month.objects.filter(ledger=ledger, month=month.key).exists()
