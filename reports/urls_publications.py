"""Addresses of the publications: files that follow a standard."""

from django.urls import path

from reports.views import publications

urlpatterns = [
    path("", publications.publication_list, name="publication_list"),
    path("prepare/", publications.publication_prepare, name="publication_prepare"),
    path("<uuid:uuid>/", publications.publication, name="publication"),
    path("<uuid:uuid>/publish/", publications.publication_publish, name="publication_publish"),
    path("<uuid:uuid>/discard/", publications.publication_discard, name="publication_discard"),
    path("<uuid:uuid>/<str:name>", publications.publication_file, name="publication_file"),
]
