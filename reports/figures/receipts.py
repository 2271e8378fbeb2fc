"""Receipts of a donor as its page, its statement and their acknowledgement tell them."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.models import Entry, Fund
from income.vocabulary import Mode, RateType


@dataclass(frozen=True)
class Receipt:
    """Money that arrived, in its own currency; without a rate in force it is not converted."""

    received_on: datetime.date
    fund: str
    fund_name: str
    purpose: str
    reference: str
    currency: str
    amount: Decimal
    rate: Decimal | None  # units of the currency per US dollar
    rate_on: datetime.date | None
    rate_type: str
    amount_usd: Decimal | None
    year_for: int
    sequence: int
    line: int

    @property
    def rate_label(self) -> str:
        """What kind of rate it is; empty when the receipt is not converted."""
        return str(RateType(self.rate_type).label) if self.rate_type else ""


def fund_said(fund: Fund, mode: str, *, is_refund: bool = False) -> str:
    """The fund's name, with what it was given as when that is not cash."""
    name = str(fund)
    if mode == Mode.IN_KIND:
        name = _("%(fund)s, in kind") % {"fund": name}
    return _("%(fund)s, refund") % {"fund": name} if is_refund else name


def receipt_of(entry: Entry) -> Receipt:
    """One entry of a receipt; reads its fund, posting and contribution."""
    return Receipt(
        received_on=entry.value_date, fund=entry.fund_id,
        fund_name=fund_said(entry.fund, entry.mode, is_refund=entry.amount < 0),
        purpose=entry.contribution.title if entry.contribution else "",
        reference=entry.posting.reference, currency=entry.currency_id, amount=entry.amount,
        rate=entry.rate, rate_on=entry.rate_on, rate_type=entry.rate_type,
        amount_usd=entry.amount_usd, year_for=entry.year_for, sequence=entry.posting.sequence,
        line=entry.line,
    )  # fmt: skip


def payment_of(entry: Entry) -> list[Entry]:
    """The lines of the payment that the receipt is a part of, by line; one where it is alone.

    What one posting books under one contribution on one day in one currency came as one payment.
    """
    if entry.contribution_id is None:
        return [entry]
    same = Entry.objects.receipts().filter(
        posting=entry.posting_id, contribution=entry.contribution_id, currency=entry.currency_id,
        value_date=entry.value_date, amount__gt=0,
    )  # fmt: skip
    related = ("fund", "posting__reversed_by", "contribution", "programme", "area", "ledger")
    return list(same.select_related(*related).order_by("line"))
