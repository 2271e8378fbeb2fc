"""What the dashboard's page shows of pace, forecast and the period's path."""

from typing import Any

from interface.formatting import Units
from reports.figures.dashboard import Dashboard
from reports.figures.pace import Method
from reports.figures.pace_methods import methods
from reports.figures.period import PeriodSet
from reports.tables.forecast import (
    backtest_tables,
    forecast_tables,
    outcome_table,
    pace_table,
    path_table,
)


def forecast_context(dashboard: Dashboard) -> dict[str, Any]:
    """For `reports/_pace.html`, `reports/_forecast.html` and `reports/_paths.html`."""
    forecast, units = dashboard.forecast, dashboard.question.units
    paced = {row.name: row.pace for row in dashboard.funds.rows if row.pace}
    told = (pace.method is not Method.NONE for pace in paced.values())
    return {
        "forecast": forecast,
        "pace_table": pace_table(dashboard) if any(told) else None,
        "pace_methods": methods(paced),
        "forecast_tables": forecast_tables(dashboard),
        "outcome_table": outcome_table(forecast, units),
        "backtest": forecast.backtest,
        "backtest_mean": forecast.backtest.mean_percent() if forecast.backtest else None,
        "backtest_tables": backtest_tables(forecast.backtest, units),
        "path_tables": _paths(dashboard.period.sets if dashboard.period else (), units),
    }


def _paths(sets: tuple[PeriodSet, ...], units: Units) -> list[Any]:
    return [table for table in (path_table(one, units) for one in sets) if table]
