"""The notes of a donor's statement, made from its figures."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from income.querysets import EntryQuerySet
from income.totals import Adjusted, NotConverted
from income.vocabulary import Kind
from interface.formatting import format_amount, joined
from reports.figures import notes as board_notes
from reports.figures.asked_period import AskedPeriod
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import ZERO
from reports.figures.words import amounts, dollars

if TYPE_CHECKING:
    from reports.figures.statement import Receipt, Statement

Money = tuple[str, Decimal, Decimal | None]  # currency, amount, US dollars where converted
Row = tuple[datetime.date, int, str, Decimal, Decimal | None]  # came on, meant for, money


def headline(told: "Statement") -> str:
    """What was given in the time, in one sentence."""
    if not told.period.is_year:
        return _of_period(told)
    said: dict[str, object] = {"donor": told.donor.name, "year": told.year}
    if told.provenance.is_before_the_books:
        said["month"] = told.provenance.begins
        return _("These books begin in %(month)s and say nothing of %(year)s.") % said
    if not told.lists_receipts:
        usd = told.total(Kind.AUDITED_REVENUE).amount_usd
        if usd is None:
            return _("No audited revenue from %(donor)s is reported for %(year)s.") % said
        said["amount"] = dollars(usd, "exact")
        return _("Audited revenue from %(donor)s in %(year)s: %(amount)s.") % said
    if not told.receipts:
        return _("Nothing was received from %(donor)s in %(year)s.") % said
    left_out = {cell.currency: cell.amount for cell in told.not_converted}
    said["amount"] = amounts(told.total(Kind.RECEIPT).amount_usd or None, left_out)
    return _("Received from %(donor)s in %(year)s: %(amount)s.") % said


def _of_period(told: "Statement") -> str:
    """The same of a time that is no calendar year."""
    said: dict[str, object] = {"donor": told.donor.name, "period": told.period}
    if told.provenance.is_before_the_books:
        said["month"] = told.provenance.begins
        return _("These books begin in %(month)s and say nothing of this time: %(period)s.") % said
    if not told.lists_receipts:
        usd = told.total(Kind.AUDITED_REVENUE).amount_usd
        if usd is None:
            return _("No audited revenue from %(donor)s is reported, %(period)s.") % said
        said["amount"] = dollars(usd, "exact")
        return _("Audited revenue from %(donor)s, %(period)s: %(amount)s.") % said
    if not told.receipts:
        return _("Nothing was received from %(donor)s, %(period)s.") % said
    left_out = {cell.currency: cell.amount for cell in told.not_converted}
    said["amount"] = amounts(told.total(Kind.RECEIPT).amount_usd or None, left_out)
    return _("Received from %(donor)s, %(period)s: %(amount)s.") % said


def unconverted(receipts: Iterable["Receipt"]) -> tuple[NotConverted, ...]:
    """The receipts without an exchange rate, by currency."""
    counts: dict[str, list[Decimal]] = defaultdict(list)
    for receipt in receipts:
        if receipt.amount_usd is None:
            counts[receipt.currency].append(receipt.amount)
    return tuple(
        NotConverted(currency, len(amounts), sum(amounts, ZERO))
        for currency, amounts in sorted(counts.items())
    )


def not_in_cash(usd: Decimal) -> str:
    """What a donor gave holds what is no cash; the figures of income leave that out."""
    if not usd:
        return ""
    return _("Of what was given, %(amount)s is goods, services or personnel, no cash.") % {
        "amount": dollars(usd, "exact")
    }


def notes(
    provenance: Provenance,
    adjusted: Sequence[Adjusted],
    left_out: Sequence[NotConverted],
    money: Sequence[Row],
    period: AskedPeriod,
) -> tuple[str, ...]:
    """What a reader of the statement must know. `money` is what `money_for_others` found."""
    if provenance.basis is Basis.AUDITED:
        return (about_audited(),)
    found = [board_notes.provisional(provenance), *map(_adjusted, adjusted)]
    found.append(without_rate(left_out))
    if period.is_year:
        found += list(_money_for_years(money, period.until_on.year))
    else:
        found += list(_money_for_other_years(money))
    return tuple(filter(None, found))


def about_audited() -> str:
    """How audited revenue differs from money that arrived."""
    return _(
        "Audited revenue is recognized by accounting rules, when an agreement becomes binding or "
        "its conditions are met; it is not the money that arrived in the year."
    )


def _adjusted(one: Adjusted) -> str:
    """Kinds are never added: each has its own sentence."""
    return _("%(kind)s: %(sentence)s") % {
        "kind": Kind(one.kind).label, "sentence": board_notes.adjusted([one]),
    }  # fmt: skip


def without_rate(cells: Sequence[NotConverted]) -> str:
    """Which receipts stand in no sum of US dollars; empty when none."""
    count = sum(cell.count for cell in cells)
    if not count:
        return ""
    sentence = ngettext(
        "%(count)d receipt has no exchange rate and is in no sum of US dollars: %(amounts)s.",
        "%(count)d receipts have no exchange rate and are in no sum of US dollars: %(amounts)s.",
        count,
    )
    amounts = joined([format_amount(cell.amount, cell.currency) for cell in cells], ";")
    return sentence % {"count": count, "amounts": amounts}


def money_for_others(
    receipts: EntryQuerySet, period: AskedPeriod, today: datetime.date
) -> list[Row]:
    """Of a donor's receipts of all years those that came in the time and may be meant for another
    year; of a calendar year also those that are meant for it.
    """
    if period.is_year:
        year = period.until_on.year
        came = Q(value_date__year=year) | Q(year_for=year)
        rows = receipts.filter(came, value_date__lte=today)
    else:
        until = min(today, period.until_on)
        rows = receipts.filter(value_date__gte=period.from_on, value_date__lte=until)
        rows = rows.exclude(year_for__in=list(period.years))
    return list(rows.values_list("value_date", "year_for", "currency_id", "amount", "amount_usd"))


def _money_for_years(rows: Sequence[Row], year: int) -> Iterator[str]:
    """Money that came in one year and is meant for another, told from either side."""
    came: dict[int, list[Money]] = defaultdict(list)
    meant: dict[int, list[Money]] = defaultdict(list)
    for on, year_for, currency, amount, usd in rows:
        if on.year != year:
            came[on.year].append((currency, amount, usd))
        elif year_for != year:
            meant[year_for].append((currency, amount, usd))
    for other in sorted(meant):
        yield _("Of the money received in %(year)s, %(amounts)s is meant for %(other)s.") % {
            "year": year, "other": other, "amounts": _said(meant[other]),
        }  # fmt: skip
    for other in sorted(came):
        yield _("Money meant for %(year)s was received in %(other)s: %(amounts)s.") % {
            "year": year, "other": other, "amounts": _said(came[other]),
        }  # fmt: skip


def _money_for_other_years(rows: Sequence[Row]) -> Iterator[str]:
    """Money that came in a time of several years, or of a part of one, and is for another year."""
    meant: dict[int, list[Money]] = defaultdict(list)
    for _on, year_for, currency, amount, usd in rows:
        meant[year_for].append((currency, amount, usd))
    for other in sorted(meant):
        yield _("Of the money received in this time, %(amounts)s is meant for %(other)s.") % {
            "amounts": _said(meant[other]), "other": other,
        }  # fmt: skip


def _said(money: list[Money]) -> str:
    converted = [usd for _currency, _amount, usd in money if usd is not None]
    others: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount, usd in money:
        if usd is None:
            others[currency] += amount
    return amounts(sum(converted, ZERO) if converted else None, others)
