"""What a rate must be, whichever way it comes in: by a file, a feed, a form or a command."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donors.reference import codes_of
from income.fields import LARGEST_STORED
from income.models import Currency, ExchangeRate
from income.money import USD
from income.rates.displaced import displaced
from income.rates.in_force import RANKED, UN_RATE_LASTS, last_day_of
from income.reference import RATE_PLACES, RateKey, stored_rates
from income.vocabulary import RateType
from interface.formatting import format_exact

LOADABLE = RANKED  # parity is no table, demonstration rates are made by the demonstration
EARLIEST = datetime.date(1945, 1, 1)
LARGEST = Decimal(LARGEST_STORED).scaleb(-RATE_PLACES)
LONGEST_SOURCE = ExchangeRate._meta.get_field("source").max_length or 0
# The treasury publishes a month's rates before it begins. No rate is in force before its day, so
# nothing is converted at one too early; a day further ahead than a rate lasts is a slip.
AHEAD = UN_RATE_LASTS


@dataclass(frozen=True)
class TypedRate:
    """A rate as it was given: units of the currency per US dollar from a day on, not yet checked.

    What could not be read is None, and `unreadable` says why.
    """

    number: int  # of the line of a file, or of the entry of a feed, from 1
    currency: str
    written_day: str
    on: datetime.date | None
    units: Decimal | None
    source: str
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Problem:
    number: int
    sentence: str
    is_of_feed: bool = False

    def __str__(self) -> str:
        place = (
            _("Entry %(number)s: %(sentence)s")
            if self.is_of_feed
            else _("Line %(number)s: %(sentence)s")
        )
        return place % {"number": self.number, "sentence": self.sentence}


@dataclass(frozen=True)
class Differing:
    """A rate other than the one in the books for the day. It is never taken over.

    Where the day has no rate of its own, `entries` stand in the books at another rate.
    """

    number: int
    rate: ExchangeRate  # unsaved
    was: Decimal  # units per US dollar, as the books have it
    entries: int = 0

    @property
    def sentence(self) -> str:
        where = f"{self.rate.currency_id} {self.rate.effective_on}"
        if self.entries:
            return f"{where}: {entries_stand(self.entries)}"
        return _(
            "%(where)s: the books hold %(old)s for the day, the file %(new)s. "
            "A rate is never overwritten."
        ) % {
            "where": where,
            "old": format_exact(self.was.normalize()),
            "new": format_exact(self.rate.units_per_usd),
        }


def entries_stand(count: int) -> str:
    """Why a rate for a past day without one of its own is not simply entered."""
    return ngettext(
        "%(count)s entry of the days from then on stands in the books at another rate. Ask for a "
        "correction, which lists it.",
        "%(count)s entries of the days from then on stand in the books at another rate. Ask for a "
        "correction, which lists them.",
        count,
    ) % {"count": count}


@dataclass
class Checked:
    """What came of checking rates. Nothing may be saved while something is wrong."""

    new: list[ExchangeRate] = field(default_factory=list)  # unsaved
    there_already: int = 0
    differing: list[Differing] = field(default_factory=list)
    wrong: list[Problem] = field(default_factory=list)
    gaps: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # of a feed: what it does not stop for
    newest_on: datetime.date | None = None  # of all that were read


def check(
    rows: Sequence[TypedRate], rate_type: RateType, *, today: datetime.date, is_feed: bool = False
) -> Checked:
    """Sort rates into new, there already, differing from the books, and wrong. Saves nothing.

    A feed may name currencies that the portal does not know: they are left out, and told.
    """
    currencies, there = codes_of(Currency), stored_rates()
    found = Checked()
    if is_feed:
        found.left_out = _unknown(rows, currencies)
        rows = [row for row in rows if row.currency in currencies]
    wrong_with = {row.number: [*_wrong_with(row, rate_type, currencies, today)] for row in rows}
    good = [
        (row.number, _rate(row, row.on, row.units, rate_type))
        for row in rows
        if not wrong_with[row.number] and row.on is not None and row.units is not None
    ]
    found.wrong = [
        Problem(number, sentence, is_feed)
        for number, sentences in wrong_with.items()
        for sentence in sentences
    ] + list(_second_rates(good, is_feed))
    _sort(found, good, there)
    # Where a line of a currency is wrong, what looks like a gap may be that line.
    spoilt = {row.currency for row in rows if wrong_with[row.number]}
    whole = [(number, rate) for number, rate in good if rate.currency_id not in spoilt]
    found.gaps = list(_gaps(whole, there, is_feed))
    return found


def key_of(rate: ExchangeRate) -> RateKey:
    return rate.currency_id, rate.rate_type, rate.effective_on


def wrong_currency(code: str, currencies: set[str]) -> Iterator[str]:
    if code == USD:
        yield _("the US dollar needs no rate. Take the line out.")
    elif code not in currencies:
        yield _("the currency “%(code)s” is not known.") % {"code": code}


def wrong_day(on: datetime.date, rate_type: str, today: datetime.date) -> Iterator[str]:
    """A UN operational rate may be told some time before its day, an average may not."""
    if rate_type == RateType.UN_OPERATIONAL and on > today + AHEAD:
        yield _(
            "the date is more than %(days)s days in the future; today is %(today)s. Check the year."
        ) % {"days": AHEAD.days, "today": today}
    elif rate_type != RateType.UN_OPERATIONAL and on > today:
        yield _("the date is in the future; today is %(today)s.") % {"today": today}
    if on < EARLIEST:
        yield _("the date is before %(earliest)s.") % {"earliest": EARLIEST}


def wrong_units(units: Decimal) -> Iterator[str]:
    if units <= 0:
        yield _("a rate is above zero, not %(units)s.") % {"units": units}
    if units > LARGEST:
        yield _("the rate %(units)s is too large; at most %(most)s.") % {
            "units": units,
            "most": LARGEST,
        }


def wrong_source(source: str) -> Iterator[str]:
    if len(source) > LONGEST_SOURCE:
        yield _("the source has more than %(most)s characters.") % {"most": LONGEST_SOURCE}


def _wrong_with(
    row: TypedRate, rate_type: RateType, currencies: set[str], today: datetime.date
) -> Iterator[str]:
    """What is wrong with a rate by itself, each reason after its currency and day."""
    where = " ".join(filter(None, (row.currency, row.written_day)))
    for reason in (
        *wrong_currency(row.currency, currencies),
        *row.unreadable,
        *(wrong_day(row.on, rate_type, today) if row.on else ()),
        *(wrong_units(row.units) if row.units is not None else ()),
        *wrong_source(row.source),
    ):
        yield f"{where}: {reason}"


def _unknown(rows: Sequence[TypedRate], currencies: set[str]) -> list[str]:
    codes = sorted({row.currency for row in rows} - currencies)
    return [_("the currency “%(code)s” is not known.") % {"code": code} for code in codes]


def _rate(row: TypedRate, on: datetime.date, units: Decimal, rate_type: RateType) -> ExchangeRate:
    return ExchangeRate(
        currency_id=row.currency, effective_on=on, units_per_usd=units, rate_type=rate_type,
        source=row.source,
    )  # fmt: skip


def _second_rates(good: Sequence[tuple[int, ExchangeRate]], is_feed: bool) -> Iterator[Problem]:
    """A day has one rate of a currency."""
    first: dict[RateKey, int] = {}
    for number, rate in good:
        if (key := key_of(rate)) in first:
            sentence = _("%(where)s: a second rate for the day; the first is on line %(line)s.")
            where = f"{rate.currency_id} {rate.effective_on}"
            yield Problem(number, sentence % {"where": where, "line": first[key]}, is_feed)
        first.setdefault(key, number)


def _sort(
    found: Checked, good: Sequence[tuple[int, ExchangeRate]], there: Mapping[RateKey, Decimal]
) -> None:
    seen: set[RateKey] = set()
    for number, rate in good:
        if (key := key_of(rate)) in seen:
            continue
        seen.add(key)
        if key not in there:
            found.new.append(rate)
        elif there[key] == rate.units_per_usd:
            found.there_already += 1
        else:
            found.differing.append(Differing(number, rate, there[key]))
    found.newest_on = max((rate.effective_on for _number, rate in good), default=None)
    _leave_displaced(found, good, there)


def _leave_displaced(
    found: Checked, good: Sequence[tuple[int, ExchangeRate]], there: Mapping[RateKey, Decimal]
) -> None:
    """Where entries stand in the days of a new rate at another one, it is no new one."""
    numbers = {id(rate): number for number, rate in good}
    left = displaced(found.new, there)
    found.differing += [
        Differing(numbers[id(one.rate)], one.rate, one.was, one.entries) for one in left
    ]
    found.differing.sort(key=lambda one: one.number)
    gone = {id(one.rate) for one in left}
    found.new = [rate for rate in found.new if id(rate) not in gone]


def _gaps(
    lines: Sequence[tuple[int, ExchangeRate]], there: Mapping[RateKey, Decimal], is_feed: bool
) -> Iterator[Problem]:
    """Days without a rate between two neighbours, of which these lines bring at least one."""
    new: dict[tuple[str, str], dict[datetime.date, int]] = defaultdict(dict)
    for number, rate in lines:
        code, rate_type, day = key_of(rate)
        if (code, rate_type, day) not in there:
            new[code, rate_type].setdefault(day, number)
    stored: dict[tuple[str, str], set[datetime.date]] = defaultdict(set)
    for code, rate_type, day in there:
        stored[code, rate_type].add(day)
    for (code, rate_type), numbers in new.items():
        for earlier, later in pairwise(sorted(stored[code, rate_type] | numbers.keys())):
            missing_from = last_day_of(rate_type, earlier) + datetime.timedelta(days=1)
            brings = numbers.get(later) or numbers.get(earlier)
            if brings and missing_from < later:
                until = later - datetime.timedelta(days=1)
                sentence = _("%(code)s %(later)s: no rate is in force from %(first)s to %(last)s.")
                named = {"code": code, "later": later, "first": missing_from, "last": until}
                yield Problem(brings, sentence % named, is_feed)
