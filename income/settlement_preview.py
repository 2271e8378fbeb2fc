"""What a payment that is being typed will do to its agreement, told before it is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from income.balances import instalment_states
from income.exchange import exchange_difference
from income.forms.fields import AmountField
from income.forms.payment import values_of
from income.models import Contribution, Currency
from income.money import to_usd
from income.services.payments import ReceivedMoney, shares_of
from income.settlement import Part, chosen_of, rates_of, settle
from income.vocabulary import Mode


@dataclass(frozen=True)
class SettlementPreview:
    """How a payment is divided. Amounts in the agreement's `currency`, levies in that paid.

    `difference_usd` is the exchange difference, None where something is not converted.
    """

    currency: str
    parts: tuple[Part, ...]  # of instalments
    more_than_due: Decimal
    difference_usd: Decimal | None
    is_delivered: bool  # in kind or in person, not paid
    has_levies: bool

    @property
    def forgiven(self) -> Decimal:
        """What the tolerance settles."""
        return sum((part.tolerance for part in self.parts), Decimal(0))


def settlement_of_typed(
    typed: Mapping[str, Any], agreement: Contribution, money: ReceivedMoney,
    units_per_usd: Decimal | None,
) -> SettlementPreview | None:  # fmt: skip
    """The preview; None where nobody has said yet how much is credited."""
    if money.credited is None and money.currency.code != agreement.currency_id:
        return None
    states = instalment_states(agreement)
    keys = values_of(typed.get("instalment"))
    chosen = [s.instalment for s in states if str(s.instalment.uuid) in keys]
    rates = rates_of(agreement)
    parts = settle(
        chosen_of(states, chosen, automatic=not keys and money.automatic),
        money.settles_of_agreement, rates=rates, leave_open=money.leave_open,
    )  # fmt: skip
    differences = [
        _difference(part, amount, charge, units_per_usd, rates)
        for part, amount, charge in shares_of(parts, money)
        if part.state
    ]
    known = [d for d in differences if d is not None]
    return SettlementPreview(
        currency=agreement.currency_id,
        parts=tuple(part for part in parts if part.state),
        more_than_due=sum((part.credited for part in parts if not part.state), Decimal(0)),
        difference_usd=sum(known, Decimal(0)) if known else None,
        is_delivered=agreement.mode != Mode.CASH,
        has_levies=bool(money.coordination_levy or money.agent_fee),
    )


def _difference(
    part: Part, amount: Decimal, charge: Decimal | None, units_per_usd: Decimal | None, rates: Any
) -> Decimal | None:
    agreed = rates.get(part.instalment.pk) if part.instalment else None
    forgiven = to_usd(part.tolerance, agreed.units_per_usd) if agreed else Decimal(0)
    arrived = to_usd(amount, units_per_usd) if units_per_usd else None
    return exchange_difference(arrived, charge, units_per_usd, part.settled_usd(forgiven))


def money_of_typed(typed: Mapping[str, Any], amount: Decimal, code: str, on: Any) -> ReceivedMoney:
    """The payment as far as it is typed; what the form would refuse is left out."""
    return ReceivedMoney(
        currency=Currency.objects.get(code=code), amount=amount, received_on=on,
        automatic=not typed.get("unmatched"), leave_open=bool(typed.get("leave_open")),
        credited=_amount(typed.get("credited")), bank_charge=_amount(typed.get("bank_charge")),
        coordination_levy=_amount(typed.get("coordination_levy")),
        agent_fee=_amount(typed.get("agent_fee")),
    )  # fmt: skip


def _amount(typed: Any) -> Decimal | None:
    try:
        amount = AmountField(required=False).clean(typed or "")
    except ValidationError:
        return None
    return amount if amount and 0 < amount < 10**14 else None
