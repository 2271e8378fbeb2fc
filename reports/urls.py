"""Addresses of each role's first page and of the pages about the portal itself."""

from django.urls import path

from reports.views import about, bases, home, iati, worklist

urlpatterns = [
    path("", home.first_page, name="home"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("reminders/send/", worklist.send_reminders, name="send_reminders"),
    path("bases/", bases.bases, name="bases"),
    path("bases/bases.csv", bases.bases_csv, name="bases_csv"),
    path("restatement/", bases.restatement, name="restatement"),
    path("restatement/restatement.csv", bases.restatement_csv, name="restatement_csv"),
    path("outstanding/", bases.outstanding, name="outstanding"),
    path("outstanding/outstanding.csv", bases.outstanding_csv, name="outstanding_csv"),
    path("contributions/<uuid:uuid>/iati/", iati.contribution_iati, name="contribution_iati"),
    path("style/", about.style_page, name="style_page"),
]
