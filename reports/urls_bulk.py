"""Addresses of orders of many reports."""

from django.urls import path

from reports.views import bulk

urlpatterns = [
    path("", bulk.bulk_list, name="bulk_list"),
    path("new/", bulk.bulk_new, name="bulk_new"),
    path("<uuid:uuid>/", bulk.bulk, name="bulk"),
    path("<uuid:uuid>.zip", bulk.bulk_file, name="bulk_file"),
    path("<uuid:uuid>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
]
