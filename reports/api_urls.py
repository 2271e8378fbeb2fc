"""Addresses of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from income import api_drafts, api_imports
from reports.api_addresses import reading
from reports.api_index import Index
from reports.views.api_docs import api_docs

urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]),
        name="api_schema",
    ),
    path("", Index.as_view(), name="api_index"),
    path("docs/", api_docs, name="api_docs"),
    path("contributions/", api_drafts.Contributions.as_view(), name="api_contribution_list"),
    path("drafts/", api_drafts.DraftList.as_view(), name="api_draft_list"),
    path("drafts/<uuid:uuid>/", api_drafts.DraftDetail.as_view(), name="api_draft"),
    path("drafts/<uuid:uuid>/submit/", api_drafts.DraftSubmit.as_view(), name="api_draft_submit"),
    path("drafts/<uuid:uuid>/approve/", api_drafts.DraftApprove.as_view(),
         name="api_draft_approve"),
    path("drafts/<uuid:uuid>/return/", api_drafts.DraftReturn.as_view(), name="api_draft_return"),
    path("imports/", api_imports.ImportList.as_view(), name="api_import_list"),
    path("imports/<uuid:uuid>/", api_imports.ImportDetail.as_view(), name="api_import"),
    path("imports/<uuid:uuid>/check/", api_imports.ImportCheck.as_view(), name="api_import_check"),
    path("imports/<uuid:uuid>/submit/", api_imports.ImportSubmit.as_view(),
         name="api_import_submit"),
    *reading,
]  # fmt: skip
