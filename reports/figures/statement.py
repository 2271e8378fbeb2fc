"""What one donor promised and gave in one year: the donor's page and its PDF render this object.

Kinds (pledged, agreed, due, received, audited) stand beside each other and are never added.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Entry, Fund, Ledger
from income.periods import YearMonth
from income.totals import Adjusted, NotConverted, Span, adjusted, closed_months, is_audited, reach
from income.vocabulary import Kind, Mode, RateType
from reports.figures import statement_notes
from reports.figures.donor_entries import (
    GIVEN_KINDS,
    entries_of,
    of_donor,
    standing_receipts,
    yearly_cells,
)
from reports.figures.one_state import TRIES, BooksMoving
from reports.figures.provenance import Basis, Provenance
from reports.figures.sums import ZERO, months

PROMISES_AND_RECEIPTS = (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)
PICTURED_YEARS = 10


@dataclass(frozen=True)
class Figure:
    """US dollars, and the address of the entries they sum; None where nothing is reported."""

    amount_usd: Decimal | None
    href: str = ""


@dataclass(frozen=True)
class FundLine:
    """One fund (in cash or in kind) and its figure for each of the statement's kinds."""

    fund: str
    name: str
    mode: str
    figures: tuple[Figure, ...]


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

    @property
    def rate_label(self) -> str:
        """What kind of rate it is; empty when the receipt is not converted."""
        return str(RateType(self.rate_type).label) if self.rate_type else ""


@dataclass(frozen=True)
class YearGiven:
    """What was given in a year."""

    year: int
    given: Figure


@dataclass(frozen=True)
class TenYears:
    """The year of the statement and the nine before it, of one kind."""

    kind: str
    years: tuple[YearGiven, ...]

    @property
    def label(self) -> str:
        is_audited = self.kind == Kind.AUDITED_REVENUE
        return _("Audited revenue") if is_audited else _("Received")


