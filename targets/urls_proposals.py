"""Addresses of target sets that are entered and approved."""

from django.urls import path

from targets.views import proposals

urlpatterns = [
    path("new/", proposals.proposal_new, name="proposal_new"),
    path("<uuid:uuid>/", proposals.proposal, name="proposal"),
    path("<uuid:uuid>/edit/", proposals.proposal_edit, name="proposal_edit"),
    path("<uuid:uuid>/approve/", proposals.proposal_approve, name="proposal_approve"),
    path("<uuid:uuid>/return/", proposals.proposal_return, name="proposal_return"),
]
