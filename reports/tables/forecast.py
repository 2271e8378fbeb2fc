"""The tables that look ahead: the forecast, how far earlier ones were off, the period's path."""

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from interface.formatting import Units, format_percent, joined
from interface.tables import Cell, Column, Row, Table
from reports.figures.backtest import BackRow, Backtest, BackYear
from reports.figures.casting import cast_note, gap_lines
from reports.figures.dashboard import Dashboard
from reports.figures.forecast import Forecast, FundForecast, SpanForecast
from reports.figures.funds import FundRow, Part
from reports.figures.pace import Pace
from reports.figures.period import PeriodRow, PeriodSet
from reports.figures.sums import TOTAL_FUNDS
from reports.figures.words import dollars, on_day, units_label
from reports.tables.board import columns, missing, money

Amounts = tuple[list[Decimal | None], Decimal | None]


def pace_table(dashboard: Dashboard) -> Table:
    """What was expected of each row by now; the fund table shows the verdict alone."""
    table, units = dashboard.funds, dashboard.question.units
    rows = [(row, row.pace) for row in table.rows if row.pace]
    has_range = any(pace.low_usd != pace.high_usd for _row, pace in rows)
    has_due = any(pace.due_usd is not None or pace.is_withheld for _row, pace in rows)
    dues = (_("Instalments due so far"), _("Paid of them or ahead of time")) if has_due else ()
    ends = (_("Earlier years: from"), _("to")) if has_range else ()
    target = table.target_set.name if table.target_set else _("no target set")
    return Table(
        identifier="pace-table",
        caption=_("Pace of the year up to %(month)s, against: %(target)s")
        % {"month": dashboard.question.as_at, "target": target},
        columns=(
            Column(_("Fund")),
            *columns(_("Pace"), _("Came in"), *dues, _("Expected by now"), *ends),
        ),
        rows=tuple(
            _pace_row(row, pace, units, has_due=has_due, has_range=has_range) for row, pace in rows
        ),
        unit_note=units_label(units),
    )


def _pace_row(row: FundRow, pace: Pace, units: Units, *, has_due: bool, has_range: bool) -> Row:
    def amount(usd: Decimal | None, href: str = "") -> Cell:
        return missing(_("not shown")) if pace.is_withheld else money(usd, units, href)

    dues = (amount(pace.due_usd, pace.due_link), amount(pace.came_usd))
    spread = pace.low_usd != pace.high_usd
    ends = (pace.low_usd if spread else None, pace.high_usd if spread else None)
    return Row(
        (
            Cell(row.name),
            Cell(pace.label),
            money(row.progress.actual_usd, units, row.link, is_reported=True),
            *(dues if has_due else ()),
            amount(pace.expected_usd),
            *(amount(usd) for usd in (ends if has_range else ())),
        ),
        is_total=row.part is Part.TOTAL,
    )


def forecast_tables(dashboard: Dashboard) -> list[Table]:
    """To the end of the year, and to the end of the strategy period."""
    forecast = dashboard.forecast
    named = (("forecast-year", forecast.year), ("forecast-period", forecast.period))
    return [_forecast_table(dashboard, name, span) for name, span in named if span]


def _forecast_table(dashboard: Dashboard, name: str, span: SpanForecast) -> Table:
    units = dashboard.question.units
    has_season = any(row.by_season for row in span.rows)
    return Table(
        identifier=name,
        caption=_("Forecast to %(day)s") % {"day": on_day(span.until.last_day)},
        columns=columns(
            _("Fund"), _("Received so far"), _("Instalments to come"), _("Prospects, weighted"),
            *([_("By season")] if has_season else []), _("Low"), _("Middle"), _("High"),
        ),
        rows=tuple(
            _forecast_row(row, dashboard, has_season=has_season, is_total=row is span.total)
            for row in (*span.rows, span.total)
        ),
        unit_note=units_label(units),
        footnotes=tuple(_forecast_footnotes(dashboard, span)),
    )  # fmt: skip


