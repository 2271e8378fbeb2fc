"""The checklist before a month is closed: what is still open, unmatched or different.

`today` is an argument. However much the books hold, the number of queries is the same.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from income.days import day_written
from income.erp.matching import reconciliation
from income.models import Draft, Entry, Ledger, Month, ParkedReceipt
from income.periods import YearMonth
from income.selectors import open_months
from income.vocabulary import DraftState, Kind, ParkedState
from interface.formatting import format_amount, format_usd

ZERO = Decimal(0)
DATES_OF_ACTS = ("received_on", "promised_on", "agreed_on", "settled_on", "moved_on")


@dataclass(frozen=True)
class Item:
    """One line of the checklist: how much there is, and what it consists of, already worded.

    `is_blocking`: the month cannot be closed before it is settled. `place` is the name of the
    address at which it is dealt with.
    """

    key: str
    label: str
    count: int
    details: tuple[str, ...] = ()
    is_blocking: bool = False
    place: str = ""

    @property
    def is_clear(self) -> bool:
        return not self.count


@dataclass(frozen=True)
class Checklist:
    """Everything to look at before a month of the books is closed."""

    month: YearMonth
    items: tuple[Item, ...]

    @property
    def blocking(self) -> tuple[Item, ...]:
        """What stands in the way of closing."""
        return tuple(item for item in self.items if item.is_blocking and not item.is_clear)

    @property
    def to_look_at(self) -> tuple[Item, ...]:
        """What the person who closes says they have looked at."""
        return tuple(item for item in self.items if not item.is_blocking)

    @property
    def counts(self) -> dict[str, int]:
        """As the audit trail keeps it."""
        return {item.key: item.count for item in self.items}


def checklist(ledger: Ledger, month: YearMonth, today: datetime.date) -> Checklist:
    """What is open in the books up to the month, and how the month differs from others' books."""
    items = (
        _earlier_months(ledger, month, today),
        _parked(ledger, month),
        _not_converted(ledger, month),
        _drafts(ledger, month),
        _receipts_without_instalment(ledger, month),
        _overdue(ledger, month),
        _erp(ledger, month),
        _adjustments(ledger, month),
    )
    return Checklist(month, items)


def _earlier_months(ledger: Ledger, month: YearMonth, today: datetime.date) -> Item:
    earlier = [one for one in open_months(ledger, today) if one < month]
    return Item(
        "earlier_months", _("Earlier months that are still open"), len(earlier),
        tuple(str(one) for one in earlier), is_blocking=True, place="month_list",
    )  # fmt: skip


