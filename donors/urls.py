"""Addresses of donors: the list and the forms. A donor's own page spans floors (reports)."""

from django.urls import path

from donors import edit_views, relation_views, representation_views, views

urlpatterns = [
    path("", views.donor_list, name="donor_list"),
    path("new/", views.donor_new, name="donor_new"),
    path("similar/", edit_views.donor_similar, name="donor_similar"),
    path("documents/<uuid:uuid>/", relation_views.donor_document, name="donor_document"),
    path("clearances/<uuid:uuid>/", relation_views.clearance_decide, name="clearance_decide"),
    path("<slug:code>/edit/", edit_views.donor_edit, name="donor_edit"),
    path("<slug:code>/unmerge/", edit_views.donor_unmerge, name="donor_unmerge"),
    path("<slug:code>/contacts/new/", relation_views.contact_new, name="contact_new"),
    path("<slug:code>/contacts/<int:pk>/", relation_views.contact_edit, name="contact_edit"),
    path("<slug:code>/engagements/new/", relation_views.engagement_new, name="engagement_new"),
    path(
        "<slug:code>/engagements/<uuid:uuid>/",
        relation_views.engagement_edit,
        name="engagement_edit",
    ),
    path("<slug:code>/documents/new/", relation_views.document_new, name="document_new"),
    path("<slug:code>/clearance/new/", relation_views.clearance_new, name="clearance_new"),
    path("representations/", representation_views.representation_list, name="representation_list"),
    path(
        "representations/<int:pk>/end/",
        representation_views.representation_end,
        name="representation_end",
    ),
    path(
        "representations/<int:pk>/until/",
        representation_views.representation_until,
        name="representation_until",
    ),
]
