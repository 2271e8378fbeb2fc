"""Reads a CSV file of exchange rates, and refuses it with every reason, line by line."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from donors.reference import Row, TableFileWrong, read_table
from income.errors import RateFileWrong
from income.models import ExchangeRate
from income.rates.facts import LOADABLE, LONGEST_SOURCE, Checked, Problem, TypedRate, check
from income.rates.feed import is_feed, rates_of_feed
from income.reference import RATE_PLACES
from income.vocabulary import RateType

__all__ = ["LOADABLE", "MOST_BYTES", "RateFile", "check_content", "read_rates"]
REQUIRED = ("currency", "effective_on", "units_per_usd")
OPTIONAL = ("source",)
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class RateFile:
    """What a file adds, as unsaved rates, and how many of its rates are in the books already."""

    new: list[ExchangeRate]
    there_already: int
    newest_on: datetime.date | None = None
    left_out: tuple[str, ...] = ()  # of the treasury's XML file: currencies that are not known


def read_rates(
    path: Path, rate_type: RateType, *, today: datetime.date, allow_gaps: bool = False
) -> RateFile:
    """Units of each currency per US dollar from a day on, from CSV or the treasury's XML.

    Saves nothing. The columns are currency, effective_on, units_per_usd and, if wanted, source.
    A gap is a day between two rates of a currency on which neither is in force. Raises
    RateFileWrong with every reason, also when a rate is not the one in the books.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        wrong = TableFileWrong(path, _("the file is missing or cannot be read."))
        raise RateFileWrong([wrong.sentence]) from error
    found = check_content(content, path, rate_type, today=today)
    problems = found.wrong + [Problem(one.number, one.sentence) for one in found.differing]
    if not allow_gaps:
        advice = _("Add the rates between, or allow gaps (--allow-gaps).")
        problems += [Problem(one.number, f"{one.sentence} {advice}") for one in found.gaps]
    if problems:
        raise RateFileWrong(str(problem) for problem in sorted(problems))
    return RateFile(found.new, found.there_already, found.newest_on, tuple(found.left_out))


def check_content(
    content: bytes, path: Path, rate_type: RateType, *, today: datetime.date
) -> Checked:
    """Check a CSV file or the treasury's XML file; which of the two, its content says.

    `path` names the file in sentences and need not exist. Raises RateFileWrong where the whole
    cannot be read, with every reason.
    """
    if len(content) > MOST_BYTES:
        sentence = _("The file is larger than %(most)s MB. Divide it, and load the parts.")
        raise RateFileWrong([sentence % {"most": MOST_BYTES // 1024**2}])
    if is_feed(content):
        if rate_type != RateType.UN_OPERATIONAL:
            raise RateFileWrong(
                [_("A file of the UN treasury holds UN operational rates. Choose that type.")]
            )
        source = path.name[:LONGEST_SOURCE]
        return check(rates_of_feed(content, source=source), rate_type, today=today, is_feed=True)
    return check(_rows_of(content, path), rate_type, today=today)


def _rows_of(content: bytes, path: Path) -> list[TypedRate]:
    try:
        rows = read_table(path, content)
    except TableFileWrong as error:
        raise RateFileWrong([error.sentence]) from error
    if wrong := list(_wrong_columns(rows)):
        raise RateFileWrong(wrong)
    return [_typed(row) for row in rows]


def _wrong_columns(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield _("The file holds no rates.")
        return
    for column in sorted(rows[0].cells.keys() - {*REQUIRED, *OPTIONAL}):
        yield _("Line 1: the column “%(column)s” is not known.") % {"column": column}
    for column in REQUIRED:
        if column not in rows[0].cells:
            yield _("Line 1: the column “%(column)s” is missing.") % {"column": column}


def _typed(row: Row) -> TypedRate:
    unreadable: list[str] = []
    day: datetime.date | None = None
    units: Decimal | None = None
    try:
        day = row.day("effective_on")
    except TableFileWrong as error:
        unreadable.append(error.reason)
    try:
        units = row.decimal("units_per_usd", places=RATE_PLACES)
    except TableFileWrong as error:
        unreadable.append(error.reason)
    return TypedRate(
        number=row.line, currency=row.text("currency"), written_day=row.text("effective_on"),
        on=day, units=units, unreadable=tuple(unreadable),
        source=row.cells.get("source") or row.path.name[:LONGEST_SOURCE],
    )  # fmt: skip
