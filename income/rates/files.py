"""Reads a file of exchange rates, and refuses it with every reason, line by line."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _

from donors.reference import Row, TableFileWrong, codes_of, read_table
from income.errors import RateFileWrong
from income.fields import LARGEST_STORED
from income.models import Currency, ExchangeRate
from income.money import USD
from income.rates import RANKED, last_day_of
from income.reference import RATE_PLACES, RateKey, stored_rates
from income.vocabulary import RateType

REQUIRED = ("currency", "effective_on", "units_per_usd")
OPTIONAL = ("source",)
LOADABLE = RANKED  # parity is no table, demonstration rates are made by the demonstration
EARLIEST = datetime.date(1945, 1, 1)
LARGEST = Decimal(LARGEST_STORED).scaleb(-RATE_PLACES)
LONGEST_SOURCE = ExchangeRate._meta.get_field("source").max_length or 0


@dataclass(frozen=True)
class Line:
    """A line whose cells are all right, and its place in the file."""

    number: int
    rate: ExchangeRate


@dataclass(frozen=True)
class RateFile:
    """What a file adds, as unsaved rates, and how many of its rates are in the books already."""

    new: list[ExchangeRate]
    there_already: int


@dataclass(frozen=True, order=True)
class Problem:
    line: int
    sentence: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(sentence)s") % {"line": self.line, "sentence": self.sentence}


def read_rates(
    path: Path, rate_type: RateType, *, today: datetime.date, allow_gaps: bool = False
) -> RateFile:
    """Units of each currency per US dollar from a day on. Saves nothing.

    The columns are currency, effective_on, units_per_usd and, if wanted, source. A gap is a day
    between two rates of a currency on which neither is in force. Raises RateFileWrong.
    """
    try:
        rows = read_table(path)
    except TableFileWrong as error:
        raise RateFileWrong([error.sentence]) from error
    if wrong := list(_wrong_columns(rows)):
        raise RateFileWrong(wrong)
    currencies, there = codes_of(Currency), stored_rates()
    wrong_with = {row.line: list(_wrong_with(row, currencies, today)) for row in rows}
    problems = [Problem(line, one) for line, several in wrong_with.items() for one in several]
    lines = [Line(row.line, _rate(row, rate_type)) for row in rows if not wrong_with[row.line]]
    problems += _second_rates(lines, there)
    if not allow_gaps:
        # Where a line of a currency is wrong, what looks like a gap may be that line.
        spoilt = {row.text("currency") for row in rows if wrong_with[row.line]}
        problems += _gaps([n for n in lines if n.rate.currency_id not in spoilt], there)
    if problems:
        raise RateFileWrong(str(problem) for problem in sorted(problems))
    new = [line.rate for line in lines if _key(line.rate) not in there]
    return RateFile(new, there_already=len(lines) - len(new))


def _key(rate: ExchangeRate) -> RateKey:
    return rate.currency_id, rate.rate_type, rate.effective_on


def _wrong_columns(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield _("The file holds no rates.")
        return
    for column in sorted(rows[0].cells.keys() - {*REQUIRED, *OPTIONAL}):
        yield _("Line 1: the column “%(column)s” is not known.") % {"column": column}
    for column in REQUIRED:
        if column not in rows[0].cells:
            yield _("Line 1: the column “%(column)s” is missing.") % {"column": column}


def _wrong_with(row: Row, currencies: set[str], today: datetime.date) -> Iterator[str]:
    """What is wrong with a line by itself, each reason after the line's currency and day."""
    where = " ".join(filter(None, (row.text("currency"), row.text("effective_on"))))
    for reason in (
        *_wrong_currency(row, currencies),
        *_wrong_day(row, today),
        *_wrong_units(row),
        *_wrong_source(row),
    ):
        yield f"{where}: {reason}"


def _rate(row: Row, rate_type: RateType) -> ExchangeRate:
    return ExchangeRate(
        currency_id=row.text("currency"), effective_on=row.day("effective_on"),
        units_per_usd=row.decimal("units_per_usd", places=RATE_PLACES), rate_type=rate_type,
        source=row.cells.get("source") or row.path.name[:LONGEST_SOURCE],
    )  # fmt: skip


def _wrong_currency(row: Row, currencies: set[str]) -> Iterator[str]:
    code = row.text("currency")
    if code == USD:
        yield _("the US dollar needs no rate. Take the line out.")
    elif code not in currencies:
        yield _("the currency “%(code)s” is not known.") % {"code": code}


def _wrong_day(row: Row, today: datetime.date) -> Iterator[str]:
    try:
        day = row.day("effective_on")
    except TableFileWrong as error:
        yield error.reason
        return
    if day > today:
        yield _("the date is in the future; today is %(today)s.") % {"today": today}
    if day < EARLIEST:
        yield _("the date is before %(earliest)s.") % {"earliest": EARLIEST}


def _wrong_units(row: Row) -> Iterator[str]:
    try:
        units = row.decimal("units_per_usd", places=RATE_PLACES)
    except TableFileWrong as error:
        yield error.reason
        return
    if units <= 0:
        yield _("a rate is above zero, not %(units)s.") % {"units": units}
    if units > LARGEST:
        yield _("the rate %(units)s is too large; at most %(most)s.") % {
            "units": units,
            "most": LARGEST,
        }


def _wrong_source(row: Row) -> Iterator[str]:
    if len(row.cells.get("source", "")) > LONGEST_SOURCE:
        yield _("the source has more than %(most)s characters.") % {"most": LONGEST_SOURCE}


def _second_rates(lines: Sequence[Line], there: Mapping[RateKey, Decimal]) -> Iterator[Problem]:
    """A day has one rate of a currency: in the file, and in the file and the books together."""
    first: dict[RateKey, int] = {}
    for line in lines:
        key, rate = _key(line.rate), line.rate
        where = f"{rate.currency_id} {rate.effective_on}"
        if key in first:
            sentence = _("%(where)s: a second rate for the day; the first is on line %(line)s.")
            yield Problem(line.number, sentence % {"where": where, "line": first[key]})
        elif there.get(key, rate.units_per_usd) != rate.units_per_usd:
            sentence = _(
                "%(where)s: the books hold %(old)s for the day, the file %(new)s. "
                "A rate is never overwritten."
            )
            yield Problem(
                line.number,
                sentence
                % {"where": where, "old": f"{there[key].normalize():f}", "new": rate.units_per_usd},
            )
        first.setdefault(key, line.number)


def _gaps(lines: Sequence[Line], there: Mapping[RateKey, Decimal]) -> Iterator[Problem]:
    """Days without a rate between two neighbours, of which the file brings at least one."""
    new: dict[tuple[str, str], dict[datetime.date, int]] = defaultdict(dict)
    for line in lines:
        code, rate_type, day = _key(line.rate)
        if (code, rate_type, day) not in there:
            new[code, rate_type].setdefault(day, line.number)
    for (code, rate_type), numbers in new.items():
        stored = {day for other, kind, day in there if (other, kind) == (code, rate_type)}
        for earlier, later in pairwise(sorted(stored | numbers.keys())):
            missing_from = last_day_of(rate_type, earlier) + datetime.timedelta(days=1)
            number = numbers.get(later) or numbers.get(earlier)
            if number and missing_from < later:
                sentence = _(
                    "%(code)s %(later)s: no rate is in force from %(first)s to %(last)s. "
                    "Add the rates between, or allow gaps (--allow-gaps)."
                )
                yield Problem(
                    number,
                    sentence
                    % {
                        "code": code,
                        "later": later,
                        "first": missing_from,
                        "last": later - datetime.timedelta(days=1),
                    },
                )
