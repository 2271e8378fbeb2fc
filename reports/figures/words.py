"""How figures read inside sentences."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Decimal

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from income.models import Ledger
from income.periods import YearMonth
from interface.formatting import (
    NO_BREAK_SPACE,
    Units,
    format_amount,
    format_date,
    format_number,
    format_usd,
    joined,
)

MILLION = Decimal(1_000_000)
ONE_DECIMAL = Decimal("0.1")


def dollars(amount_usd: Decimal, units: Units = "millions", digits: int = 1) -> str:
    """`US$ 196.2 million`, or to the cent when `units` is exact.

    An amount that is not zero and would round to it is told to the cent in any case.
    """
    least = MILLION.scaleb(-digits) / 2
    if units == "exact" or 0 < abs(amount_usd) < least:
        return unbroken(_("US$ %(amount)s") % {"amount": format_usd(amount_usd)})
    amount = format_number(amount_usd / MILLION, digits=digits)
    return unbroken(_("US$ %(amount)s million") % {"amount": amount})


def amounts(amount_usd: Decimal | None, not_converted: Mapping[str, Decimal]) -> str:
    """US dollars, if any, and beside them each currency's own amount that is not converted."""
    said = [] if amount_usd is None else [dollars(amount_usd, "exact")]
    said += [format_amount(amount, code) for code, amount in sorted(not_converted.items())]
    return _(" and ").join(said)


def months_said(months: Iterable[YearMonth]) -> str:
    """`January to March 2022, May 2022`: months in their order, those in a row as one span."""
    runs: list[list[YearMonth]] = []
    for month in months:
        if runs and runs[-1][-1].next == month and month.year == runs[-1][0].year:
            runs[-1].append(month)
        else:
            runs.append([month])
    return joined(_run(run[0], run[-1]) for run in runs)


def _run(first: YearMonth, last: YearMonth) -> str:
    if first == last:
        return str(first)
    return _("%(first)s to %(last)s %(year)s") % {
        "first": MONTHS[first.month], "last": MONTHS[last.month], "year": last.year,
    }  # fmt: skip


def unbroken(text: str) -> str:
    """The text with spaces that a line never breaks at."""
    return text.replace(" ", NO_BREAK_SPACE)


def per_cent(percent: Decimal, digits: int = 0) -> str:
    """`89 per cent`. Never says 100 (or 0) of what is not quite all (or nothing)."""
    rounded = percent.quantize(Decimal(1).scaleb(-digits), "ROUND_HALF_UP")
    if rounded in (0, 100) and percent != rounded:
        closer = percent.quantize(ONE_DECIMAL, ROUND_DOWN)
        # Above 100 by less than a tenth, or above zero by less: the nearest tenth that differs.
        if closer in (0, 100):
            closer = closer + ONE_DECIMAL if percent > closer else closer - ONE_DECIMAL
        percent, digits = closer, 1
    number = format_number(percent, digits=digits)
    return unbroken(_("%(number)s per cent") % {"number": number})


def books_named(ledger: Ledger) -> str:
    """Name and code of the books; a name that the portal gave them is in the reader's language."""
    return f"{_(ledger.name)} ({ledger.code})"


def on_day(day: datetime.date) -> str:
    """`31 December 2021`."""
    return format_date(day)


def units_label(units: Units) -> str:
    """The unit of a table's or chart's money, said once in its caption."""
    return _("US$ million") if units == "millions" else _("US$")
