"""Addresses of income."""

from django.urls import path

from income.views import books, drafts, entry

urlpatterns = [
    path("contributions/", books.contribution_list, name="contribution_list"),
    path("contributions/new/", entry.contribution_new, name="contribution_new"),
    path("contributions/<uuid:uuid>/", books.contribution, name="contribution"),
    path("receipts/new/", entry.receipt_new, name="receipt_new"),
    path("gifts/new/", entry.gift_new, name="gift_new"),
    path("finance/new/", entry.finance_new, name="finance_new"),
    path("conversion/", entry.conversion, name="conversion"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/<uuid:uuid>/", drafts.draft, name="draft"),
    path("drafts/<uuid:uuid>/edit/", drafts.draft_edit, name="draft_edit"),
    path("drafts/<uuid:uuid>/approve/", drafts.draft_approve, name="draft_approve"),
    path("drafts/<uuid:uuid>/return/", drafts.draft_return, name="draft_return"),
    path("entries/", books.entry_list, name="entry_list"),
    path("entries.csv", books.entry_csv, name="entry_csv"),
    path("postings/<slug:books>/<int:sequence>/", books.posting, name="posting"),
    path("postings/<slug:books>/<int:sequence>/reverse/", entry.reversal_new, name="reversal_new"),
    path("months/", books.month_list, name="month_list"),
    path("months/<slug:books>/<slug:month>/close/", books.month_close, name="month_close"),
    path("rates/", books.rate_list, name="rate_list"),
]
