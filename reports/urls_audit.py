"""Addresses of the audit trail."""

from django.urls import path

from reports.views import audit

urlpatterns = [
    path("", audit.audit_list, name="audit_list"),
    path("trail.csv", audit.audit_file, {"form": "csv"}, name="audit_csv"),
    path("trail.xlsx", audit.audit_file, {"form": "xlsx"}, name="audit_xlsx"),
    path("verify/", audit.audit_verify, name="audit_verify"),
    path("<int:pk>/", audit.audit_event, name="audit_event"),
]
