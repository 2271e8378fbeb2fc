"""What one contribution adds up to on each basis: pure sums over its entries.

Amounts are in the contribution's currency; US dollars are None where an entry is not converted.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.balances import InstalmentState
from income.exchange import exchange_difference
from income.models import Contribution, Entry
from income.money import to_usd
from income.rates import RateInForce, rate_in_force
from income.vocabulary import Kind, Reason

ZERO = Decimal(0)
AGREED = (Kind.AGREEMENT, Kind.CONDITIONAL)
# Moves within the promise, from one day or label to another: they are no reduction.
MOVES = (Reason.CONDITION, Reason.RESCHEDULE)


@dataclass(frozen=True)
class Sum:
    """An amount in the contribution's currency, and in US dollars."""

    amount: Decimal = ZERO
    usd: Decimal | None = ZERO

    def __add__(self, other: "Sum") -> "Sum":
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Sum(self.amount + other.amount, usd)


@dataclass(frozen=True)
class Bases:
    """Agreed, due and received of one contribution, each for itself, and what is between them.

    `received` is in the agreement's currency what payments settled, in US dollars what arrived.
    `outstanding` is at the agreement's rate, `outstanding_today_usd` at `rate_today`.
    `exchange_usd` is what receipts brought, charges added, beyond the agreed US dollars they
    settled.
    """

    pledged: Sum
    agreed: Sum
    conditional: Sum
    due: Sum
    due_so_far: Sum
    received: Sum
    written_off: Sum
    outstanding: Sum
    outstanding_today_usd: Decimal | None
    rate_today: RateInForce | None
    exchange_usd: Decimal | None


@dataclass(frozen=True)
class Reduction:
    """What one reason took off the promise, or added to it."""

    reason: Reason
    sum: Sum


@dataclass(frozen=True)
class Net:
    """From what was promised at first to what is left of it; the lines add up exactly."""

    gross: Sum
    changes: tuple[Reduction, ...]
    net: Sum
    returned: tuple[Reduction, ...]  # of what was received: refunds, interest, transfers


def _sum(entries: Iterable[Entry], *, credited: bool = False) -> Sum:
    whole = Sum()
    for entry in entries:
        amount = entry.amount
        if credited:
            amount = entry.amount if entry.credited_amount is None else entry.credited_amount
        whole += Sum(amount, entry.amount_usd)
    return whole


def bases(
    contribution: Contribution, entries: Sequence[Entry], states: Sequence[InstalmentState],
    today: datetime.date,
) -> Bases:  # fmt: skip
    """The bases of a contribution as its entries have them; what is due so far is up to today."""
    of: dict[str, list[Entry]] = {}
    for entry in entries:
        of.setdefault(entry.kind, []).append(entry)
    due = of.get(Kind.DUE, [])
    outstanding = Sum()
    for state in states:
        outstanding += Sum(state.outstanding, state.outstanding_usd)
    rate = rate_in_force(contribution.currency_id, today, ledger=contribution.ledger)
    written_off = _sum(e for e in due if e.reason == Reason.WRITE_OFF)
    return Bases(
        pledged=_sum(of.get(Kind.PLEDGE, [])),
        agreed=_sum(of.get(Kind.AGREEMENT, [])),
        conditional=_sum(of.get(Kind.CONDITIONAL, [])),
        due=_sum(due),
        due_so_far=_sum(e for e in due if e.value_date <= today),
        received=_sum(of.get(Kind.RECEIPT, []), credited=True),
        written_off=Sum(-written_off.amount, None if written_off.usd is None else -written_off.usd),
        outstanding=outstanding,
        outstanding_today_usd=to_usd(outstanding.amount, rate.units_per_usd) if rate else None,
        rate_today=rate,
        exchange_usd=_exchange(of.get(Kind.RECEIPT, [])),
    )


def _exchange(receipts: Iterable[Entry]) -> Decimal | None:
    """None where no receipt settled anything at a known rate."""
    differences = [
        exchange_difference(e.amount_usd, e.bank_charge, e.rate, e.settled_usd) for e in receipts
    ]
    known = [difference for difference in differences if difference is not None]
    return sum(known, ZERO) if known else None


def gross_and_net(entries: Iterable[Entry]) -> Net:
    """What was promised, what each reason changed of it, and what is left."""
    entries = list(entries)
    kinds = _kinds_of_promise(entries)
    promised: dict[str, Sum] = {}
    returned: dict[str, Sum] = {}
    gross = Sum()
    for entry in entries:
        one = Sum(entry.amount, entry.amount_usd)
        if entry.kind in kinds:
            if entry.reason == Reason.ORDINARY or entry.reason in MOVES:
                gross += one
            else:
                promised[entry.reason] = promised.get(entry.reason, Sum()) + one
        elif entry.kind == Kind.RECEIPT and entry.reason != Reason.ORDINARY:
            returned[entry.reason] = returned.get(entry.reason, Sum()) + one
    changes = tuple(Reduction(Reason(reason), total) for reason, total in promised.items())
    net = gross
    for change in changes:
        net += change.sum
    back = tuple(Reduction(Reason(reason), total) for reason, total in returned.items())
    return Net(gross=gross, changes=changes, net=net, returned=back)


def _kinds_of_promise(entries: Iterable[Entry]) -> tuple[Kind, ...]:
    """A pledge that was signed is the agreement by now: the two are never added."""
    signed = sum(e.amount for e in entries if e.kind in AGREED and e.reason == Reason.ORDINARY)
    return AGREED if signed else (Kind.PLEDGE,)
