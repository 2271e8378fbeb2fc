"""The address under which the books are verified."""

from django.urls import path

from income.views.verification import verify_ledger

urlpatterns = [path("", verify_ledger, name="verify_ledger")]
