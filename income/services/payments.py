"""A payment and its entries: receipts matched to instalments, tolerances, levies kept apart."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from income.balances import InstalmentState, instalment_states
from income.ledger import convert
from income.models import (
    Allocation,
    Contribution,
    Currency,
    Entry,
    Instalment,
    ParkedReceipt,
)
from income.money import split
from income.rates import RateInForce
from income.services.entries import divided, entries_of
from income.settlement import Part, Rates, chosen_of, rates_at_hand, settle
from income.standing import Standing
from income.vocabulary import Kind, Reason


@dataclass(frozen=True)
class ReceivedMoney:
    """A payment. `amount` arrived in `currency`; `credited` settles the agreement, in its own.

    Levy and fee are in `currency` too, came beside the amount, pass through and are no income.
    """

    currency: Currency
    amount: Decimal
    received_on: datetime.date
    year_for: int | None = None  # the year the money is for; the year received if not said
    credited: Decimal | None = None
    bank_charge: Decimal | None = None
    bank_reference: str = ""
    instalment: Instalment | None = None
    adjusts: bool = False  # its own month is closed: book it in the present one
    instalments: Sequence[Instalment] = ()  # several that it settles, oldest first
    automatic: bool = False  # no instalment chosen: all that are open, oldest first
    leave_open: bool = False  # a difference within the tolerance stays outstanding
    coordination_levy: Decimal | None = None
    agent_fee: Decimal | None = None
    document: str = ""  # the ERP's document number
    parked: ParkedReceipt | None = None  # the unidentified money that this turns out to be

    @property
    def settles(self) -> Decimal:
        """What it settles of an agreement in the same currency: the bank's charge was paid too."""
        return self.amount + (self.bank_charge or 0)

    @property
    def settles_of_agreement(self) -> Decimal:
        """What it settles, in the agreement's currency."""
        return self.settles if self.credited is None else self.credited

    @property
    def arrived(self) -> Decimal:
        """All that stands on the bank's statement: the amount and what passes through."""
        return self.amount + (self.coordination_levy or 0) + (self.agent_fee or 0)

    @property
    def chosen(self) -> Sequence[Instalment]:
        """The instalments that somebody chose."""
        return self.instalments or ([self.instalment] if self.instalment else [])


def payment_entries(
    contribution: Contribution, money: ReceivedMoney,
    states: Sequence[InstalmentState] | None = None, rates: Rates | None = None,
    standing: Standing | None = None, allocations: Sequence[Allocation] | None = None,
) -> list[Entry]:  # fmt: skip
    """The unsaved entries of a payment, converted at the rate in force on its day.

    `states` and `rates` are given where the instalments stand in no books yet, or both were
    loaded before; `standing` where the rates in force were, `allocations` where they were.
    """
    standing = standing or Standing.of(contribution.ledger)
    if states is None:
        states = instalment_states(contribution, with_rates=True)
        rates = rates_at_hand(states)
    rates = rates or {}
    if allocations is None:
        allocations = list(contribution.allocations.all())
    rate = standing.rate_on(money.currency.code, money.received_on)
    parts = settle(
        chosen_of(states, money.chosen, automatic=money.automatic), money.settles_of_agreement,
        rates=rates, leave_open=money.leave_open,
    )  # fmt: skip
    entries = []
    for part, amount, charge in shares_of(parts, money):
        forgiven = _tolerance_entries(contribution, allocations, part, money, rates)
        # Of the due entries, so that what is settled and what is forgiven add up to the cent.
        due = [entry.amount_usd or Decimal(0) for entry in forgiven if entry.kind == Kind.DUE]
        whole = _whole(contribution, money, part, amount, charge)
        entries += (
            _received(whole, allocations, rate, part.settled_usd(-sum(due, Decimal(0)))) + forgiven
        )
    return entries + _levy_entries(contribution, allocations, money, rate)


