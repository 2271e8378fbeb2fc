"""Days as people and files write them."""

import datetime
import re

SHAPES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
)


def day_written(text: str) -> datetime.date | None:
    """From 2021-06-15, 15.06.2021 or 20210615; None for anything else, which is never guessed."""
    if not text.isascii():
        return None
    for shape in SHAPES:
        if found := shape.fullmatch(text.strip()):
            try:
                return datetime.date(*(int(found[part]) for part in ("year", "month", "day")))
            except ValueError:
                return None
    return None
