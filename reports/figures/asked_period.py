"""The days a report to a donor is about: a calendar year, several, or from one day to another."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from income.periods import YearMonth
from interface.formatting import format_date


@dataclass(frozen=True)
class AskedPeriod:
    """From the first to the last day, both of them in it. Raises ValueError when they are not in
    this order.
    """

    from_on: datetime.date
    until_on: datetime.date

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise ValueError(f"{self.until_on} comes before {self.from_on}.")

    @classmethod
    def of_year(cls, year: int) -> "AskedPeriod":
        return cls(datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    @property
    def is_whole_years(self) -> bool:
        """Whether it begins and ends with a calendar year: audited revenue is known by year."""
        first, last = self.from_on, self.until_on
        return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year."""
        return self.is_whole_years and self.from_on.year == self.until_on.year

    @property
    def is_whole_months(self) -> bool:
        """Whether the addresses of entries, which know months, can tell it."""
        return self.from_on.day == 1 and self.until_on == YearMonth.of(self.until_on).last_day

    @property
    def years(self) -> range:
        """Every calendar year that it touches."""
        return range(self.from_on.year, self.until_on.year + 1)

    @property
    def slug(self) -> str:
        """For names of files: `2021`, `2019-2021` or `2021-03-01_2022-06-30`."""
        if self.is_year:
            return str(self.from_on.year)
        if self.is_whole_years:
            return f"{self.from_on.year}-{self.until_on.year}"
        return f"{self.from_on}_{self.until_on}"

    def __str__(self) -> str:
        """`2021`, `2019 to 2021`, `1 March 2021`, or `1 March 2021 to 30 June 2022`."""
        if self.is_year:
            return str(self.from_on.year)
        if self.is_whole_years:
            years = {"first": self.from_on.year, "last": self.until_on.year}
            return _("%(first)s to %(last)s") % years
        if self.from_on == self.until_on:
            return format_date(self.from_on)
        days = {"first_day": format_date(self.from_on), "last_day": format_date(self.until_on)}
        return _("%(first_day)s to %(last_day)s") % days
