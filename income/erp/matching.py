"""The ERP's receipts beside the books': which match, and how they differ per fund."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from income.erp.candidates import NEAR, Known
from income.erp.receipts import BookReceipt, ReceiptKey, book_receipts
from income.models import Entry, ErpExport, ErpLine, Fund, Ledger
from income.periods import YearMonth

ZERO = Decimal(0)


@dataclass(frozen=True)
class FundRow:
    """A fund's receipts that do not match; US dollars are the ERP's less the books'."""

    fund: str
    name: str
    lines: int  # of the ERP without a receipt
    postings: int  # receipts of the books without a line
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
    receipts: Mapping[ReceiptKey, BookReceipt] = field(default_factory=dict)
    funds: tuple[FundRow, ...] = ()


def reconciliation(ledger: Ledger, month: YearMonth) -> Reconciliation:
    """How the month stands; seven queries, whatever the number of lines."""
    export = ErpExport.objects.filter(ledger=ledger, month=month.key, is_current=True).first()
    if export is None:
        return Reconciliation(month, None)
    lines = list(export.lines.select_related("posting", "currency"))
    receipts = book_receipts(
        ledger, month.first_day, month.last_day, {line.receipt_key for line in lines}
    )
    by_key = {one.key: one for one in receipts}
    hang_lines(ledger, by_key)
    unmatched = [line for line in lines if line.receipt_key not in by_key]
    alone = [
        one for one in receipts if not one.lines and month.first_day <= one.on <= month.last_day
    ]
    mine = {line.receipt_key for line in lines}
    different = [one for one in receipts if one.key in mine and one.differs]
    return Reconciliation(
        month, export, _has_moved(ledger, export, month), tuple(lines), tuple(unmatched),
        tuple(alone), tuple(different), by_key,
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


def hang_lines(
    ledger: Ledger, by_key: Mapping[ReceiptKey, BookReceipt], *, but: ErpExport | None = None
) -> None:
    """Hang the lines of every current export on their receipts, without those of `but`."""
    postings = {posting for posting, _line in by_key}
    tied = ErpLine.objects.filter(
        export__ledger=ledger, export__is_current=True, posting__in=postings
    )
    for line in tied.exclude(export=but) if but else tied:
        if line.receipt_key in by_key:
            by_key[line.receipt_key].lines.append(line)


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
