"""From a contribution to entries: one per allocation, amounts that add up again."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from income.models import Allocation, Contribution, Currency, Entry, Instalment
from income.money import split
from income.vocabulary import Kind, Reason

SPLIT_AMOUNTS = ("credited_amount", "bank_charge")
SHARED = ("donor", "channel", "contribution", "instalment", "currency")  # by all parts
# What an entry copies of its contribution, by column.
COPIED = (
    "mode", "fund_id", "donor_id", "channel_id", "instrument_id", "earmarking_id", "programme_id",
    "region_id", "area_id",
)  # fmt: skip


def entries_of(
    contribution: Contribution,
    allocations: Sequence[Allocation],
    *,
    kind: Kind,
    amount: Decimal,
    value_date: datetime.date,
    year_for: int,
    instalment: Instalment | None = None,
    reason: Reason = Reason.ORDINARY,
    currency: Currency | None = None,
) -> list[Entry]:
    """Unsaved entries with every dimension of the contribution, `amount` in its currency.

    Or in `currency`, where another was paid.

    One entry, or one per allocation: the amount is split in proportion to them and adds up to
    the smallest unit of the currency. A part that rounds to nothing has no entry; what it would
    have settled, and its share of a charge, go with the largest.
    """
    whole = Entry(
        kind=kind,
        reason=reason,
        contribution=contribution,
        instalment=instalment,
        value_date=value_date,
        year_for=year_for,
        currency=currency or contribution.currency,
        amount=amount,
        **{name: getattr(contribution, name) for name in COPIED},
    )
    for name in ("donor", "channel"):  # at hand or not, nothing is asked for them here
        if row := contribution._state.fields_cache.get(name):
            setattr(whole, name, row)
    return divided(whole, allocations)


def divided(whole: Entry, allocations: Sequence[Allocation]) -> list[Entry]:
    """The unsaved entry itself, or its parts per allocation. Called before it is converted."""
    if not allocations:
        return [whole]
    weights, places = [part.amount for part in allocations], whole.currency.decimals
    shares: dict[str, list[Decimal] | None] = {
        name: None if value is None else split(value, weights, _places(value, places))
        for name in ("amount", *SPLIT_AMOUNTS)
        for value in (getattr(whole, name),)
    }
    parts: list[Entry] = []
    at_hand = {name: row for name, row in whole._state.fields_cache.items() if name in SHARED}
    lost = dict.fromkeys(SPLIT_AMOUNTS, Decimal(0))
    for number, allocation in enumerate(allocations):
        part = Entry(**{f.attname: getattr(whole, f.attname) for f in Entry._meta.concrete_fields})
        part._state.fields_cache.update(at_hand)
        part.programme_id, part.region_id, part.area_id = (
            allocation.programme_id, allocation.region_id, allocation.area_id,
        )  # fmt: skip
        for name, amounts in shares.items():
            setattr(part, name, None if amounts is None else amounts[number])
        if part.amount:
            parts.append(part)
        else:
            lost = {name: lost[name] + (getattr(part, name) or 0) for name in SPLIT_AMOUNTS}
    largest = max(parts, key=lambda part: abs(part.amount))
    for name, amount in lost.items():
        if amount:
            setattr(largest, name, getattr(largest, name) + amount)
    return parts


def _places(value: Decimal, places: int) -> int:
    """The decimals to split with: those of the currency, or of a finer amount."""
    exponent = value.normalize().as_tuple().exponent
    return max(places, -exponent) if isinstance(exponent, int) else places
