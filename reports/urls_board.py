"""Addresses of the Board's pages."""

from django.urls import path

from reports.views import board, charts, scorecard
from targets import addresses

urlpatterns = [
    path("", board.dashboard, name="dashboard"),
    path("dashboard.csv", board.dashboard_csv, name="dashboard_csv"),
    path("charts/<slug:name>.json", charts.chart_data, name="dashboard_chart"),
    *(
        path(
            f"charts/<slug:name>.{form}",
            charts.chart_file,
            {"form": form},
            name=f"dashboard_chart_{form}",
        )
        for form in charts.FORMS
    ),
    path("history/", board.history, name="history"),
    path("targets/", board.target_list, name="target_list"),
    path("published/", board.published_list, name="published_list"),
    path("indicators/", scorecard.indicator_list, name="indicator_list"),
    path("indicators/indicators.csv", scorecard.indicator_csv, name="indicator_csv"),
    path("indicators/<indicator:code>/", scorecard.indicator, name="indicator"),
]

__all__ = ["addresses", "urlpatterns"]
