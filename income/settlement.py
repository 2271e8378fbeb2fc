"""Which instalments a payment settles: oldest first, with the tolerance, and what is left over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.balances import InstalmentState
from income.exchange import settled_usd
from income.models import Contribution, Entry, Instalment
from income.money import to_usd
from income.rates import RateInForce
from income.rules import TOLERANCE_SHARE, TOLERANCE_USD
from income.vocabulary import Kind, RateType, Reason

ZERO = Decimal(0)
Rates = Mapping[int, RateInForce]  # of each instalment, by its primary key


@dataclass(frozen=True)
class Part:
    """What a payment credits to one instalment, in the agreement's currency.

    Without a state it is more than was due. `tolerance` is the difference that is not asked for
    any more.
    """

    state: InstalmentState | None
    credited: Decimal
    tolerance: Decimal = ZERO

    @property
    def instalment(self) -> Instalment | None:
        return self.state.instalment if self.state else None

    @property
    def left(self) -> Decimal:
        """What the instalment still owes afterwards."""
        return self.state.outstanding - self.credited - self.tolerance if self.state else ZERO

    def settled_usd(self, tolerance_usd: Decimal | None) -> Decimal | None:
        """The agreed US dollars it settles, when the tolerance took `tolerance_usd` of them."""
        if self.state is None or self.state.outstanding_usd is None:
            return None
        remaining = self.state.outstanding_usd - (tolerance_usd or ZERO)
        return settled_usd(remaining, self.state.outstanding - self.tolerance, self.credited)


def settle(
    states: Iterable[InstalmentState], credited: Decimal, *, rates: Rates, leave_open: bool = False
) -> list[Part]:
    """Divide what is credited over the instalments in the order given; the rest is a last part.

    `credited` is in the agreement's currency and above zero. `leave_open` keeps a difference
    that the tolerance would settle.
    """
    parts, left = [], credited
    for state in states:
        taken = min(left, state.outstanding)
        if taken <= 0:
            continue
        short = state.outstanding - taken
        forgiven = not leave_open and is_within_tolerance(
            short, state.due, rates.get(state.instalment.pk)
        )
        parts.append(Part(state, taken, short if forgiven else ZERO))
        left -= taken
    return [*parts, Part(None, left)] if left > 0 else parts


def is_within_tolerance(short: Decimal, due: Decimal, rate: RateInForce | None) -> bool:
    """Whether a difference is so small that asking for it costs more than it brings.

    No more than both the share of the instalment and the US dollars of the tolerance. Without
    the agreement's rate nobody knows what it is worth: then it stays open.
    """
    return (
        rate is not None
        and 0 < short <= due * TOLERANCE_SHARE
        and to_usd(short, rate.units_per_usd) <= TOLERANCE_USD
    )


def chosen_of(
    states: Sequence[InstalmentState], chosen: Iterable[Instalment], *, automatic: bool
) -> list[InstalmentState]:
    """The instalments that a payment is for: those chosen; else all, where matching is automatic.

    Oldest first, as the states come.
    """
    keys = {instalment.pk for instalment in chosen}
    if keys:
        return [state for state in states if state.instalment.pk in keys]
    return list(states) if automatic else []


def rates_of(contribution: Contribution) -> dict[int, RateInForce]:
    """The rate of each instalment: that of its first due entry, where it is converted."""
    due = Entry.objects.filter(
        contribution=contribution, kind=Kind.DUE, instalment__isnull=False, rate__isnull=False
    )
    firm = due.exclude(reason=Reason.TOLERANCE).order_by("-posting__sequence", "-line")
    return rates_in(firm)


def rates_at_hand(states: Iterable[InstalmentState]) -> dict[int, RateInForce]:
    """`rates_of` the instalments that were read with their rates."""
    return {state.instalment.pk: state.rate for state in states if state.rate}


def rates_in(entries: Iterable[Entry]) -> dict[int, RateInForce]:
    """The rate of each instalment in these due entries; the last one seen counts."""
    return {
        entry.instalment_id: RateInForce(
            entry.currency_id, entry.rate, entry.rate_on, RateType(entry.rate_type)
        )
        for entry in entries
        if entry.instalment_id and entry.rate and entry.rate_on
    }


def states_in(entries: Sequence[Entry], instalments: Iterable[Instalment]) -> list[InstalmentState]:
    """Instalments as their unsaved due entries make them, before anything was paid."""
    found = []
    for instalment in instalments:
        due = [e for e in entries if e.kind == Kind.DUE and e.instalment == instalment]
        dollars = [entry.amount_usd for entry in due]
        found.append(
            InstalmentState(
                instalment=instalment, due=sum((e.amount for e in due), ZERO), conditional=ZERO,
                credited=ZERO, written_off=ZERO, settled_usd=ZERO,
                due_usd=None if None in dollars else sum((d for d in dollars if d), ZERO),
            )
        )  # fmt: skip
    return found
