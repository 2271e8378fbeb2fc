"""Pace, forecast and back-test as rows of the dashboard's file: exact, one figure a row."""

from collections.abc import Iterator
from decimal import Decimal

from reports.figures.dashboard import Dashboard
from reports.figures.forecast import Forecast, SpanForecast

USD, PERCENT = "USD", "percent"
PERCENT_PLACES = Decimal("0.000001")
Line = tuple[str, str, str, Decimal | int | None, str, str]


def lines(dashboard: Dashboard) -> Iterator[Line]:
    """Block, row, column, value, unit and note; what is not shown to the reader has no value."""
    for row in dashboard.funds.rows:
        for one in row.before[1:]:  # last year stands in the funds' own lines
            yield "funds", row.code, str(one.year), one.amount_usd, USD, ""
        if row.pace:
            yield "pace", row.code, "verdict", None, "", f"{row.pace.label}. {row.pace.said}"
            yield "pace", row.code, "due", row.pace.due_usd, USD, ""
            yield "pace", row.code, "came", row.pace.came_usd, USD, ""
            yield "pace", row.code, "expected", row.pace.expected_usd, USD, ""
            yield "pace", row.code, "expected_low", row.pace.low_usd, USD, ""
            yield "pace", row.code, "expected_high", row.pace.high_usd, USD, ""
    yield from _forecast(dashboard.forecast)
    yield from _paths(dashboard)


def _forecast(forecast: Forecast) -> Iterator[Line]:
    if forecast.why_not:
        yield "forecast", "", "refused", None, "", forecast.why_not
    for span in (forecast.year, forecast.period):
        if span:
            yield from _span(span, "; ".join(forecast.left_out))
    years = forecast.backtest.years if forecast.backtest else ()
    for year in (*filter(None, [forecast.outcome]), *years):
        for row in (*year.rows, year.total):
            block = f"backtest {year.month.slug}"
            yield block, row.code, "forecast", row.forecast_usd, USD, ""
            yield block, row.code, "actual", row.actual_usd, USD, ""
            yield block, row.code, "off", row.off_usd, USD, ""
            yield block, row.code, "off_share", _percent(row.off_percent), PERCENT, ""
    if forecast.backtest and years:
        mean = _percent(forecast.backtest.mean_percent())
        yield "backtest", "TOTAL", "mean_off_share", mean, PERCENT, ""


def _span(span: SpanForecast, left_out: str) -> Iterator[Line]:
    block = f"forecast {span.until.slug}"
    for row in (*span.rows, span.total):
        yield block, row.code, "received", row.received_usd, USD, ""
        yield block, row.code, "instalments", row.dues_usd, USD, ""
        yield block, row.code, "prospects_weighted", row.weighted_usd, USD, ""
        yield block, row.code, "prospects", row.prospects_usd, USD, ""
        yield block, row.code, "low", row.band.low_usd, USD, ""
        yield block, row.code, "middle", row.band.mid_usd, USD, ""
        yield block, row.code, "high", row.band.high_usd, USD, ""
    if left_out:
        yield block, "", "left_out", None, "", left_out


def _paths(dashboard: Dashboard) -> Iterator[Line]:
    for one in dashboard.period.sets if dashboard.period else ():
        for row in one.rows:
            for year in row.path.years if row.path else ():
                block = f"path {one.code}"
                target = year.target_usd.quantize(Decimal("0.01"), "ROUND_HALF_UP")
                yield block, row.name, f"actual {year.year}", year.actual_usd, USD, ""
                yield block, row.name, f"path {year.year}", target, USD, ""


def _percent(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(PERCENT_PLACES, "ROUND_HALF_UP")
