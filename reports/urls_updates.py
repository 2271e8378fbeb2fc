"""Addresses of the monthly updates."""

from django.urls import path

from reports.views import updates

urlpatterns = [
    path("", updates.update_list, name="update_list"),
    path("prepare/", updates.update_prepare, name="update_prepare"),
    path("<uuid:uuid>/", updates.update, name="update"),
    path("<uuid:uuid>/publish/", updates.update_publish, name="update_publish"),
    path("<uuid:uuid>/discard/", updates.update_discard, name="update_discard"),
    path("<uuid:uuid>/<str:name>", updates.update_file, name="update_file"),
]
