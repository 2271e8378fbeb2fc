"""The same payment entered twice: what looks like it, before it is submitted and again after."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum

from donors.models import Donor
from income.forms.fields import AmountField, DayField, DonorField
from income.models import Contribution, Draft, Entry, ErpReference, Ledger, Posting
from income.vocabulary import Act, ErpScheme, Kind

NEAR = datetime.timedelta(days=7)
PAYMENTS = (Act.RECORD_RECEIPT, Act.RECORD_GIFT, Act.RECORD_ONLINE_GIFTS)
MOST = 5


@dataclass(frozen=True)
class Payment:
    """What a payment is recognised by; `amount` is in `currency`."""

    donor: Donor
    currency: str
    amount: Decimal
    received_on: datetime.date
    bank_reference: str = ""


@dataclass(frozen=True)
class Duplicate:
    """A payment that may be the same: it stands in the books, or waits for review."""

    posting: Posting | None = None
    draft: Draft | None = None


def duplicates_of(payment: Payment, ledger: Ledger, *, token: str | None = None) -> list[Duplicate]:
    """Payments of the donor with the same amount within a week, or with the same bank reference.

    Receipts that stand in the books; with `token`, the token of the form that is being entered,
    drafts that wait for review as well. What was sent with this token is the payment itself.
    """
    found = [Duplicate(posting=row) for row in _standing(payment, ledger, token)]
    if token is not None:
        found += [Duplicate(draft=row) for row in _waiting(payment, ledger, token)]
    return found[:MOST]


def _standing(payment: Payment, ledger: Ledger, token: str | None) -> QuerySet[Posting]:
    near = Entry.objects.receipts().filter(
        ledger=ledger, donor__in=Donor.objects.with_merged(payment.donor),
        currency=payment.currency, value_date__gte=payment.received_on - NEAR,
        value_date__lte=payment.received_on + NEAR,
    )  # fmt: skip
    of_forms = near.filter(posting__act__in=PAYMENTS)
    sums = of_forms.order_by().values_list("posting").annotate(total=Sum("amount"))
    same = Q(pk__in=[posting for posting, total in sums if total == payment.amount])
    same |= Q(pk__in=_imported(near.filter(posting__act=Act.IMPORT_ROWS), payment))
    if payment.bank_reference:
        same |= Q(reference__iexact=payment.bank_reference, act__in=PAYMENTS)
        same |= Q(pk__in=_imported_with(payment, ledger))
    standing = Posting.objects.filter(same, ledger=ledger, reversed_by=None)
    return standing.exclude(token=token or "").order_by("-sequence")[:MOST]


def _imported(near: QuerySet[Entry], payment: Payment) -> set[UUID]:
    """Postings of whole files that hold such a payment: a line, or what a row divided."""
    rows = near.filter(contribution__isnull=False).order_by()
    parts = rows.values_list("posting", "contribution", "value_date").annotate(total=Sum("amount"))
    found = {posting for posting, _of, _on, total in parts if total == payment.amount}
    return found | set(near.filter(amount=payment.amount).values_list("posting", flat=True))


def _imported_with(payment: Payment, ledger: Ledger) -> set[UUID]:
    """Postings of whole files with the bank's reference, which stands with the row."""
    reference = payment.bank_reference
    kept = ErpReference.objects.filter(
        ledger=ledger, scheme=ErpScheme.BANK, value__iexact=reference, posting__act=Act.IMPORT_ROWS
    )
    of_gifts = Entry.objects.receipts().filter(
        ledger=ledger, donor__in=Donor.objects.with_merged(payment.donor),
        contribution__reference__iexact=reference, posting__act=Act.IMPORT_ROWS,
    )  # fmt: skip
    postings = (rows.values_list("posting", flat=True) for rows in (kept, of_gifts))
    return {posting for found in postings for posting in found if posting}


def _waiting(payment: Payment, ledger: Ledger, token: str) -> Iterator[Draft]:
    same = Q(payload__currency=payment.currency)
    if payment.bank_reference:
        same |= Q(payload__reference__iexact=payment.bank_reference)
    drafts = Draft.objects.waiting_for_review().filter(same, ledger=ledger, act__in=PAYMENTS)
    for draft in drafts.exclude(token=token).select_related("written_by"):
        if _is_same(payment, draft.payload):
            yield draft


def _is_same(payment: Payment, typed: dict[str, Any]) -> bool:
    reference = str(typed.get("reference", "")).strip()
    if reference and reference.casefold() == payment.bank_reference.casefold():
        return True
    try:
        amount = AmountField().clean(typed.get("amount", ""))
        on = DayField().clean(typed.get("received_on", ""))
    except ValidationError:
        return False
    return (
        typed.get("currency") == payment.currency
        and amount == payment.amount
        and abs(on - payment.received_on) <= NEAR
        and _donor(typed) == payment.donor
    )


def _donor(typed: dict[str, Any]) -> Donor | None:
    """Who a draft's money is from: the agreement's donor, or the one that was typed."""
    try:
        if named := typed.get("contribution"):
            agreement = Contribution.objects.select_related("donor").filter(uuid=named).first()
            return agreement.donor if agreement else None
        found: Donor | None = DonorField().clean(typed.get("donor", ""))
        return found
    except ValidationError:
        return None


def received_in(posting: Posting) -> Decimal:
    """What a posting's receipts add up to, in the currency paid."""
    total: Decimal | None = posting.entries.filter(kind=Kind.RECEIPT).aggregate(
        total=Sum("amount")
    )["total"]
    return total or Decimal(0)