def shares_of(
    parts: Sequence[Part], money: ReceivedMoney
) -> list[tuple[Part, Decimal, Decimal | None]]:
    """Each part with its share of the amount and of the bank's charge, in the currency paid.

    A share that would round to nothing goes with the part before it.
    """
    weights, places = [part.credited for part in parts], money.currency.decimals
    amounts = split(money.amount, weights, places)
    if not all(amounts):
        parts, amounts = _without_nothing(parts, amounts)
        weights = [part.credited for part in parts]
    charges: Sequence[Decimal | None] = [None] * len(parts)
    if money.bank_charge:
        charges = [charge or None for charge in split(money.bank_charge, weights, places)]
    return list(zip(parts, amounts, charges, strict=True))


def _without_nothing(
    parts: Sequence[Part], amounts: Sequence[Decimal]
) -> tuple[list[Part], list[Decimal]]:
    kept = [(p, a) for p, a in zip(parts, amounts, strict=True) if a]
    lost = sum((p.credited for p, a in zip(parts, amounts, strict=True) if not a), Decimal(0))
    first = kept[0][0]
    whole = Part(first.state, first.credited + lost, first.tolerance)
    return [whole, *(part for part, _amount in kept[1:])], [amount for _part, amount in kept]


def _whole(
    contribution: Contribution, money: ReceivedMoney, part: Part, amount: Decimal,
    charge: Decimal | None,
) -> Entry:  # fmt: skip
    day = part.instalment.due_on if part.instalment else money.received_on
    [whole] = entries_of(
        contribution, (), kind=Kind.RECEIPT, amount=amount, currency=money.currency,
        value_date=money.received_on, year_for=money.year_for or day.year,
        instalment=part.instalment,
    )  # fmt: skip
    whole.credited_amount, whole.bank_charge = part.credited, charge
    return whole


def _received(
    whole: Entry, allocations: Sequence[Allocation], rate: RateInForce | None,
    settled: Decimal | None,
) -> list[Entry]:  # fmt: skip
    assert whole.contribution is not None  # noqa: S101  made by _whole
    support_rate = whole.contribution.programme_support_rate
    entries = [
        convert(e, rate, support_rate=support_rate) for e in divided(whole, list(allocations))
    ]
    if settled is not None:
        weights = [entry.credited_amount or Decimal(0) for entry in entries]
        for entry, share in zip(entries, split(settled, weights), strict=True):
            entry.settled_usd = share
    return entries


def _tolerance_entries(
    contribution: Contribution, allocations: Sequence[Allocation], part: Part,
    money: ReceivedMoney, rates: Rates,
) -> list[Entry]:  # fmt: skip
    """What is not asked for any more leaves both the due and the agreed, at the agreed rate."""
    instalment = part.instalment
    if not part.tolerance or instalment is None:
        return []
    entries = []
    for kind, day in ((Kind.DUE, instalment.due_on), (Kind.AGREEMENT, money.received_on)):
        entries += entries_of(
            contribution, allocations, kind=kind, amount=-part.tolerance, value_date=day,
            year_for=instalment.due_on.year, reason=Reason.TOLERANCE,
            instalment=instalment if kind == Kind.DUE else None,
        )  # fmt: skip
    support_rate = contribution.programme_support_rate
    return [convert(e, rates.get(instalment.pk), support_rate=support_rate) for e in entries]


def _levy_entries(
    contribution: Contribution, allocations: Sequence[Allocation], money: ReceivedMoney,
    rate: RateInForce | None,
) -> list[Entry]:  # fmt: skip
    entries = []
    for amount, reason in (
        (money.coordination_levy, Reason.COORDINATION_LEVY), (money.agent_fee, Reason.AGENT_FEE),
    ):  # fmt: skip
        if not amount:
            continue
        [whole] = entries_of(
            contribution, (), kind=Kind.LEVY, amount=amount, currency=money.currency,
            value_date=money.received_on, year_for=money.year_for or money.received_on.year,
            reason=reason,
        )  # fmt: skip
        entries += [convert(entry, rate) for entry in divided(whole, list(allocations))]
    return entries