@dataclass(frozen=True)
class Statement:
    """A donor's year as these books hold it. Amounts are US dollars unless a currency is named.

    `kinds` are those the books hold of that year; the lines' figures and the totals follow their
    order. `on` is the day it speaks of: today, or the end of a year that is over. `moved_at` is
    when the books last moved. `pictures` holds one picture for each kind of giving.
    """

    donor: Donor
    year: int
    on: datetime.date
    provenance: Provenance
    moved_at: datetime.datetime | None
    kinds: tuple[Kind, ...]
    lines: tuple[FundLine, ...]
    totals: tuple[Figure, ...]
    receipts: tuple[Receipt, ...]
    not_converted: tuple[NotConverted, ...]  # receipts of the year
    pictures: tuple[TenYears, ...]
    notes: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The sentence that answers what was given in the year."""
        return statement_notes.headline(self)

    @property
    def ends_within_the_year(self) -> bool:
        """Whether the year is not over: what falls due later in it is counted as well."""
        return self.on < datetime.date(self.year, 12, 31)

    @property
    def lists_receipts(self) -> bool:
        """Whether these books know single receipts of the year, not only audited revenue."""
        return Kind.RECEIPT in self.kinds

    def total(self, kind: Kind) -> Figure:
        """The total of one kind over all funds; not reported when the books do not hold it."""
        return dict(zip(self.kinds, self.totals, strict=True)).get(kind, Figure(None))


def statement(ledger: Ledger, donor: Donor, year: int, today: datetime.date) -> Statement:
    """The donor's year, of one state of the books. Raises BooksMoving.

    The head of the ledger is read before and after, so that the sequence and hash on the
    statement are those its figures were made from.
    """
    for _attempt in range(TRIES):
        before = Ledger.objects.get(pk=ledger.pk)
        made = _Maker(before, donor, year, today).make()
        after = Ledger.objects.values_list("sequence", flat=True).get(pk=ledger.pk)
        if after == before.sequence:
            return made
    raise BooksMoving()


def pictures(
    ledger: Ledger, donor: Donor, year: int, spans: Mapping[str, Span]
) -> tuple[TenYears, ...]:
    """Ten years of what the donor gave, for each kind of giving that the books hold by then."""
    held = [kind for kind in GIVEN_KINDS if kind in spans and spans[kind][0].year <= year]
    totals: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    cells = yearly_cells(ledger, donor, GIVEN_KINDS, year - PICTURED_YEARS + 1, year)
    for kind, given_in, _fund, _mode, usd in cells:
        totals[kind, given_in] += usd

    def given(kind: str, one: int) -> Figure:
        usd = totals.get((kind, one))
        if usd is None and kind == Kind.RECEIPT and kind in spans and one >= spans[kind][0].year:
            usd = ZERO  # the books run, and nothing came
        return Figure(usd, entries_of(ledger, donor, kind, [], one, one) if usd else "")

    shown = range(year - PICTURED_YEARS + 1, year + 1)
    return tuple(
        TenYears(kind, tuple(YearGiven(one, given(kind, one)) for one in shown))
        for kind in held or [Kind.RECEIPT]
    )


class _Maker:
    """Reads what the statement needs, each once."""

    def __init__(self, ledger: Ledger, donor: Donor, year: int, today: datetime.date) -> None:
        self.ledger, self.donor, self.year, self.today = ledger, donor, year, today
        self.on = min(today, datetime.date(year, 12, 31))
        self.spans = reach(ledger)
        self.kinds, self.closed = self._kinds(), closed_months(ledger, year)
        self.funds = {fund.code: fund for fund in Fund.objects.all()}
        self.cells = self._cells()
        self.adjusted = self._adjusted()

    def make(self) -> Statement:
        receipts = self._receipts()
        provenance = self._provenance()
        left_out = statement_notes.unconverted(receipts)
        return Statement(
            donor=self.donor, year=self.year, on=self.on, provenance=provenance,
            moved_at=self.ledger.moved_at, kinds=self.kinds, lines=self._lines(),
            totals=tuple(self._figure(kind, list(self.cells)) for kind in self.kinds),
            receipts=receipts, not_converted=left_out,
            pictures=pictures(self.ledger, self.donor, self.year, self.spans),
            notes=statement_notes.notes(
                provenance, self.adjusted, left_out, standing_receipts(self.ledger, self.donor),
                self.year, self.today,
            ),
        )  # fmt: skip

    def _kinds(self) -> tuple[Kind, ...]:
        """What these books can say of the year."""
        begun = [self.spans[kind][0].year for kind in PROMISES_AND_RECEIPTS if kind in self.spans]
        audited = self.spans.get(Kind.AUDITED_REVENUE)
        kinds: list[Kind] = []
        if audited is None or (begun and min(begun) <= self.year):
            kinds += PROMISES_AND_RECEIPTS
        if audited and audited[0].year <= self.year <= audited[1].year:
            kinds.append(Kind.AUDITED_REVENUE)
        return tuple(kinds or [Kind.AUDITED_REVENUE])

    def _adjusted(self) -> tuple[Adjusted, ...]:
        entries = of_donor(self.ledger, self.donor).filter(kind__in=PROMISES_AND_RECEIPTS)
        return adjusted(entries, self.closed) if Kind.RECEIPT in self.kinds else ()

    def _begins(self) -> YearMonth | None:
        """When books of promises and receipts begin; audited revenue is known by year."""
        held = [span[0] for kind, span in self.spans.items() if kind != Kind.AUDITED_REVENUE]
        return min(held, default=None) if Kind.RECEIPT in self.kinds else None

    def _provenance(self) -> Provenance:
        is_received, until = Kind.RECEIPT in self.kinds, YearMonth.of(self.on)
        begins = self._begins()
        has_begun = begins is None or begins <= until
        year = months(YearMonth(self.year, 1), until)
        still_open = tuple(m for m in year if m not in self.closed)
        reported = any(Kind.AUDITED_REVENUE in kinds for kinds in self.cells.values())
        return Provenance(
            books=self.ledger.code, books_name=self.ledger.name,
            is_demonstration=self.ledger.is_demonstration,
            basis=Basis.RECEIVED if is_received else Basis.AUDITED, as_at=until,
            sequence=self.ledger.sequence, hash=self.ledger.head_hash,
            open_months=still_open if is_received and has_begun else (), scope=_("all funds"),
            adjustments=sum(one.count for one in self.adjusted),
            is_reported=is_received or reported, begins=begins, moved_at=self.ledger.moved_at,
            awaits_audit=is_received and not is_audited(self.ledger, self.year),
        )  # fmt: skip

    def _cells(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """US dollars by kind of each fund and mode in which there is something."""
        cells: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        year = self.year
        for kind, _year, fund, mode, usd in yearly_cells(
            self.ledger, self.donor, self.kinds, year, year
        ):
            cells[fund, mode][kind] = cells[fund, mode].get(kind, ZERO) + usd
        return cells

    def _lines(self) -> tuple[FundLine, ...]:
        cells = {cell: kinds for cell, kinds in self.cells.items() if any(kinds.values())}
        return tuple(
            FundLine(
                fund,
                self._name(fund, mode),
                mode,
                tuple(self._figure(kind, [(fund, mode)]) for kind in self.kinds),
            )
            for fund, mode in sorted(cells, key=lambda cell: (self.funds[cell[0]].order, cell[1]))
        )

    def _name(self, fund: str, mode: str, *, is_refund: bool = False) -> str:
        name = str(self.funds[fund])
        if mode == Mode.IN_KIND:
            name = _("%(fund)s, in kind") % {"fund": name}
        return _("%(fund)s, refund") % {"fund": name} if is_refund else name

    def _figure(self, kind: Kind, cells: list[tuple[str, str]]) -> Figure:
        found = [self.cells[cell][kind] for cell in cells if kind in self.cells[cell]]
        if not found:
            return Figure(None if kind == Kind.AUDITED_REVENUE else ZERO)
        usd = sum(found, ZERO)
        is_one = len(cells) == 1
        funds, mode = ([cells[0][0]], cells[0][1]) if is_one else ([], "")
        year = self.year
        return Figure(usd, entries_of(self.ledger, self.donor, kind, funds, year, year, mode))

    def _receipts(self) -> tuple[Receipt, ...]:
        rows = (
            standing_receipts(self.ledger, self.donor)
            .filter(value_date__lte=self.on)
            .in_year(self.year)
            .select_related("posting", "contribution")
            .order_by("value_date", "posting__sequence", "line")
        )
        return tuple(self._receipt(entry) for entry in rows)

    def _receipt(self, entry: Entry) -> Receipt:
        return Receipt(
            received_on=entry.value_date, fund=entry.fund_id,
            fund_name=self._name(entry.fund_id, entry.mode, is_refund=entry.amount < 0),
            purpose=entry.contribution.title if entry.contribution else "",
            reference=entry.posting.reference, currency=entry.currency_id, amount=entry.amount,
            rate=entry.rate, rate_on=entry.rate_on, rate_type=entry.rate_type,
            amount_usd=entry.amount_usd, year_for=entry.year_for, sequence=entry.posting.sequence,
        )  # fmt: skip
