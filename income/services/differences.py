"""Entries that take something off what stands in the books, at the rate it stands there with.

Nothing posted is changed: a reduction is entries of its own. They carry the rate and the
dimensions of what they reduce, so that what is taken off whole leaves neither a cent of US
dollars nor a part of a programme behind.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from income.ledger import convert, mirrored
from income.models import Contribution, Entry, Instalment
from income.money import split, to_usd
from income.rates import RateInForce
from income.vocabulary import Kind, RateType, Reason

Key = tuple[object, ...]


@dataclass
class Standing:
    """Entries of one kind with the same rate, days and dimensions, and what they add up to."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def first(self) -> Entry:
        return self.entries[0]

    @property
    def amount(self) -> Decimal:
        return sum((e.amount for e in self.entries), Decimal(0))

    @property
    def amount_usd(self) -> Decimal | None:
        """None where there was no rate."""
        if self.first.rate is None:
            return None
        return sum((e.amount_usd or Decimal(0) for e in self.entries), Decimal(0))

    @property
    def is_open(self) -> bool:
        """Whether it falls due on its instalment's day, as what has not been received does."""
        one = self.first
        return one.instalment is None or one.value_date == one.instalment.due_on

    @property
    def rate(self) -> RateInForce | None:
        one = self.first
        if one.rate is None or one.rate_on is None:
            return None
        return RateInForce(one.currency_id, one.rate, one.rate_on, RateType(one.rate_type))


def standing(
    contribution: Contribution, kind: Kind, instalment: Instalment | None = None
) -> list[Standing]:
    """What stands of a kind, of the whole contribution or of one instalment; nothing that is 0."""
    rows = contribution.entries.filter(kind=kind).order_by("posting__sequence", "line")
    if instalment is not None:
        rows = rows.filter(instalment=instalment)
    groups: dict[Key, Standing] = {}
    for entry in rows.select_related("currency", "contribution", "instalment"):
        groups.setdefault(_key(entry), Standing()).entries.append(entry)
    return [group for group in groups.values() if group.amount]


def _key(e: Entry) -> Key:
    due_on = e.value_date if e.kind == Kind.DUE else None
    return (e.programme_id, e.region_id, e.area_id, e.year_for, due_on, e.rate, e.rate_on,
            e.rate_type)  # fmt: skip


def total(groups: Sequence[Standing]) -> Decimal:
    """What the groups add up to, in their currency."""
    return sum((group.amount for group in groups), Decimal(0))


Change = Callable[[Entry], None]


def taken_off(
    groups: Sequence[Standing], amount: Decimal, *, reason: Reason, change: Change,
) -> list[Entry]:  # fmt: skip
    """Unsaved entries that take `amount` off the groups, each at its group's own rate.

    `change` adapts each entry (its day, another kind) before it is posted.
    """
    whole = amount == total(groups)
    entries: list[Entry] = []
    if whole:
        entries = [entry for group in groups for entry in _undone(group)]
    else:
        entries = [_minus(g, share) for g, share in _shares(groups, amount) if share]
    for entry in entries:
        entry.reason = reason
        change(entry)
    return entries


def _shares(groups: Sequence[Standing], amount: Decimal) -> list[tuple[Standing, Decimal]]:
    """What is open falls due on the instalment's own day, and is taken off first.

    What had arrived when the rest was moved to another day stays due on the day it was.
    """
    places, left = groups[0].first.currency.decimals, amount
    shares: list[tuple[Standing, Decimal]] = []
    for is_open in (True, False):
        those = [group for group in groups if group.is_open == is_open]
        taken = min(left, total(those))
        if taken > 0:
            parts = split(taken, [group.amount for group in those], places)
            shares += zip(those, parts, strict=True)
            left -= taken
    return shares


def _undone(group: Standing) -> list[Entry]:
    """One entry for all of it; entry by entry where rounding made their sum another."""
    rate = group.rate
    if rate is None or to_usd(group.amount, rate.units_per_usd) == group.amount_usd:
        return [_minus(group, group.amount)]
    return [mirrored(entry) for entry in group.entries]


def _minus(group: Standing, amount: Decimal) -> Entry:
    entry = mirrored(group.first)
    entry.amount, entry.amount_usd, entry.programme_support_usd = -amount, None, None
    entry.rate, entry.rate_on, entry.rate_type = None, None, ""
    return convert(entry, group.rate, support_rate=_support_rate(group.first))


def _support_rate(entry: Entry) -> Decimal | None:
    contribution = entry.contribution
    return contribution.programme_support_rate if contribution else None


def put(entries: Sequence[Entry], *, reason: Reason, change: Change) -> list[Entry]:
    """The opposite of entries that take off: the same again with the other sign, changed."""
    added = [mirrored(entry) for entry in entries]
    for entry in added:
        entry.reason = reason
        change(entry)
    return added


def also(entries: Sequence[Entry], *, change: Change) -> list[Entry]:
    """The same entries once more with their own sign, changed: what is not due is not agreed."""
    copies = [mirrored(mirrored(entry)) for entry in entries]
    for entry in copies:
        change(entry)
    return copies


def on_day(kind: Kind, day: datetime.date | None = None, year: int | None = None) -> Change:
    """A change of entries to a kind, a value date and a year the money is for."""

    def change(entry: Entry) -> None:
        entry.kind = kind
        entry.value_date = day or entry.value_date
        entry.year_for = year or entry.year_for

    return change


def agreed_year(contribution: Contribution, instalment: Instalment) -> int | None:
    """The year in which the instalment's share of the agreement stands in the books."""
    rows = contribution.entries.filter(kind=Kind.AGREEMENT).order_by("posting__sequence", "line")
    own = rows.filter(instalment=instalment).first()
    first = own or rows.filter(instalment=None).first()
    return first.year_for if first else None


def not_agreed(
    contribution: Contribution, instalment: Instalment, due: Sequence[Entry], day: datetime.date
) -> list[Entry]:
    """Beside entries that take off what is due: the same taken off what was agreed."""
    if not due:
        return []
    year = agreed_year(contribution, instalment)
    return also(due, change=on_day(Kind.AGREEMENT, day, year))
