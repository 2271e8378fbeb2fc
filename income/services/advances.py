"""Money that came before its instalment was owed: matched once the instalment is.

A receipt that found nothing due stands without an instalment. When a condition is settled or an
amendment adds an instalment, two entries per receipt move it there. They cancel out in every sum
of money; what they change is what the instalment still owes.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from income.ledger import convert, mirrored
from income.models import Contribution, Entry, Instalment
from income.money import EXACT, round_half_up, split
from income.rates import RateInForce
from income.settlement import Part, settle, states_in
from income.vocabulary import Kind, RateType, Reason

ZERO = Decimal(0)
Taken = tuple[Entry, Decimal]  # an entry, and what is taken from it in the agreement's currency


def advances_matched(
    contribution: Contribution, due: Sequence[Entry], instalments: Sequence[Instalment],
    on: datetime.date,
) -> list[Entry]:  # fmt: skip
    """Unsaved pairs that move early money to these instalments, oldest first, on the day.

    `due` are the unsaved due entries that make the instalments owed.
    """
    advances = _advances(contribution)
    early = sum((left for _entry, left in advances), ZERO)
    states = states_in([e for e in due if e.kind == Kind.DUE], instalments)
    credited = min(early, sum((state.outstanding for state in states), ZERO))
    if credited <= 0:
        return []
    pairs: list[Entry] = []
    for part in settle(states, credited, rates={}, leave_open=True):
        pairs += _pairs(part, _take(advances, part.credited), on)
    return pairs


def _advances(contribution: Contribution) -> list[Taken]:
    """The receipts without an instalment, oldest first, with what is left of each."""
    rows = contribution.entries.filter(
        kind=Kind.RECEIPT, instalment=None, reason=Reason.ORDINARY,
        posting__reverses=None, posting__reversed_by=None,
    )  # fmt: skip
    entries = list(
        rows.select_related("currency", "contribution").order_by(
            "value_date", "posting__sequence", "line"
        )
    )
    moved = -sum((e.credited_amount or ZERO for e in entries if e.amount < 0), ZERO)
    left = []
    for entry in entries:
        if entry.amount > 0 and entry.credited_amount:
            used = min(moved, entry.credited_amount)
            moved -= used
            left.append((entry, entry.credited_amount - used))
    return [(entry, amount) for entry, amount in left if amount]


def _take(advances: list[Taken], wanted: Decimal) -> list[Taken]:
    """From the front of the list, until there is enough; what is left stays in it."""
    taken = []
    while wanted and advances:
        entry, left = advances.pop(0)
        amount = min(left, wanted)
        taken.append((entry, amount))
        if left > amount:
            advances.insert(0, (entry, left - amount))
        wanted -= amount
    return taken


def _pairs(part: Part, taken: Sequence[Taken], on: datetime.date) -> list[Entry]:
    settled = part.settled_usd(None)
    shares: Sequence[Decimal | None] = [None] * len(taken)
    if settled is not None:
        shares = split(settled, [amount for _entry, amount in taken])
    pairs = []
    for (entry, credited), share in zip(taken, shares, strict=True):
        there = _portion(entry, credited, on)
        pairs.append(mirrored(there))
        there.instalment, there.settled_usd = part.instalment, share
        pairs.append(there)
    return [entry for entry in pairs if entry.amount]


def _portion(entry: Entry, credited: Decimal, on: datetime.date) -> Entry:
    """A copy of the receipt's entry for that much of it, at the receipt's own rate."""
    copy = mirrored(mirrored(entry))
    copy.value_date, copy.settled_usd = on, None
    whole = entry.credited_amount or credited
    if credited == whole:
        return copy
    places = entry.currency.decimals
    copy.credited_amount = credited
    copy.amount = round_half_up(EXACT.divide(entry.amount * credited, whole), places)
    if entry.bank_charge:
        charge = EXACT.divide(entry.bank_charge * credited, whole)
        copy.bank_charge = round_half_up(charge, places) or None
    if entry.rate and entry.rate_on:
        rate = RateInForce(entry.currency_id, entry.rate, entry.rate_on, RateType(entry.rate_type))
        support_rate = entry.contribution.programme_support_rate if entry.contribution else None
        convert(copy, rate, support_rate=support_rate)
    return copy
