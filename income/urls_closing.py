"""Addresses of drafts, corrections, months and the ERP."""

from django.urls import path

from income.views import draft_edit, drafts, erp, months

urlpatterns = [
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/<uuid:uuid>/", drafts.draft, name="draft"),
    path("drafts/<uuid:uuid>/edit/", draft_edit.draft_edit, name="draft_edit"),
    path("drafts/<uuid:uuid>/approve/", drafts.draft_approve, name="draft_approve"),
    path("drafts/<uuid:uuid>/return/", drafts.draft_return, name="draft_return"),
    path("drafts/<uuid:uuid>/withdraw/", drafts.draft_withdraw, name="draft_withdraw"),
    path("drafts/<uuid:uuid>/discard/", drafts.draft_discard, name="draft_discard"),
    path(
        "postings/<slug:books>/<int:sequence>/correct/", draft_edit.correction_new,
        name="correction_new",
    ),
    path("months/", months.month_list, name="month_list"),
    path("months/<slug:books>/<slug:month>/", months.month, name="month"),
    path("months/<slug:books>/<slug:month>/close/", months.month_close, name="month_close"),
    path("erp/", erp.erp_list, name="erp_list"),
    path("erp/template.csv", erp.erp_template, name="erp_template"),
    path("erp/load/", erp.erp_load, name="erp_load"),
    path("erp/search/", erp.erp_search, name="erp_search"),
    path("erp/references/", erp.erp_reference_add, name="erp_reference_add"),
    path(
        "erp/references/<int:pk>/remove/", erp.erp_reference_remove, name="erp_reference_remove"
    ),
    path("erp/lines/<int:pk>/", erp.erp_line_match, name="erp_line_match"),
    path("erp/<slug:books>/<slug:month>/", erp.erp_month, name="erp_month"),
    path("erp/<slug:books>/<slug:month>/match/", erp.erp_match, name="erp_match"),
]  # fmt: skip
