"""Addresses of donors: the list and the form. A donor's own page spans floors (reports)."""

from django.urls import path

from donors import representation_views, views

urlpatterns = [
    path("", views.donor_list, name="donor_list"),
    path("new/", views.donor_new, name="donor_new"),
    path("representations/", representation_views.representation_list, name="representation_list"),
    path(
        "representations/<int:pk>/end/",
        representation_views.representation_end,
        name="representation_end",
    ),
]