def _forecast_row(
    row: FundForecast, dashboard: Dashboard, *, has_season: bool, is_total: bool
) -> Row:
    units = dashboard.question.units
    season = money(row.by_season.mid_usd if row.by_season else None, units)
    return Row(
        (
            Cell(row.name),
            money(row.received_usd, units, row.received_link),
            _promised(row, row.dues_usd, "outstanding", dashboard),
            missing()
            if dashboard.forecast.is_hindsight
            else _promised(row, row.weighted_usd, "prospect_list", dashboard),
            *([season] if has_season else []),
            money(row.band.low_usd, units),
            money(row.band.mid_usd, units),
            money(row.band.high_usd, units),
        ),
        is_total=is_total,
    )  # fmt: skip


def _promised(row: FundForecast, usd: Decimal, page: str, dashboard: Dashboard) -> Cell:
    """A sum with the page of its agreements, for who may see them; or that it is not shown."""
    forecast, question = dashboard.forecast, dashboard.question
    left_out = forecast.left_out if row.code == "TOTAL" else {row.code} & {*forecast.left_out}
    if left_out and not usd:
        return missing(_("not shown"))
    href = f"{reverse(page)}?books={question.ledger.code}" if forecast.sees_promises and usd else ""
    return money(usd, question.units, href)


def _forecast_footnotes(dashboard: Dashboard, span: SpanForecast) -> Iterable[str]:
    for name, usd in _targets(dashboard, span):
        yield _("Target of the total: %(amount)s (%(set)s).") % {
            "amount": dollars(usd, dashboard.question.units),
            "set": name,
        }
    left_out = [row.name for row in span.rows if row.code in dashboard.forecast.left_out]
    if left_out:
        yield _(
            "Of %(funds)s some instalments or prospects are left out: their sum could give away "
            "what a single donor promised."
        ) % {"funds": joined(left_out, ";")}
    rows, total = span.rows, span.total
    added: list[Amounts] = [
        ([row.received_usd for row in rows], total.received_usd),
        ([row.dues_usd for row in rows], total.dues_usd),
        ([row.weighted_usd for row in rows], total.weighted_usd),
        ([row.band.low_usd for row in rows], total.band.low_usd),
        ([row.band.mid_usd for row in rows], total.band.mid_usd),
        ([row.band.high_usd for row in rows], total.band.high_usd),
    ]
    note = cast_note(added, dashboard.question.units)
    if note:
        yield note


def _targets(dashboard: Dashboard, span: SpanForecast) -> Iterable[tuple[str, Decimal]]:
    """The targets of the total for the span's years that money may be compared with."""
    total = dashboard.funds.total.progress
    if span is dashboard.forecast.year:
        if dashboard.goal_set and total.target_usd is not None and not total.refused:
            yield dashboard.goal_set.name, total.target_usd
        return
    for one in dashboard.period.sets if dashboard.period else ():
        for row in one.rows:
            goal = row.progress.goal
            is_whole = goal is not None and goal.coverage.funds == frozenset(TOTAL_FUNDS)
            if is_whole and row.progress.target_usd is not None and not row.progress.refused:
                yield one.name, row.progress.target_usd


def outcome_table(forecast: Forecast, units: Units) -> Table | None:
    """A year that is over: what was forecast at mid-year beside what it brought."""
    year = forecast.outcome
    if year is None:
        return None
    return Table(
        identifier="forecast-outcome",
        caption=_("%(year)s: forecast at the end of %(month)s, and what came")
        % {"year": year.year, "month": year.month},
        columns=_back_columns(_("Fund")),
        rows=tuple(
            _back_row(row.name, row, units, is_total=row is year.total)
            for row in (*year.rows, year.total)
        ),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, [_back_cast(year, units)])),
    )