def _parked(ledger: Ledger, month: YearMonth) -> Item:
    rows = (
        ParkedReceipt.objects.filter(
            ledger=ledger, state=ParkedState.PARKED, received_on__lte=month.last_day
        )
        .order_by("currency")
        .values_list("currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    found = list(rows)
    return Item(
        "parked", _("Money on the account that nobody could name yet"),
        sum(count for _code, count, _total in found),
        tuple(format_amount(total, code) for code, _count, total in found), place="parked_list",
    )  # fmt: skip


def _standing(ledger: Ledger) -> Any:
    """Entries that are neither reversed nor a reversal."""
    return Entry.objects.in_books(ledger).filter(
        posting__reverses=None, posting__reversed_by__isnull=True
    )


def _not_converted(ledger: Ledger, month: YearMonth) -> Item:
    rows = (
        _standing(ledger)
        .not_converted()
        .through(month)
        .order_by("kind", "currency")
        .values_list("kind", "currency")
        .annotate(count=Count("pk"), total=Sum("amount"))
    )
    found = list(rows)
    return Item(
        "not_converted", _("Records without an exchange rate"),
        sum(count for _kind, _code, count, _total in found),
        tuple(
            f"{Kind(kind).label}: {count} · {format_amount(total, code)}"
            for kind, code, count, total in found
        ),
        place="rate_list",
    )  # fmt: skip


def _drafts(ledger: Ledger, month: YearMonth) -> Item:
    """Drafts about a day in the month or before it, whoever writes on them."""
    waiting = Draft.objects.filter(ledger=ledger).exclude(state=DraftState.POSTED)
    states: dict[str, int] = defaultdict(int)
    for state, payload in waiting.values_list("state", "payload"):
        day = day_of(payload)
        if day is not None and day <= month.last_day:
            states[state] += 1
    return Item(
        "drafts", _("Drafts about a day up to the end of the month"), sum(states.values()),
        tuple(f"{DraftState(state).label}: {count}" for state, count in sorted(states.items())),
        place="draft_list",
    )  # fmt: skip


def day_of(payload: Mapping[str, Any]) -> datetime.date | None:
    """The day a draft is about, as far as it was typed."""
    days = (day_written(str(payload.get(name, ""))) for name in DATES_OF_ACTS)
    return next((day for day in days if day is not None), None)


def _receipts_without_instalment(ledger: Ledger, month: YearMonth) -> Item:
    rows = (
        _standing(ledger)
        .receipts()
        .filter(
            contribution__isnull=False, instalment=None,
            value_date__gte=month.first_day, value_date__lte=month.last_day,
        )
        .order_by("currency")
        .values_list("currency")
        .annotate(count=Count("posting", distinct=True), total=Sum("amount"))
    )  # fmt: skip
    found = list(rows)
    return Item(
        "receipts_without_instalment", _("Receipts of the month that settle no instalment"),
        sum(count for _code, count, _total in found),
        tuple(format_amount(total, code) for code, _count, total in found), place="entry_list",
    )  # fmt: skip


def _overdue(ledger: Ledger, month: YearMonth) -> Item:
    """Instalments that fell due up to the month and were not paid in full by its end."""
    rows = (
        Entry.objects.in_books(ledger)
        .filter(instalment__due_on__lte=month.last_day, kind__in=[Kind.DUE, Kind.RECEIPT])
        .order_by()
        .values_list("instalment", "contribution__currency")
        .annotate(
            due=Sum("amount", filter=Q(kind=Kind.DUE)),
            paid=Sum(
                "credited_amount", filter=Q(kind=Kind.RECEIPT, value_date__lte=month.last_day)
            ),
        )
    )
    left: dict[str, Decimal] = defaultdict(Decimal)
    count = 0
    for _instalment, currency, due, paid in rows:
        if (due or ZERO) > (paid or ZERO):
            left[currency] += (due or ZERO) - (paid or ZERO)
            count += 1
    return Item(
        "overdue", _("Instalments due up to the month and not paid in full"), count,
        tuple(format_amount(amount, code) for code, amount in sorted(left.items())),
    )  # fmt: skip


def _erp(ledger: Ledger, month: YearMonth) -> Item:
    found = reconciliation(ledger, month)
    label, place = _("Differences to the ERP"), "erp_list"
    if found.export is None:
        return Item("erp", label, 1, (_("No export of the month was loaded."),), place=place)
    details = [
        _(
            "%(fund)s: only in the ERP %(lines)s, only in the books %(postings)s, with another "
            "amount %(different)s; ERP less books US$ %(usd)s"
        )
        % {
            "fund": row.name, "lines": row.lines, "postings": row.postings,
            "different": row.different, "usd": format_usd(row.difference_usd),
        }
        for row in found.funds
        if row.count
    ]  # fmt: skip
    count = sum(row.count for row in found.funds)
    if found.is_stale:
        count += 1
        details.append(_("The books have moved since the last match. Match again."))
    return Item("erp", label, count, tuple(details), place=place)


def _adjustments(ledger: Ledger, month: YearMonth) -> Item:
    """What is booked in this month about months that were closed before it was posted."""
    about = ExtractYear(OuterRef("value_date")) * 100 + ExtractMonth(OuterRef("value_date"))
    closed = Month.objects.annotate(about=about).filter(
        ledger=ledger, month=F("about"), sequence__lt=OuterRef("posting__sequence")
    )
    rows = (
        Entry.objects.in_books(ledger)
        .filter(booked_month=month.key, value_date__lt=month.first_day)
        .filter(Exists(closed))
        .order_by("kind", "fund")
        .values_list("kind", "fund")
        .annotate(count=Count("pk"), usd=Sum("amount_usd"), left=Count("pk", filter=Q(rate=None)))
    )
    found = list(rows)
    return Item(
        "adjustments", _("Adjustments of closed months booked in this month"),
        sum(row[2] for row in found), tuple(_adjusted(found)),
    )  # fmt: skip


def _adjusted(rows: Iterable[tuple[str, str, int, Decimal | None, int]]) -> Iterable[str]:
    for kind, fund, count, usd, left in rows:
        said = f"{Kind(kind).label}, {fund}: {count} · US$ {format_usd(usd or ZERO)}"
        if left:
            said += " · " + ngettext(
                "%(count)d of them not converted", "%(count)d of them not converted", left
            ) % {"count": left}
        yield said
