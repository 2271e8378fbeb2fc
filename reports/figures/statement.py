"""What one donor promised and gave in a year or another time: its page and its PDF render this.

Kinds (pledged, agreed, due, received, audited) stand beside each other and are never added.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Entry, Fund, Ledger, Posting
from income.periods import YearMonth
from income.querysets import EntryQuerySet
from income.totals import Adjusted, NotConverted, adjusted, closed_months, is_audited, reach
from income.vocabulary import Kind
from reports.figures import links, statement_notes
from reports.figures.asked_period import AskedPeriod
from reports.figures.donor_entries import of_donor, period_cells, standing_receipts
from reports.figures.known import hash_at
from reports.figures.one_state import TRIES, BooksMoving
from reports.figures.provenance import Basis, Known, Provenance
from reports.figures.receipts import Receipt, fund_said, receipt_of
from reports.figures.sums import ZERO, months
from reports.figures.ten_years import Figure, TenYears, YearGiven, pictures

__all__ = [
    "Figure", "FundLine", "Receipt", "Statement", "TenYears", "YearGiven", "one_reading",
    "period_statement", "pictures", "statement",
]  # fmt: skip

PROMISES_AND_RECEIPTS = (Kind.PLEDGE, Kind.AGREEMENT, Kind.DUE, Kind.RECEIPT)


@dataclass(frozen=True)
class FundLine:
    """One fund (in cash or in kind) and its figure for each of the statement's kinds."""

    fund: str
    name: str
    mode: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Statement:
    """A donor's year, or another time, as these books hold it. Amounts are US dollars unless a
    currency is named.

    `kinds` are those the books hold of that time; the lines' figures and the totals follow their
    order. `on` is the day it speaks of: today, or the end of a time that is over. `moved_at` is
    when the books last moved. `pictures` holds one picture for each kind of giving.
    """

    donor: Donor
    period: AskedPeriod
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
        """The sentence that answers what was given in the time."""
        return statement_notes.headline(self)

    @property
    def year(self) -> int:
        """The year it is about; the last where there are several."""
        return self.period.until_on.year

    @property
    def ends_within_the_year(self) -> bool:
        """Whether its time is not over: what falls due later in it is counted as well."""
        return self.on < self.period.until_on

    @property
    def lists_receipts(self) -> bool:
        """Whether these books know single receipts of the time, not only audited revenue."""
        return Kind.RECEIPT in self.kinds

    def total(self, kind: Kind) -> Figure:
        """The total of one kind over all funds; not reported when the books do not hold it."""
        return dict(zip(self.kinds, self.totals, strict=True)).get(kind, Figure(None))


def statement(ledger: Ledger, donor: Donor, year: int, today: datetime.date) -> Statement:
    """The donor's year, of one state of the books. Raises BooksMoving."""
    return period_statement(ledger, donor, AskedPeriod.of_year(year), today)


def period_statement(
    ledger: Ledger, donor: Donor, period: AskedPeriod, today: datetime.date,
    known: Known | None = None,
) -> Statement:  # fmt: skip
    """What the donor promised and gave in the period, of one state of the books.

    The head of the ledger is read before and after, so that the sequence and hash on the
    statement are those its figures were made from. `known` asks for an earlier state; which
    kinds the books hold is told as of today. Raises BooksMoving.
    """
    kept, key = _kept.get(), (ledger.pk, donor.pk, period, today, known)
    if kept is not None and key in kept:
        return kept[key].make()
    for _attempt in range(TRIES):
        before = Ledger.objects.get(pk=ledger.pk)
        maker = _Maker(before, donor, period, today, known)
        after = Ledger.objects.values_list("sequence", flat=True).get(pk=ledger.pk)
        if after == before.sequence:
            if kept is not None:
                kept.clear()
                kept[key] = maker
            return maker.make()
    raise BooksMoving()


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it a statement that is asked for several times in a row, in several languages, is read
    from the books once: all its languages tell the same state.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


