"""The rules of entering income, each once: forms, services, imports and the API ask these."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from income.errors import AmountWrong, DateWrong, MonthClosed, SplitDoesNotAddUp
from income.models import Currency, Fund, Ledger
from income.periods import YearMonth
from income.selectors import is_closed

LARGEST_AMOUNT = Decimal(10) ** 13  # in any currency; a slip of the keyboard is above it
FIRST_DAY = datetime.date(1978, 1, 1)  # the year UN-Habitat's forerunner was founded
FARTHEST_DUE_YEARS = 30
STANDARD_SUPPORT_RATE = Decimal("0.13")  # ST/AI/286; exceptions give their reason
# A payment that leaves less open than both of these settles its instalment: banks on the way take
# their fees, and to ask a donor for the rest costs more than it brings.
TOLERANCE_SHARE = Decimal("0.005")  # of what the instalment owes
TOLERANCE_USD = Decimal(50)


def check_amount(amount: Decimal, currency: Currency, *, field: str = "amount") -> Decimal:
    """The amount when it is above zero, not absurd, and within the currency's decimals."""
    if amount <= 0:
        raise AmountWrong(_("The amount must be above zero."), field=field)
    if amount > LARGEST_AMOUNT:
        raise AmountWrong(
            _("%(amount)s is too large. Check the number of zeros.") % {"amount": amount},
            field=field,
        )
    if amount != round(amount, currency.decimals):
        raise AmountWrong(
            _("%(currency)s amounts have %(count)s decimals; %(amount)s has more.")
            % {"currency": currency.code, "count": currency.decimals, "amount": amount},
            field=field,
        )
    return amount


def check_past_day(day: datetime.date, today: datetime.date, *, field: str) -> datetime.date:
    """The day when it is not in the future and not before the agency was there."""
    if day > today:
        raise DateWrong(
            _("%(day)s is in the future. Give the day on which it happened.")
            % {"day": day.isoformat()},
            field=field,
        )
    if day < FIRST_DAY:
        raise DateWrong(
            _("%(day)s is too long ago. Check the year.") % {"day": day.isoformat()}, field=field
        )
    return day


def check_due_day(day: datetime.date, today: datetime.date, *, field: str) -> datetime.date:
    """A day on which an instalment may fall due: past or future, within a lifetime."""
    if day < FIRST_DAY or day.year > today.year + FARTHEST_DUE_YEARS:
        raise DateWrong(
            _("%(day)s cannot be right. Check the year.") % {"day": day.isoformat()}, field=field
        )
    return day


def month_to_book_in(
    ledger: Ledger, day: datetime.date, today: datetime.date, *, field: str, adjusts: bool = False
) -> YearMonth:
    """The day's own month; once that is closed, an adjustment is booked in the present month.

    Raises MonthClosed when the month is closed and the act is not meant as an adjustment.
    """
    month = YearMonth.of(day)
    if not is_closed(ledger, month):
        return month
    if not adjusts or is_closed(ledger, YearMonth.of(today)):
        raise MonthClosed(month, field=field)
    return YearMonth.of(today)


def check_split(
    parts: Iterable[Decimal], total: Decimal, currency: Currency, *, field: str
) -> None:
    """The parts add up to the total, to the smallest unit."""
    added = sum(parts, Decimal(0))
    if added != total:
        raise SplitDoesNotAddUp(total=total, parts=added, currency=currency.code, field=field)


def carries_support(fund: Fund) -> bool:
    """Whether programme support is charged on money of the fund: earmarked money only."""
    return fund.code == "EARMARKED" or fund.parent_id == "EARMARKED"
