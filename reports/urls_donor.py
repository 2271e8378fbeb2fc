"""Addresses of a donor's own page and statements."""

from django.urls import path

from reports.views import donor, merging, statements

urlpatterns = [
    path("donors/<slug:code>/", donor.donor, name="donor"),
    path("donors/<slug:code>/merge/", merging.donor_merge, name="donor_merge"),
    path("my/", donor.my_donor, name="my_donor"),
    path("statements/<slug:code>/<int:year>.pdf", statements.statement_pdf, name="statement_pdf"),
]
