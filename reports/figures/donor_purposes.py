"""What one donor's money was for: programmes, regions, countries and instruments."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model

from donors.models import Area, Donor, Region
from income.models import Instrument, Ledger, Programme
from income.narrow import NONE, Narrow, grouped
from income.periods import YearMonth
from income.totals import Span, reach
from interface.sorting import order_key
from reports.figures import links
from reports.figures.donor_entries import GIVEN_KINDS
from reports.figures.statement import Figure
from reports.figures.sums import ZERO

DIMENSIONS: Mapping[str, type[Model]] = {
    "programme": Programme, "region": Region, "area": Area, "instrument": Instrument,
}  # fmt: skip


@dataclass(frozen=True)
class ForRow:
    """One programme, region, country or instrument; `code` is empty where none is stated."""

    code: str
    name: str  # empty where none is stated
    year: Figure
    whole: Figure


@dataclass(frozen=True)
class ForTable:
    """What was given of one kind, US dollars: in the year, and in all years of the books.

    The rows add up to the total; what is not stated comes last.
    """

    dimension: str
    kind: str
    year: int
    first: int
    last: int
    rows: tuple[ForRow, ...]
    total: ForRow


Sums = dict[str, dict[str, Decimal]]  # by code: "whole" and "year"


def donor_purposes(ledger: Ledger, donor: Donor, year: int) -> tuple[ForTable, ...]:
    """A table for each kind of giving and each dimension of which anything is stated.

    One query for the sums, of converted entries of the donor and of those merged into it.
    """
    spans = {kind: span for kind, span in reach(ledger).items() if kind in GIVEN_KINDS}
    if not spans:
        return ()
    first, last = min(s[0] for s in spans.values()), max(s[1] for s in spans.values())
    by = ("kind", "month", *DIMENSIONS)
    cells = grouped(ledger, GIVEN_KINDS, by, first, last, Narrow(donor=donor.code))
    found: dict[tuple[str, str], Sums] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    for (kind, month, *codes), usd in cells.items():
        for dimension, code in zip(DIMENSIONS, codes, strict=True):
            sums = found[kind, dimension][code or ""]
            sums["whole"] += usd
            sums["year"] += usd if month // 100 == year else ZERO
    names = {dimension: _names(dimension, found) for dimension in DIMENSIONS}
    order = [(kind, one) for kind in GIVEN_KINDS for one in DIMENSIONS]
    return tuple(
        _table(ledger, donor, of, spans[of[0]], year, found[of], names[of[1]])
        for of in order
        if any(code for code in found.get(of, ()))
    )


def _names(dimension: str, found: Mapping[tuple[str, str], Sums]) -> dict[Any, str]:
    codes = {code for (_kind, of), sums in found.items() if of == dimension for code in sums}
    rows = DIMENSIONS[dimension]._default_manager.in_bulk(codes - {""})
    return {code: str(row) for code, row in rows.items()}


def _table(
    ledger: Ledger, donor: Donor, of: tuple[str, str], span: Span, year: int, sums: Sums,
    names: Mapping[str, str],
) -> ForTable:  # fmt: skip
    kind, dimension = of
    first, last = span[0].year, span[1].year

    def row(code: str, codes: Iterable[str], narrow: Mapping[str, str]) -> ForRow:
        def figure(when: str, since: int, until: int) -> Figure:
            usd = sum((sums[one][when] for one in codes if one in sums), ZERO)
            months = YearMonth(since, 1), YearMonth(until, 12)
            href = links.entries(
                ledger.code, [kind], [], *months, donor=donor.code, narrow=narrow
            )  # fmt: skip
            return Figure(usd, href)

        return ForRow(code, names.get(code, code), figure("year", year, year),
                      figure("whole", first, last))  # fmt: skip

    by_name = {code: order_key(names.get(code, "")) for code in sums}
    order = sorted(sums, key=lambda code: (not code, -sums[code]["whole"], by_name[code]))
    return ForTable(
        dimension, kind, year, first, last,
        rows=tuple(row(code, [code], {dimension: code or NONE}) for code in order),
        total=row("", list(sums), {}),
    )  # fmt: skip
