"""Addresses of the page that says who sees what."""

from django.urls import path

from reports.views import open_visibility

urlpatterns = [
    path("", open_visibility.visibility, name="visibility"),
    path("set/", open_visibility.visibility_set, name="visibility_set"),
]
