"""What a donor gave in each of ten years, of each kind of giving."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from donors.models import Donor
from income.models import Ledger
from income.totals import Span
from income.vocabulary import Kind
from reports.figures.asked_period import AskedPeriod
from reports.figures.donor_entries import (
    GIVEN_KINDS,
    Cell,
    entries_of,
    period_cells,
    yearly_cells,
)
from reports.figures.sums import ZERO

PICTURED_YEARS = 10


@dataclass(frozen=True)
class Figure:
    """US dollars, and the address of the entries they sum; None where nothing is reported."""

    amount_usd: Decimal | None
    href: str = ""


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


def pictures(
    ledger: Ledger, donor: Donor, year: int, spans: Mapping[str, Span], until: int | None = None
) -> tuple[TenYears, ...]:
    """Ten years of what the donor gave, for each kind of giving that the books hold by then.

    As known at the sequence `until` where one is given.
    """
    held = [kind for kind in GIVEN_KINDS if kind in spans and spans[kind][0].year <= year]
    totals: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for kind, given_in, _fund, _mode, usd in _cells(ledger, donor, year, until):
        totals[kind, given_in] += usd

    def given(kind: str, one: int) -> Figure:
        usd = totals.get((kind, one))
        if usd is None and kind == Kind.RECEIPT and kind in spans and one >= spans[kind][0].year:
            usd = ZERO  # the books run, and nothing came
        href = entries_of(ledger, donor, kind, [], one, one, until=until) if usd else ""
        return Figure(usd, href)

    shown = range(year - PICTURED_YEARS + 1, year + 1)
    return tuple(
        TenYears(kind, tuple(YearGiven(one, given(kind, one)) for one in shown))
        for kind in held or [Kind.RECEIPT]
    )


def _cells(ledger: Ledger, donor: Donor, year: int, until: int | None) -> list[Cell]:
    first = year - PICTURED_YEARS + 1
    if until is None:
        return yearly_cells(ledger, donor, GIVEN_KINDS, first, year)
    return [
        cell
        for one in range(first, year + 1)
        for cell in period_cells(ledger, donor, GIVEN_KINDS, AskedPeriod.of_year(one), until)
    ]
