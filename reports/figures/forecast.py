"""Where the money is heading: a band to the end of the year and of the strategy period.

Two ways, each plain. What is known: received so far, instalments of signed agreements still to
come, and prospects. By season: received so far, divided by the part of a year's money that earlier
years had by the same month. Where both can be gone the low is the lower of the two, the high the
higher, and the middle lies half-way between their middles. Amounts are US dollars.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from income.periods import YearMonth
from reports.figures import coming_shown as shown
from reports.figures.answering import Answering
from reports.figures.backtest import Backtest, BackYear, backtest, look_back
from reports.figures.coming import Coming
from reports.figures.dues import BEYOND, LEFT, OVERDUE
from reports.figures.forecast_words import notes, why_not
from reports.figures.provenance import Provenance
from reports.figures.sums import TOTAL_FUNDS, UNSPLIT, ZERO
from reports.figures.ways import Band, Ways, added


@dataclass(frozen=True)
class FundForecast:
    """One fund, or the total. `known` and `by_season` are the two ways; `band` combines them.

    `dues_usd`, `weighted_usd` and `prospects_usd` hold only what may enter a reader's figures.
    """

    code: str
    name: str
    received_usd: Decimal
    received_link: str
    dues_usd: Decimal
    weighted_usd: Decimal
    prospects_usd: Decimal
    known: Band
    by_season: Band | None
    band: Band


@dataclass(frozen=True)
class SpanForecast:
    """To the end of a month: the funds and their total."""

    until: YearMonth
    rows: tuple[FundForecast, ...]
    total: FundForecast

    def row(self, code: str) -> FundForecast | None:
        """The fund's, or the total's; None for another code."""
        found = {one.code: one for one in (*self.rows, self.total)}
        return found.get(code)


@dataclass(frozen=True)
class Forecast:
    """Everything that is said of the future. `why_not` says why there is no forecast.

    `outcome` is of a year that is over: what it brought beside what was forecast at mid-year.
    `sees_promises` tells whether the reader may open the lists behind instalments and prospects.
    """

    provenance: Provenance
    why_not: str
    year: SpanForecast | None = None
    period: SpanForecast | None = None
    notes: tuple[str, ...] = ()
    outcome: BackYear | None = None
    backtest: Backtest | None = None
    sees_promises: bool = False
    left_out: tuple[str, ...] = ()  # codes of funds of which a sum may not be shown
    is_hindsight: bool = False  # what was hoped for then is not known

    def band(self, code: str) -> Band | None:
        """To the end of the year, of a fund or TOTAL; None where nothing is forecast."""
        row = self.year.row(code) if self.year else None
        return row.band if row else None

    def shown_band(self, code: str) -> Band | None:
        """The same for a line: none where something is left out, as the line would be too low."""
        left_out = self.left_out if code == "TOTAL" else {code} & {*self.left_out}
        return None if left_out else self.band(code)


def forecast(asked: Answering, coming: Coming | None, hidden: frozenset[shown.Key]) -> Forecast:
    """The forecast of the question, or why there is none. `coming` was read for it; no query.

    `hidden` is what is withheld of it.
    """
    provenance = asked.provenance.about(_("forecast"))
    reason = why_not(asked.question)
    if coming is None or asked.question.known is not None:
        return Forecast(provenance, reason)
    maker = _Maker(asked, coming, hidden)
    sees, back = coming.sees_promises, backtest(coming, maker.funds, asked.names)
    if reason:
        outcome = look_back(coming, maker.funds, asked.names, coming.as_at.year, asked.sums)
        return Forecast(provenance, reason, outcome=outcome, backtest=back, sees_promises=sees)
    year, period = maker.year(), maker.period()
    bare = _bare(row for row in year.rows if row.code not in maker.left_out)
    said = notes(coming, maker.left_out, maker.seasons, bare)
    return Forecast(
        provenance, "", year, period, said,
        backtest=back, sees_promises=sees, left_out=tuple(sorted(maker.left_out)),
        is_hindsight=coming.is_hindsight,
    )  # fmt: skip


def _bare(rows: Iterable[FundForecast]) -> list[str]:
    """The names of funds of which nothing is known but what has come."""
    return [row.name for row in rows if row.band == Band(*(row.received_usd,) * 3)]


@dataclass
class _Maker:
    """Adds up what may enter, fund by fund, and keeps which funds' sums were left out."""

    asked: Answering
    coming: Coming
    hidden: frozenset[shown.Key]
    left_out: set[str] = field(default_factory=set)
    seasons: dict[str, str] = field(default_factory=dict)  # by fund: why its season is not used

    @property
    def funds(self) -> tuple[str, ...]:
        """The funds of the total; money that is not split only where there is some."""
        sums, coming = self.asked.sums, self.coming
        known = {fund for fund, _month in sums.by_fund} | {one.fund for one in coming.dues}
        is_there = UNSPLIT in known or any(one.fund == UNSPLIT for one in coming.prospects)
        return tuple(fund for fund in TOTAL_FUNDS if fund != UNSPLIT or is_there)

    def year(self) -> SpanForecast:
        as_at = self.coming.as_at
        rows = [row for row in self.year_rows if row.code != UNSPLIT or row.band.high_usd]
        return self._span(YearMonth(as_at.year, 12), rows, self.asked.span)

    @cached_property
    def year_rows(self) -> list[FundForecast]:
        return [self._year_of(fund) for fund in self.funds]

    def _year_of(self, fund: str) -> FundForecast:
        span = self.asked.span
        received = self.asked.sums.of((fund,), *span)
        season = self.coming.season((fund,))
        if season.why_not:
            self.seasons[fund] = season.why_not
        dues = self._dues(fund, (OVERDUE, LEFT))
        weighted, full = self._prospects(fund, in_year=True)
        ways = Ways(received, dues, weighted, full, self.coming.punctual,
                    season.at(self.coming.as_at.month))  # fmt: skip
        return self._row(fund, ways, span)

    def _row(self, fund: str, ways: Ways, span: tuple[YearMonth, YearMonth]) -> FundForecast:
        return FundForecast(
            code=fund,
            name=self.asked.names.get(fund, fund),
            received_usd=ways.received,
            received_link=self.asked.sums.link((fund,), *span) if ways.received else "",
            dues_usd=ways.dues,
            weighted_usd=ways.weighted,
            prospects_usd=ways.prospects,
            known=ways.known,
            by_season=ways.by_season,
            band=ways.band,
        )

    def period(self) -> SpanForecast | None:
        """This year's forecast, with what came before it and what is to come after it."""
        period = self.asked.period
        begins = self.asked.sums.begins
        if period is None or begins is None or begins.year > period.from_year:
            return None
        first = YearMonth(period.from_year, 1)
        span = (first, self.coming.as_at)
        rows = [self._period_of(one, span) for one in self.year_rows]
        until = YearMonth(period.to_year, 12)
        return self._span(until, rows, span)

    def _period_of(self, row: FundForecast, span: tuple[YearMonth, YearMonth]) -> FundForecast:
        fund = row.code
        received = self.asked.sums.of((fund,), *span)
        before = received - row.received_usd
        dues = self._dues(fund, (BEYOND,))
        weighted, full = self._prospects(fund, in_year=False)
        later = Ways(before, dues, weighted, full, self.coming.punctual, None).known
        return FundForecast(
            code=fund,
            name=row.name,
            received_usd=received,
            received_link=self.asked.sums.link((fund,), *span) if received else "",
            dues_usd=row.dues_usd + dues,
            weighted_usd=row.weighted_usd + weighted,
            prospects_usd=row.prospects_usd + full,
            known=added([row.known, later]),
            by_season=added([row.by_season, later]) if row.by_season else None,
            band=added([row.band, later]),
        )

    def _span(
        self, until: YearMonth, rows: Sequence[FundForecast], span: tuple[YearMonth, YearMonth],
    ) -> SpanForecast:  # fmt: skip
        counted = [one.code for one in rows if one.received_usd]
        total = FundForecast(
            code="TOTAL",
            name=_("Total"),
            received_usd=_sum(one.received_usd for one in rows),
            received_link=self.asked.sums.link(counted, *span),
            dues_usd=_sum(one.dues_usd for one in rows),
            weighted_usd=_sum(one.weighted_usd for one in rows),
            prospects_usd=_sum(one.prospects_usd for one in rows),
            known=added([one.known for one in rows]),
            by_season=None,
            band=added([one.band for one in rows]),
        )
        return SpanForecast(until, tuple(rows), total)

    def _dues(self, fund: str, measures: Iterable[str]) -> Decimal:
        """What is still to come of instalments, as far as it may enter."""
        usd = ZERO
        for measure in measures:
            if (measure, fund) in self.hidden:
                self.left_out.add(fund)
                continue
            usd += shown.measured(self.coming, measure, (fund,))
        return usd

    def _prospects(self, fund: str, *, in_year: bool) -> tuple[Decimal, Decimal]:
        """Weighted and in full, as far as they may enter."""
        found = [
            one
            for one in self.coming.prospects
            if one.fund == fund and (one.expected_on.year == self.coming.as_at.year) is in_year
        ]
        if not shown.prospects_shown(self.coming, fund, in_year=in_year):
            self.left_out.add(fund)
            return ZERO, ZERO
        return _sum(one.weighted_usd for one in found), _sum(one.amount_usd for one in found)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
