"""The ERP's receipts beside the books': which belong together, and how they differ per fund.

A line of the ERP is matched by its document number, else by grant, currency, amount and a date
within five days when only one receipt fits, else by the bank's reference.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from income.models import Entry, ErpExport, ErpLine, ErpReference, Fund, Ledger
from income.periods import YearMonth
from income.vocabulary import ErpScheme

NEAR = datetime.timedelta(days=5)
SHORTEST_REFERENCE = 4  # a shorter bank reference stands in a text by chance
ZERO = Decimal(0)


@dataclass
class BookReceipt:
    """One posting's receipts together; US dollars None where one of them is not converted."""

    posting: Any  # primary key
    sequence: int
    reference: str
    contribution: int | None
    fund: str
    currency: str
    amount: Decimal
    amount_usd: Decimal | None
    on: datetime.date
    lines: list[ErpLine] = field(default_factory=list)  # of any current export
    usd_of_fund: dict[str, Decimal | None] = field(default_factory=dict)

    def with_entry(self, fund: str, amount: Decimal, usd: Decimal | None) -> None:
        """Count one more entry of the posting; what is not converted makes its sums unknown."""
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


def book_receipts(
    ledger: Ledger, first: datetime.date, last: datetime.date, postings: Iterable[Any] = ()
) -> list[BookReceipt]:
    """The standing receipts in cash of the days, and of these postings; one query."""
    wanted = Q(value_date__gte=first, value_date__lte=last) | Q(posting__in=list(postings))
    rows = (
        Entry.objects.in_books(ledger)
        .receipts()
        .in_cash()
        .filter(wanted, posting__reverses=None, posting__reversed_by__isnull=True)
        .order_by("posting__sequence", "-pk")
        .values_list(
            "posting", "posting__sequence", "posting__reference", "contribution", "fund",
            "currency", "amount", "amount_usd", "value_date",
        )
    )  # fmt: skip
    found: dict[Any, BookReceipt] = {}
    for row in rows:
        posting, sequence, reference, contribution, fund, currency, amount, usd, on = row
        if posting not in found:
            found[posting] = BookReceipt(
                posting, sequence, reference, contribution, fund, currency, ZERO, ZERO, on
            )
        found[posting].with_entry(fund, amount, usd)
    # What only moves between grants is no money that came.
    return [one for one in found.values() if one.amount]


def _sum_of(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True)
class Known:
    """What the references of the books say about the ERP's identifiers."""

    postings_of_document: Mapping[str, frozenset[Any]]
    contributions_of_grant: Mapping[str, frozenset[int]]
    funds: Mapping[tuple[str, str], str]  # scheme and value, where they lead to one fund

    @classmethod
    def of(cls, ledger: Ledger) -> "Known":
        """Every reference of these books; one query."""
        documents: dict[str, set[Any]] = defaultdict(set)
        grants: dict[str, set[int]] = defaultdict(set)
        funds: dict[tuple[str, str], set[str]] = defaultdict(set)
        rows = ErpReference.objects.filter(ledger=ledger).values_list(
            "scheme", "value", "posting", "contribution", "contribution__fund"
        )
        for scheme, value, posting, contribution, fund in rows:
            if scheme == ErpScheme.DOCUMENT and posting:
                documents[folded(value)].add(posting)
            if scheme == ErpScheme.GRANT and contribution:
                grants[folded(value)].add(contribution)
            if fund:
                funds[scheme, folded(value)].add(fund)
        return cls(
            {value: frozenset(found) for value, found in documents.items()},
            {value: frozenset(found) for value, found in grants.items()},
            {key: next(iter(found)) for key, found in funds.items() if len(found) == 1},
        )

    def fund_of(self, line: ErpLine) -> str:
        """The books' fund of a line: its grant's agreement, else that of its fund; "" unknown."""
        return (
            self.funds.get((ErpScheme.GRANT, folded(line.grant)))
            or self.funds.get((ErpScheme.WBS, folded(line.wbs)))
            or self.funds.get((ErpScheme.FUND, folded(line.fund)))
            or ""
        )


def folded(value: str) -> str:
    """An identifier without case and spaces around it."""
    return value.strip().casefold()


def found_for(
    line: ErpLine, free: Iterable[BookReceipt], known: Known, forbidden: frozenset[int]
) -> Any | None:
    """The posting that the line belongs to, when only one fits; `forbidden` are sequences."""
    receipts = [one for one in free if one.sequence not in forbidden]
    document = known.postings_of_document.get(folded(line.document), frozenset())
    by_document = {one.posting for one in receipts if one.posting in document}
    if len(by_document) == 1:
        return by_document.pop()
    unmatched = [one for one in receipts if not one.lines]
    grants = known.contributions_of_grant.get(folded(line.grant), frozenset())
    by_grant = {
        one.posting
        for one in unmatched
        if one.contribution in grants
        and (one.currency, one.amount) == (line.currency_id, line.amount)
        and abs(one.on - line.posted_on) <= NEAR
    }
    if len(by_grant) == 1:
        return by_grant.pop()
    by_bank = {one.posting for one in unmatched if _names_it(line, one.reference)}
    return by_bank.pop() if len(by_bank) == 1 else None


