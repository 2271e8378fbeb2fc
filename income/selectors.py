"""Reads across the models of income."""

import datetime

from django.conf import settings
from django.db.models import Max

from income.models import Entry, Ledger, Month, Posting
from income.periods import YearMonth
from income.vocabulary import Kind


def working_books() -> Ledger | None:
    """The books that new entries go to and pages open with: those of the setting PORTAL_BOOKS.

    Once a demonstration was removed, the real books instead; None in an empty installation.
    """
    named = Ledger.objects.filter(code=settings.PORTAL_BOOKS).first()
    return named or Ledger.objects.filter(is_demonstration=False).order_by("pk").first()


def latest_month(ledger: Ledger) -> YearMonth | None:
    """The last month in which these books hold a receipt, allotment or audited revenue."""
    last = Entry.objects.filter(
        ledger=ledger, kind__in=[Kind.RECEIPT, Kind.ALLOTMENT, Kind.AUDITED_REVENUE]
    ).aggregate(last=Max("value_date"))["last"]
    return YearMonth.of(last) if last else None


def is_closed(ledger: Ledger, month: YearMonth) -> bool:
    return Month.objects.filter(ledger=ledger, month=month.key).exists()


def open_months(ledger: Ledger, today: datetime.date) -> list[YearMonth]:
    """Months that are over, hold entries booked in them, and are not closed; oldest first."""
    booked = Posting.objects.filter(ledger=ledger, booked_month__lt=YearMonth.of(today).key)
    closed = Month.objects.filter(ledger=ledger).values("month")
    keys = booked.exclude(booked_month__in=closed).order_by("booked_month")
    return [
        YearMonth.from_key(key) for key in keys.values_list("booked_month", flat=True).distinct()
    ]
