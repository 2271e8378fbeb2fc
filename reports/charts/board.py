"""From figures to charts: what to draw, its labels, and the sentence that says what it shows.

Charts are in millions of US dollars, whatever units the page has: an axis of cents is unreadable.
"""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interface.charts import Band, BarChart, LineChart, RankBar, RankBars, Role, Series
from interface.formatting import (
    NOT_APPLICABLE,
    NOT_REPORTED,
    format_number,
    format_percent,
    format_usd,
    short_months,
)
from reports.figures.dashboard import Dashboard
from reports.figures.donors import Ranking
from reports.figures.funds import FundRow, FundTable, Part
from reports.figures.history import History
from reports.figures.lines import CumulativeLine, EarlierLine
from reports.figures.regions import RegionTable
from reports.figures.sums import EARMARKED_FUNDS, SPLIT_FUNDS, UNSPLIT
from reports.figures.words import MILLION, dollars, per_cent, units_label


def in_millions(usd: Decimal | None) -> Decimal | None:
    """The amount in millions, not rounded."""
    return None if usd is None else usd / MILLION


def label(usd: Decimal | None) -> str:
    """An amount as charts print it; what is not reported says so."""
    return format_usd(usd, units="millions", none=NOT_REPORTED)


def series(role: Role, name: str, amounts: tuple[Decimal | None, ...]) -> Series:
    """A series in millions of US dollars, with its labels."""
    values = tuple(in_millions(usd) for usd in amounts)
    return Series(role, name, values, tuple(label(usd) for usd in amounts))


def fund_chart(dashboard: Dashboard) -> BarChart:
    """Actual, target and last year, fund by fund."""
    rows = _drawn(dashboard.funds)
    year = dashboard.question.as_at.year
    targets = tuple(row.progress.target_usd for row in rows)
    drawn = [
        series(Role.ACTUAL, str(year), tuple(row.progress.actual_usd for row in rows)),
        Series(
            Role.TARGET,
            _("target %(year)s") % {"year": year},
            tuple(in_millions(usd) for usd in targets),
            tuple(format_usd(usd, units="millions", none=NOT_APPLICABLE) for usd in targets),
        ),
        series(
            Role.LAST_YEAR,
            _("%(year)s at the same date") % {"year": year - 1},
            tuple(row.last_year_usd for row in rows),
        ),
    ]
    return BarChart(
        identifier="funds",
        title=_("Fund by fund"),
        description=_fund_sentence(rows),
        units=units_label("millions"),
        categories=tuple(row.name for row in rows),
        series=tuple(one for one in drawn if any(value is not None for value in one.values)),
    )


def _drawn(table: FundTable) -> list[FundRow]:
    """The funds, or earmarked money together where some of the year's is not split."""
    together = [row for row in table.rows if row.code == "FE_TC"]
    funds = [row for row in table.rows if row.part is Part.FUND]
    unsplit = [row.progress.actual_usd for row in funds if row.code == UNSPLIT]
    if any(unsplit) or not any(row.progress.actual_usd for row in funds if row.code in SPLIT_FUNDS):
        return [row for row in funds if row.code not in EARMARKED_FUNDS] + (
            together or [row for row in funds if row.code in EARMARKED_FUNDS]
        )
    return [row for row in funds if row.code != UNSPLIT]


def _fund_sentence(rows: list[FundRow]) -> str:
    measured = [row for row in rows if row.progress.percent is not None]
    if not measured:
        return _("No fund has a target that it can be compared with.")
    if len(measured) == 1:
        return _("%(fund)s stands at %(percent)s of its target.") % {
            "fund": measured[0].name,
            "percent": per_cent(measured[0].progress.percent or Decimal(0)),
        }
    first = max(measured, key=lambda row: row.progress.percent or 0)
    last = min(measured, key=lambda row: row.progress.percent or 0)
    return _("Nearest to its target: %(first)s (%(most)s). Furthest: %(last)s (%(least)s).") % {
        "first": first.name,
        "most": per_cent(first.progress.percent or Decimal(0)),
        "last": last.name,
        "least": per_cent(last.progress.percent or Decimal(0)),
    }


def line_chart(line: CumulativeLine) -> LineChart:
    """The cumulative line of the year, earlier years', the way to the target, the forecast."""
    year = line.months[0].year
    drawn = [series(Role.ACTUAL, str(year), line.actual)]
    if line.target:
        drawn.append(series(Role.TARGET, line.target_name, line.target))
    drawn += [_earlier(one) for one in line.before]
    return LineChart(
        identifier="cumulative",
        title=_("%(name)s: cumulative by month") % {"name": line.name},
        description=_line_sentence(line),
        units=units_label("millions"),
        months=short_months(),
        series=tuple(drawn),
        band=_band(line),
    )


def _earlier(line: EarlierLine) -> Series:
    """An earlier year; its line's end says which, for all earlier years look alike."""
    named = series(Role.LAST_YEAR, str(line.year), line.amounts)
    return replace(named, labels=(*named.labels[:-1], f"{line.year}: {named.labels[-1]}"))


