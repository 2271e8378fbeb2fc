"""What the entry forms show at once: US dollars, rate, its date and type, expected support."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from income.errors import SplitImpossible
from income.forms.fields import AmountField, DayField
from income.models import Contribution, Currency, Fund, Ledger
from income.money import programme_support_inside, to_usd
from income.rates import RateInForce, rate_in_force
from income.rules import STANDARD_SUPPORT_RATE, carries_support
from income.settlement_preview import SettlementPreview, money_of_typed, settlement_of_typed


@dataclass(frozen=True)
class Conversion:
    """An amount as it will be posted. `rate` is None where it will stay not converted."""

    amount: Decimal
    currency: str
    on: datetime.date
    rate: RateInForce | None
    amount_usd: Decimal | None
    support_rate: Decimal | None  # a fraction
    support_usd: Decimal | None
    settlement: SettlementPreview | None = None  # of a payment under an agreement


def conversion(
    amount: Decimal, currency: str, on: datetime.date, *, ledger: Ledger,
    support_rate: Decimal | None,
) -> Conversion:  # fmt: skip
    """Convert at the rate in force on the day in these books."""
    rate = rate_in_force(currency, on, ledger=ledger)
    usd = to_usd(amount, rate.units_per_usd) if rate else None
    support = (
        programme_support_inside(usd, support_rate)
        if usd is not None and support_rate is not None
        else None
    )
    return Conversion(amount, currency, on, rate, usd, support_rate, support)


def conversion_of_typed(typed: Mapping[str, Any], ledger: Ledger) -> Conversion | None:
    """From half-filled form fields; None as long as amount, currency and day are not there.

    Read as the forms read them, so that what they refuse is not shown converted.
    """
    try:
        amount = AmountField().clean(typed.get("amount", "")) or Decimal(0)
        on = DayField().clean(typed.get("received_on") or typed.get("promised_on") or "")
    except ValidationError:
        return None
    currency = typed.get("currency", "")
    if not (0 < amount < 10**14 and on.year >= 1945):
        return None
    if not Currency.objects.filter(code=currency).exists():
        return None
    found = conversion(
        amount, currency, on, ledger=ledger, support_rate=_support_rate(typed, ledger)
    )
    return _with_settlement(found, typed, ledger)


def _with_settlement(found: Conversion, typed: Mapping[str, Any], ledger: Ledger) -> Conversion:
    """What a payment does to its agreement, where the form is one of a payment under one."""
    agreement = _agreement(str(typed.get("contribution") or ""), ledger)
    if agreement is None or "received_on" not in typed:
        return found
    money = money_of_typed(typed, found.amount, found.currency, found.on)
    units = found.rate.units_per_usd if found.rate else None
    try:
        return replace(found, settlement=settlement_of_typed(typed, agreement, money, units))
    except SplitImpossible:  # more decimals than the currency has: the form says so
        return found


def as_typed(data: Any) -> dict[str, Any]:
    """What a browser sent, with every ticked instalment; other fields once."""
    typed = dict(data.items())
    if hasattr(data, "getlist"):
        typed["instalment"] = data.getlist("instalment")
    return typed


def _support_rate(typed: Mapping[str, Any], ledger: Ledger) -> Decimal | None:
    if typed.get("contribution"):
        agreement = _agreement(typed["contribution"], ledger)
        return agreement.programme_support_rate if agreement else None
    fund = Fund.objects.filter(code=typed.get("fund", "")).first()
    if fund is None or not carries_support(fund):
        return None
    try:
        percent = AmountField(required=False).clean(typed.get("support_rate", ""))
    except ValidationError:
        return None
    if percent is None:
        return STANDARD_SUPPORT_RATE
    return percent / 100 if 0 <= percent < 100 else None


def _agreement(uuid: str, ledger: Ledger) -> Contribution | None:
    try:
        return Contribution.objects.filter(ledger=ledger, uuid=uuid).first() if uuid else None
    except ValidationError:  # not a UUID
        return None
