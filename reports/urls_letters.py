"""Addresses of letters to donors."""

from django.urls import path

from reports.views import letters

urlpatterns = [
    path("core/<slug:code>/", letters.letter_core, name="letter_core"),
    path("thanks/<slug:books>/<int:sequence>/", letters.letter_thanks, name="letter_thanks"),
    path("reminders/<uuid:uuid>/", letters.letter_reminder, name="letter_reminder"),
    path("campaigns/<uuid:uuid>/", letters.letter_campaign, name="letter_campaign"),
    path("campaigns/<uuid:uuid>.zip", letters.letter_zip, name="letter_zip"),
    path("<uuid:uuid>/", letters.letter, name="letter"),
    path("<uuid:uuid>.pdf", letters.letter_file, name="letter_file"),
]
