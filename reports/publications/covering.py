"""From the Board's table to the IATI file: which money one holds and the other does not.

The table is received and allotted in cash, January to its month. The file is every receipt from the
first month of the books on, in its own currency. US dollars of the books, fund by fund; what has no
US dollars stands beside, by currency.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, CharField, Count, Q, Sum, Value, When

from income.money import USD
from income.periods import YearMonth
from income.vocabulary import Kind, Mode
from reports.figures.scope import Scope
from reports.figures.sums import REGULAR_BUDGET
from reports.iati.sums import TYPES, IatiSum
from reports.open.state import Published
from reports.publications.bridging import BridgeRow
from reports.publications.checks import Check
from reports.updates.stored import StoredRow

ZERO = Decimal(0)
TABLE, ALLOTTED, NOT_CASH, EARLIER = "table", "allotted", "not_cash", "earlier_years"
CONVERTED, FILE = "converted", "file"
THIS_YEAR = "this_year"
RECEIVED = TYPES[Kind.RECEIPT]


@dataclass(frozen=True)
class CurrencyRow:
    """The incoming funds of the file in one currency, and what they are in the books.

    `file` is read from the bytes; `not_converted` and `converted` are of the books, in `currency`;
    `converted_usd` is the latter at the rates of the entries.
    """

    fund: str
    currency: str
    file: Decimal
    not_converted: Decimal
    not_converted_count: int
    converted: Decimal
    converted_usd: Decimal

    @property
    def usd(self) -> Decimal:
        """The file's amount in US dollars of the books; what the books do not hold is added."""
        return self.converted_usd + (self.file - self.not_converted - self.converted)


@dataclass(frozen=True)
class Covered:
    """The lines from table to file of every fund, the currencies, and whether they come out."""

    rows: tuple[BridgeRow, ...]
    currencies: tuple[CurrencyRow, ...]
    checks: tuple[Check, ...]


def covered(published: Published, told: Sequence[StoredRow], carried: Iterable[IatiSum]) -> Covered:
    """`told` are the stored rows of the update, `carried` the sums read back from the file."""
    table = {row.funds[0]: row.actual_usd or ZERO for row in told if _is_of_one_fund(row)}
    sums = _by_part(published)
    currencies = tuple(_currencies(published, carried))
    funds = dict.fromkeys([*table, *(fund for fund, _part in sums), *(c.fund for c in currencies)])
    rows: list[BridgeRow] = []
    checks: list[Check] = []
    for fund in funds:
        lines = list(_lines(published, fund, table.get(fund, ZERO), sums))
        end = sum((row.amount_usd for row in lines), ZERO)
        in_file = sum((one.usd for one in currencies if one.fund == fund), ZERO)
        rows += [*lines, _row(published, fund, FILE, in_file, is_basis=True)]
        link = _link(published, fund, FILE)
        year = published.as_at.year
        checks.append(Check("table_to_file", end, in_file, year=year, fund=fund, link=link))
    return Covered(tuple(rows), currencies, tuple(checks))


def _is_of_one_fund(row: StoredRow) -> bool:
    return not row.is_total and len(row.funds) == 1


def _lines(
    published: Published, fund: str, table: Decimal, sums: Mapping[tuple[str, str], Decimal]
) -> Iterable[BridgeRow]:
    yield _row(published, fund, TABLE, table, is_basis=True)
    if fund == REGULAR_BUDGET:
        yield _row(published, fund, ALLOTTED, -sums.get((fund, ALLOTTED), ZERO))
    for code in (NOT_CASH, EARLIER):
        if usd := sums.get((fund, code), ZERO):
            yield _row(published, fund, code, usd)


def _row(
    published: Published, fund: str, code: str, usd: Decimal, *, is_basis: bool = False
) -> BridgeRow:
    year = published.as_at.year
    return BridgeRow(year, fund, code, usd, is_basis, link=_link(published, fund, code))


def _link(published: Published, fund: str, code: str) -> str:
    """The entries behind a line."""
    scope = Scope(published.ledger, fund, until=published.sequence)
    january = YearMonth(published.as_at.year, 1)
    before = YearMonth(published.as_at.year - 1, 12)
    kind = Kind.ALLOTMENT if fund == REGULAR_BUDGET else Kind.RECEIPT
    first, last, mode = {
        TABLE: (january, published.as_at, Mode.CASH.value),
        ALLOTTED: (january, published.as_at, Mode.CASH.value),
        NOT_CASH: (january, published.as_at, "not_cash"),
        EARLIER: (None, before, ""),
        FILE: (None, published.as_at, ""),
    }[code]
    if code == FILE and kind == Kind.ALLOTMENT:
        return ""
    return scope.link([kind], first, last, mode=mode)


def _by_part(published: Published) -> dict[tuple[str, str], Decimal]:
    """US dollars of receipts and allotments by fund and by where they stand; one query."""
    january = datetime.date(published.as_at.year, 1, 1)
    part = Case(
        When(kind=Kind.ALLOTMENT, then=Value(ALLOTTED)),
        When(value_date__lt=january, then=Value(EARLIER)),
        When(~Q(mode=Mode.CASH), then=Value(NOT_CASH)),
        default=Value(THIS_YEAR), output_field=CharField(),
    )  # fmt: skip
    entries = published.entries([Kind.RECEIPT, Kind.ALLOTMENT])
    entries = entries.exclude(kind=Kind.ALLOTMENT, value_date__lt=january)
    entries = entries.exclude(~Q(mode=Mode.CASH), kind=Kind.ALLOTMENT)
    rows = entries.annotate(part=part).order_by().values_list("fund", "part")
    return {(f, p): usd or ZERO for f, p, usd in rows.annotate(usd=Sum("amount_usd"))}


def _currencies(published: Published, carried: Iterable[IatiSum]) -> Iterable[CurrencyRow]:
    """Of every fund and currency that the file or the books hold receipts in; one query."""
    in_file: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in carried:
        if one.transaction_type == RECEIVED:
            in_file[one.fund, one.currency] += one.amount
    held = _in_books(published)
    for key in sorted(set(in_file) | set(held)):
        fund, currency = key
        left_out, count, converted, usd = held.get(key, (ZERO, 0, ZERO, ZERO))
        yield CurrencyRow(fund, currency, in_file.get(key, ZERO), left_out, count, converted, usd)


Held = tuple[Decimal, int, Decimal, Decimal]


def _in_books(published: Published) -> dict[tuple[str, str], Held]:
    """Not converted (amount, count), converted, and that in US dollars, by fund and currency."""
    rows = published.entries([Kind.RECEIPT]).order_by().values_list("fund", "currency")
    left_out, converted = Q(amount_usd=None), Q(amount_usd__isnull=False)
    found = rows.annotate(
        left=Sum("amount", filter=left_out), count=Count("pk", filter=left_out),
        there=Sum("amount", filter=converted), usd=Sum("amount_usd"),
    )  # fmt: skip
    return {
        (fund, currency): (left or ZERO, count, there or ZERO, usd or ZERO)
        for fund, currency, left, count, there, usd in found
    }


def is_foreign(row: CurrencyRow) -> bool:
    """Whether its line is about a conversion, or about money without one."""
    return row.currency != USD or bool(row.not_converted_count)
