"""Addresses of the API, version 1."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from donors.api import DonorDetail, DonorList
from income.api import ContributionDetail, ContributionList, EntryDetail, EntryList
from reports.api import Dashboard
from reports.api_scorecard import Scorecard
from targets.api import TargetSetDetail, TargetSetList

urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]),
        name="api_schema",
    ),
    path("donors/", DonorList.as_view(), name="api_donor_list"),
    path("donors/<slug:code>/", DonorDetail.as_view(), name="api_donor"),
    path("contributions/", ContributionList.as_view(), name="api_contribution_list"),
    path("contributions/<uuid:uuid>/", ContributionDetail.as_view(), name="api_contribution"),
    path("entries/", EntryList.as_view(), name="api_entry_list"),
    path("entries/<int:pk>/", EntryDetail.as_view(), name="api_entry"),
    path("dashboard/", Dashboard.as_view(), name="api_dashboard"),
    path("scorecard/", Scorecard.as_view(), name="api_scorecard"),
    path("target-sets/", TargetSetList.as_view(), name="api_target_set_list"),
    path("target-sets/<slug:code>/", TargetSetDetail.as_view(), name="api_target_set"),
]
