"""Addresses of the funding-dialogue pack, and of what is entered for it."""

from django.urls import path

from reports.views import dialogue, dialogue_items, expenditure

urlpatterns = [
    path("", dialogue.dialogue, name="dialogue"),
    path("dialogue.pdf", dialogue.dialogue_pdf, name="dialogue_pdf"),
    path("dialogue.xlsx", dialogue.dialogue_xlsx, name="dialogue_xlsx"),
    path("items/", dialogue_items.dialogue_item_list, name="dialogue_item_list"),
    path("items/new/", dialogue_items.dialogue_item_new, name="dialogue_item_new"),
    path(
        "items/<uuid:uuid>/decide/", dialogue_items.dialogue_item_decide,
        name="dialogue_item_decide",
    ),
    path("expenditure/", expenditure.expenditure_list, name="expenditure_list"),
    path("expenditure/new/", expenditure.expenditure_new, name="expenditure_new"),
    path("expenditure/<uuid:uuid>/", expenditure.expenditure, name="expenditure"),
    path(
        "expenditure/<uuid:uuid>/decide/", expenditure.expenditure_decide,
        name="expenditure_decide",
    ),
]  # fmt: skip
