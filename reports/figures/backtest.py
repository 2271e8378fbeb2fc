"""How far the forecast would have been off: earlier years, seen from the same month of theirs.

Value dates and signatures up to that month; what had been hoped for then is not known any more, so
prospects are left out. Amounts are US dollars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from income.periods import YearMonth
from reports.figures import coming_shown as shown
from reports.figures.coming import Coming
from reports.figures.progress import HUNDRED
from reports.figures.sums import UNSPLIT, ZERO, Sums
from reports.figures.ways import Ways


@dataclass(frozen=True)
class BackRow:
    """The middle of the forecast of a fund (or TOTAL) beside what the year brought.

    `off_usd` is above zero where the forecast was too high; `off_percent` is of what came.
    """

    code: str
    name: str
    forecast_usd: Decimal
    actual_usd: Decimal
    actual_link: str

    @property
    def off_usd(self) -> Decimal:
        return self.forecast_usd - self.actual_usd

    @property
    def off_percent(self) -> Decimal | None:
        return self.off_usd * HUNDRED / self.actual_usd if self.actual_usd > 0 else None


@dataclass(frozen=True)
class BackYear:
    """One year, seen from `month`."""

    month: YearMonth
    rows: tuple[BackRow, ...]
    total: BackRow

    @property
    def year(self) -> int:
        return self.month.year


@dataclass(frozen=True)
class Backtest:
    """The earlier years, the last one first, and how far they were off on average."""

    years: tuple[BackYear, ...]
    is_demonstration: bool

    def mean_percent(self, code: str = "TOTAL") -> Decimal | None:
        """How far off without its sign, the mean of the years; None where none can be measured."""
        found = [
            abs(row.off_percent)
            for year in self.years
            for row in (*year.rows, year.total)
            if row.code == code and row.off_percent is not None
        ]
        return sum(found, ZERO) / len(found) if found else None


def backtest(coming: Coming, funds: Sequence[str], names: Mapping[str, str]) -> Backtest:
    """Every complete earlier year of the books; no query."""
    years = (look_back(coming, funds, names, year, coming.past) for year in reversed(coming.back))
    return Backtest(tuple(years), coming.is_demonstration)


def look_back(
    coming: Coming, funds: Sequence[str], names: Mapping[str, str], year: int, sums: Sums
) -> BackYear:
    """One year whose money `sums` hold, as it would have been forecast at the month."""
    month, december = YearMonth(year, coming.month), YearMonth(year, 12)
    every = (_row(coming, fund, names.get(fund, fund), month, sums) for fund in funds)
    # Money that is not split has a row only where there was some.
    rows = tuple(r for r in every if r.code != UNSPLIT or r.forecast_usd or r.actual_usd)
    counted = [row.code for row in rows if row.actual_usd]
    total = BackRow(
        "TOTAL",
        _("Total"),
        sum((row.forecast_usd for row in rows), ZERO),
        sum((row.actual_usd for row in rows), ZERO),
        sums.link(counted, YearMonth(year, 1), december),
    )
    return BackYear(month, rows, total)


def _row(coming: Coming, fund: str, name: str, month: YearMonth, sums: Sums) -> BackRow:
    january, december = YearMonth(month.year, 1), YearMonth(month.year, 12)
    received = sums.of((fund,), january, month)
    dues = ZERO
    if shown.then_shown(coming, fund, month.year):
        dues = sum(coming.then.get((month.year, fund), {}).values(), ZERO)
    share = coming.season((fund,), month.year).at(month.month)
    actual = sums.of((fund,), january, december)
    return BackRow(
        fund,
        name,
        Ways(received, dues, ZERO, ZERO, None, share).band.mid_usd,
        actual,
        sums.link((fund,), january, december) if actual else "",
    )
