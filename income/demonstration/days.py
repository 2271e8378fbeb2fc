"""Which day something happens on: working days picked by a digest, never by chance."""

import datetime
import hashlib

from income.periods import YearMonth, months_of

ONE_DAY = datetime.timedelta(days=1)
HOLIDAYS = ((1, 1), (12, 25))  # month and day; weekends are free as well


def _works(day: datetime.date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS


def working_days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The working days from the first day to the last, both included."""
    every = (first + ONE_DAY * number for number in range((last - first).days + 1))
    return [day for day in every if _works(day)]


def day_picked(first: datetime.date, last: datetime.date, *, key: str) -> datetime.date:
    """A working day between two days, both included: always the same for the same key."""
    days = working_days(first, last)
    return days[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(days)]


def days_spread(
    first: datetime.date, last: datetime.date, *, count: int, key: str
) -> list[datetime.date]:
    """One picked day in each of `count` equal parts of the time, in order."""
    length = (last - first).days + 1
    edges = [first + ONE_DAY * (length * number // count) for number in range(count + 1)]
    return [
        day_picked(edges[number], edges[number + 1] - ONE_DAY, key=f"{key}/{number}")
        for number in range(count)
    ]


def last_working_days(year: int) -> list[datetime.date]:
    """The last working day of each month of the year."""
    return [working_days(month.first_day, month.last_day)[-1] for month in months_of(year)]


def first_working_days_of_quarters(year: int) -> list[datetime.date]:
    firsts = (YearMonth(year, month) for month in (1, 4, 7, 10))
    return [working_days(month.first_day, month.last_day)[0] for month in firsts]
