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
PROMISED = (Kind.PLEDGE, Kind.AGREEMENT, Kind.CONDITIONAL)
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
    """What one reason took off, or added: `sum.amount` is in `currency`, a code."""

    reason: Reason
    sum: Sum
    currency: str


@dataclass(frozen=True)
class Net:
    """From what was promised at first, and what arrived, to what is left; lines add up exactly.

    A pledge that became an agreement is the same promise: it is not counted a second time.
    """

    gross: Sum
    changes: tuple[Reduction, ...]
    net: Sum
    arrived: Sum  # before anything went back, in the agreement's currency what it settled
    returned: tuple[Reduction, ...]  # refunds, interest, transfers, in the currency that moved
    kept: Sum  # what arrived less what was returned
    is_mixed: bool  # something was returned in another currency: only US dollars add up


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
        received=_received(contribution, of.get(Kind.RECEIPT, [])),
        written_off=Sum(-written_off.amount, None if written_off.usd is None else -written_off.usd),
        outstanding=outstanding,
        outstanding_today_usd=to_usd(outstanding.amount, rate.units_per_usd) if rate else None,
        rate_today=rate,
        exchange_usd=_exchange(of.get(Kind.RECEIPT, [])),
    )


def _received(contribution: Contribution, receipts: Sequence[Entry]) -> Sum:
    """Net, in the agreement's currency; what was returned in another takes off US dollars only."""
    own = contribution.currency_id
    settles = [e for e in receipts if e.credited_amount is not None or e.currency_id == own]
    return Sum(_sum(settles, credited=True).amount, _sum(receipts).usd)


def _exchange(receipts: Iterable[Entry]) -> Decimal | None:
    """None where no receipt settled anything at a known rate."""
    differences = [
        exchange_difference(e.amount_usd, e.bank_charge, e.rate, e.settled_usd) for e in receipts
    ]
    known = [difference for difference in differences if difference is not None]
    return sum(known, ZERO) if known else None


def gross_and_net(contribution: Contribution, entries: Sequence[Entry]) -> Net:
    """What was promised and what arrived, what each reason changed of it, and what is left."""
    promised = _promised(entries)
    own = contribution.currency_id
    gross = _sum(e for e in promised if e.reason == Reason.ORDINARY or e.reason in MOVES)
    changed = [e for e in promised if e.reason != Reason.ORDINARY and e.reason not in MOVES]
    receipts = [e for e in entries if e.kind == Kind.RECEIPT]
    arrived = _sum((e for e in receipts if e.reason == Reason.ORDINARY), credited=True)
    back = [e for e in receipts if e.reason != Reason.ORDINARY]
    changes, returned = _by_reason(changed), _by_reason(back)
    return Net(
        gross=gross, changes=changes, net=_less(gross, changes),
        arrived=arrived, returned=returned, kept=_less(arrived, returned),
        is_mixed=any(change.currency != own for change in returned),
    )  # fmt: skip


def _promised(entries: Iterable[Entry]) -> list[Entry]:
    """What binds; as long as nothing does (or no more, after a reversal), what was pledged."""
    rows = [entry for entry in entries if entry.kind in PROMISED]
    binding = [entry for entry in rows if entry.kind != Kind.PLEDGE]
    is_bound = sum(e.amount for e in binding if e.reason == Reason.ORDINARY) != 0
    return binding if is_bound else rows


def _by_reason(entries: Iterable[Entry]) -> tuple[Reduction, ...]:
    sums: dict[tuple[str, str], Sum] = {}
    for entry in entries:
        key = (entry.reason, entry.currency_id)
        sums[key] = sums.get(key, Sum()) + Sum(entry.amount, entry.amount_usd)
    return tuple(Reduction(Reason(reason), total, code) for (reason, code), total in sums.items())


def _less(gross: Sum, changes: Iterable[Reduction]) -> Sum:
    net = gross
    for change in changes:
        net += change.sum
    return net
