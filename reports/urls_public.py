"""Addresses of the public pages; habitat_portal/urls.py puts the language before each of them."""

from django.urls import path

from reports.views import about, open_income, open_pages, public, terms, verify

urlpatterns = [
    path("", public.front, name="front"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("terms/", terms.glossary, name="terms"),
    path("income/", open_income.income, name="open_income"),
    path("donors/", open_income.donors, name="open_donors"),
    path("donors/<slug:code>/", open_income.donor, name="open_donor"),
    path("flows/", open_income.flows, name="open_flows"),
    path("scorecard/", open_pages.scorecard, name="open_scorecard"),
    path("updates/", open_pages.updates, name="open_updates"),
    path(
        "updates/<slug:month>/<slug:status>/<str:name>", open_pages.update_file,
        name="open_update_file",
    ),
    path("methods/", open_pages.methods, name="open_methods"),
    path("downloads/", open_pages.downloads, name="open_downloads"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:code>/", verify.verify_code, name="verify_code"),
]  # fmt: skip
