"""From what falls due in a year to what arrived in it: which payment settled which instalment.

US dollars of entries in cash, apart by fund and donor. What is due is at the agreement's rate, and
so is what a payment takes off it; the rest of a payment is exchange difference and bank charge.
An instalment's payments settle what fell due earliest first. What is due but not converted has no
dollars that could be settled, and neither has money that is not converted: both have their lines.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from income.money import to_usd
from income.querysets import EntryQuerySet
from income.vocabulary import Kind, Reason
from reports.figures.scope import Scope

ZERO = Decimal(0)
Part = tuple[str, int | None]  # fund and donor
Parts = dict[Part, Decimal]
# Lines, in the order of the table; those of returned money follow, one for each reason.
NOT_RECEIVED, DUE_LATER, BEFORE = "not_received", "due_later_in_year", "received_before"
EARLIER, LATER = "due_earlier", "due_later"
MORE, WITHOUT = "more_than_due", "without_instalment"
DUE_UNCONVERTED, PAID_UNCONVERTED = "due_not_converted", "paid_not_converted"
EXCHANGE, CHARGES = "exchange", "bank_charges"
LINES = (
    NOT_RECEIVED, DUE_LATER, BEFORE, EARLIER, LATER, MORE, WITHOUT, DUE_UNCONVERTED,
    PAID_UNCONVERTED, EXCHANGE, CHARGES,
)  # fmt: skip


@dataclass
class _Instalment:
    """What falls due of it, in the order in which it is settled, and what settled it."""

    part: Part
    due: list[Decimal] = field(default_factory=lambda: [ZERO] * 4)
    before: Decimal = ZERO
    within: Decimal = ZERO
    is_converted: bool = True

    def settled(self, paid: Decimal) -> list[Decimal]:
        """How much of the payments goes to each of the four, and what is left over."""
        parts, left = [], paid
        for due in self.due:
            taken = min(max(left, ZERO), max(due, ZERO))
            parts.append(taken)
            left -= taken
        return [*parts, left]


@dataclass(frozen=True)
class Payment:
    """A receipt as the bridge sees it; US dollars. `amount_usd` is None where not converted."""

    instalment: int | None
    part: Part
    is_before: bool
    amount_usd: Decimal | None
    settled_usd: Decimal
    charge_usd: Decimal

    @property
    def exchange_usd(self) -> Decimal:
        """What arrived and what the bank kept, less what it took off the agreed dollars."""
        if self.amount_usd is None:
            return ZERO
        return self.amount_usd + self.charge_usd - self.settled_usd


def payments(receipts: EntryQuerySet, january: datetime.date) -> Iterable[Payment]:
    """Ordinary receipts, one by one."""
    rows = receipts.filter(kind=Kind.RECEIPT, reason=Reason.ORDINARY).values_list(
        "instalment", "fund", "donor", "value_date", "amount_usd", "settled_usd", "bank_charge",
        "rate",
    )  # fmt: skip
    for instalment, fund, donor, on, usd, settled, kept, rate in rows:
        charge = to_usd(kept, rate) if kept and rate else ZERO
        if settled is None:  # nothing says otherwise: it settles what it is worth
            settled = ZERO if usd is None else usd + charge
        yield Payment(instalment, (fund, donor), on < january, usd, settled, charge)


def settlement_lines(scope: Scope, year: int, until: datetime.date) -> dict[str, Parts]:
    """Every line from due in the year to received in it up to the day."""
    january, december = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    cash = scope.entries().in_cash()
    due_in_year = cash.filter(kind=Kind.DUE, value_date__gte=january, value_date__lte=december)
    arrived = cash.filter(kind=Kind.RECEIPT, value_date__gte=january, value_date__lte=until)
    lines: dict[str, Parts] = defaultdict(lambda: defaultdict(Decimal))
    instalments = _instalments(cash, due_in_year, arrived, year, until)
    paid = cash.filter(value_date__lte=until).filter(
        Q(value_date__gte=january)
        | Q(instalment__in=_keys(due_in_year))
        | Q(instalment__in=_keys(arrived))
    )
    for payment in payments(paid, january):
        _book(payment, instalments, lines)
    for one in instalments.values():
        _settle(one, lines)
    _returned(arrived, lines)
    return lines


def _keys(entries: EntryQuerySet) -> Any:
    return entries.filter(instalment__isnull=False).order_by().values("instalment")


Instalments = dict[tuple[int | None, Part], _Instalment]


def _instalments(
    cash: EntryQuerySet, due_in_year: EntryQuerySet, arrived: EntryQuerySet, year: int,
    until: datetime.date,
) -> Instalments:  # fmt: skip
    """Those with something due in the year or paid in it; what has no instalment is like one."""
    january, december = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    rows = (
        cash.filter(kind=Kind.DUE)
        .filter(
            Q(instalment__in=_keys(due_in_year)) | Q(instalment__in=_keys(arrived))
            | Q(instalment=None, value_date__gte=january, value_date__lte=december)
        )
        .order_by()
        .values_list("instalment", "fund", "donor")
        .annotate(
            earlier=Sum("amount_usd", filter=Q(value_date__lt=january)),
            so_far=Sum("amount_usd", filter=Q(value_date__gte=january, value_date__lte=until)),
            rest=Sum("amount_usd", filter=Q(value_date__gt=until, value_date__lte=december)),
            later=Sum("amount_usd", filter=Q(value_date__gt=december)),
            left_out=Count("pk", filter=Q(amount_usd=None)),
        )
    )  # fmt: skip
    found: Instalments = {}
    for instalment, fund, donor, *due, left_out in rows:
        amounts = [usd or ZERO for usd in due]
        part = (fund, donor)
        found[instalment, part] = _Instalment(part, amounts, is_converted=not left_out)
    return found


def _book(payment: Payment, instalments: Instalments, lines: dict[str, Parts]) -> None:
    """Count a payment towards its instalment, and book what is not the instalment's."""
    one = instalments.get((payment.instalment, payment.part)) if payment.instalment else None
    if one and payment.is_before:
        one.before += payment.settled_usd
    if payment.is_before:
        return
    if one and one.is_converted:
        one.within += payment.settled_usd
    elif one:
        lines[DUE_UNCONVERTED][payment.part] += payment.settled_usd
    else:
        lines[WITHOUT][payment.part] += payment.settled_usd
    if payment.amount_usd is None:
        lines[PAID_UNCONVERTED][payment.part] -= payment.settled_usd
        return
    lines[EXCHANGE][payment.part] += payment.exchange_usd
    lines[CHARGES][payment.part] -= payment.charge_usd


def _settle(one: _Instalment, lines: dict[str, Parts]) -> None:
    before = one.settled(one.before) if one.is_converted else [ZERO] * 5
    after = one.settled(one.before + one.within) if one.is_converted else [ZERO] * 5
    paid = [new - old for old, new in zip(before, after, strict=True)]
    part = one.part
    lines[NOT_RECEIVED][part] -= one.due[1] - after[1]
    lines[DUE_LATER][part] -= one.due[2] - after[2]
    lines[BEFORE][part] -= before[1] + before[2]
    lines[EARLIER][part] += paid[0]
    lines[LATER][part] += paid[3]
    lines[MORE][part] += paid[4]


def _returned(arrived: EntryQuerySet, lines: dict[str, Parts]) -> None:
    """Refunds, interest and transfers, as they were posted: a line for each reason."""
    rows = (
        arrived.exclude(reason=Reason.ORDINARY)
        .filter(amount_usd__isnull=False)
        .order_by()
        .values_list("reason", "fund", "donor")
        .annotate(usd=Sum("amount_usd"))
    )
    for reason, fund, donor, usd in rows:
        lines[reason][fund, donor] += usd
