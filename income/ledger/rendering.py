"""A line as the row that the database keeps and as the text that is sealed, in one go.

The row is that of `Entry`, the text that of `seal.canonical_line`, byte for byte: the two
again, for files of a million rows. Tests hold them against each other.
"""

import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, cast

from income.fields import ExactDecimalField
from income.ledger.copying import as_kept
from income.ledger.lines import Line
from income.ledger.refusing import refuse_amount
from income.ledger.seal import SEPARATOR, Identities
from income.models import Currency, Entry
from income.rules import LARGEST_AMOUNT

MOST_KEPT = 20_000  # combinations of each part of a line; beyond, they are worked out again
MOST_DIGITS = 18  # what a column surely holds
AMOUNT_PLACES, RATE_PLACES, USD_PLACES = 4, 10, 2
LARGEST_UNITS = int(LARGEST_AMOUNT) * 10**AMOUNT_PLACES
COLUMNS = (
    "kind", "mode", "reason", "fund_id", "instrument_id", "earmarking_id", "programme_id",
    "region_id", "area_id", "currency_id", "rate", "rate_on", "rate_type", "ledger_id",
    "posting_id", "line", "booked_month", "donor_id", "channel_id", "contribution_id",
    "instalment_id", "value_date", "year_for", "amount", "amount_usd", "programme_support_usd",
    "credited_amount", "bank_charge", "settled_usd",
)  # fmt: skip

Units = tuple[int | None, str]
NOTHING: Units = (None, "")
NONE_OF_THEM = (NOTHING, NOTHING, NOTHING, NOTHING)


def in_units(amount: Decimal | None, column: str, places: int) -> Units:
    """The amount in units of its last place, and written out with all its places, exactly.

    Raises ValueError where the column of `Entry` cannot hold it, TypeError for a float.
    """
    if amount is None:
        return NOTHING
    whole, _point, part = str(amount).partition(".")
    if len(part) <= places and len(whole) + places <= MOST_DIGITS and amount.__class__ is Decimal:
        part = part.ljust(places, "0")
        try:
            units = int(whole + part)
        except ValueError:  # an exponent
            units = 0
        if units:
            return units, f"{whole}.{part}"
    return _in_units(amount, column, places)


def _in_units(amount: Decimal, column: str, places: int) -> Units:
    """The same for zero, exponents, and what is no number: the field's own way."""
    field = cast(ExactDecimalField, Entry._meta.get_field(column))
    units = field.get_prep_value(amount)
    if units is None or Decimal(units).scaleb(-places) != amount:
        raise ValueError(f"{column}: {amount} has more than {places} decimals.")
    return units, f"{Decimal(units).scaleb(-places) + 0:.{places}f}"


class Stated(NamedTuple):
    """What many lines of a file have in common: codes."""

    values: tuple[str | None, ...]
    head: str
    tail: str


class Converted(NamedTuple):
    """Currency and rate, and how many units of the column the currency's smallest has."""

    values: tuple[Any, ...]
    text: str  # of rate, its date and type
    smallest: int  # 0 for a currency that is not known


class Rendered(NamedTuple):
    """A row in the order of `COLUMNS`, its text for the seal, its dollars in cents."""

    row: tuple[Any, ...]
    text: str
    usd: int | None
    support: int


class Renderer:
    """Renders lines whose posting, ledger, number and month are filled."""

    def __init__(self) -> None:
        self.decimals = dict(Currency.objects.values_list("code", "decimals"))
        self._stated: dict[tuple[str | None, ...], Stated] = {}
        self._converted: dict[tuple[Any, ...], Converted] = {}
        self._days: dict[datetime.date, str] = {}

    def rendered(self, line: Line, posting: str, known: Identities) -> Rendered:
        """`posting` is its UUID in hex. Raises PostingWrong as the door does."""
        stated = self._stated.get(_stated(line)) or self._state(line)
        converted = self._converted.get(_converted(line)) or self._convert(line)
        day = self._days.get(line.value_date) or self._day(line.value_date)
        amount, written = self._amount(line, converted.smallest)
        usd, usd_written = in_units(line.amount_usd, "amount_usd", USD_PLACES)
        support, credited, charge, settled = _others(line)
        row = (
            *stated.values, *converted.values, line.ledger_id, posting, line.line,
            line.booked_month, line.donor_id, line.channel_id, line.contribution_id,
            line.instalment_id, day, line.year_for, amount, usd, support[0], credited[0], charge[0],
            settled[0],
        )  # fmt: skip
        text = [
            str(line.line), stated.head, known.donors[line.donor_id],
            known.donors[line.channel_id], known.contributions[line.contribution_id],
            known.instalments[line.instalment_id], stated.tail, day, str(line.booked_month),
            str(line.year_for), line.currency_id, written, converted.text, usd_written,
            support[1], credited[1], charge[1],
        ]  # fmt: skip
        if settled is not NOTHING:
            text.append(settled[1])
        return Rendered(row, SEPARATOR.join(text), usd, support[0] or 0)

    def _amount(self, line: Line, smallest: int) -> Units:
        try:
            units, written = in_units(line.amount, "amount", AMOUNT_PLACES)
        except ValueError:  # too much for the column: then for the rules as well
            refuse_amount(line.amount, line.currency_id, self.decimals)
            raise
        if (
            not units
            or not smallest
            or units % smallest
            or not -LARGEST_UNITS <= units <= LARGEST_UNITS
        ):
            refuse_amount(line.amount, line.currency_id, self.decimals)
        return units, written

    def _state(self, line: Line) -> Stated:
        key = _stated(line)
        texts = [value or "" for value in key]
        values = tuple(None if value is None else as_kept(value) for value in key)
        made = Stated(values, SEPARATOR.join(texts[:4]), SEPARATOR.join(texts[4:]))
        _keep(self._stated, key, made)
        return made

    def _convert(self, line: Line) -> Converted:
        rate, written = in_units(line.rate, "rate", RATE_PLACES)
        on = None if line.rate_on is None else line.rate_on.isoformat()
        decimals = self.decimals.get(line.currency_id)
        made = Converted(
            (as_kept(line.currency_id), rate, on, as_kept(line.rate_type)),
            SEPARATOR.join((written, on or "", line.rate_type)),
            0 if decimals is None else 10 ** max(AMOUNT_PLACES - decimals, 0),
        )
        _keep(self._converted, _converted(line), made)
        return made

    def _day(self, day: datetime.date) -> str:
        _keep(self._days, day, written := day.isoformat())
        return written


_stated = attrgetter(
    "kind", "mode", "reason", "fund_id", "instrument_id", "earmarking_id", "programme_id",
    "region_id", "area_id",
)  # fmt: skip
_converted = attrgetter("currency_id", "rate", "rate_on", "rate_type")


def _others(line: Line) -> tuple[Units, Units, Units, Units]:
    """The amounts that few lines have."""
    support, credited = line.programme_support_usd, line.credited_amount
    charge, settled = line.bank_charge, line.settled_usd
    if support is credited is charge is settled is None:
        return NONE_OF_THEM
    return (
        in_units(support, "programme_support_usd", USD_PLACES),
        in_units(credited, "credited_amount", AMOUNT_PLACES),
        in_units(charge, "bank_charge", AMOUNT_PLACES),
        in_units(settled, "settled_usd", USD_PLACES),
    )


def _keep(memo: dict[Any, Any], key: Any, value: object) -> None:
    if len(memo) >= MOST_KEPT:
        memo.clear()
    memo[key] = value
