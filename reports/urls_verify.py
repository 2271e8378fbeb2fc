"""Addresses of the public page on which a report is verified."""

from django.urls import path

from reports.views import verify

urlpatterns = [
    path("", verify.verify, name="verify"),
    path("<slug:code>/", verify.verify_code, name="verify_code"),
]