def _band(line: CumulativeLine) -> Band | None:
    """From what is there at the as-at month to what is forecast for December."""
    place = max(at for at, usd in enumerate(line.actual) if usd is not None)
    start = in_millions(line.actual[place])
    if line.band is None or start is None or place == len(line.actual) - 1:
        return None
    before, between = (None,) * place, (None,) * (len(line.actual) - place - 2)
    low, high = (in_millions(usd) for usd in (line.band.low_usd, line.band.high_usd))
    return Band(_("forecast"), (*before, start, *between, low), (*before, start, *between, high))


def _line_sentence(line: CumulativeLine) -> str:
    place = max(at for at, usd in enumerate(line.actual) if usd is not None)
    words = {"month": line.months[place], "actual": dollars(line.actual[place] or Decimal(0))}
    said = _("By the end of %(month)s: %(actual)s.") % words
    if line.last_year:
        before = {**words, "before": dollars(line.last_year[place])}
        said = _("By the end of %(month)s: %(actual)s; a year before: %(before)s.") % before
    if line.band is None:
        return said
    low, high = dollars(line.band.low_usd), dollars(line.band.high_usd)
    band = low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
    forecast = _("Forecast for December: %(band)s.") % {"band": band}
    return f"{said} {forecast}"


def ranking_chart(ranking: Ranking) -> RankBars:
    """The largest donors of a fund, each with its share of the fund's total."""
    bars = tuple(
        RankBar(
            f"{donor.rank}. {donor.name}",
            donor.amount_usd / MILLION,
            amount_and_share(donor.amount_usd, donor.percent),
        )
        for donor in ranking.donors
    )
    return RankBars(
        identifier=f"donors-{ranking.fund}",
        title=_("%(fund)s: the ten largest, %(level)s")
        % {"fund": ranking.name, "level": ranking.level.label},
        description=ranking_sentence(ranking),
        units=units_label("millions"),
        bars=bars,
    )


def amount_and_share(usd: Decimal, percent: Decimal | None) -> str:
    """`34.3 (17.5 %)`; small amounts keep two decimals, so that none reads as nothing."""
    digits = 1 if abs(usd) >= MILLION else 2
    amount = format_number(usd / MILLION, digits=digits)
    return amount if percent is None else f"{amount} ({format_percent(percent, 1)})"


def ranking_sentence(ranking: Ranking) -> str:
    """Whom the ranking covers, with the denominator of its percentages."""
    count = len(ranking.donors)
    if not count:
        return _("No donor is named for this money.")
    if not ranking.is_whole:
        return _("Only named donors are known; no total was published to take shares of.")
    sentence = ngettext(
        "The largest donor gave %(percent)s of the fund's %(total)s, of which %(named)s has a "
        "named donor.",
        "The %(count)d largest donors gave %(percent)s of the fund's %(total)s, of which %(named)s "
        "has a named donor.",
        count,
    )
    share = ranking.ten_percent
    return sentence % {
        "count": count,
        "percent": _("no share") if share is None else per_cent(share),
        "total": dollars(ranking.total_usd),
        "named": dollars(ranking.named_usd),
    }


def region_chart(table: RegionTable) -> RankBars:
    """Money allocated to each region, with its share of the money allocated."""
    bars = tuple(
        RankBar(row.name, row.amount_usd / MILLION, amount_and_share(row.amount_usd, row.percent))
        for row in table.rows
    )
    return RankBars(
        identifier="regions",
        title=_("Allocated to regions"),
        description=region_sentence(table),
        units=units_label("millions"),
        bars=bars if any(row.amount_usd for row in table.rows) else (),
    )


def region_sentence(table: RegionTable) -> str:
    """How much is allocated, of which percentages are taken, and how much is not."""
    if not any(row.amount_usd for row in table.rows):
        return _("Nothing is allocated to a region: %(rest)s is not allocated.") % {
            "rest": dollars(table.unallocated_usd, digits=2)
        }
    return _(
        "%(allocated)s is allocated to regions, and percentages are of this; %(rest)s is not "
        "allocated."
    ) % {
        "allocated": dollars(table.allocated_usd, digits=2),
        "rest": dollars(table.unallocated_usd, digits=2),
    }


def history_charts(history: History) -> tuple[LineChart, ...]:
    """One line per fund over the years, the total first."""
    years = tuple(str(year) for year in history.all_years)
    totals = tuple(year.total_usd for year in history.years)
    named: list[tuple[str, str, tuple[Decimal | None, ...]]] = [
        ("TOTAL", _("All funds, with other revenue"), totals)
    ]
    for place, (code, name) in enumerate(history.funds):
        amounts = tuple(year.cells[place].amount_usd for year in history.years)
        named.append((code, name, amounts))
    return tuple(
        LineChart(
            identifier=f"history-{code}",
            title=name,
            description=_history_sentence(years, amounts),
            units=units_label("millions"),
            months=years,
            series=(series(Role.ACTUAL, history.provenance.basis.label, amounts),),
        )
        for code, name, amounts in named
    )


def _history_sentence(years: tuple[str, ...], amounts: tuple[Decimal | None, ...]) -> str:
    known = [(usd, year) for usd, year in zip(amounts, years, strict=True) if usd is not None]
    if not known:
        return _("Nothing is reported.")
    high, low = max(known), min(known)
    return _("Highest in %(high_year)s (%(high)s), lowest in %(low_year)s (%(low)s).") % {
        "high_year": high[1],
        "high": dollars(high[0]),
        "low_year": low[1],
        "low": dollars(low[0]),
    }
