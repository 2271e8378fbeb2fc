"""Addresses of sealed reports."""

from django.urls import path

from reports.views import report_files

urlpatterns = [
    path("make/", report_files.report_make, name="report_make"),
    path("donors/<slug:code>/", report_files.sealed_list, name="sealed_list"),
    path("<uuid:uuid>/", report_files.report_file, name="report_file"),
]
