"""Months and years of the books. Pure: nothing here knows what day it is."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from interface.formatting import format_month


@dataclass(frozen=True, order=True)
class YearMonth:
    """A calendar month. Stored as the number yyyymm, written in addresses as `2021-12`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1945 <= self.year <= 2999 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year}-{self.month} is not a month")

    def __str__(self) -> str:
        return format_month(self.first_day)

    @property
    def key(self) -> int:
        return self.year * 100 + self.month

    @property
    def slug(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(self.year, self.month, 1)

    @property
    def last_day(self) -> datetime.date:
        return self.next.first_day - datetime.timedelta(days=1)

    @property
    def next(self) -> "YearMonth":
        return _month_after(self.year, self.month)

    @property
    def a_year_before(self) -> "YearMonth":
        return YearMonth(self.year - 1, self.month)

    @classmethod
    def of(cls, day: datetime.date) -> "YearMonth":
        return cls(day.year, day.month)

    @classmethod
    def from_key(cls, key: int) -> "YearMonth":
        return cls(key // 100, key % 100)

    @classmethod
    def parse(cls, slug: str) -> "YearMonth":
        """From `2021-12`; ValueError otherwise."""
        year, _dash, month = slug.partition("-")
        return cls(int(year), int(month))


@lru_cache(maxsize=4096)
def _month_after(year: int, month: int) -> YearMonth:
    """Made once: figures walk through the same months hundreds of times."""
    return YearMonth(year + month // 12, month % 12 + 1)


def months_of(year: int) -> Iterator[YearMonth]:
    """January to December of the year."""
    return (YearMonth(year, month) for month in range(1, 13))
