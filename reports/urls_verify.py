"""The short address of a report's verification, as it is printed and in QR codes: for good."""

from django.urls import path

from reports.views import public

urlpatterns = [
    path("<slug:code>/", public.verify_printed, name="verify_printed"),
]
