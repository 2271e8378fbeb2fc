"""The receipts of the books as the ERP knows them: one for a posting, one for each imported row."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from income.models import Entry, ErpLine, ErpReference, ImportedRow, Ledger
from income.vocabulary import Act, ErpScheme

ZERO = Decimal(0)
# The posting's primary key, and the smallest line of the receipt in a posting of an import.
ReceiptKey = tuple[Any, int | None]
OF_AN_IMPORT = Q(posting__act=Act.IMPORT_ROWS)
# The first line of the row that an entry of an import belongs to; it may be no receipt.
FIRST_OF_ROW = (
    ImportedRow.objects.filter(posting=OuterRef("posting"), line__lte=OuterRef("line"))
    .order_by("-line")
    .values("line")[:1]
)
BANK_REFERENCE = (
    ErpReference.objects.filter(
        posting=OuterRef("posting"), receipt_line=OuterRef("line"), scheme=ErpScheme.BANK
    )
    .order_by("value")
    .values("value")[:1]
)


@dataclass
class BookReceipt:
    """A posting's receipts together, or an imported row's.

    `amount` is in `currency`; US dollars are None where an entry is not converted. `line` is None
    for an ordinary posting.
    """

    posting: Any  # primary key
    line: int | None
    sequence: int
    reference: str  # the bank's
    contribution: int | None
    fund: str
    currency: str
    on: datetime.date
    amount: Decimal = ZERO
    amount_usd: Decimal | None = ZERO
    lines: list[ErpLine] = field(default_factory=list)  # of any current export
    usd_of_fund: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def key(self) -> ReceiptKey:
        return self.posting, self.line

    @property
    def number(self) -> str:
        """As people name it: the posting, or posting/line."""
        return number_of(self.sequence, self.line)

    def with_entry(self, fund: str, amount: Decimal, usd: Decimal | None) -> None:
        """Count one more entry of it; what is not converted makes its sums unknown."""
        self.amount += amount
        self.amount_usd = _sum_of(self.amount_usd, usd)
        self.usd_of_fund[fund] = _sum_of(self.usd_of_fund.get(fund, ZERO), usd)

    @property
    def erp_amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def erp_usd(self) -> Decimal | None:
        if any(line.amount_usd is None for line in self.lines):
            return None
        return sum((line.amount_usd or ZERO for line in self.lines), ZERO)

    @property
    def difference_usd(self) -> Decimal | None:
        """The ERP's less the books'; None where one of them is not in US dollars."""
        if self.erp_usd is None or self.amount_usd is None:
            return None
        return self.erp_usd - self.amount_usd

    @property
    def differs(self) -> bool:
        """Whether the ERP has another amount, in the currency or in US dollars."""
        if not self.lines:
            return False
        other = self.erp_usd is not None and self.erp_usd != self.amount_usd
        return self.erp_amount != self.amount or other or self._other_currency

    @property
    def _other_currency(self) -> bool:
        return any(line.currency_id != self.currency for line in self.lines)


def number_of(sequence: int, line: int | None) -> str:
    """How people name a receipt: 12, or 12/3 in a posting of an import."""
    return str(sequence) if line is None else f"{sequence}/{line}"


def book_receipts(
    ledger: Ledger, first: datetime.date, last: datetime.date, keys: Iterable[ReceiptKey] = ()
) -> list[BookReceipt]:
    """The standing receipts in cash of the days, and those with these keys; one query."""
    wanted = set(keys)
    near = Q(value_date__gte=first, value_date__lte=last)
    entries = _standing(ledger).filter(
        near | Q(posting__in={posting for posting, _line in wanted if posting})
    )
    # What only moves between grants is no money that came.
    return [
        one
        for one in _receipts_of(entries)
        if one.amount and (one.line is None or first <= one.on <= last or one.key in wanted)
    ]


def imported_receipt(ledger: Ledger, posting: Any, line: int) -> BookReceipt | None:
    """The standing receipt of an import's posting to which the line belongs; two queries."""
    entries = _standing(ledger).filter(OF_AN_IMPORT, posting=posting)
    own = entries.filter(line=line).values_list("contribution", "value_date", "currency").first()
    if own is None:
        return None
    contribution, on, currency = own
    beside = Q(line=line)
    if contribution is not None:
        beside = Q(contribution=contribution, value_date=on, currency=currency)
    found = [one for one in _receipts_of(entries.filter(beside)) if (one.line or 0) <= line]
    return max(found, key=lambda one: one.line or 0, default=None)


def _standing(ledger: Ledger) -> QuerySet[Entry]:
    return (
        Entry.objects.in_books(ledger)
        .receipts()
        .in_cash()
        .filter(posting__reverses=None, posting__reversed_by__isnull=True)
    )


def _receipts_of(entries: QuerySet[Entry]) -> list[BookReceipt]:
    """Each with all of its entries that are given; by posting, the last of each first."""
    rows = (
        entries.annotate(first_of_row=_of_import(FIRST_OF_ROW), bank=_of_import(BANK_REFERENCE))
        .order_by("posting__sequence", "-line")
        .values_list(
            "posting", "posting__sequence", "posting__act", "posting__reference", "line",
            "first_of_row", "bank", "contribution", "contribution__reference", "fund", "currency",
            "amount", "amount_usd", "value_date",
        )
    )  # fmt: skip
    found: dict[tuple[Any, ...], BookReceipt] = {}
    for (posting, sequence, act, reference, line, row, bank, contribution, of_agreement, fund,
         currency, amount, usd, on) in rows.iterator():  # fmt: skip
        is_imported = act == Act.IMPORT_ROWS
        # Lines of an agreement's row stand together; what has no agreement has one line.
        key = (posting, row, contribution or -line, on, currency) if is_imported else (posting,)
        one = found.get(key)
        if one is None:
            one = found[key] = BookReceipt(
                posting, None, sequence, reference, contribution, fund, currency, on
            )
        if is_imported:
            # Lines come backwards: the smallest stays. A gift's row begins with its agreement,
            # which keeps the bank's reference.
            one.line = line
            one.reference = bank or (of_agreement if row is not None and row < line else "") or ""
        one.with_entry(fund, amount, usd)
    return list(found.values())


def _of_import(query: QuerySet[Any, Any]) -> Case:
    """What is asked for the entries of imports only; None for ordinary postings."""
    return Case(When(OF_AN_IMPORT, then=Subquery(query)))


def _sum_of(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