def backtest_tables(backtest: Backtest | None, units: Units) -> list[Table]:
    """Year by year for the total, and fund by fund in per cent; none without an earlier year."""
    if backtest is None or not backtest.years:
        return []
    mean, totals = backtest.mean_percent(), [one.total for one in backtest.years]
    rows = [_back_row(str(one.month), one.total, units) for one in backtest.years]
    rows.append(
        Row((Cell(_("Mean, without the sign")), missing(), missing(), missing(), _off(mean)),
            is_total=True)
    )  # fmt: skip
    by_year = Table(
        identifier="backtest-years",
        caption=_("The total as it would have been forecast at the same month, and what came"),
        columns=_back_columns(_("Forecast at the end of")),
        rows=tuple(rows),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, [cast_note(_off_lines(totals), units)])),
    )
    funds = {row.code: row.name for one in backtest.years for row in (*one.rows, one.total)}
    funds["TOTAL"] = funds.pop("TOTAL")  # last, whichever year a fund came from
    by_fund = Table(
        identifier="backtest-funds",
        caption=_("How far each fund's forecast would have been off, in per cent of what came"),
        columns=columns(
            _("Fund"), *(str(one.year) for one in backtest.years), _("Mean, without the sign")
        ),
        rows=tuple(_fund_row(code, name, backtest) for code, name in funds.items()),
    )
    return [by_year, by_fund]


def _back_columns(first: str) -> tuple[Column, ...]:
    return columns(first, _("Forecast, middle"), _("What came"), _("Off by"), _("Off by, per cent"))


def _back_row(name: str, row: BackRow, units: Units, *, is_total: bool = False) -> Row:
    return Row(
        (
            Cell(name),
            money(row.forecast_usd, units),
            money(row.actual_usd, units, row.actual_link),
            money(row.off_usd, units),
            _off(row.off_percent),
        ),
        is_total=is_total,
    )


def _back_cast(year: BackYear, units: Units) -> str:
    added: list[Amounts] = [
        ([row.forecast_usd for row in year.rows], year.total.forecast_usd),
        ([row.actual_usd for row in year.rows], year.total.actual_usd),
        ([row.off_usd for row in year.rows], year.total.off_usd),
    ]
    return cast_note([*added, *_off_lines((*year.rows, year.total))], units)


def _off_lines(rows: Iterable[BackRow]) -> list[Amounts]:
    return gap_lines((row.actual_usd, row.forecast_usd) for row in rows)


def _fund_row(code: str, name: str, backtest: Backtest) -> Row:
    found = [
        next((row for row in (*one.rows, one.total) if row.code == code), None)
        for one in backtest.years
    ]
    cells = [_off(row.off_percent if row else None) for row in found]
    return Row((Cell(name), *cells, _off(backtest.mean_percent(code))), is_total=code == "TOTAL")


def _off(percent: Decimal | None) -> Cell:
    return missing() if percent is None else Cell(format_percent(percent, 1))


def path_table(one: PeriodSet, units: Units) -> Table | None:
    """The path of a strategy period against one set of targets; None where none can be drawn."""
    rows = [row for row in one.rows if row.path]
    if not rows:
        return None
    arithmetic = [row.name for row in rows if row.path and not row.path.is_printed]
    years = [year for row in rows for year in (row.path.years if row.path else ())]
    uncast = cast_note(gap_lines((year.actual_usd, year.target_usd) for year in years), units)
    note = _(
        "Arithmetic only (%(rows)s): the target of the period divided by its years; the document "
        "prints no path."
    ) % {"rows": joined(arithmetic, ";")}
    return Table(
        identifier=f"path-{one.code}",
        caption=_("Year by year since the period began, against: %(target)s")
        % {"target": one.name},
        columns=columns(
            _("Target"), _("To the end of"), _("Came in"), _("Path to the target"), _("Gap to path")
        ),
        rows=tuple(cells for row in rows for cells in _path_rows(row, units)),
        unit_note=units_label(units),
        footnotes=tuple(filter(None, [note if arithmetic else "", uncast])),
    )  # fmt: skip


def _path_rows(row: PeriodRow, units: Units) -> Iterable[Row]:
    for one in row.path.years if row.path else ():
        gap = None if one.actual_usd is None else one.target_usd - one.actual_usd
        yield Row(
            (
                Cell(row.name),
                Cell(str(one.year)),
                money(one.actual_usd, units, one.link),
                money(one.target_usd, units),
                money(gap, units),
            )
        )
