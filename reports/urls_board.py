"""Addresses of the Board's pages."""

from django.urls import path

from reports.views import board

urlpatterns = [
    path("", board.dashboard, name="dashboard"),
    path("dashboard.csv", board.dashboard_csv, name="dashboard_csv"),
    path("charts/<slug:name>.json", board.dashboard_chart, name="dashboard_chart"),
    path("history/", board.history, name="history"),
    path("targets/", board.target_list, name="target_list"),
    path("published/", board.published_list, name="published_list"),
    path("indicators/", board.indicator_list, name="indicator_list"),
]