class _Maker:
    """Reads what the statement needs, each once; `make` reads nothing, and words it."""

    def __init__(
        self, ledger: Ledger, donor: Donor, period: AskedPeriod, today: datetime.date,
        known: Known | None,
    ) -> None:  # fmt: skip
        self.ledger, self.donor, self.period, self.today = ledger, donor, period, today
        self.known, self.until = known, known.sequence if known else None
        self.on = min(today, period.until_on)
        self.spans = reach(ledger)
        self.kinds, self.closed = self._kinds(), self._closed()
        self.funds = {fund.code: fund for fund in Fund.objects.all()}
        self.cells = self._cells()
        self.figures = {cell: self._figures([cell]) for cell in self.cells}
        self.totals = self._figures(list(self.cells))
        self.adjusted = self._adjusted()
        self.source = self._provenance()
        receipts = standing_receipts(ledger, donor, self.until)
        self.entries = self._entries_of(receipts)
        self.money = statement_notes.money_for_others(receipts, period, today)
        self.pictures = pictures(ledger, donor, period.until_on.year, self.spans, self.until)

    def make(self) -> Statement:
        """In the language that is active."""
        receipts = tuple(map(receipt_of, self.entries))
        provenance = replace(self.source, scope=_("all funds"))
        left_out = statement_notes.unconverted(receipts)
        return Statement(
            donor=self.donor, period=self.period, on=self.on, provenance=provenance,
            moved_at=provenance.moved_at, kinds=self.kinds, lines=self._lines(),
            totals=self.totals, receipts=receipts, not_converted=left_out, pictures=self.pictures,
            notes=statement_notes.notes(
                provenance, self.adjusted, left_out, self.money, self.period
            ),
        )  # fmt: skip

    def _kinds(self) -> tuple[Kind, ...]:
        """What these books can say of the time."""
        first, last = self.period.years[0], self.period.years[-1]
        begun = [self.spans[kind][0].year for kind in PROMISES_AND_RECEIPTS if kind in self.spans]
        audited = self.spans.get(Kind.AUDITED_REVENUE)
        kinds: list[Kind] = []
        if audited is None or (begun and min(begun) <= last):
            kinds += PROMISES_AND_RECEIPTS
        is_whole = self.period.is_whole_years  # audited revenue is known by year
        if is_whole and audited and audited[0].year <= last and first <= audited[1].year:
            kinds.append(Kind.AUDITED_REVENUE)
        return tuple(kinds or [Kind.AUDITED_REVENUE])

    def _closed(self) -> dict[YearMonth, int]:
        on = self.known.on if self.known else None
        found: dict[YearMonth, int] = {}
        for year in self.period.years:
            found |= closed_months(self.ledger, year, until=self.until, on=on)
        wanted = YearMonth.of(self.period.from_on), YearMonth.of(self.period.until_on)
        return {month: at for month, at in found.items() if wanted[0] <= month <= wanted[1]}

    def _adjusted(self) -> tuple[Adjusted, ...]:
        entries = of_donor(self.ledger, self.donor, self.until)
        entries = entries.filter(kind__in=PROMISES_AND_RECEIPTS)
        return adjusted(entries, self.closed) if Kind.RECEIPT in self.kinds else ()

    def _begins(self) -> YearMonth | None:
        """When books of promises and receipts begin; audited revenue is known by year."""
        held = [span[0] for kind, span in self.spans.items() if kind != Kind.AUDITED_REVENUE]
        return min(held, default=None) if Kind.RECEIPT in self.kinds else None

    def _provenance(self) -> Provenance:
        is_received, until = Kind.RECEIPT in self.kinds, YearMonth.of(self.on)
        begins = self._begins()
        has_begun = begins is None or begins <= until
        told = months(YearMonth.of(self.period.from_on), until)
        still_open = tuple(m for m in told if m not in self.closed)
        reported = any(Kind.AUDITED_REVENUE in kinds for kinds in self.cells.values())
        return Provenance(
            books=self.ledger.code, books_name=str(self.ledger),
            is_demonstration=self.ledger.is_demonstration,
            basis=Basis.RECEIVED if is_received else Basis.AUDITED, as_at=until,
            sequence=self.ledger.sequence if self.until is None else self.until,
            hash=hash_at(self.ledger, self.known), known=self.known,
            open_months=still_open if is_received and has_begun else (),
            adjustments=sum(one.count for one in self.adjusted),
            is_reported=is_received or reported, begins=begins, moved_at=self._moved_at(),
            awaits_audit=is_received
            and not all(is_audited(self.ledger, year, self.until) for year in self.period.years),
        )  # fmt: skip

    def _moved_at(self) -> datetime.datetime | None:
        if self.until is None:
            return self.ledger.moved_at
        last = Posting.objects.filter(ledger=self.ledger, sequence=self.until)
        return last.values_list("posted_at", flat=True).first()

    def _cells(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """US dollars by kind of each fund and mode in which there is something."""
        cells: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
        found = period_cells(self.ledger, self.donor, self.kinds, self.period, self.until)
        for kind, _year, fund, mode, usd in found:
            cells[fund, mode][kind] = cells[fund, mode].get(kind, ZERO) + usd
        return cells

    def _lines(self) -> tuple[FundLine, ...]:
        cells = {cell: kinds for cell, kinds in self.cells.items() if any(kinds.values())}
        return tuple(
            FundLine(
                fund,
                fund_said(self.funds[fund], mode),
                mode,
                self.figures[fund, mode],
            )
            for fund, mode in sorted(cells, key=lambda cell: (self.funds[cell[0]].order, cell[1]))
        )

    def _figures(self, cells: list[tuple[str, str]]) -> tuple[Figure, ...]:
        return tuple(self._figure(kind, cells) for kind in self.kinds)

    def _figure(self, kind: Kind, cells: list[tuple[str, str]]) -> Figure:
        found = [self.cells[cell][kind] for cell in cells if kind in self.cells[cell]]
        if not found:
            return Figure(None if kind == Kind.AUDITED_REVENUE else ZERO)
        usd = sum(found, ZERO)
        return Figure(usd, self._entries(kind, cells) if self.period.is_whole_months else "")

    def _entries(self, kind: Kind, cells: list[tuple[str, str]]) -> str:
        """The address of what the figure sums."""
        funds, mode = ([cells[0][0]], cells[0][1]) if len(cells) == 1 else ([], "")
        return links.entries(
            self.ledger.code, [kind], funds, YearMonth.of(self.period.from_on),
            YearMonth.of(self.period.until_on), donor=self.donor.code, mode=mode,
            narrow={} if self.until is None else {"until": str(self.until)},
        )  # fmt: skip

    def _entries_of(self, receipts: EntryQuerySet) -> list[Entry]:
        return list(
            receipts.filter(value_date__gte=self.period.from_on, value_date__lte=self.on)
            .select_related("fund", "posting", "contribution")
            .order_by("value_date", "posting__sequence", "line")
        )


_kept: ContextVar[dict[tuple[object, ...], _Maker] | None] = ContextVar("_kept", default=None)
