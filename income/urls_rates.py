"""Addresses of exchange rates."""

from django.urls import path

from income.views import rate_corrections, rates

urlpatterns = [
    path("rates/", rates.rate_list, name="rate_list"),
    path("rates/new/", rates.rate_new, name="rate_new"),
    path("rates/load/", rates.rate_load, name="rate_load"),
    path("rates/load/save/", rates.rate_load_save, name="rate_load_save"),
    path(
        "rates/corrections/new/", rate_corrections.rate_correction_new, name="rate_correction_new"
    ),
    path("rates/corrections/<int:pk>/", rate_corrections.rate_correction, name="rate_correction"),
    path(
        "rates/corrections/<int:pk>/records.csv", rate_corrections.rate_correction_csv,
        name="rate_correction_csv",
    ),
    path(
        "rates/corrections/<int:pk>/decide/", rate_corrections.rate_correction_decide,
        name="rate_correction_decide",
    ),
]  # fmt: skip
