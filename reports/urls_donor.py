"""Addresses of a donor's own page and statements."""

from django.urls import path

from reports.views import donor, statements

urlpatterns = [
    path("donors/<slug:code>/", donor.donor, name="donor"),
    path("my/", donor.my_donor, name="my_donor"),
    path("statements/<slug:code>/<int:year>.pdf", statements.statement_pdf, name="statement_pdf"),
]
