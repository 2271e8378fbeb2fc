"""The year that money is for beside the year it came in; US dollars received in cash."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _

from income.periods import YearMonth
from income.vocabulary import Kind
from reports.figures.scope import Scope
from reports.figures.words import dollars

ZERO = Decimal(0)


@dataclass(frozen=True)
class ForCell:
    """What came in one year and is for another (or the same); nothing is None."""

    amount_usd: Decimal | None
    link: str


@dataclass(frozen=True)
class ForRow:
    """What is for one year, by the year it came in, and together."""

    year_for: int
    cells: tuple[ForCell, ...]
    total: ForCell


@dataclass(frozen=True)
class YearsFor:
    """The matrix; `came` are its columns. `notes` tell what did not come in its own year."""

    came: tuple[int, ...]
    rows: tuple[ForRow, ...]
    totals: tuple[ForCell, ...]
    notes: tuple[str, ...]


Cells = dict[tuple[int, int], Decimal]  # year for, year it came in


def years_for(scope: Scope, year: int | None = None, *, until: YearMonth) -> YearsFor:
    """Everything received up to the month; with a year, only what is for it or came in it."""
    receipts = scope.entries().in_cash().receipts().through(until)
    rows = (
        receipts.filter(amount_usd__isnull=False)
        .annotate(y=ExtractYear("value_date"), m=ExtractMonth("value_date"))
        .order_by()
        .values_list("year_for", "y", "m")
        .annotate(usd=Sum("amount_usd"))
    )
    months = {
        (of, YearMonth(y, m)): usd
        for of, y, m, usd in rows
        if usd and (year is None or year in (of, y))
    }
    cells: Cells = defaultdict(Decimal)
    for (of, month), usd in months.items():
        cells[of, month.year] += usd
    return _matrix(scope, cells, until, tuple(_notes(months)), is_whole=year is None)


def _matrix(
    scope: Scope, cells: Cells, until: YearMonth, notes: tuple[str, ...], *, is_whole: bool
) -> YearsFor:
    meant = sorted({of for of, _came in cells})
    came = sorted({year for _of, year in cells})

    def cell(of: Iterable[int], years: list[int], year_for: int | None = None) -> ForCell:
        found = {(o, y): cells[o, y] for o in of for y in years if (o, y) in cells}
        if not found:
            return ForCell(None, "")
        held = [year for _of, year in found]
        last = min(YearMonth(max(held), 12), until)
        narrow = "" if year_for is None else year_for
        link = scope.link([Kind.RECEIPT], YearMonth(min(held), 1), last, year_for=narrow)
        return ForCell(sum(found.values(), ZERO), link)

    def total(year: int) -> ForCell:
        found = cell(meant, [year])
        # The entries of a year that is not asked for are more than the matrix holds of it.
        return found if is_whole else ForCell(found.amount_usd, "")

    return YearsFor(
        came=tuple(came),
        rows=tuple(
            ForRow(
                of,
                tuple(cell([of], [year], year_for=of) for year in came),
                cell([of], came, year_for=of),
            )
            for of in meant
        ),
        totals=tuple(total(year) for year in came),
        notes=notes,
    )


def _notes(months: dict[tuple[int, YearMonth], Decimal]) -> Iterable[str]:
    """One sentence for each year and month that money for another year came in."""
    for (of, month), usd in sorted(months.items(), key=lambda item: (item[0][0], item[0][1])):
        if of == month.year:
            continue
        words = {"amount": dollars(abs(usd), "exact"), "year": of, "month": month}
        if usd < 0:
            yield _("%(amount)s for %(year)s was paid back in %(month)s.") % words
        elif month.year > of:
            yield _("%(amount)s for %(year)s arrived in %(month)s, after that year.") % words
        else:
            yield _("%(amount)s for %(year)s arrived in %(month)s, before that year.") % words
