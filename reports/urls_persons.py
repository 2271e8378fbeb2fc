"""Addresses of data protection."""

from django.urls import path

from reports.views import persons

urlpatterns = [
    path("", persons.person_list, name="person_list"),
    path("<slug:kind>/<slug:key>/", persons.person, name="person"),
    path("<slug:kind>/<slug:key>/data.zip", persons.person_file, name="person_file"),
    path("<slug:kind>/<slug:key>/erase/", persons.person_erase, name="person_erase"),
]
