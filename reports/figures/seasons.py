"""How a year's money comes in over its months, learnt from earlier years of the same books."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from income.periods import YearMonth, months_of
from reports.figures.sums import ZERO, Sums

FEWEST_YEARS = 3
ALL = Decimal(1)


@dataclass(frozen=True)
class Share:
    """The part of a year's total that had come by the end of a month: 0.1 is a tenth."""

    mean: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Season:
    """The years that teach and the share of each month, January first.

    `why_not` says why the season is not used; there are no shares then.
    """

    years: tuple[int, ...]
    shares: tuple[Share, ...] = ()
    why_not: str = ""

    @property
    def is_used(self) -> bool:
        return bool(self.shares)

    def at(self, month: int) -> Share | None:
        """The share at the end of a month (1 to 12); None where the season is not used."""
        return self.shares[month - 1] if self.shares else None


def season(past: Sums, funds: tuple[str, ...], year: int, is_demonstration: bool) -> Season:
    """From the complete years of receipts and allotments before `year` that `past` holds.

    A year teaches when the books hold it from January, when money came in more than one of its
    months (books filled by year know no season), and when the funds' total is above zero.
    Demonstration books never teach.
    """
    if is_demonstration:
        return Season(
            (),
            why_not=_("These are demonstration books: their months are made up and teach nothing."),
        )
    complete = _monthly_years(past, year)
    if len(complete) < FEWEST_YEARS:
        return Season(tuple(complete), why_not=_too_few(len(complete)))
    found = {one: _shares(past, funds, one) for one in complete}
    taught = {one: shares for one, shares in found.items() if shares}
    years = tuple(taught)
    if len(years) < FEWEST_YEARS:
        return Season(
            years,
            why_not=_("Fewer than three of the complete years brought money of these funds."),
        )
    columns = zip(*(taught[one] for one in years), strict=True)
    return Season(
        years,
        tuple(Share(sum(one, ZERO) / len(one), min(one), max(one)) for one in columns),
    )


def _too_few(count: int) -> str:
    if not count:
        return _(
            "The books hold no complete year with monthly figures; at least three are needed to "
            "know the season."
        )
    return ngettext(
        "The books hold %(count)d complete year with monthly figures; at least three are needed to "
        "know the season.",
        "The books hold %(count)d complete years with monthly figures; at least three are needed "
        "to know the season.",
        count,
    ) % {"count": count}


def _monthly_years(past: Sums, year: int) -> list[int]:
    """The years before `year` that lie in the books' reach and were kept by month."""
    if past.begins is None:
        return []
    months: dict[int, set[int]] = {}
    for _fund, month in past.by_fund:
        months.setdefault(month // 100, set()).add(month)
    return [
        one
        for one in sorted(months)
        if one < year and past.begins <= YearMonth(one, 1) and len(months[one]) > 1
    ]


def _shares(past: Sums, funds: tuple[str, ...], year: int) -> tuple[Decimal, ...]:
    """Twelve cumulative parts of the year's total; none where the total is not above zero."""
    by_month = [past.of(funds, month, month) for month in months_of(year)]
    total = sum(by_month, ZERO)
    if total <= 0:
        return ()
    so_far, shares = ZERO, []
    for usd in by_month:
        so_far += usd
        shares.append(so_far / total)
    return tuple(shares)
