"""The rules of entering income, each once: forms, services, imports and the API ask these."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from income.errors import (
    AmountWrong,
    DateWrong,
    MonthClosed,
    NotCleared,
    SplitDoesNotAddUp,
    Unvalued,
)
from income.models import Currency, Fund, Ledger
from income.periods import YearMonth
from income.selectors import is_closed
from income.vocabulary import Mode

LARGEST_AMOUNT = Decimal(10) ** 13  # in any currency; a slip of the keyboard is above it
FIRST_DAY = datetime.date(1978, 1, 1)  # the year UN-Habitat's forerunner was founded
FARTHEST_DUE_YEARS = 30
STANDARD_SUPPORT_RATE = Decimal("0.13")  # ST/AI/286; exceptions give their reason
# A payment that leaves less open than both of these settles its instalment: banks on the way take
# their fees, and to ask a donor for the rest costs more than it brings.
TOLERANCE_SHARE = Decimal("0.005")  # of what the instalment owes
TOLERANCE_USD = Decimal(50)
# Regular budget is allotted, programme support is a share: neither is contributed to. Whoever
# enters earmarked money knows whether it is the Foundation's or technical cooperation's.
NOT_CONTRIBUTED_TO = ("RB", "PS", "CORE", "EARMARKED", "OTHER")


def check_amount(amount: Decimal, currency: Currency, *, field: str = "amount") -> Decimal:
    """The amount when it is above zero, not absurd, and within the currency's decimals."""
    if amount <= 0:
        raise AmountWrong(
            _("The amount must be above zero."), field=field, code="amount_not_above_zero"
        )
    if amount > LARGEST_AMOUNT:
        raise AmountWrong(
            _("%(amount)s is too large. Check the number of zeros.") % {"amount": amount},
            field=field, code="amount_too_large",
        )  # fmt: skip
    if amount != round(amount, currency.decimals):
        raise AmountWrong(
            _("%(currency)s amounts have %(count)s decimals; %(amount)s has more.")
            % {"currency": currency.code, "count": currency.decimals, "amount": amount},
            field=field, code="too_many_decimals",
        )  # fmt: skip
    return amount


def check_past_day(day: datetime.date, today: datetime.date, *, field: str) -> datetime.date:
    """The day when it is not in the future and not before the agency was there."""
    if day > today:
        raise DateWrong(
            _("%(day)s is in the future. Give the day on which it happened.")
            % {"day": day.isoformat()},
            field=field, code="date_in_future",
        )  # fmt: skip
    if day < FIRST_DAY:
        raise DateWrong(
            _("%(day)s is too long ago. Check the year.") % {"day": day.isoformat()}, field=field,
            code="date_too_long_ago",
        )  # fmt: skip
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
    return month_in(
        lambda month: is_closed(ledger, month), day, today, field=field, adjusts=adjusts
    )


def month_in(
    closed: Callable[[YearMonth], bool], day: datetime.date, today: datetime.date, *, field: str,
    adjusts: bool,
) -> YearMonth:  # fmt: skip
    """`month_to_book_in` of books whose closed months are known otherwise."""
    month = YearMonth.of(day)
    if not closed(month):
        return month
    if not adjusts or closed(YearMonth.of(today)):
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


def may_be_contributed_to(fund: Fund) -> bool:
    """Whether a donor can give to the fund."""
    return fund.code not in NOT_CONTRIBUTED_TO


def check_supported(fund: Fund, *, field: str = "support_rate") -> None:
    """Refuse programme support on money that bears none. Called where a rate is given."""
    if not carries_support(fund):
        raise AmountWrong(
            _("Programme support is charged on earmarked money only."), field=field,
            code="support_on_core",
        )  # fmt: skip


def check_support_percent(
    percent: Decimal, fund: Fund, reason: str, *, field: str = "support_rate",
    reason_field: str = "support_reason",
) -> None:  # fmt: skip
    """A rate as a person gives it, in per cent; another one than the standard says why."""
    if not 0 <= percent < 100 or percent != round(percent, 2):
        raise AmountWrong(
            _("Give a rate from 0 to under 100, two decimals."), field=field,
            code="support_rate_wrong",
        )  # fmt: skip
    check_supported(fund, field=field)
    if percent / 100 != STANDARD_SUPPORT_RATE and not reason:
        raise AmountWrong(
            _("Say why the rate is not the standard 13 per cent."), field=reason_field,
            code="support_without_reason",
        )  # fmt: skip


def standard_support(fund: Fund, mode: str) -> Decimal | None:
    """The rate, a fraction, where nobody gives one: of earmarked cash the standard, else none."""
    return STANDARD_SUPPORT_RATE if mode == Mode.CASH and carries_support(fund) else None


def mode_given(*, is_in_kind: bool) -> Mode:
    """How a contribution is given, as far as its instrument says."""
    return Mode.IN_KIND if is_in_kind else Mode.CASH


def check_valuation(mode: str, method: str, *, field: str = "valuation_method") -> None:
    """What is not cash says how its value was found."""
    if mode != Mode.CASH and not method.strip():
        raise Unvalued(
            _("What is not cash has a value somebody found: say by which method."), field=field
        )


def check_due_diligence(
    donor: str, on: datetime.date, *, is_cleared: bool, field: str = "donor"
) -> None:
    """A private donor is cleared on the day of signature. `donor` is its name."""
    if not is_cleared:
        raise NotCleared(
            _(
                "%(donor)s is a private donor without a due-diligence clearance in force on "
                "%(day)s. Ask for the clearance on the donor's page; once it is given, sign."
            )
            % {"donor": donor, "day": on.isoformat()},
            field=field,
        )