def _names_it(line: ErpLine, reference: str) -> bool:
    """Whether the line carries the bank's reference: as its document, or as a word of its text."""
    wanted = folded(reference)
    if len(wanted) < SHORTEST_REFERENCE:
        return False
    return wanted == folded(line.document) or f" {wanted} " in f" {folded(line.text)} "


@dataclass(frozen=True)
class FundRow:
    """A fund's receipts that do not match; US dollars are the ERP's less the books'."""

    fund: str
    name: str
    lines: int  # of the ERP without a posting
    postings: int  # of the books without a line
    different: int  # matched, with another amount
    difference_usd: Decimal
    without_usd: int  # of these, not in US dollars on one side

    @property
    def count(self) -> int:
        return self.lines + self.postings + self.different


@dataclass(frozen=True)
class Reconciliation:
    """A month of the ERP beside the books. Without an export there is nothing to compare."""

    month: YearMonth
    export: ErpExport | None
    is_stale: bool = False  # the books moved since the last match
    lines: tuple[ErpLine, ...] = ()
    unmatched_lines: tuple[ErpLine, ...] = ()
    unmatched_receipts: tuple[BookReceipt, ...] = ()
    different: tuple[BookReceipt, ...] = ()
    receipts: Mapping[Any, BookReceipt] = field(default_factory=dict)  # by posting
    funds: tuple[FundRow, ...] = ()


def reconciliation(ledger: Ledger, month: YearMonth) -> Reconciliation:
    """How the month stands; seven queries, whatever the number of lines."""
    export = ErpExport.objects.filter(ledger=ledger, month=month.key, is_current=True).first()
    if export is None:
        return Reconciliation(month, None)
    lines = list(export.lines.select_related("posting", "currency"))
    receipts = book_receipts(
        ledger, month.first_day, month.last_day, {line.posting_id for line in lines}
    )
    by_posting = {one.posting: one for one in receipts}
    _tie(ledger, by_posting)
    unmatched = [line for line in lines if line.posting_id not in by_posting]
    alone = [
        one for one in receipts if not one.lines and month.first_day <= one.on <= month.last_day
    ]
    mine = {line.posting_id for line in lines}
    different = [one for one in receipts if one.posting in mine and one.differs]
    return Reconciliation(
        month, export, _has_moved(ledger, export, month), tuple(lines), tuple(unmatched),
        tuple(alone), tuple(different), by_posting,
        _fund_rows(unmatched, alone, different, Known.of(ledger)),
    )  # fmt: skip


def _has_moved(ledger: Ledger, export: ErpExport, month: YearMonth) -> bool:
    """Whether a receipt of about that time was posted since the last match."""
    later = (
        Entry.objects.in_books(ledger)
        .receipts()
        .filter(
            posting__sequence__gt=export.matched_sequence,
            value_date__gte=month.first_day - NEAR,
            value_date__lte=month.last_day + NEAR,
        )
    )
    return later.exists()


def _tie(ledger: Ledger, by_posting: Mapping[Any, BookReceipt]) -> None:
    """Hang the lines of every current export on their receipts."""
    tied = ErpLine.objects.filter(
        export__ledger=ledger, export__is_current=True, posting__in=list(by_posting)
    )
    for line in tied:
        by_posting[line.posting_id].lines.append(line)


def _fund_rows(
    lines: Iterable[ErpLine], alone: Iterable[BookReceipt], different: Iterable[BookReceipt],
    known: Known,
) -> tuple[FundRow, ...]:  # fmt: skip
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    sums: dict[str, list[Decimal | None]] = defaultdict(list)
    for line in lines:
        counts[known.fund_of(line)][0] += 1
        sums[known.fund_of(line)].append(line.amount_usd)
    for one in alone:
        for fund, usd in one.usd_of_fund.items():
            counts[fund][1] += 1
            sums[fund].append(None if usd is None else -usd)
    for one in different:
        counts[one.fund][2] += 1
        usd = (
            None if one.erp_usd is None or one.amount_usd is None else one.erp_usd - one.amount_usd
        )
        sums[one.fund].append(usd)
    names = {fund.code: str(fund) for fund in Fund.objects.all()}
    order = {code: number for number, code in enumerate(names)}
    return tuple(
        FundRow(
            fund=fund,
            name=names.get(fund) or _("fund not known"),
            lines=counts[fund][0],
            postings=counts[fund][1],
            different=counts[fund][2],
            difference_usd=sum((usd for usd in sums[fund] if usd is not None), ZERO),
            without_usd=sum(usd is None for usd in sums[fund]),
        )
        for fund in sorted(counts, key=lambda code: order.get(code, len(order)))
    )  # fmt: skip
